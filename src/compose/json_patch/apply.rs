//! One operation carried out on a placed tree. What it brings keeps its own places.

use super::operation::{Operation, Verb};
use super::pointer::{Pointer, Step, array_index};
use crate::base::{Key, List, Map, Node, Place, Value};
use std::sync::Arc;

/// Why an operation cannot be carried out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// The object or array that something is added to is not there: how many steps of the path lead to it.
    ParentMissing(usize),
    /// What something is to be added to is neither an object nor an array: how many steps of the path lead to it.
    NoContainer(usize),
    /// What is to be replaced, removed, tested, moved or copied is not there: how many steps lead to it.
    TargetMissing(usize),
    /// An index behind the end of an array of this many items.
    Outside(usize),
    /// A step that is no index, in an array.
    NoIndex(usize),
    /// A test of another value than the one that is there.
    TestFailed,
    /// A move of something into itself.
    IntoItself,
    /// What is there cannot be known.
    Unknown(Arc<str>),
}

/// Carries out one operation.
pub fn carry_out(document: &Node, operation: &Operation) -> Result<Node, Failure> {
    let steps = &operation.path.steps;
    let key = operation.path.place(steps.len().saturating_sub(1));
    let added = |document: &Node, value: &Node| add(document, steps, &Added { value, key }, 0);
    match (operation.verb, &operation.value, &operation.from) {
        (Verb::Add, Some(value), _) => added(document, value),
        (Verb::Remove, ..) => remove(document, steps),
        (Verb::Replace, Some(value), _) => replace(document, steps, value, 0),
        (Verb::Test, Some(value), _) => test(document, &operation.path, value),
        (Verb::Copy, _, Some(from)) => added(document, target(document, from)?),
        (Verb::Move, _, Some(from)) => {
            if operation.path.is_inside(from) {
                return Err(Failure::IntoItself);
            }
            let moved = target(document, from)?.clone();
            if operation.path.is_same(from) {
                return Ok(document.clone());
            }
            added(&remove(document, &from.steps)?, &moved)
        }
        // An operation is read with what its verb needs.
        _ => Ok(document.clone()),
    }
}

/// What an operation was meant to make that adds to the end or the beginning of an array which is not there: the array.
pub fn mended(document: &Node, operation: &Operation) -> Option<Node> {
    let (last, steps) = operation.path.steps.split_last()?;
    let value = operation.value.as_ref().filter(|_| operation.verb == Verb::Add)?;
    let key = operation.path.place(steps.len().checked_sub(1)?);
    let list = Node::list(vec![value.clone()], value.place);
    let meant = matches!(last.name.as_str(), "-" | "0");
    meant.then(|| add(document, steps, &Added { value: &list, key }, 0).ok())?
}

fn test(document: &Node, path: &Pointer, value: &Node) -> Result<Node, Failure> {
    let held = target(document, path)?;
    match held.is_equal(value) {
        Some(true) => Ok(document.clone()),
        Some(false) => Err(Failure::TestFailed),
        None => Err(Failure::Unknown("what is there is not wholly known".into())),
    }
}

/// What a path leads to, or how far it leads.
fn target<'a>(document: &'a Node, path: &Pointer) -> Result<&'a Node, Failure> {
    let mut node = document;
    for (depth, step) in path.steps.iter().enumerate() {
        let missing = || Failure::TargetMissing(depth + 1);
        node = match &node.value {
            Value::Map(map) => map.get(&step.name).ok_or_else(|| absent(map.open.as_ref(), missing()))?,
            Value::List(list) => {
                let index = array_index(&step.name).ok_or_else(missing)?;
                list.items.get(index).ok_or_else(|| absent(list.open.as_ref(), missing()))?
            }
            Value::Unknown(unknown) => return Err(Failure::Unknown(Arc::clone(&unknown.reason))),
            _ => return Err(missing()),
        };
    }
    Ok(node)
}

/// What is absent from a container that may have further entries is unknown.
fn absent(open: Option<&Arc<str>>, failure: Failure) -> Failure {
    open.map_or(failure, |reason| Failure::Unknown(Arc::clone(reason)))
}

/// What an operation adds, and where its key is written.
struct Added<'a> {
    value: &'a Node,
    key: Place,
}

fn add(node: &Node, steps: &[Step], added: &Added<'_>, depth: usize) -> Result<Node, Failure> {
    let Some((first, rest)) = steps.split_first() else { return Ok(added.value.clone()) };
    match &node.value {
        Value::Map(map) if rest.is_empty() => {
            let mut out = Map::clone(map);
            out.insert(Key { name: first.name.as_str().into(), place: added.key }, added.value.clone());
            Ok(with_map(node, out))
        }
        Value::List(list) if rest.is_empty() => {
            let mut out = List::clone(list);
            let end = out.items.len();
            let at = match first.name.as_str() {
                "-" => end,
                step => array_index(step).ok_or(Failure::NoIndex(depth + 1))?,
            };
            if at > end || list.open.is_some() && first.name != "-" {
                return Err(absent(list.open.as_ref(), Failure::Outside(end)));
            }
            out.items.insert(at, added.value.clone());
            Ok(with_list(node, out))
        }
        Value::Unknown(unknown) => Err(Failure::Unknown(Arc::clone(&unknown.reason))),
        Value::Map(_) | Value::List(_) => inside(
            node,
            first,
            |inner| add(inner, rest, added, depth + 1),
            || Failure::ParentMissing(depth + 1),
        ),
        _ => Err(Failure::NoContainer(depth)),
    }
}

fn replace(node: &Node, steps: &[Step], value: &Node, depth: usize) -> Result<Node, Failure> {
    let Some((first, rest)) = steps.split_first() else { return Ok(value.clone()) };
    let missing = || Failure::TargetMissing(depth + 1);
    inside(node, first, |inner| replace(inner, rest, value, depth + 1), missing)
}

fn remove(document: &Node, steps: &[Step]) -> Result<Node, Failure> {
    // Without steps it is the document itself: nothing is left of it.
    if steps.is_empty() { Ok(Node::null(document.place)) } else { remove_below(document, steps, 0) }
}

fn remove_below(node: &Node, steps: &[Step], depth: usize) -> Result<Node, Failure> {
    let missing = || Failure::TargetMissing(depth + 1);
    match steps {
        [] => Ok(node.clone()),
        [last] => match &node.value {
            Value::Map(map) => {
                let mut out = Map::clone(map);
                let at = out.entries.iter().position(|entry| *entry.key.name == last.name);
                out.entries.remove(at.ok_or_else(|| absent(map.open.as_ref(), missing()))?);
                Ok(with_map(node, out))
            }
            Value::List(list) => {
                let at = array_index(&last.name).filter(|at| *at < list.items.len());
                let mut out = List::clone(list);
                out.items.remove(at.ok_or_else(|| absent(list.open.as_ref(), missing()))?);
                Ok(with_list(node, out))
            }
            Value::Unknown(unknown) => Err(Failure::Unknown(Arc::clone(&unknown.reason))),
            _ => Err(missing()),
        },
        [first, rest @ ..] => inside(node, first, |inner| remove_below(inner, rest, depth + 1), missing),
    }
}

/// The node with what one step leads to changed.
fn inside(
    node: &Node,
    step: &Step,
    change: impl FnOnce(&Node) -> Result<Node, Failure>,
    missing: impl Fn() -> Failure,
) -> Result<Node, Failure> {
    match &node.value {
        Value::Map(map) => {
            let at = map.entries.iter().position(|entry| *entry.key.name == step.name);
            let at = at.ok_or_else(|| absent(map.open.as_ref(), missing()))?;
            let changed = change(&map.entries[at].value)?;
            let mut out = Map::clone(map);
            out.entries[at].value = changed;
            Ok(with_map(node, out))
        }
        Value::List(list) => {
            let at = array_index(&step.name).filter(|at| *at < list.items.len());
            let at = at.ok_or_else(|| absent(list.open.as_ref(), missing()))?;
            let changed = change(&list.items[at])?;
            let mut out = List::clone(list);
            out.items[at] = changed;
            Ok(with_list(node, out))
        }
        Value::Unknown(unknown) => Err(Failure::Unknown(Arc::clone(&unknown.reason))),
        _ => Err(missing()),
    }
}

fn with_map(node: &Node, map: Map) -> Node {
    Node { value: Value::Map(Arc::new(map)), ..node.clone() }
}

fn with_list(node: &Node, list: List) -> Node {
    Node { value: Value::List(Arc::new(list)), ..node.clone() }
}
