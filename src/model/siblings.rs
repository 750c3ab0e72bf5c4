//! The components of one installation of an application.

use super::Model;
use super::settings::AppComponent;

impl Model {
    /// The other components of the installation that a component is part of: of one release, or beside each other in
    /// one stack and namespace. What may not exist is left out.
    pub fn siblings<'a>(&'a self, component: &'a AppComponent) -> impl Iterator<Item = &'a AppComponent> {
        self.components.iter().filter(move |other| self.is_sibling(component, other))
    }

    fn is_sibling(&self, one: &AppComponent, other: &AppComponent) -> bool {
        let (a, b) = (&self.workloads[one.workload], &self.workloads[other.workload]);
        one.application.name == other.application.name
            && one.component != other.component
            && a.release == b.release
            && a.stack == b.stack
            && a.namespace == b.namespace
            && a.conditional.is_none()
            && b.conditional.is_none()
    }
}
