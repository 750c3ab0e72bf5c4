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
    names: Option<Rc<Name>>,
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
            names: None,
        }
    }

    /// A scope without a module.
    pub(super) fn alone() -> Scope {
        Scope { instance: None, base: None, open: None, names: None }
    }

    /// The scope of a template file: the names of its call alone.
    pub(super) fn template(&self, open: Option<Arc<str>>) -> Scope {
        Scope { instance: None, base: self.base.clone(), open, names: None }
    }

    /// This scope with one more name.
    pub(super) fn with(&self, name: impl Into<Arc<str>>, node: Node) -> Scope {
        let frame = Name { text: name.into(), node, outer: self.names.clone() };
        Scope { names: Some(Rc::new(frame)), ..self.clone() }
    }

    /// The value of a name.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        let frames = std::iter::successors(self.names.as_deref(), |frame| frame.outer.as_deref());
        frames.into_iter().find(|frame| &*frame.text == name).map(|frame| &frame.node)
    }
}
