//! JSON patches of objects that stand in no file: those of Flux's post-renderers and of Kyverno's policies.

use super::json_patch::{PatchSet, Patcher, Verb};
use crate::base::{Node, Place, Text, Value};
use crate::lower::Object;
use crate::syntax::yaml::parse_yaml;
use std::sync::Arc;

/// Whether a document is a list of operations of a JSON patch.
pub fn is_operation_list(root: &Node) -> bool {
    let is_operation = |item: &Node| {
        let verb = item.get("op").and_then(Node::as_str);
        let path = item.get("path").and_then(Node::as_str);
        Verb::ALL.iter().any(|(word, _)| verb == Some(word)) && path.is_some_and(|path| path.starts_with('/'))
    };
    !root.items().is_empty() && root.items().iter().all(is_operation)
}

/// The patches of a HelmRelease's post-renderers. What they change is made by a chart.
pub fn release_patches(root: &Node, stack: &Arc<str>) -> Vec<PatchSet> {
    let name = root.at(&["metadata", "name"]).and_then(Node::as_str).unwrap_or("?");
    let header = root.get("kind").map_or(root.place, |kind| kind.place);
    let renderers = root.at(&["spec", "postRenderers"]).map(Node::items).unwrap_or_default();
    let kustomize = renderers.iter().filter_map(|renderer| renderer.get("kustomize"));
    let fields = kustomize.flat_map(|kustomize| {
        ["patches", "patchesJson6902"]
            .into_iter()
            .filter_map(|field| kustomize.get(field))
            .flat_map(Node::items)
    });
    let lists = fields.filter_map(|item| item.get("patch")).flat_map(|patch| lists(patch, false));
    let subject = format!("HelmRelease/{name}");
    lists.map(|list| of_unknown(Patcher::Kustomize, &list, &subject, header, stack)).collect()
}

/// The JSON patches of a policy of Kyverno, also those for each item of a list.
pub fn policy_patches(object: &Object) -> Vec<PatchSet> {
    if !matches!(object.kind(), "ClusterPolicy" | "Policy")
        || !object.api_version().starts_with("kyverno.io/")
    {
        return Vec::new();
    }
    let rules = object.at(&["spec", "rules"]).map(Node::items).unwrap_or_default();
    let mutations = rules.iter().filter_map(|rule| rule.get("mutate")).flat_map(|mutate| {
        std::iter::once(mutate).chain(mutate.get("foreach").map(Node::items).unwrap_or_default())
    });
    let lists =
        mutations.filter_map(|mutate| mutate.get("patchesJson6902")).flat_map(|patch| lists(patch, true));
    let own = |list: Node| {
        let set = of_unknown(Patcher::Kyverno, &list, &object.subject, object.header, &object.stack);
        PatchSet {
            conditional: object.conditional.clone(),
            ignored: object.ignored.covers("spec.rules"),
            ..set
        }
    };
    lists.map(own).collect()
}

/// The lists of operations of a patch that is written as a text, or as it is.
fn lists(patch: &Node, templated: bool) -> Vec<Node> {
    let text = match &patch.value {
        Value::Text(text) => text,
        Value::List(_) => return vec![patch.clone()],
        _ => return Vec::new(),
    };
    // Kyverno replaces variables first, which may make anything of the text.
    if templated && text.as_str().contains("{{") {
        return vec![Node::unknown("Kyverno fills in variables of this patch", patch.place)];
    }
    documents(text).into_iter().filter(|root| root.as_list().is_some()).collect()
}

fn documents(text: &Text) -> Vec<Node> {
    match text.encoded() {
        Some(node) => vec![node.clone()],
        None => parse_yaml(text).0.into_iter().map(|document| document.root).collect(),
    }
}

fn of_unknown(patcher: Patcher, list: &Node, subject: &str, header: Place, stack: &Arc<str>) -> PatchSet {
    let set = PatchSet::of_nothing(patcher, list);
    PatchSet { subject: subject.to_owned(), header, stack: Arc::clone(stack), ..set }
}
