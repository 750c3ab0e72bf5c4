//! What a ServiceAccount may do, as far as the repository binds roles to it.

use super::Model;
use crate::base::Node;
use crate::lower::Object;
use std::sync::Arc;

/// What is known of the rights of a ServiceAccount.
#[derive(Debug)]
pub enum Rights<'a> {
    /// The rules of all roles that are bound to it.
    Known(Granted<'a>),
    /// Nothing in the repository binds a role to it.
    Unbound,
    /// A role that is bound to it is not known, for a reason.
    Unknown(Arc<str>),
}

/// Rules of roles.
#[derive(Debug)]
pub struct Granted<'a>(Vec<&'a Node>);

impl Granted<'_> {
    /// Whether a verb is allowed on a resource of the core group, such as `pods/exec`.
    pub fn allows(&self, resource: &str, verb: &str) -> bool {
        let lists = |rule: &Node, field: &str, wanted: &str| {
            let items = rule.get(field).map(Node::items).unwrap_or_default();
            items.iter().any(|item| item.as_str().is_none_or(|name| name == wanted || name == "*"))
        };
        self.0.iter().any(|rule| {
            lists(rule, "apiGroups", "") && lists(rule, "resources", resource) && lists(rule, "verbs", verb)
        })
    }
}

impl Model {
    /// The rights of a ServiceAccount, in its own namespace.
    pub fn rights_of(&self, account: &str, namespace: &str) -> Rights<'_> {
        let mut rules = Vec::new();
        let mut bound = false;
        for binding in self.objects.iter().filter(|object| binds(object, account, namespace)) {
            bound = true;
            let Some(role) = self.role_of(binding, namespace) else {
                return Rights::Unknown("a role that is bound to it stands in no file".into());
            };
            if let Some(reason) = role.at(&["rules"]).and_then(Node::open_reason) {
                return Rights::Unknown(reason);
            }
            rules.extend(role.at(&["rules"]).map(Node::items).unwrap_or_default());
        }
        if bound { Rights::Known(Granted(rules)) } else { Rights::Unbound }
    }

    fn role_of(&self, binding: &Object, namespace: &str) -> Option<&Object> {
        let kind = binding.at(&["roleRef", "kind"])?.as_str()?;
        let name = binding.at(&["roleRef", "name"])?.as_str()?;
        self.objects.iter().find(|object| {
            let here = kind == "ClusterRole" || object.namespace() == Some(namespace);
            object.kind() == kind && object.name() == Some(name) && here
        })
    }
}

fn binds(object: &Object, account: &str, namespace: &str) -> bool {
    let here = match object.kind() {
        "RoleBinding" => object.namespace() == Some(namespace),
        "ClusterRoleBinding" => true,
        _ => return false,
    };
    let subjects = object.at(&["subjects"]).map(Node::items).unwrap_or_default();
    let text = |node: &Node, field: &str| node.get(field).and_then(Node::as_str).map(str::to_owned);
    let own = |subject: &Node| {
        let namespaced = text(subject, "namespace").unwrap_or_else(|| namespace.to_owned());
        text(subject, "kind").as_deref() == Some("ServiceAccount")
            && text(subject, "name").as_deref() == Some(account)
            && namespaced == namespace
    };
    here && subjects.iter().any(own)
}
