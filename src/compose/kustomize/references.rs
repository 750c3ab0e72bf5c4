//! References between objects follow a name that a prefix or suffix changes.

use crate::base::{Entry, List, Map, Node, Text, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// Fields that hold the name of another object: the field above (none for any), the field, and the kind.
const FIELDS: [(&str, &str, &str); 14] = [
    ("configMap", "name", "ConfigMap"),
    ("configMapRef", "name", "ConfigMap"),
    ("configMapKeyRef", "name", "ConfigMap"),
    ("secret", "secretName", "Secret"),
    ("secret", "name", "Secret"),
    ("tls", "secretName", "Secret"),
    ("secretRef", "name", "Secret"),
    ("secretKeyRef", "name", "Secret"),
    ("imagePullSecrets", "name", "Secret"),
    ("persistentVolumeClaim", "claimName", "PersistentVolumeClaim"),
    ("scaleTargetRef", "name", ""),
    ("service", "name", "Service"),
    ("", "serviceName", "Service"),
    ("", "serviceAccountName", "ServiceAccount"),
];

/// New names by kind and old name.
pub(super) type Renames = HashMap<(String, String), String>;

/// The document with its references brought up to date.
pub(super) fn follow(node: &Node, renames: &Renames) -> Node {
    walk(node, "", renames)
}

fn walk(node: &Node, above: &str, renames: &Renames) -> Node {
    let value = match &node.value {
        Value::Map(map) => {
            let entry = |entry: &Entry| {
                let value = match renamed(entry, above, map, renames) {
                    Some(name) => {
                        let text = Value::Text(Text::made(name.as_str(), entry.value.place));
                        Node { value: text, ..entry.value.clone() }
                    }
                    None => walk(&entry.value, &entry.key.name, renames),
                };
                Entry { key: entry.key.clone(), value }
            };
            Value::Map(Arc::new(Map {
                entries: map.entries.iter().map(entry).collect(),
                open: map.open.clone(),
            }))
        }
        Value::List(list) => {
            let items = list.items.iter().map(|item| walk(item, above, renames)).collect();
            Value::List(Arc::new(List { items, open: list.open.clone(), set: false }))
        }
        other => other.clone(),
    };
    Node { value, ..node.clone() }
}

fn renamed<'a>(entry: &Entry, above: &str, map: &Map, renames: &'a Renames) -> Option<&'a String> {
    let name = entry.value.as_str()?;
    FIELDS
        .iter()
        .filter(|(parent, field, _)| *field == &*entry.key.name && (parent.is_empty() || *parent == above))
        .find_map(|(_, _, kind)| {
            // A scale target says its kind beside its name.
            let kind = if kind.is_empty() { map.get("kind")?.as_str()? } else { kind };
            renames.get(&(kind.to_owned(), name.to_owned()))
        })
}
