//! Flux' `postBuild.substitute`: `${NAME}` and `${NAME:=default}` in the strings of what a Kustomization makes.

use crate::base::{Entry, List, Map, Node, Text, TextBuilder, Trail, Value};
use crate::syntax::yaml::{parse_yaml, plain_scalar};
use regex::Regex;
use std::sync::{Arc, LazyLock};

static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?P<escape>\$)?\$\{(?P<function>#)?(?P<name>[_a-zA-Z][_a-zA-Z0-9]*)(?:(?::?[=-])(?P<default>[^}]*)|(?P<other>[^}]*))\}").ok()
});

/// The values of a Kustomization's variables; others may come from objects that are not known.
#[derive(Clone, Debug)]
pub(super) struct Variables<'a> {
    pub(super) known: Option<&'a Map>,
    /// Why further variables may exist.
    pub(super) open: Option<Arc<str>>,
}

/// The document with its placeholders replaced. An object whose annotation switches it off stays as it is.
pub(super) fn substitute(root: &Node, variables: &Variables<'_>) -> Node {
    let off = |field: &str| root.at(&["metadata", field, "kustomize.toolkit.fluxcd.io/substitute"]);
    if ["annotations", "labels"].iter().any(|field| off(field).and_then(Node::as_str) == Some("disabled")) {
        return root.clone();
    }
    replaced(root, variables)
}

fn replaced(node: &Node, variables: &Variables<'_>) -> Node {
    let value = match &node.value {
        Value::Text(text) if text.as_str().contains("${") => return scalar(node, text, variables),
        Value::Map(map) => {
            let entry = |e: &Entry| Entry { key: e.key.clone(), value: replaced(&e.value, variables) };
            Value::Map(Arc::new(Map {
                entries: map.entries.iter().map(entry).collect(),
                open: map.open.clone(),
            }))
        }
        Value::List(list) => {
            let items = list.items.iter().map(|item| replaced(item, variables)).collect();
            Value::List(Arc::new(List { items, open: list.open.clone(), set: false }))
        }
        other => other.clone(),
    };
    Node { value, ..node.clone() }
}

/// Substitution happens in the text of the YAML: what stands alone in a scalar is typed anew.
fn scalar(node: &Node, text: &Text, variables: &Variables<'_>) -> Node {
    let Some(regex) = PLACEHOLDER.as_ref() else { return node.clone() };
    let string = text.as_str();
    let mut out = TextBuilder::new();
    let (mut at, mut trail) = (0, Trail::default());
    for found in regex.captures_iter(string) {
        let Some(whole) = found.get(0) else { continue };
        out.push_range(text, at..whole.start());
        at = whole.end();
        let place = text.place(whole.range());
        if found.name("escape").is_some() {
            out.push_range(text, whole.start() + 1..whole.end());
            continue;
        }
        let function = found.name("function").is_some()
            || found.name("other").is_some_and(|other| !other.is_empty())
            || found.name("default").is_some_and(|default| default.as_str().contains('$'));
        if function {
            out.push_hole(place, "Flux works this out where it is applied".into());
            continue;
        }
        // What is set to nothing counts as not set (fluxcd/pkg envsubst v1.7.0).
        let stated = variables.known.is_some_and(|map| map.get(&found["name"]).is_some());
        let value = variables.known.and_then(|map| map.get(&found["name"])).filter(|value| !is_empty(value));
        match (value.and_then(Node::display), found.name("default")) {
            (Some(value_text), _) => {
                trail = value.map_or_else(Trail::default, |value| value.trail.clone().then(value.place));
                out.push_made(&value_text, place, trail.clone());
            }
            (None, Some(default)) if value.is_none() && variables.open.is_none() => {
                out.push_made(default.as_str(), place, Trail::default());
            }
            // One that nobody sets is nothing to Flux; but what patches the Kustomization itself may set it.
            (None, None) if variables.open.is_none() && value.is_none() && !stated => {
                out.push_hole(place, "a variable that its Kustomization does not set".into());
            }
            (None, None) if value.is_none() && variables.open.is_none() => {}
            _ => {
                let reason = value.and_then(Node::open_reason).or_else(|| variables.open.clone());
                out.push_hole(place, reason.unwrap_or_else(|| "a variable that is no string".into()));
            }
        }
    }
    out.push_range(text, at..string.len());
    let made = out.finish(node.place);
    let alone = regex.find(string).is_some_and(|found| found.range() == (0..string.len()))
        && !string.starts_with("$$");
    if !alone {
        return Node { value: Value::Text(made), ..node.clone() };
    }
    match made.hole_in(0..made.as_str().len()) {
        Some(reason) => Node::unknown(reason, node.place),
        None => {
            let typed = plain_scalar(made.as_str()).unwrap_or_else(|| structured(&made));
            Node { value: typed, trail, ..node.clone() }
        }
    }
}

fn is_empty(value: &Node) -> bool {
    value.as_str() == Some("") || value.is_null()
}

/// A value may itself be a flow collection.
fn structured(text: &Text) -> Value {
    if text.as_str().starts_with(['[', '{'])
        && let [document] = &parse_yaml(text).0[..]
    {
        return document.root.value.clone();
    }
    Value::Text(text.clone())
}
