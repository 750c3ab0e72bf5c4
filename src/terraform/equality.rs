//! Equality where parts may be unknown.

use crate::base::{Node, Value};

/// Whether two values are equal; none where that depends on something unknown.
pub(super) fn equal(a: &Node, b: &Node) -> Option<bool> {
    match (&a.value, &b.value) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => None,
        (Value::Null, Value::Null) => Some(true),
        (Value::Bool(a), Value::Bool(b)) => Some(a == b),
        (Value::Number(a), Value::Number(b)) => Some(a == b),
        (Value::Text(a), Value::Text(b)) => (a.is_known() && b.is_known()).then(|| a.as_str() == b.as_str()),
        (Value::List(a), Value::List(b)) => {
            if a.open.is_some() || b.open.is_some() {
                return None;
            }
            if a.items.len() != b.items.len() {
                return Some(false);
            }
            all(a.items.iter().zip(&b.items).map(|(a, b)| equal(a, b)))
        }
        (Value::Map(a), Value::Map(b)) => {
            if a.open.is_some() || b.open.is_some() {
                return None;
            }
            if a.entries.len() != b.entries.len() {
                return Some(false);
            }
            all(a.entries.iter().map(|entry| match b.get(&entry.key.name) {
                Some(other) => equal(&entry.value, other),
                None => Some(false),
            }))
        }
        _ => Some(false),
    }
}

/// True when all are, false when one is not, none when that is open.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => result = None,
            Some(true) => {}
        }
    }
    result
}
