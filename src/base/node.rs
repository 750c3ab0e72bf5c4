//! A value, where it was written, and the way it came.

use super::number::Number;
use super::place::Place;
use super::text::Text;
use super::value::{Entry, List, Map, Unknown, Value};
use std::sync::Arc;

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where a person wrote it, or the use of it, in the file that they would edit.
    pub place: Place,
    /// The places it came through (a variable's default, a module argument, an alias), nearest first.
    pub trail: Trail,
    /// Whether a person wrote it.
    pub origin: Origin,
}

/// Whether a value was written in the repository or is a default of something outside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Origin {
    /// Written in the repository.
    #[default]
    Written,
    /// A default of a chart or of Kubernetes; the place is that of the nearest thing written.
    Default,
}

/// The places that a value came through, nearest first. A shared list: a value that passes through one
/// more reference shares the rest of its way.
#[derive(Clone, Debug, Default)]
pub struct Trail(Option<Arc<Step>>);

#[derive(Debug)]
struct Step {
    place: Place,
    rest: Trail,
}

impl Trail {
    /// This way, begun one step nearer.
    pub fn then(self, place: Place) -> Trail {
        Trail(Some(Arc::new(Step { place, rest: self })))
    }

    /// The places, nearest first.
    pub fn places(&self) -> impl Iterator<Item = Place> + '_ {
        std::iter::successors(self.0.as_deref(), |step| step.rest.0.as_deref()).map(|step| step.place)
    }

    /// The place furthest back: where the value itself was written.
    pub fn source(&self) -> Option<Place> {
        self.places().last()
    }
}

impl Drop for Trail {
    /// Takes a long way apart step by step: the derived drop would recurse once a step.
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(step) = next {
            match Arc::try_unwrap(step) {
                Ok(mut step) => next = step.rest.0.take(),
                Err(_) => break,
            }
        }
    }
}

impl Node {
    /// A written value.
    pub fn new(value: Value, place: Place) -> Node {
        Node { value, place, trail: Trail::default(), origin: Origin::Written }
    }

    /// `null`.
    pub fn null(place: Place) -> Node {
        Node::new(Value::Null, place)
    }

    /// A boolean.
    pub fn bool(value: bool, place: Place) -> Node {
        Node::new(Value::Bool(value), place)
    }

    /// An integer.
    pub fn int(value: i64, place: Place) -> Node {
        Node::new(Value::Number(Number::Int(value)), place)
    }

    /// A string that was made at a place.
    pub fn made(string: impl Into<Arc<str>>, place: Place) -> Node {
        Node::new(Value::Text(Text::made(string, place)), place)
    }

    /// A text.
    pub fn text(text: Text, place: Place) -> Node {
        Node::new(Value::Text(text), place)
    }

    /// A sequence.
    pub fn list(items: Vec<Node>, place: Place) -> Node {
        Node::new(Value::List(Arc::new(List { items, open: None, set: false })), place)
    }

    /// A mapping.
    pub fn map(map: Map, place: Place) -> Node {
        Node::new(Value::Map(Arc::new(map)), place)
    }

    /// A value that is not known.
    pub fn unknown(reason: impl Into<Arc<str>>, place: Place) -> Node {
        Node::new(Value::Unknown(Unknown::new(reason)), place)
    }

    /// A value whose expression cannot be evaluated.
    pub fn failed(reason: impl Into<Arc<str>>, place: Place) -> Node {
        Node::new(Value::Unknown(Unknown { reason: reason.into(), failed: true }), place)
    }

    /// The same value used at another place: that place becomes its own, the old one the nearest it came
    /// through.
    pub fn through(mut self, used_at: Place) -> Node {
        if self.place != used_at {
            self.trail = std::mem::take(&mut self.trail).then(self.place);
            self.place = used_at;
        }
        self
    }

    /// The same value, with more places that it came through.
    pub fn through_all(mut self, places: impl IntoIterator<Item = Place>) -> Node {
        for place in places {
            self.trail = std::mem::take(&mut self.trail).then(place);
        }
        self
    }

    /// The same value, marked as a default.
    pub fn as_default(mut self) -> Node {
        self.origin = Origin::Default;
        self
    }

    /// Whether a person wrote it.
    pub fn is_written(&self) -> bool {
        self.origin == Origin::Written
    }

    /// Whether it reads the same as another, wherever both were written: what is not known, for the same reason.
    pub fn reads_like(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Map(a), Value::Map(b)) => {
                let alike = |a: &Entry| b.get(&a.key.name).is_some_and(|b| a.value.reads_like(b));
                a.open == b.open && a.entries.len() == b.entries.len() && a.entries.iter().all(alike)
            }
            (Value::List(a), Value::List(b)) => {
                let mut pairs = a.items.iter().zip(&b.items);
                a.open == b.open && a.items.len() == b.items.len() && pairs.all(|(a, b)| a.reads_like(b))
            }
            (Value::Text(a), Value::Text(b)) => a.as_str() == b.as_str(),
            (Value::Number(a), Value::Number(b)) => a == b,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Unknown(a), Value::Unknown(b)) => a.reason == b.reason,
            (a, b) => matches!((a, b), (Value::Null, Value::Null)),
        }
    }

    /// Whether it equals another, wherever both were written; none where what is not known decides.
    pub fn is_equal(&self, other: &Node) -> Option<bool> {
        let all = |parts: &mut dyn Iterator<Item = Option<bool>>| {
            let mut known = Some(true);
            for part in parts {
                match part {
                    Some(false) => return Some(false),
                    None => known = None,
                    Some(true) => {}
                }
            }
            known
        };
        match (&self.value, &other.value) {
            (Value::Unknown(_), _) | (_, Value::Unknown(_)) => None,
            (Value::Map(a), Value::Map(b)) => {
                let one_way = |a: &Map, b: &Map| {
                    let of_entry = |entry: &Entry| match b.get(&entry.key.name) {
                        Some(other) => entry.value.is_equal(other),
                        None => b.open.is_none().then_some(false),
                    };
                    all(&mut a.entries.iter().map(of_entry))
                };
                all(&mut [one_way(a, b), one_way(b, a)].into_iter())
                    .filter(|equal| !equal || a.open.is_none() && b.open.is_none())
            }
            (Value::List(a), Value::List(b)) => {
                let closed = a.open.is_none() && b.open.is_none();
                if closed && a.items.len() != b.items.len() {
                    return Some(false);
                }
                all(&mut a.items.iter().zip(&b.items).map(|(a, b)| a.is_equal(b))).filter(|_| closed)
            }
            (Value::Text(a), Value::Text(b)) => {
                (a.is_known() && b.is_known()).then(|| a.as_str() == b.as_str())
            }
            (Value::Number(a), Value::Number(b)) => Some(a == b),
            (Value::Bool(a), Value::Bool(b)) => Some(a == b),
            (a, b) => Some(matches!((a, b), (Value::Null, Value::Null))),
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// Why it is not known, if it is not.
    pub fn unknown_reason(&self) -> Option<&Arc<str>> {
        match &self.value {
            Value::Unknown(unknown) => Some(&unknown.reason),
            _ => None,
        }
    }

    /// The boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number.
    pub fn as_number(&self) -> Option<Number> {
        match self.value {
            Value::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The known string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) if text.is_known() => Some(text.as_str()),
            _ => None,
        }
    }

    /// The text, known or not.
    pub fn as_text(&self) -> Option<&Text> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The mapping.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The sequence.
    pub fn as_list(&self) -> Option<&List> {
        match &self.value {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// The items of a sequence; none for anything else.
    pub fn items(&self) -> &[Node] {
        self.as_list().map_or(&[], |list| &list.items)
    }

    /// The value of a key of a mapping. `null` counts as absent, as it does to Kubernetes.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.as_map().and_then(|map| map.get(name)).filter(|node| !node.is_null())
    }

    /// The value at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, name| node.get(name))
    }

    /// The scalar as a string, as a template or an environment variable shows it.
    pub fn display(&self) -> Option<String> {
        match &self.value {
            Value::Bool(value) => Some(value.to_string()),
            Value::Number(value) => Some(value.to_string()),
            Value::Text(text) if text.is_known() => Some(text.as_str().to_owned()),
            _ => None,
        }
    }

    /// The integer; none for a string of digits.
    pub fn as_int(&self) -> Option<i64> {
        match &self.value {
            Value::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// The integer, also when it was written as a string (Terraform converts, Kubernetes does not).
    pub fn as_int_lenient(&self) -> Option<i64> {
        match &self.value {
            Value::Number(number) => number.as_i64(),
            Value::Text(text) if text.is_known() => text.as_str().trim().parse().ok(),
            _ => None,
        }
    }

    /// Why something under this node that is not there may exist all the same: the node is unknown, or a
    /// container that may have further entries.
    pub fn open_reason(&self) -> Option<Arc<str>> {
        match &self.value {
            Value::Unknown(unknown) => Some(Arc::clone(&unknown.reason)),
            Value::Map(map) => map.open.clone(),
            Value::List(list) => list.open.clone(),
            Value::Text(text) => text.hole_in(0..text.as_str().len()),
            _ => None,
        }
    }
}
