//! Collection functions.

use super::super::access::{index_into, member};
use super::super::equality::equal;
use super::super::render::{iterate, key_node, map_of};
use super::super::sets::{to_set, without_repetition};
use super::super::types::{to_bool, to_number};
use super::Call;
use crate::base::{Entry, Key, List, Map, Node, Number, Value};
use std::sync::Arc;

pub(super) const NAMES: &[&str] = &[
    "alltrue",
    "anytrue",
    "chunklist",
    "compact",
    "contains",
    "distinct",
    "element",
    "flatten",
    "index",
    "keys",
    "length",
    "one",
    "range",
    "reverse",
    "setintersection",
    "setsubtract",
    "setunion",
    "slice",
    "sort",
    "sum",
    "values",
    "zipmap",
];

/// Functions whose result hangs on the value of each item.
const NEED_KNOWN_ITEMS: [&str; 8] =
    ["compact", "distinct", "index", "setintersection", "setsubtract", "setunion", "sort", "sum"];

/// Functions that can do something with unknown arguments.
pub(super) fn tolerant(call: &Call<'_>) -> Option<Node> {
    Some(match call.name {
        "merge" => merge(call),
        "concat" => concat(call),
        "coalesce" => coalesce(call),
        "coalescelist" => coalesce_list(call),
        "lookup" => lookup(call),
        _ => return None,
    })
}

/// Later entries win. What follows an unknown argument is known; what precedes it may be overridden.
fn merge(call: &Call<'_>) -> Node {
    let mut out = Map::default();
    for arg in call.args {
        match &arg.value {
            Value::Map(map) => {
                for entry in &map.entries {
                    out.insert(entry.key.clone(), entry.value.clone());
                }
                if let Some(reason) = &map.open {
                    doubt(&mut out, reason, map);
                }
            }
            Value::Null => {}
            _ => {
                let reason = arg.open_reason().unwrap_or_else(|| "an argument of `merge` is no map".into());
                doubt(&mut out, &reason, &Map::default());
            }
        }
    }
    Node::map(out, call.place)
}

/// Everything that an unknown part of a later argument could override becomes unknown.
fn doubt(out: &mut Map, reason: &Arc<str>, known: &Map) {
    for entry in &mut out.entries {
        if known.get(&entry.key.name).is_none() {
            entry.value = Node::unknown(Arc::clone(reason), entry.value.place);
        }
    }
    out.open = Some(Arc::clone(reason));
}

fn concat(call: &Call<'_>) -> Node {
    let mut out = List::default();
    for arg in call.args {
        out.items.extend(arg.items().iter().cloned());
        if arg.as_list().is_none() || arg.open_reason().is_some() {
            let reason = arg.open_reason().unwrap_or_else(|| "an argument of `concat` is no list".into());
            out.open = Some(reason);
        }
    }
    Node::new(Value::List(Arc::new(out)), call.place)
}

/// The first argument that is neither null nor empty; unknown once an unknown stands before it.
fn coalesce(call: &Call<'_>) -> Node {
    for arg in call.args {
        match (&arg.value, arg.as_str()) {
            (Value::Null, _) | (_, Some("")) => {}
            _ => return arg.clone(),
        }
    }
    call.fail("every argument is null or empty")
}

fn coalesce_list(call: &Call<'_>) -> Node {
    let filled = call.args.iter().find(|arg| !arg.items().is_empty() || arg.open_reason().is_some());
    filled.cloned().unwrap_or_else(|| call.fail("every list is empty"))
}

fn lookup(call: &Call<'_>) -> Node {
    let (Some(map), Some(key)) = (call.arg(0), call.arg(1)) else {
        return call.fail("takes a map and a key");
    };
    let found = match key.display() {
        Some(name) => member(map, &name, call.place),
        None => index_into(map, key, call.place),
    };
    match (&found.value, call.arg(2)) {
        (Value::Unknown(unknown), Some(default)) if unknown.failed => default.clone(),
        _ => found,
    }
}

pub(super) fn call(call: &Call<'_>) -> Option<Node> {
    if !NAMES.contains(&call.name) {
        return None;
    }
    // An open container's size and end are not known; what is asked of it may be.
    let open = call.args.iter().find_map(Node::open_reason);
    if let (Some(reason), false) = (open, matches!(call.name, "contains")) {
        return Some(Node::unknown(reason, call.place));
    }
    if NEED_KNOWN_ITEMS.contains(&call.name)
        && let Some(reason) = call.args.iter().flat_map(Node::items).find_map(Node::open_reason)
    {
        return Some(Node::unknown(reason, call.place));
    }
    Some(match call.name {
        "range" => range(call),
        "zipmap" => zipmap(call),
        "length" => length(call),
        "keys" | "values" => keys_or_values(call),
        "setunion" | "setintersection" | "setsubtract" => sets(call),
        _ => of_list(call).unwrap_or_else(|| call.fail("an argument has the wrong type")),
    })
}

fn of_list(call: &Call<'_>) -> Option<Node> {
    let list = call.arg(0)?.as_list()?;
    let items = &list.items;
    let int = |index: usize| call.arg(index).and_then(to_number).and_then(Number::as_i64);
    let node = |items: Vec<Node>| Node::list(items, call.place);
    Some(match call.name {
        "alltrue" => quantified(call, items, false),
        "anytrue" => quantified(call, items, true),
        "compact" => node(items.iter().filter(|i| !i.is_null() && i.as_str() != Some("")).cloned().collect()),
        "contains" => contains(call, list)?,
        "distinct" => distinct(call.arg(0)?, call),
        "element" if items.is_empty() => return None,
        "element" => items[int(1)?.rem_euclid(items.len() as i64) as usize].clone(),
        "flatten" => {
            let mut flat = List::default();
            flatten(items, &mut flat);
            Node::new(Value::List(Arc::new(flat)), call.place)
        }
        "index" => {
            let wanted = call.arg(1)?;
            let at = items.iter().position(|item| equal(item, wanted) == Some(true))?;
            Node::int(at as i64, call.place)
        }
        "one" => match &items[..] {
            [] => Node::null(call.place),
            [item] => item.clone(),
            _ => return None,
        },
        "reverse" => node(items.iter().rev().cloned().collect()),
        "slice" => {
            let (from, to) = (usize::try_from(int(1)?).ok()?, usize::try_from(int(2)?).ok()?);
            node(items.get(from..to)?.to_vec())
        }
        "sort" => {
            let mut sorted = items.clone();
            sorted.sort_by_key(|item| item.display().unwrap_or_default());
            node(sorted)
        }
        "sum" => {
            let sum: f64 =
                items.iter().map(|item| to_number(item).map(Number::as_f64)).sum::<Option<f64>>()?;
            Node::new(Value::Number(Number::from_f64(sum)), call.place)
        }
        "chunklist" => {
            let size = usize::try_from(int(1)?).ok().filter(|size| *size > 0)?;
            node(items.chunks(size).map(|chunk| Node::list(chunk.to_vec(), call.place)).collect())
        }
        _ => return None,
    })
}

/// Whether an item decides: `false` for all of them, `true` for any. An unknown one may.
fn quantified(call: &Call<'_>, items: &[Node], decisive: bool) -> Node {
    if items.iter().any(|item| to_bool(item) == Some(decisive)) {
        return Node::bool(decisive, call.place);
    }
    match items.iter().find_map(Node::open_reason) {
        Some(reason) => Node::unknown(reason, call.place),
        None => Node::bool(!decisive, call.place),
    }
}

fn contains(call: &Call<'_>, list: &List) -> Option<Node> {
    let wanted = call.arg(1)?;
    let mut unknown = list.open.clone();
    for item in &list.items {
        match equal(item, wanted) {
            Some(true) => return Some(Node::bool(true, call.place)),
            Some(false) => {}
            None => unknown = unknown.or_else(|| item.open_reason()),
        }
    }
    Some(match unknown {
        Some(reason) => Node::unknown(reason, call.place),
        None => Node::bool(false, call.place),
    })
}

pub(super) fn distinct(list: &Node, call: &Call<'_>) -> Node {
    let items = without_repetition(list.items());
    let open = list.as_list().and_then(|list| list.open.clone());
    Node::new(Value::List(Arc::new(List { items, open, set: false })), call.place)
}

fn flatten(items: &[Node], out: &mut List) {
    for item in items {
        match &item.value {
            Value::List(list) => {
                flatten(&list.items, out);
                out.open = out.open.take().or_else(|| list.open.clone());
            }
            // An unknown may be a list of any length.
            Value::Unknown(unknown) => {
                out.open = out.open.take().or_else(|| Some(Arc::clone(&unknown.reason)));
            }
            _ => out.items.push(item.clone()),
        }
    }
}

fn range(call: &Call<'_>) -> Node {
    const LONGEST: i64 = 10_000;
    let numbers: Option<Vec<i64>> =
        call.args.iter().map(|arg| to_number(arg).and_then(Number::as_i64)).collect();
    let (start, limit, step) = match numbers.as_deref() {
        Some([limit]) => (0, *limit, if *limit < 0 { -1 } else { 1 }),
        Some([start, limit]) => (*start, *limit, if limit < start { -1 } else { 1 }),
        Some([start, limit, step]) if *step != 0 => (*start, *limit, *step),
        _ => return call.fail("takes up to three numbers"),
    };
    if (limit.saturating_sub(start) / step).abs() > LONGEST {
        return Node::unknown("a range of more than 10000 numbers", call.place);
    }
    let mut items = Vec::new();
    let mut at = start;
    while (step > 0 && at < limit) || (step < 0 && at > limit) {
        items.push(Node::int(at, call.place));
        at = at.saturating_add(step);
    }
    Node::list(items, call.place)
}

fn zipmap(call: &Call<'_>) -> Node {
    let (Some(keys), Some(values)) = (call.arg(0), call.arg(1)) else { return call.fail("takes two lists") };
    let pairs = keys.items().iter().zip(values.items()).filter_map(|(key, value)| {
        let name = key.display()?;
        Some((Key { name: name.into(), place: key.place }, value.clone()))
    });
    Node::map(map_of(pairs), call.place)
}

fn length(call: &Call<'_>) -> Node {
    let length = call.arg(0).and_then(|arg| match &arg.value {
        Value::List(list) => Some(list.items.len()),
        Value::Map(map) => Some(map.entries.len()),
        Value::Text(text) => Some(text.as_str().chars().count()),
        _ => None,
    });
    length.map_or_else(
        || call.fail("the argument has no length"),
        |length| Node::int(length as i64, call.place),
    )
}

/// In the order of the keys, as Terraform sorts maps.
fn keys_or_values(call: &Call<'_>) -> Node {
    let Some(map) = call.arg(0).and_then(Node::as_map) else { return call.fail("the argument is no map") };
    let mut entries: Vec<&Entry> = map.entries.iter().collect();
    entries.sort_by(|a, b| a.key.name.cmp(&b.key.name));
    let item = |entry: &&Entry| if call.name == "keys" { key_node(&entry.key) } else { entry.value.clone() };
    Node::list(entries.iter().map(item).collect(), call.place)
}

fn sets(call: &Call<'_>) -> Node {
    let Some(first) = call.arg(0) else { return call.fail("takes sets") };
    let has = |set: &Node, item: &Node| {
        iterate(set).into_iter().flatten().any(|(_, i)| equal(&i, item) == Some(true))
    };
    let mut items: Vec<Node> = first.items().to_vec();
    for set in &call.args[1..] {
        match call.name {
            "setunion" => items.extend(set.items().iter().cloned()),
            "setintersection" => items.retain(|item| has(set, item)),
            _ => items.retain(|item| !has(set, item)),
        }
    }
    to_set(Node::list(items, call.place))
}
