//! Secrets by the tree of a file of YAML: whatever stands below a secret's key, on whatever lines it is written.

use crate::base::{Map, Node, SourceFile, Text, Value, is_secret_key};
use crate::syntax::yaml::parse_yaml;
use std::ops::Range;

/// Fields that say which Secret holds a value.
pub(in crate::report) const REFERENCES: [&str; 10] = [
    "apiVersion",
    "kind",
    "key",
    "name",
    "namespace",
    "optional",
    "secretKeyRef",
    "secretName",
    "secretRef",
    "valueFrom",
];

/// Byte ranges of secrets.
pub(super) fn in_tree(file: &SourceFile) -> Vec<Range<usize>> {
    let parsed = file.parsed(|| parse_yaml(&Text::of_file(file)));
    let mut out = Vec::new();
    for document in &parsed.0 {
        node(&document.root, false, &mut out);
    }
    out
}

fn node(of: &Node, hidden: bool, out: &mut Vec<Range<usize>>) {
    match &of.value {
        Value::Map(map) => entries(of, map, hidden, out),
        Value::List(list) => {
            let mut flag = false;
            for item in &list.items {
                node(item, hidden || std::mem::replace(&mut flag, is_secret_flag(item)), out);
            }
        }
        Value::Text(text) if hidden && !is_left_to_others(text.as_str()) => out.push(of.place.span.range()),
        Value::Number(_) if hidden => out.push(of.place.span.range()),
        _ => {}
    }
}

fn entries(of: &Node, map: &Map, hidden: bool, out: &mut Vec<Range<usize>>) {
    let named = of.get("name").and_then(Node::as_str).is_some_and(is_secret_key);
    let is_secret = of.get("kind").and_then(Node::as_str) == Some("Secret");
    for entry in &map.entries {
        let key = &*entry.key.name;
        let data = is_secret && ["data", "stringData"].contains(&key);
        let below = match &entry.value.value {
            _ if data => true,
            _ if REFERENCES.contains(&key) => false,
            Value::Map(_) if is_named_only(key) => hidden,
            _ => hidden || named && key == "value" || is_secret_key(key),
        };
        if data {
            everything(&entry.value, out);
        } else {
            node(&entry.value, below, out);
        }
    }
}

/// Whether a mapping under a secret's key says which one is meant, or what it is like, and does not hold it: many objects
/// refer to a Secret so, and volumes project tokens.
pub(in crate::report) fn is_named_only(key: &str) -> bool {
    key.eq_ignore_ascii_case("secret") || key == "serviceAccountToken"
}

/// The data of a Secret is hidden whatever its keys are called.
fn everything(of: &Node, out: &mut Vec<Range<usize>>) {
    match &of.value {
        Value::Map(map) => map.entries.iter().for_each(|entry| everything(&entry.value, out)),
        Value::List(list) => list.items.iter().for_each(|item| everything(item, out)),
        Value::Null => {}
        _ => out.push(of.place.span.range()),
    }
}

/// Whether something fills the value in before it is applied, or there is none.
fn is_left_to_others(text: &str) -> bool {
    text.is_empty() || text.starts_with("${") && text.ends_with('}') && text.matches("${").count() == 1
}

/// Whether an argument stands before a secret: `--password`.
pub(in crate::report) fn is_secret_flag(item: &Node) -> bool {
    let flag = item.as_str().and_then(|text| text.strip_prefix('-'));
    flag.is_some_and(|flag| !flag.contains('=') && is_secret_key(flag))
}
