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
    /// Whether a verb is allowed on a resource of a group, such as `pods/exec` of the core group, which is the empty one.
    pub fn allows(&self, group: &str, resource: &str, verb: &str) -> bool {
        let lists = |rule: &Node, field: &str, wanted: &str| {
            let items = rule.get(field).map(Node::items).unwrap_or_default();
            items.iter().any(|item| item.as_str().is_none_or(|name| name == wanted || name == "*"))
        };
        self.0.iter().any(|rule| {
            lists(rule, "apiGroups", group)
                && lists(rule, "resources", resource)
                && lists(rule, "verbs", verb)
        })
    }
}

impl Model {
    /// The rights in a namespace of a ServiceAccount, which is named with its own.
    pub fn rights_in(&self, namespace: &str, account: (&str, &str)) -> Rights<'_> {
        let mut rules = Vec::new();
        let mut bound = false;
        for binding in &self.objects {
            match binds(binding, namespace, account) {
                Some(false) => continue,
                Some(true) if binding.conditional.is_none() => {}
                _ => return Rights::Unknown("whether a role is bound to it is not known".into()),
            }
            bound = true;
            let Some(role) = self.role_of(binding, namespace) else {
                return Rights::Unknown("a role that is bound to it stands in no file".into());
            };
            if role.at(&["aggregationRule"]).is_some() || role.conditional.is_some() {
                return Rights::Unknown("what a role that is bound to it allows is not known".into());
            }
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

/// Whether an object binds a role to an account in a namespace; none where that is not known.
fn binds(object: &Object, namespace: &str, (name, own): (&str, &str)) -> Option<bool> {
    match object.kind() {
        "RoleBinding" if object.namespace().is_none_or(|of| of == namespace) => {}
        "ClusterRoleBinding" => {}
        _ => return Some(false),
    }
    let subjects = object.at(&["subjects"]);
    let mut known = subjects.and_then(Node::open_reason).is_none().then_some(false);
    for subject in subjects.map(Node::items).unwrap_or_default() {
        let text = |field: &str| subject.get(field).map(|node| node.as_str());
        match (text("kind").flatten(), text("name")) {
            (Some("ServiceAccount"), Some(Some(subject_name))) => {
                let of = text("namespace").unwrap_or(object.namespace());
                match of {
                    Some(of) if subject_name == name && of == own => return Some(true),
                    None if subject_name == name => known = None,
                    _ => {}
                }
            }
            (Some("Group"), Some(Some(group))) => {
                let all = ["system:serviceaccounts", "system:authenticated"];
                if all.contains(&group) || group == format!("system:serviceaccounts:{own}") {
                    return Some(true);
                }
            }
            (Some("User"), Some(Some(user))) => {
                if user == format!("system:serviceaccount:{own}:{name}") {
                    return Some(true);
                }
            }
            _ => known = None,
        }
    }
    known
}
