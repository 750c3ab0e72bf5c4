//! JSON patches (RFC 6902) on placed trees. What an operation brings keeps its own places.

use crate::base::{Key, List, Map, Node, Place, Value};
use std::sync::Arc;

/// Why an operation cannot be carried out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PatchError {
    /// The operation's place.
    pub place: Place,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
}

/// Applies a list of operations, one after the other.
pub fn apply_json_patch(target: &Node, operations: &Node) -> Result<Node, PatchError> {
    operations.items().iter().try_fold(target.clone(), |node, operation| {
        apply(&node, operation).map_err(|message| PatchError { place: operation.place, message })
    })
}

fn apply(target: &Node, operation: &Node) -> Result<Node, String> {
    let text = |name: &str| operation.get(name).and_then(Node::as_str);
    let op = text("op").ok_or("an operation without `op`")?;
    let path = pointer(text("path").ok_or("an operation without `path`")?)?;
    let value = || {
        operation
            .as_map()
            .and_then(|map| map.get("value"))
            .cloned()
            .ok_or_else(|| format!("`{op}` without `value`"))
    };
    match op {
        "add" => edit(target, &path, &Edit::Add(value()?)),
        "replace" => edit(target, &path, &Edit::Replace(value()?)),
        "remove" => edit(target, &path, &Edit::Remove),
        "test" => edit(target, &path, &Edit::Keep),
        "copy" | "move" => {
            let from = pointer(text("from").ok_or_else(|| format!("`{op}` without `from`"))?)?;
            let moved = find(target, &from).cloned().ok_or_else(|| missing(&from, from.len()))?;
            let rest = if op == "move" { edit(target, &from, &Edit::Remove)? } else { target.clone() };
            edit(&rest, &path, &Edit::Add(moved))
        }
        other => Err(format!("there is no operation `{other}`")),
    }
}

/// The steps of a JSON pointer.
fn pointer(path: &str) -> Result<Vec<String>, String> {
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let rest = path.strip_prefix('/').ok_or_else(|| format!("path `{path}` does not begin with a slash"))?;
    Ok(rest.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect())
}

fn find<'a>(node: &'a Node, steps: &[String]) -> Option<&'a Node> {
    steps.iter().try_fold(node, |node, step| match &node.value {
        Value::Map(map) => map.get(step),
        Value::List(list) => list.items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

enum Edit {
    Add(Node),
    Replace(Node),
    Remove,
    Keep,
}

fn missing(steps: &[String], count: usize) -> String {
    format!("there is nothing at `/{}`", steps[..count].join("/"))
}

fn edit(node: &Node, steps: &[String], edit: &Edit) -> Result<Node, String> {
    let Some((first, rest)) = steps.split_first() else {
        return match edit {
            Edit::Add(value) | Edit::Replace(value) => Ok(value.clone()),
            Edit::Remove => Err("the whole document cannot be removed".into()),
            Edit::Keep => Ok(node.clone()),
        };
    };
    match &node.value {
        Value::Map(map) => {
            Ok(Node { value: Value::Map(Arc::new(edit_map(map, first, rest, edit)?)), ..node.clone() })
        }
        Value::List(list) => {
            Ok(Node { value: Value::List(Arc::new(edit_list(list, first, rest, edit)?)), ..node.clone() })
        }
        Value::Unknown(unknown) => Err(format!("`/{first}` is not known: {}", unknown.reason)),
        _ => Err(missing(steps, 1)),
    }
}

fn edit_map(map: &Map, first: &str, rest: &[String], what: &Edit) -> Result<Map, String> {
    let mut out = map.clone();
    let at = out.entries.iter().position(|entry| &*entry.key.name == first);
    match (at, rest.is_empty(), what) {
        (Some(at), true, Edit::Remove) => drop(out.entries.remove(at)),
        (None, true, Edit::Add(value)) => {
            out.insert(Key { name: first.into(), place: value.place }, value.clone());
        }
        (Some(at), ..) => out.entries[at].value = edit(&out.entries[at].value, rest, what)?,
        (None, ..) => return Err(format!("member `{first}` is not there")),
    }
    Ok(out)
}

fn edit_list(list: &List, first: &str, rest: &[String], what: &Edit) -> Result<List, String> {
    let mut out = list.clone();
    let end = out.items.len();
    if let (true, Edit::Add(value)) = (rest.is_empty(), what) {
        let at = if first == "-" { end } else { index(first, end)? };
        out.items.insert(at, value.clone());
        return Ok(out);
    }
    let at = index(first, end.checked_sub(1).ok_or("the list is empty")?)?;
    match (rest.is_empty(), what) {
        (true, Edit::Remove) => drop(out.items.remove(at)),
        _ => out.items[at] = edit(&out.items[at], rest, what)?,
    }
    Ok(out)
}

fn index(step: &str, last: usize) -> Result<usize, String> {
    let at = step.parse::<usize>().map_err(|_| format!("`{step}` is no index of a list"))?;
    if at <= last { Ok(at) } else { Err(format!("the list has no index {at}")) }
}
