//! How large a value may become while a stack is evaluated. Real configurations stay far below; what is larger is
//! unknown, with the limit's name.

use crate::base::limit::{TEXT, VALUES};
use crate::base::{Node, Place, Value};

/// A value as it is, or unknown where it holds more than is looked at; and how much it holds.
pub(super) fn bounded(node: Node, place: Place) -> (Node, usize) {
    let most = VALUES.len();
    let held = weight(&node, most);
    if held > most {
        let reason = format!("a value of more than {most} parts {VALUES}");
        return (Node::unknown(reason, place), most);
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
    Node::unknown(format!("a text of more than {} MiB {TEXT}", TEXT.number()), place)
}
