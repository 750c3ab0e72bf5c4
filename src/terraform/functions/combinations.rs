//! `matchkeys`, `setproduct`, `transpose`.

use super::super::equality::equal;
use super::super::render::map_of;
use super::Call;
use crate::base::{Key, Node};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const NAMES: &[&str] = &["matchkeys", "setproduct", "transpose"];

/// Combinations of a product, at most.
const MOST: usize = 10_000;

pub(super) fn call(call: &Call<'_>) -> Option<Node> {
    if !NAMES.contains(&call.name) {
        return None;
    }
    let deep = |node: &Node| node.open_reason().or_else(|| node.items().iter().find_map(Node::open_reason));
    if let Some(reason) = call.args.iter().find_map(deep) {
        return Some(Node::unknown(reason, call.place));
    }
    Some(match call.name {
        "matchkeys" => match_keys(call),
        "setproduct" => product(call),
        _ => transpose(call).unwrap_or_else(|| call.fail("the argument is no map of lists of strings")),
    })
}

/// The values whose keys are among those wanted.
fn match_keys(call: &Call<'_>) -> Node {
    let [values, keys, wanted] = call.args else { return call.fail("takes three lists") };
    let is_wanted = |key: &Node| wanted.items().iter().any(|item| equal(item, key) == Some(true));
    let pairs = values.items().iter().zip(keys.items());
    Node::list(pairs.filter(|(_, key)| is_wanted(key)).map(|(value, _)| value.clone()).collect(), call.place)
}

fn product(call: &Call<'_>) -> Node {
    let mut rows: Vec<Vec<Node>> = vec![Vec::new()];
    for list in call.args {
        let items = list.items();
        if rows.len().saturating_mul(items.len()) > MOST {
            return Node::unknown(format!("a product of more than {MOST} combinations"), call.place);
        }
        let longer = |row: &Vec<Node>| {
            items.iter().map(move |item| [&row[..], std::slice::from_ref(item)].concat()).collect::<Vec<_>>()
        };
        rows = rows.iter().flat_map(longer).collect();
    }
    Node::list(rows.into_iter().map(|row| Node::list(row, call.place)).collect(), call.place)
}

/// A map of lists of strings, the other way round.
fn transpose(call: &Call<'_>) -> Option<Node> {
    let map = call.arg(0)?.as_map()?;
    let mut out: BTreeMap<Arc<str>, Vec<Node>> = BTreeMap::new();
    for entry in &map.entries {
        for item in &entry.value.as_list()?.items {
            let key = Node::made(Arc::clone(&entry.key.name), entry.key.place);
            out.entry(item.as_str()?.into()).or_default().push(key);
        }
    }
    let pair =
        |(name, keys): (Arc<str>, Vec<Node>)| (Key { name, place: call.place }, Node::list(keys, call.place));
    Some(Node::map(map_of(out.into_iter().map(pair)), call.place))
}
