//! Names that an expression sees beside those of its module.

use super::instance::Instance;
use crate::base::Node;
use std::rc::Rc;
use std::sync::Arc;

/// Where an expression is evaluated.
#[derive(Clone)]
pub(super) struct Scope {
    /// The module instance; none inside template files and files of variables.
    pub(super) instance: Option<Rc<Instance>>,
    /// The instance from whose root module's folder relative paths lead, in template files too.
    pub(super) base: Option<Rc<Instance>>,
    /// Why names that are not here may exist all the same.
    pub(super) open: Option<Arc<str>>,
    names: Names,
}

/// Names with their values, the last one first.
#[derive(Clone, Default)]
pub(super) struct Names(Option<Rc<Name>>);

impl Names {
    /// Adds a name in front of the others.
    pub(super) fn add(&mut self, name: impl Into<Arc<str>>, node: Node) {
        self.0 = Some(Rc::new(Name { text: name.into(), node, outer: self.0.take() }));
    }
}

struct Name {
    text: Arc<str>,
    node: Node,
    outer: Option<Rc<Name>>,
}

impl Scope {
    /// A module's own scope.
    pub(super) fn of(instance: &Rc<Instance>) -> Scope {
        Scope {
            instance: Some(Rc::clone(instance)),
            base: Some(Rc::clone(instance)),
            open: None,
            names: instance.names.clone(),
        }
    }

    /// A scope without a module.
    pub(super) fn alone() -> Scope {
        Scope { instance: None, base: None, open: None, names: Names::default() }
    }

    /// The scope of a template file: the names of its call alone.
    pub(super) fn template(&self, open: Option<Arc<str>>) -> Scope {
        Scope { instance: None, base: self.base.clone(), open, names: Names::default() }
    }

    /// This scope with one more name.
    pub(super) fn with(&self, name: impl Into<Arc<str>>, node: Node) -> Scope {
        let mut scope = self.clone();
        scope.names.add(name, node);
        scope
    }

    /// The value of a name.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        let frames = std::iter::successors(self.names.0.as_deref(), |frame| frame.outer.as_deref());
        frames.into_iter().find(|frame| &*frame.text == name).map(|frame| &frame.node)
    }
}
