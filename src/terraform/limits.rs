//! How large a value may become while a stack is evaluated. Real configurations stay far below; what is larger is
//! unknown, with the limit's name.

use crate::base::{Node, Place, Value};

/// Bytes of a text that is put together, at most.
pub(super) const MAX_TEXT_BYTES: usize = 16 << 20;

/// Values inside one value, at most; 64 bytes of text count as one.
const MAX_VALUES: usize = 1_000_000;

/// Module calls that one stack carries out, at most.
pub(super) const MAX_MODULES: usize = 10_000;

/// A value as it is, or unknown where it holds more than is looked at; and how much it holds.
pub(super) fn bounded(node: Node, place: Place) -> (Node, usize) {
    let held = weight(&node, MAX_VALUES);
    if held > MAX_VALUES {
        let reason = format!("a value of more than {MAX_VALUES} parts (limit: values)");
        return (Node::unknown(reason, place), MAX_VALUES);
    }
    (node, held)
}

/// The number of values inside a value, not counted further than a bound.
fn weight(node: &Node, bound: usize) -> usize {
    let mut held = 0_usize;
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        held += 1;
        match &node.value {
            Value::Text(text) => held += text.as_str().len() / 64,
            Value::List(list) => open.extend(&list.items),
            Value::Map(map) => open.extend(map.entries.iter().map(|entry| &entry.value)),
            _ => {}
        }
        if held + open.len() > bound {
            return bound + 1;
        }
    }
    held
}

/// What is said of a text that would be longer than is looked at.
pub(super) fn too_long(place: Place) -> Node {
    Node::unknown(format!("a text of more than {} MiB (limit: text)", MAX_TEXT_BYTES >> 20), place)
}
