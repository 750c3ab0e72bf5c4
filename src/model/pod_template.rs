//! Where the pod templates of an object stand.

use crate::base::{Node, Value};
use crate::lower::Object;

/// The kinds of the API that carry one, and where.
const KNOWN: [(&str, &[&str]); 9] = [
    ("Deployment", &["spec", "template"]),
    ("StatefulSet", &["spec", "template"]),
    ("DaemonSet", &["spec", "template"]),
    ("ReplicaSet", &["spec", "template"]),
    ("ReplicationController", &["spec", "template"]),
    ("Job", &["spec", "template"]),
    ("CronJob", &["spec", "jobTemplate", "spec", "template"]),
    ("PodTemplate", &["template"]),
    ("Pod", &[]),
];

/// Mappings inside mappings that are looked into.
const DEEPEST: usize = 24;

/// Groups of policies: Kyverno, Gatekeeper.
const POLICIES: [&str; 5] = [
    "kyverno.io",
    "policies.kyverno.io",
    "mutations.gatekeeper.sh",
    "templates.gatekeeper.sh",
    "constraints.gatekeeper.sh",
];

/// Groups whose objects are of the API itself.
fn is_builtin(api_version: &str) -> bool {
    api_version.split_once('/').is_none_or(|(group, _)| !group.contains('.'))
}

/// The pod templates of an object, each with its path. In a custom resource, whatever looks like one: a mapping
/// whose `spec` lists containers by name.
pub(super) fn pod_templates(object: &Object) -> Vec<(String, Node)> {
    let known = KNOWN.iter().find(|(kind, _)| *kind == object.kind());
    if let Some((_, path)) = known.filter(|_| is_builtin(object.api_version())) {
        let template = object.at(path).filter(|template| template.get("spec").is_some());
        return template.map(|template| (path.join("."), template.clone())).into_iter().collect();
    }
    let mut out = Vec::new();
    // A definition of a kind describes templates, and a policy matches or changes them; neither makes pods.
    let describes = object.kind() == "CustomResourceDefinition"
        || POLICIES.iter().any(|group| object.api_version().split('/').next() == Some(group));
    if !is_builtin(object.api_version())
        && !describes
        && let Some(spec) = object.at(&["spec"])
    {
        search(spec, "spec", 0, &mut out);
    }
    out
}

fn search(node: &Node, path: &str, depth: usize, out: &mut Vec<(String, Node)>) {
    if depth > DEEPEST {
        return;
    }
    match &node.value {
        Value::Map(map) => {
            if depth > 0 && node.get("spec").is_some_and(lists_containers) {
                out.push((path.to_owned(), node.clone()));
                return;
            }
            for entry in &map.entries {
                search(&entry.value, &format!("{path}.{}", entry.key.name), depth + 1, out);
            }
        }
        Value::List(list) => {
            for (index, item) in list.items.iter().enumerate() {
                search(item, &format!("{path}[{index}]"), depth + 1, out);
            }
        }
        _ => {}
    }
}

fn lists_containers(spec: &Node) -> bool {
    let containers = spec.get("containers").map(Node::items).unwrap_or_default();
    !containers.is_empty() && containers.iter().all(|container| container.get("name").is_some())
}
