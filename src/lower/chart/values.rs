//! Helm values: merging, defaults, and truth as Go templates have it.

use crate::base::{Entry, Key, Map, Node, Origin, Place, Sources, Text, Value};
use crate::syntax::yaml::parse_yaml;
use std::sync::Arc;

/// Parses a data file of the binary. Its places mean nothing and are replaced where values are used.
pub(in crate::lower) fn parse_data(text: &'static str) -> Node {
    let file = Sources::default().add("", text);
    let (documents, _) = parse_yaml(&Text::of_file(&file));
    let root = documents.into_iter().next().map(|document| document.root);
    root.unwrap_or_else(|| Node::null(Place::new(file.id(), 0, 0)))
}

/// Stands in a path for a dot that belongs to a name.
pub(super) const DOT: &str = "\u{1F}";

/// The value at a dotted path; a number is the index of a list.
pub fn value_at<'a>(values: &'a Node, path: &str) -> Option<&'a Node> {
    path.split('.').try_fold(values, |node, name| match &node.value {
        // What lies in something unknown is as unknown as that.
        Value::Unknown(_) => Some(node),
        Value::List(list) => list.items.get(name.parse::<usize>().ok()?),
        Value::Map(map) if name.contains(DOT) => map.get(&name.replace(DOT, ".")),
        Value::Map(map) => map.get(name),
        _ => None,
    })
}

/// Why what does not stand at a path may stand there all the same: the last mapping on the way may hold more.
pub fn open_at(values: &Node, path: &str) -> Option<Arc<str>> {
    let mut node = values;
    for name in path.split('.') {
        match &node.value {
            Value::Map(map) => match map.get(&name.replace(DOT, ".")) {
                Some(inner) => node = inner,
                None => return map.open.clone(),
            },
            _ => return None,
        }
    }
    None
}

/// The entries of a mapping in the order in which Go templates go through them: by key.
pub(super) fn entries_in_order(node: &Node) -> Vec<&Entry> {
    let mut entries: Vec<&Entry> = node.as_map().map_or_else(Vec::new, |map| map.entries.iter().collect());
    entries.retain(|entry| !entry.value.is_null());
    entries.sort_by(|a, b| a.key.name.cmp(&b.key.name));
    entries
}

/// Whether an entry of a mapping of things does not say `enabled: false`.
pub(super) fn is_enabled(node: &Node) -> bool {
    node.get("enabled").is_none_or(|enabled| is_truthy(Some(enabled)) != Some(false))
}

/// Why it is not known whether an entry is switched off.
pub(super) fn unknown_switch(node: &Node) -> Option<Arc<str>> {
    let enabled = node.get("enabled")?;
    match is_truthy(Some(enabled)) {
        None => Some(enabled.open_reason().unwrap_or_else(|| "`enabled` is not known".into())),
        Some(_) => None,
    }
}

/// Lays one document over another as Helm does: maps merge deeply, anything else replaces.
pub fn merge_values(under: &Node, over: &Node) -> Node {
    match (&under.value, &over.value) {
        (Value::Map(a), Value::Map(b)) => {
            let mut out = Map::clone(a);
            for entry in &b.entries {
                match out.entries.iter_mut().find(|old| old.key.name == entry.key.name) {
                    Some(old) => {
                        // Two mappings stay where the first stands; anything else moves to what replaces it.
                        let both = old.value.as_map().is_some() && entry.value.as_map().is_some();
                        old.value = merge_values(&old.value, &entry.value);
                        if !both {
                            old.key = entry.key.clone();
                        }
                    }
                    None => {
                        out.entries.push(Entry { key: entry.key.clone(), value: over_open(&entry.value, a) });
                    }
                }
            }
            if let Some(reason) = &b.open {
                doubt(&mut out, b, reason);
            }
            let place = if a.entries.is_empty() { over } else { under };
            Node { value: Value::Map(Arc::new(out)), ..place.clone() }
        }
        (Value::Map(a), Value::Unknown(unknown)) => {
            let mut out = Map::clone(a);
            doubt(&mut out, &Map::default(), &unknown.reason);
            Node { value: Value::Map(Arc::new(out)), ..under.clone() }
        }
        _ => over.clone(),
    }
}

/// A mapping laid over a place that may hold further entries may hold them too.
fn over_open(node: &Node, under: &Map) -> Node {
    match (&node.value, &under.open) {
        (Value::Map(map), Some(reason)) => {
            let entry = |e: &Entry| Entry { key: e.key.clone(), value: over_open(&e.value, under) };
            let entries = map.entries.iter().map(entry).collect();
            let open = map.open.clone().or_else(|| Some(Arc::clone(reason)));
            Node { value: Value::Map(Arc::new(Map { entries, open })), ..node.clone() }
        }
        _ => node.clone(),
    }
}

/// Whatever an unknown document may override is unknown.
fn doubt(out: &mut Map, known: &Map, reason: &Arc<str>) {
    for entry in &mut out.entries {
        if known.get(&entry.key.name).is_none() {
            entry.value = Node::unknown(Arc::clone(reason), entry.value.place);
        }
    }
    out.open = Some(Arc::clone(reason));
}

/// The effective values: a chart's defaults under what the user set. A `null` deletes the default. A
/// default is placed at the nearest key that the user wrote.
pub fn coalesce(defaults: &Node, values: &Node, anchor: Place) -> Node {
    let (Value::Map(below), Value::Map(above)) = (&defaults.value, &values.value) else {
        return values.clone();
    };
    let mut out = Map { entries: Vec::new(), open: above.open.clone() };
    for entry in &below.entries {
        let name = &entry.key.name;
        match (above.entry(name), &above.open) {
            (Some(own), _) if own.value.is_null() => {}
            (Some(own), _) => {
                out.insert(own.key.clone(), coalesce(&entry.value, &own.value, own.key.place));
            }
            (None, Some(reason)) => {
                out.insert(placed_key(name, anchor), Node::unknown(Arc::clone(reason), anchor));
            }
            (None, None) => out.insert(placed_key(name, anchor), at_anchor(&entry.value, anchor)),
        }
    }
    for entry in &above.entries {
        if below.get(&entry.key.name).is_none() && !entry.value.is_null() {
            out.insert(entry.key.clone(), entry.value.clone());
        }
    }
    Node { value: Value::Map(Arc::new(out)), ..values.clone() }
}

/// Values without the keys set to `null`, deeply.
pub fn delete_nulls(node: &Node) -> Node {
    let Value::Map(map) = &node.value else { return node.clone() };
    let kept = map.entries.iter().filter(|entry| !entry.value.is_null());
    let entries = kept.map(|e| Entry { key: e.key.clone(), value: delete_nulls(&e.value) }).collect();
    Node { value: Value::Map(Arc::new(Map { entries, open: map.open.clone() })), ..node.clone() }
}

fn placed_key(name: &Arc<str>, place: Place) -> Key {
    Key { name: Arc::clone(name), place }
}

/// A default value, placed where the user would set it.
pub(super) fn at_anchor(node: &Node, anchor: Place) -> Node {
    let value = match &node.value {
        Value::Map(map) => {
            let entry = |e: &Entry| Entry {
                key: placed_key(&e.key.name, anchor),
                value: at_anchor(&e.value, anchor),
            };
            Value::Map(Arc::new(Map {
                entries: map.entries.iter().map(entry).collect(),
                open: map.open.clone(),
            }))
        }
        Value::List(list) => {
            let items = list.items.iter().map(|item| at_anchor(item, anchor)).collect();
            Value::List(Arc::new(crate::base::List { items, open: list.open.clone(), set: false }))
        }
        Value::Text(text) => Value::Text(Text::made(text.shared(), anchor)),
        other => other.clone(),
    };
    Node { origin: Origin::Default, ..Node::new(value, anchor) }
}

/// Whether a Go template's `if` or `with` takes a value; none where that is unknown.
pub fn is_truthy(node: Option<&Node>) -> Option<bool> {
    let Some(node) = node else { return Some(false) };
    Some(match &node.value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != 0.0,
        Value::Text(text) => !text.as_str().is_empty(),
        Value::List(list) if list.items.is_empty() && list.open.is_some() => return None,
        Value::List(list) => !list.items.is_empty(),
        Value::Map(map) if map.entries.is_empty() && map.open.is_some() => return None,
        Value::Map(map) => !map.entries.is_empty(),
        Value::Unknown(_) => return None,
    })
}
