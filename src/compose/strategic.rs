//! Strategic merge patches, as the Kubernetes API and kustomize understand them.

use crate::base::{Entry, List, Map, Node, Value};
use std::sync::Arc;

/// The keys by which lists of built-in kinds merge, by the field that holds the list. From the
/// `patchMergeKey` tags of k8s.io/api (core/v1, apps/v1) 1.34; lists that are not here replace.
const MERGE_KEYS: [(&str, &[&str]); 14] = [
    ("containers", &["name"]),
    ("initContainers", &["name"]),
    ("ephemeralContainers", &["name"]),
    ("env", &["name"]),
    ("volumes", &["name"]),
    ("volumeMounts", &["mountPath"]),
    ("volumeDevices", &["devicePath"]),
    ("imagePullSecrets", &["name"]),
    ("secrets", &["name"]),
    ("hostAliases", &["ip"]),
    ("ports", &["containerPort", "port"]),
    ("topologySpreadConstraints", &["topologyKey"]),
    ("resourceClaims", &["name"]),
    ("conditions", &["type"]),
];

/// Fields that must be the same too, with their defaults.
const FURTHER_KEYS: [(&str, &str, &str); 2] =
    [("ports", "protocol", "TCP"), ("topologySpreadConstraints", "whenUnsatisfiable", "DoNotSchedule")];

/// Lays a patch over an object; none when the patch deletes it. Lists merge by their keys only in kinds
/// that the API itself knows; in others they replace.
pub fn strategic_merge(target: &Node, patch: &Node, built_in: bool) -> Option<Node> {
    let (Value::Map(under), Value::Map(over)) = (&target.value, &patch.value) else {
        return Some(patch.clone());
    };
    match directive(over) {
        Some("delete") => return None,
        Some("replace") => {
            return Some(Node { value: Value::Map(Arc::new(without_directive(over))), ..patch.clone() });
        }
        _ => {}
    }
    let mut out = Map::clone(under);
    for entry in over.entries.iter().filter(|entry| !entry.key.name.starts_with('$')) {
        merge_entry(&mut out, entry, built_in);
    }
    if let Some(reason) = &over.open {
        out.open = Some(Arc::clone(reason));
    }
    Some(Node { value: Value::Map(Arc::new(out)), ..target.clone() })
}

fn merge_entry(out: &mut Map, entry: &Entry, built_in: bool) {
    let name = &*entry.key.name;
    if entry.value.is_null() {
        out.entries.retain(|old| &*old.key.name != name);
        return;
    }
    let merged = match (out.get(name), &entry.value.value) {
        (Some(old), Value::Map(_)) => strategic_merge(old, &entry.value, built_in),
        (Some(old), Value::List(_)) if built_in => Some(merge_lists(name, old, &entry.value)),
        _ => Some(cleaned(&entry.value)),
    };
    match merged {
        Some(value) => out.insert(entry.key.clone(), value),
        None => out.entries.retain(|old| &*old.key.name != name),
    }
}

fn merge_lists(field: &str, under: &Node, over: &Node) -> Node {
    let keys = MERGE_KEYS.iter().find(|(known, _)| *known == field).map(|(_, keys)| *keys);
    let (Some(keys), Value::List(old), Value::List(new)) = (keys, &under.value, &over.value) else {
        return over.clone();
    };
    if new.items.iter().any(|item| item.as_map().and_then(directive) == Some("replace")) {
        let items = new.items.iter().filter(|item| item.as_map().is_some_and(|map| directive(map).is_none()));
        return Node {
            value: Value::List(Arc::new(List {
                items: items.cloned().collect(),
                open: new.open.clone(),
                set: false,
            })),
            ..over.clone()
        };
    }
    let same = |a: &Node, b: &Node| {
        let text = |node: &Node, key: &str| node.get(key).and_then(Node::display);
        let named = keys.iter().any(|key| text(a, key).is_some_and(|name| text(b, key) == Some(name)));
        let further = FURTHER_KEYS.iter().filter(|(of, ..)| *of == field);
        named
            && further.into_iter().all(|(_, key, default)| {
                let or_default = |node: &Node| text(node, key).unwrap_or_else(|| (*default).to_owned());
                or_default(a) == or_default(b)
            })
    };
    // What the patch lists stands first, in its order, as kustomize has it; where every item
    // has two keys, only what the patch adds.
    let in_place = FURTHER_KEYS.iter().any(|(of, key, _)| {
        *of == field && old.items.iter().chain(&new.items).all(|item| item.get(key).is_some())
    });
    let mut items = Vec::new();
    let mut rest: Vec<Option<Node>> = old.items.iter().cloned().map(Some).collect();
    for item in &new.items {
        let known = rest.iter().position(|known| known.as_ref().is_some_and(|known| same(known, item)));
        match known.and_then(|at| rest[at].take().map(|known| (at, known))) {
            Some((at, known)) if in_place => rest[at] = strategic_merge(&known, item, true),
            Some((_, known)) => items.extend(strategic_merge(&known, item, true)),
            None if item.as_map().and_then(directive) == Some("delete") => {}
            None => items.push(cleaned(item)),
        }
    }
    items.extend(rest.into_iter().flatten());
    let open = old.open.clone().or_else(|| new.open.clone());
    Node { value: Value::List(Arc::new(List { items, open, set: false })), ..under.clone() }
}

/// A part of a patch that meets nothing: what it would delete is not there.
fn cleaned(node: &Node) -> Node {
    if let Value::List(list) = &node.value {
        let deleted = |item: &&Node| item.as_map().and_then(directive) != Some("delete");
        let items = list.items.iter().filter(deleted).map(cleaned).collect();
        let value = Value::List(Arc::new(List { items, open: list.open.clone(), set: list.set }));
        return Node { value, ..node.clone() };
    }
    let Value::Map(map) = &node.value else { return node.clone() };
    let kept =
        map.entries.iter().filter(|entry| !entry.value.is_null() && !entry.key.name.starts_with("$patch"));
    let entries = kept.map(|entry| Entry { key: entry.key.clone(), value: cleaned(&entry.value) }).collect();
    Node { value: Value::Map(Arc::new(Map { entries, open: map.open.clone() })), ..node.clone() }
}

fn directive(map: &Map) -> Option<&str> {
    map.get("$patch").and_then(Node::as_str)
}

fn without_directive(map: &Map) -> Map {
    let kept = map.entries.iter().filter(|entry| &*entry.key.name != "$patch");
    Map { entries: kept.cloned().collect(), open: map.open.clone() }
}
