//! A module as one call instantiates it.

use super::module::Module;
use super::scope::{Names, Scope};
use crate::base::Node;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// One instance of a module.
pub(super) struct Instance {
    pub(super) module: Arc<Module>,
    /// The address in front of its resources, such as `module.authentik`; empty for the root.
    pub(super) address: String,
    /// The folder of the root module.
    pub(super) root_dir: String,
    pub(super) arguments: Arguments,
    /// How many calls lead here.
    pub(super) depth: usize,
    /// Why it may not exist, when its count or for_each is unknown.
    pub(super) conditional: Option<Arc<str>>,
    /// Names beside the module's own.
    pub(super) names: Names,
    memo: RefCell<HashMap<String, Memo>>,
    children: RefCell<HashMap<String, Rc<[Rc<Instance>]>>>,
}

/// Where an instance's variables get their values.
pub(super) enum Arguments {
    /// The root's: files of variables and Terragrunt inputs.
    Root(RootArguments),
    /// A call's arguments, evaluated in the caller's scope.
    Call {
        /// The caller's scope, with `each` and `count` of the call.
        scope: Scope,
        /// The call's index among the caller's calls.
        call: usize,
    },
}

/// Values from outside the root module.
#[derive(Default)]
pub(super) struct RootArguments {
    /// Values by variable.
    pub(super) values: HashMap<Arc<str>, Node>,
    /// Set when a file of variables cannot be read: any variable may have any value.
    pub(super) unknown: Option<Arc<str>>,
}

enum Memo {
    Running,
    Done(Node),
}

/// What a memo knows of a key.
pub(super) enum Recall {
    /// Not begun; now running.
    New,
    /// Begun and not finished: a cycle.
    Running,
    /// Finished.
    Done(Node),
}

impl Instance {
    pub(super) fn new(
        module: Arc<Module>,
        address: String,
        root_dir: String,
        arguments: Arguments,
        depth: usize,
        conditional: Option<Arc<str>>,
    ) -> Rc<Instance> {
        Rc::new(Instance {
            module,
            address,
            root_dir,
            arguments,
            depth,
            conditional,
            names: Names::default(),
            memo: RefCell::default(),
            children: RefCell::default(),
        })
    }

    /// A Terragrunt file's locals, which see further names.
    pub(super) fn of_unit(module: Arc<Module>, names: Names) -> Rc<Instance> {
        Rc::new(Instance {
            address: String::new(),
            root_dir: module.dir.clone(),
            module,
            arguments: Arguments::Root(RootArguments::default()),
            depth: 0,
            conditional: None,
            names,
            memo: RefCell::default(),
            children: RefCell::default(),
        })
    }

    /// Looks a key up and marks it as running when it is new.
    pub(super) fn recall(&self, key: &str) -> Recall {
        let mut memo = self.memo.borrow_mut();
        match memo.get(key) {
            Some(Memo::Running) => Recall::Running,
            Some(Memo::Done(node)) => Recall::Done(node.clone()),
            None => {
                memo.insert(key.to_owned(), Memo::Running);
                Recall::New
            }
        }
    }

    /// Stores a finished value.
    pub(super) fn remember(&self, key: String, node: &Node) {
        self.memo.borrow_mut().insert(key, Memo::Done(node.clone()));
    }

    pub(super) fn known_children(&self, call: &str) -> Option<Rc<[Rc<Instance>]>> {
        self.children.borrow().get(call).cloned()
    }

    pub(super) fn remember_children(&self, call: &str, instances: &Rc<[Rc<Instance>]>) {
        self.children.borrow_mut().insert(call.to_owned(), Rc::clone(instances));
    }
}
