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

/// How closely an operation is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// As RFC 6902 says.
    Strict,
    /// As evanphx/json-patch 4 does it, with which kustomize is built: a member that is not there may be replaced, and a
    /// missing one equals null. Kustomize keeps annotations of its own on each object while it builds, so that there are
    /// always some.
    Lenient,
}

/// Carries out one operation.
pub fn carry_out(document: &Node, operation: &Operation, dialect: Dialect) -> Result<Node, Failure> {
    match dialect {
        Dialect::Strict => strictly(document, operation),
        Dialect::Lenient => leniently(document, operation),
    }
}

fn leniently(document: &Node, operation: &Operation) -> Result<Node, Failure> {
    let document = &with_annotations(document, operation);
    let path = &operation.path;
    let missing_member = |pointer: &Pointer| {
        let parent = pointer.find_parent(document).and_then(Node::as_map);
        parent.is_some_and(|map| {
            map.open.is_none() && pointer.last().is_some_and(|last| map.get(last).is_none())
        })
    };
    let replaced = operation.verb == Verb::Replace && missing_member(path);
    let tested = operation.verb == Verb::Test && operation.value.as_ref().is_some_and(Node::is_null);
    let result = match replaced {
        true => strictly(document, &Operation { verb: Verb::Add, ..operation.clone() }),
        false => strictly(document, operation),
    };
    match result {
        Err(Failure::TargetMissing(_)) if tested && missing_member(path) => Ok(document.clone()),
        Err(Failure::TargetMissing(_))
            if operation.verb == Verb::Copy && missing_member(operation.source()) =>
        {
            Err(Failure::Unknown("what is copied is not there".into()))
        }
        // `00`, `01` and `+1` are indices there.
        Err(Failure::NoIndex(steps))
            if path.steps.get(steps - 1).is_some_and(|s| s.name.parse::<i64>().is_ok()) =>
        {
            Err(Failure::Unknown("an index that RFC 6901 does not know".into()))
        }
        result => result,
    }
}

/// The document with annotations, where an operation is about these and there are none.
fn with_annotations(document: &Node, operation: &Operation) -> Node {
    let about = |pointer: &Pointer| pointer.names().take(2).eq(["metadata", "annotations"]);
    let absent = document.get("metadata").is_some_and(|metadata| {
        metadata.as_map().is_some_and(|map| map.open.is_none() && map.get("annotations").is_none())
    });
    let key = operation.path.place(1);
    let empty = Node::map(Map::default(), key);
    let steps = ["metadata", "annotations"].map(|name| Step { name: name.to_owned(), range: 0..0 });
    match absent && (about(&operation.path) || operation.from.as_ref().is_some_and(about)) {
        true => add(document, &steps, &Added { value: &empty, key }, 0).unwrap_or_else(|_| document.clone()),
        false => document.clone(),
    }
}

fn strictly(document: &Node, operation: &Operation) -> Result<Node, Failure> {
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

/// Values inside of a value, counted up to a number.
pub fn size(node: &Node, most: usize) -> usize {
    let inner: Box<dyn Iterator<Item = &Node>> = match &node.value {
        Value::Map(map) => Box::new(map.entries.iter().map(|entry| &entry.value)),
        Value::List(list) => Box::new(list.items.iter()),
        _ => return 1,
    };
    let mut total = 1;
    for node in inner {
        if total >= most {
            break;
        }
        total += size(node, most - total);
    }
    total
}
