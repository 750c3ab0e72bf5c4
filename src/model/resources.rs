//! What a container really gets, after its namespace's LimitRange.

use super::Model;
use super::container::Container;
use super::governance::{DefaultLimit, LimitRange};
use super::quantity::Quantity;
use super::workload::Workload;
use crate::base::Node;

/// The effective value of a request or limit.
#[derive(Clone, Debug)]
pub enum EffectiveResource {
    /// The container states it.
    Stated(Quantity, Node),
    /// The namespace's LimitRange gives it.
    Given(DefaultLimit),
    /// There is none.
    None,
    /// It cannot be known.
    Unknown,
}

impl EffectiveResource {
    /// The quantity, if there is one.
    pub fn quantity(&self) -> Option<Quantity> {
        match self {
            EffectiveResource::Stated(quantity, _) => Some(*quantity),
            EffectiveResource::Given(given) => Some(given.quantity),
            EffectiveResource::None | EffectiveResource::Unknown => None,
        }
    }
}

impl Model {
    /// The effective limit of a container.
    pub fn limit(&self, workload: &Workload, container: &Container, resource: &str) -> EffectiveResource {
        if let Some(stated) = stated(container, "limits", resource) {
            return stated;
        }
        self.given(workload, |range| range.default_limit(resource))
    }

    /// The effective request of a container: its own, a limit that it states, or the LimitRange's.
    pub fn request(&self, workload: &Workload, container: &Container, resource: &str) -> EffectiveResource {
        stated(container, "requests", resource)
            .or_else(|| stated(container, "limits", resource))
            .unwrap_or_else(|| self.given(workload, |range| range.default_request(resource)))
    }

    /// The most that the namespace of a workload allows as a limit, as far as that is known.
    pub fn most_allowed(&self, workload: &Workload, resource: &str) -> Option<DefaultLimit> {
        match self.given(workload, |range| range.most(resource)) {
            EffectiveResource::Given(most) => Some(most),
            _ => None,
        }
    }

    fn given(
        &self,
        workload: &Workload,
        pick: impl Fn(&LimitRange) -> Option<DefaultLimit>,
    ) -> EffectiveResource {
        let Some(name) = workload.namespace.as_deref() else { return EffectiveResource::Unknown };
        let same_name = self.namespaces.iter().filter(|namespace| namespace.name == name);
        let namespace = same_name.min_by_key(|namespace| namespace.stack != workload.stack);
        // Where the own stack says what holds in the namespace, another one speaks of another cluster.
        let own = self.limit_ranges.iter().any(|range| {
            !range.policy && range.stack == workload.stack && range.governs(name, namespace) == Some(true)
        });
        let mut unknown = false;
        for range in
            self.limit_ranges.iter().filter(|range| range.policy || !own || range.stack == workload.stack)
        {
            match range.governs(name, namespace) {
                Some(true) => {
                    if let Some(given) = pick(range) {
                        return EffectiveResource::Given(given);
                    }
                }
                None => unknown = true,
                Some(false) => {}
            }
        }
        if unknown { EffectiveResource::Unknown } else { EffectiveResource::None }
    }
}

fn stated(container: &Container, side: &str, resource: &str) -> Option<EffectiveResource> {
    if let Some(node) = container.resource(side, resource) {
        return Some(match Quantity::of(node) {
            Some(quantity) => EffectiveResource::Stated(quantity, node.clone()),
            None => EffectiveResource::Unknown,
        });
    }
    container.resources_open().map(|_| EffectiveResource::Unknown)
}
