//! Conversions between Terraform's types, and type constraints of variables.

use super::sets::to_set;
use crate::base::{Entry, Key, List, Map, Node, Number, Value};
use crate::syntax::hcl::{Expr, ExprKind, ObjectKey};
use std::sync::Arc;

/// The value as a number, converting strings.
pub(super) fn to_number(node: &Node) -> Option<Number> {
    match &node.value {
        Value::Number(number) => Some(*number),
        Value::Text(text) if text.is_known() => Number::parse(text.as_str()),
        _ => None,
    }
}

/// The value as a boolean, converting strings.
pub(super) fn to_bool(node: &Node) -> Option<bool> {
    match (&node.value, node.as_str()) {
        (Value::Bool(value), _) => Some(*value),
        (_, Some("true" | "1")) => Some(true),
        (_, Some("false" | "0")) => Some(false),
        _ => None,
    }
}

/// Evaluates the default of an `optional(type, default)`; only literals can stand there.
pub(super) type Literal<'a> = &'a dyn Fn(&Expr) -> Node;

/// Converts a value to a type constraint as far as that changes it: scalars are converted, and optional
/// attributes of objects get their defaults.
pub(super) fn constrain(node: Node, constraint: &Expr, literal: Literal<'_>) -> Node {
    match &constraint.kind {
        ExprKind::Variable(name) => scalar(node, name),
        ExprKind::Call(name, arguments, _) => match (&**name, &arguments[..]) {
            ("list" | "tuple", [inner]) => each(node, inner, literal),
            ("set", [inner]) => to_set(each(node, inner, literal)),
            ("map", [inner]) => values(node, inner, literal),
            ("object", [inner]) => object(node, inner, literal),
            ("optional", [inner, ..]) => constrain(node, inner, literal),
            _ => node,
        },
        _ => node,
    }
}

fn scalar(node: Node, name: &str) -> Node {
    let value = match (name, &node.value) {
        ("number", Value::Text(_)) => to_number(&node).map(Value::Number),
        ("bool", Value::Text(_)) => to_bool(&node).map(Value::Bool),
        ("string", Value::Number(_) | Value::Bool(_)) => {
            node.display().map(|text| Node::made(text, node.place).value)
        }
        _ => None,
    };
    match value {
        Some(value) => Node { value, ..node },
        None => node,
    }
}

fn each(mut node: Node, inner: &Expr, literal: Literal<'_>) -> Node {
    if let Value::List(list) = &node.value {
        let items = list.items.iter().map(|item| constrain(item.clone(), inner, literal)).collect();
        node.value = Value::List(Arc::new(List { items, open: list.open.clone(), set: false }));
    }
    node
}

fn values(mut node: Node, inner: &Expr, literal: Literal<'_>) -> Node {
    if let Value::Map(map) = &node.value {
        let entry =
            |e: &Entry| Entry { key: e.key.clone(), value: constrain(e.value.clone(), inner, literal) };
        let entries = map.entries.iter().map(entry).collect();
        node.value = Value::Map(Arc::new(Map { entries, open: map.open.clone() }));
    }
    node
}

fn object(mut node: Node, attributes: &Expr, literal: Literal<'_>) -> Node {
    let (Value::Map(map), ExprKind::Object(declared)) = (&node.value, &attributes.kind) else { return node };
    let mut out = Map::clone(map);
    for (key, constraint) in declared {
        let ObjectKey::Name(name, place) = key else { continue };
        match out.entries.iter_mut().find(|entry| entry.key.name == *name && !entry.value.is_null()) {
            Some(entry) => entry.value = constrain(entry.value.clone(), constraint, literal),
            None if out.open.is_none() => {
                let value = optional_default(constraint, literal).unwrap_or_else(|| Node::null(node.place));
                out.insert(Key { name: Arc::clone(name), place: *place }, value);
            }
            None => {}
        }
    }
    node.value = Value::Map(Arc::new(out));
    node
}

fn optional_default(constraint: &Expr, literal: Literal<'_>) -> Option<Node> {
    match &constraint.kind {
        ExprKind::Call(name, arguments, _) if &**name == "optional" => {
            let inner = arguments.first()?;
            Some(constrain(literal(arguments.get(1)?), inner, literal))
        }
        _ => None,
    }
}
