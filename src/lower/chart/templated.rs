//! Go templates inside the strings of values: those that name the release, its namespace, the chart or a value
//! are filled in, the others are holes.

use super::values::value_at;
use crate::base::{Entry, List, Map, Node, Text, TextBuilder, Trail, Value};
use crate::syntax::yaml::plain_scalar;
use std::sync::Arc;

/// What templates may name.
pub struct KnownNames<'a> {
    /// `.Release.Name`.
    pub release: &'a Node,
    /// `.Release.Namespace`.
    pub namespace: &'a Node,
    /// `.Chart.Name`.
    pub chart: &'a str,
    /// `.Values`.
    pub values: &'a Node,
}

/// Values that lead to values that lead to values, at most.
const DEEPEST: usize = 4;

/// Templates that are filled in for one value, at most.
const MOST: usize = 1_000;

/// The node with the templates in its strings filled in.
pub fn fill_templates(node: &Node, names: &KnownNames<'_>) -> Node {
    if holds_templates(node) {
        filled(node, names, &mut Budget { depth: 0, left: MOST })
    } else {
        node.clone()
    }
}

/// Whether any string in a value holds a template: most hold none, and are shared as they are.
fn holds_templates(node: &Node) -> bool {
    match &node.value {
        Value::Text(text) => text.as_str().contains("{{"),
        Value::Map(map) => map.entries.iter().any(|entry| holds_templates(&entry.value)),
        Value::List(list) => list.items.iter().any(holds_templates),
        _ => false,
    }
}

/// How far values that name values are followed.
struct Budget {
    depth: usize,
    left: usize,
}

fn filled(node: &Node, names: &KnownNames<'_>, budget: &mut Budget) -> Node {
    let value = match &node.value {
        Value::Text(text) if text.as_str().contains("{{") => return scalar(node, text, names, budget),
        Value::Map(map) => {
            let entry = |e: &Entry| Entry { key: e.key.clone(), value: filled(&e.value, names, budget) };
            let entries = map.entries.iter().map(entry).collect();
            Value::Map(Arc::new(Map { entries, open: map.open.clone() }))
        }
        Value::List(list) => {
            let items = list.items.iter().map(|item| filled(item, names, budget)).collect();
            Value::List(Arc::new(List { items, open: list.open.clone(), set: list.set }))
        }
        _ => return node.clone(),
    };
    Node { value, ..node.clone() }
}

/// What a template prints is read as YAML again: a string that is one template whole is typed anew.
fn scalar(node: &Node, text: &Text, names: &KnownNames<'_>, budget: &mut Budget) -> Node {
    let string = text.as_str();
    let mut out = TextBuilder::new();
    let mut at = 0;
    while let Some(open) = string[at..].find("{{").map(|found| at + found) {
        let Some(close) = string[open..].find("}}").map(|found| open + found + 2) else { break };
        out.push_range(text, at..open);
        let place = text.place(open..close);
        let inner = &string[open + 2..close - 2];
        // A dash takes the space around the template off, which is not followed.
        let trims = inner.starts_with('-') || inner.ends_with('-');
        match named(inner.trim(), names, budget).filter(|_| !trims) {
            Some(found) => match (&found.value, found.display()) {
                (Value::Text(inner), _) => out.push_text(inner),
                (_, Some(shown)) => out.push_made(&shown, place, Trail::default()),
                _ => out.push_hole(place, found.open_reason().unwrap_or_else(|| REASON.into())),
            },
            None => out.push_hole(place, REASON.into()),
        }
        at = close;
    }
    out.push_range(text, at..string.len());
    let made = out.finish(node.place);
    let whole = string.starts_with("{{") && string.find("}}") == Some(string.len() - 2);
    let value = match (whole, made.hole_in(0..made.as_str().len())) {
        (true, Some(reason)) => {
            return Node {
                trail: node.trail.clone(),
                origin: node.origin,
                ..Node::unknown(reason, node.place)
            };
        }
        (true, None) => plain_scalar(made.as_str()).unwrap_or(Value::Text(made)),
        (false, _) => Value::Text(made),
    };
    Node { value, ..node.clone() }
}

const REASON: &str = "a Go template in the values";

fn named(expression: &str, names: &KnownNames<'_>, budget: &mut Budget) -> Option<Node> {
    let path = expression.trim_start_matches('$');
    match path {
        ".Release.Name" => return Some(names.release.clone()),
        ".Release.Namespace" => return Some(names.namespace.clone()),
        ".Chart.Name" => return Some(Node::made(names.chart, names.release.place)),
        _ => {}
    }
    let path = path.strip_prefix(".Values.")?;
    let plain = path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
    let node = value_at(names.values, path).filter(|_| plain && budget.depth < DEEPEST && budget.left > 0)?;
    budget.left -= 1;
    budget.depth += 1;
    let filled = filled(node, names, budget);
    budget.depth -= 1;
    Some(filled)
}
