//! Everywhere that a value was written.

use super::node::Node;
use super::place::Place;
use super::value::Value;

/// Values inside values that are looked into.
const DEEPEST: usize = 32;

/// All places that a value, and everything in it, was written at or came through.
pub fn provenance(node: &Node) -> Vec<Place> {
    let mut out = Vec::new();
    collect(node, 0, &mut out);
    out.sort_unstable();
    out.dedup();
    out
}

fn collect(node: &Node, depth: usize, out: &mut Vec<Place>) {
    if depth > DEEPEST {
        return;
    }
    out.push(node.place);
    out.extend(node.trail.places());
    match &node.value {
        Value::Text(text) => {
            out.extend(text.sources());
            if let Some(encoded) = text.encoded() {
                collect(encoded, depth + 1, out);
            }
        }
        Value::List(list) => list.items.iter().for_each(|item| collect(item, depth + 1, out)),
        Value::Map(map) => map.entries.iter().for_each(|entry| collect(&entry.value, depth + 1, out)),
        _ => {}
    }
}
