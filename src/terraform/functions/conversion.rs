//! Type conversion.

use super::super::sets::to_set;
use super::super::types::{to_bool, to_number};
use super::Call;
use crate::base::{List, Node, Value};
use std::sync::Arc;

pub(super) const NAMES: &[&str] = &[
    "tostring",
    "tonumber",
    "tobool",
    "tolist",
    "toset",
    "tomap",
    "sensitive",
    "nonsensitive",
    "ephemeralasnull",
];

pub(super) fn call(call: &Call<'_>) -> Option<Node> {
    if !NAMES.contains(&call.name) {
        return None;
    }
    let Some(arg) = call.arg(0) else { return Some(call.fail("takes one argument")) };
    if arg.is_null() {
        return Some(arg.clone());
    }
    let converted = match call.name {
        "tostring" => match &arg.value {
            Value::Text(_) => Some(arg.value.clone()),
            _ => arg.display().map(|text| Node::made(text, arg.place).value),
        },
        "tonumber" => to_number(arg).map(Value::Number),
        "tobool" => to_bool(arg).map(Value::Bool),
        "toset" => return Some(Node { place: call.place, ..to_set(arg.clone()) }),
        "tolist" => match &arg.value {
            Value::List(list) => Some(Value::List(Arc::new(List { set: false, ..List::clone(list) }))),
            other => Some(other.clone()),
        },
        _ => Some(arg.value.clone()),
    };
    Some(match converted {
        Some(value) => Node { value, ..arg.clone() },
        None => call.fail("the argument has the wrong type"),
    })
}
