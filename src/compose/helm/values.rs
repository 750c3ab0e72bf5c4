//! What a release sets: its documents, and single values over them.

use crate::base::{Key, List, Map, Node, Number, Place, Value};
use crate::lower::{Release, merge_values};
use std::sync::Arc;

/// Steps of a `--set` path: Helm's strvals refuses more (MaxNestedNameLevel of pkg/strvals).
const MOST_STEPS: usize = 30;

/// The values of a release, merged.
pub(super) fn user_values(release: &Release) -> Node {
    let empty = Node::map(Map::default(), release.header);
    let mut values = release
        .documents
        .iter()
        .fold(empty, |under, over| if over.is_null() { under } else { merge_values(&under, over) });
    for set in &release.sets {
        let steps = set.path.as_str().map(dotted_path).filter(|steps| steps.len() <= MOST_STEPS);
        let over = if let Some(steps) = steps {
            nested(&steps, set_value(&set.value, set.string), set.path.place)
        } else {
            let reason =
                set.path.open_reason().unwrap_or_else(|| "a path that is no string, or too long".into());
            Node::unknown(reason, set.path.place)
        };
        values = merge_values(&values, &over);
    }
    values
}

/// `--set` reads booleans, null and whole numbers without leading zeros out of strings, unless told not to
/// (Helm's strvals). Lists and several values in one string are not taken apart.
fn set_value(value: &Node, string: bool) -> Node {
    let Some(text) = value.as_str().filter(|_| !string) else { return value.clone() };
    if text.starts_with('{') || text.replace("\\,", "").contains(',') {
        return Node::unknown("several values in one `set`", value.place);
    }
    let typed = match text {
        "0" => Value::Number(Number::Int(0)),
        _ if text.eq_ignore_ascii_case("true") => Value::Bool(true),
        _ if text.eq_ignore_ascii_case("false") => Value::Bool(false),
        _ if text.eq_ignore_ascii_case("null") => Value::Null,
        _ if text.starts_with('0') => return value.clone(),
        _ => match text.parse() {
            Ok(int) => Value::Number(Number::Int(int)),
            Err(_) => return value.clone(),
        },
    };
    Node { value: typed, ..value.clone() }
}

/// The keys of a `--set` path; a backslash escapes a dot.
pub fn dotted_path(path: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        let last = parts.last_mut();
        match (c, last) {
            ('\\', Some(part)) => part.extend(chars.next()),
            ('.', _) => parts.push(String::new()),
            (c, Some(part)) => part.push(c),
            _ => {}
        }
    }
    parts
}

fn nested(steps: &[String], value: Node, place: Place) -> Node {
    let Some((first, rest)) = steps.split_first() else { return value };
    // `a[0]` sets one item of a list, whose other items only the chart knows.
    let (name, index) =
        first.split_once('[').map_or((first.as_str(), None), |(name, index)| (name, Some(index)));
    let inner = nested(rest, value, place);
    let inner = if index.is_some() {
        let list = List { items: vec![inner], open: Some("an item set by its index".into()), set: false };
        Node::new(Value::List(Arc::new(list)), place)
    } else {
        inner
    };
    let mut map = Map::default();
    map.insert(Key { name: name.into(), place }, inner);
    Node::map(map, place)
}
