//! Sets: lists in which nothing stands twice, and whose items are their own keys.

use super::equality::equal;
use crate::base::{List, Node, Value};
use std::sync::Arc;

/// The items of a list without those that stand there before.
pub(super) fn without_repetition(items: &[Node]) -> Vec<Node> {
    let mut out: Vec<Node> = Vec::new();
    for item in items {
        if !out.iter().any(|seen| equal(seen, item) == Some(true)) {
            out.push(item.clone());
        }
    }
    out
}

/// A list as a set, in the order in which Terraform iterates: strings by their bytes, numbers by size.
pub(super) fn to_set(node: Node) -> Node {
    let Value::List(list) = &node.value else { return node };
    let mut items = without_repetition(&list.items);
    if items.iter().all(|item| item.as_str().is_some()) {
        items.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    } else if items.iter().all(|item| matches!(item.value, Value::Number(_))) {
        let number = |item: &Node| match &item.value {
            Value::Number(number) => number.as_f64(),
            _ => f64::NAN,
        };
        items.sort_by(|a, b| number(a).total_cmp(&number(b)));
    }
    Node { value: Value::List(Arc::new(List { items, open: list.open.clone(), set: true })), ..node }
}
