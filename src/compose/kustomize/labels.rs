//! `labels`, `commonLabels` and `commonAnnotations`: the fields that they go to (commonlabels.go, metadatalabels.go
//! and commonannotations.go of kustomize's builtinpluginconsts at kustomize/v5.7.1).

use crate::base::{Key, List, Map, Node, Value};
use std::sync::Arc;

/// A field: the kinds that have it, its path (lists on the way stand for each of their items), and whether it is
/// made where it is missing.
struct Field(&'static [&'static str], &'static str, bool);

const SPREAD: &[&str] = &["Deployment", "StatefulSet"];

/// The metadata of what an object makes.
const TEMPLATES: [Field; 4] = [
    Field(
        &["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "ReplicationController", "Job"],
        "spec/template/metadata",
        true,
    ),
    Field(&["CronJob"], "spec/jobTemplate/metadata", true),
    Field(&["CronJob"], "spec/jobTemplate/spec/template/metadata", true),
    Field(&["StatefulSet"], "spec/volumeClaimTemplates/metadata", true),
];

/// Selectors, those of affinities and spreads among them.
const SELECTORS: [Field; 12] = [
    Field(&["Service", "ReplicationController"], "spec/selector", true),
    Field(&["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"], "spec/selector/matchLabels", true),
    Field(&["Job", "PodDisruptionBudget"], "spec/selector/matchLabels", false),
    Field(&["CronJob"], "spec/jobTemplate/spec/selector/matchLabels", false),
    Field(&["NetworkPolicy"], "spec/podSelector/matchLabels", false),
    Field(&["NetworkPolicy"], "spec/ingress/from/podSelector/matchLabels", false),
    Field(&["NetworkPolicy"], "spec/egress/to/podSelector/matchLabels", false),
    Field(
        SPREAD,
        "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
        false,
    ),
    Field(
        SPREAD,
        "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
        false,
    ),
    Field(
        SPREAD,
        "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
        false,
    ),
    Field(
        SPREAD,
        "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
        false,
    ),
    Field(SPREAD, "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels", false),
];

/// The document with labels on it, and if asked for, in its selectors and on what it makes.
pub(super) fn labelled(mut root: Node, pairs: &Node, selectors: bool, templates: bool) -> Node {
    root = with_pairs(&root, &["metadata", "labels"], pairs, true);
    if selectors || templates {
        root = in_fields(root, &TEMPLATES, Some("labels"), pairs);
    }
    if selectors {
        root = in_fields(root, &SELECTORS, None, pairs);
    }
    root
}

/// The document with annotations on it and on the pods that it makes.
pub(super) fn annotated(root: Node, pairs: &Node) -> Node {
    let root = with_pairs(&root, &["metadata", "annotations"], pairs, true);
    in_fields(root, &TEMPLATES[..3], Some("annotations"), pairs)
}

fn in_fields(mut root: Node, fields: &[Field], below: Option<&str>, pairs: &Node) -> Node {
    let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default().to_owned();
    for Field(_, path, create) in fields.iter().filter(|Field(kinds, ..)| kinds.contains(&kind.as_str())) {
        let path: Vec<&str> = path.split('/').chain(below).collect();
        root = with_pairs(&root, &path, pairs, *create);
    }
    root
}

/// Adds pairs to the mapping at a path, which is made where it is missing only if `create` says so.
fn with_pairs(node: &Node, path: &[&str], pairs: &Node, create: bool) -> Node {
    if let Value::List(list) = &node.value {
        let items = list.items.iter().map(|item| with_pairs(item, path, pairs, create)).collect();
        let value = Value::List(Arc::new(List { items, open: list.open.clone(), set: false }));
        return Node { value, ..node.clone() };
    }
    let Some((first, rest)) = path.split_first() else { return added(node, pairs) };
    let Some(map) = node.as_map() else { return node.clone() };
    let old = map.entry(first).filter(|entry| !entry.value.is_null());
    let missing = || Node::map(Map::default(), pairs.place);
    // Only what lies in something that is there is made.
    let (key, inner) = match old {
        Some(entry) => (entry.key.clone(), entry.value.clone()),
        None if create && *first != "volumeClaimTemplates" => {
            (Key { name: Arc::from(*first), place: pairs.place }, missing())
        }
        None => return node.clone(),
    };
    let mut out = map.clone();
    out.insert(key, with_pairs(&inner, rest, pairs, create));
    Node { value: Value::Map(Arc::new(out)), ..node.clone() }
}

fn added(node: &Node, pairs: &Node) -> Node {
    let (Some(old), Some(wanted)) = (node.as_map(), pairs.as_map()) else { return node.clone() };
    let mut map = old.clone();
    for entry in &wanted.entries {
        map.insert(entry.key.clone(), entry.value.clone());
    }
    map.open = map.open.take().or_else(|| wanted.open.clone());
    Node { value: Value::Map(Arc::new(map)), ..node.clone() }
}
