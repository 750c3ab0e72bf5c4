//! Typed `kubernetes_*` resources into the shape of the API, by the table in kubernetes.yaml.

use super::chart::parse_data;
use super::object::without_indices;
use crate::base::{Entry, Key, List, Map, Node, Number, Value};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

struct Table {
    types: HashMap<String, (Arc<str>, Arc<str>)>,
    lists: HashMap<String, Arc<str>>,
    objects: Vec<String>,
    names: HashMap<String, Arc<str>>,
    numbers: Vec<String>,
    maps: Vec<String>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let root = parse_data(include_str!("kubernetes.yaml"));
        let texts = |node: &Node| node.items().iter().filter_map(|n| n.as_str().map(str::to_owned)).collect();
        let pairs = |name: &str| {
            let entries =
                root.get(name).and_then(Node::as_map).map(|map| &map.entries[..]).unwrap_or_default();
            entries.iter().filter_map(|e| Some((e.key.name.to_string(), e.value.as_str()?.into()))).collect()
        };
        let types = root.get("types").and_then(Node::as_map).map(|map| &map.entries[..]).unwrap_or_default();
        let kind_of = |entry: &Entry| {
            let text = |name: &str| entry.value.get(name).and_then(Node::as_str).map(Arc::from);
            Some((entry.key.name.to_string(), (text("apiVersion")?, text("kind")?)))
        };
        Table {
            types: types.iter().filter_map(kind_of).collect(),
            lists: pairs("lists"),
            objects: root.get("objects").map(texts).unwrap_or_default(),
            names: pairs("names"),
            numbers: root.get("numbers").map(texts).unwrap_or_default(),
            maps: root.get("maps").map(texts).unwrap_or_default(),
        }
    })
}

/// The apiVersion and kind of a resource type.
pub(super) fn kind_of(resource_type: &str) -> Option<(Arc<str>, Arc<str>)> {
    let types = &table().types;
    let found = types.get(resource_type).or_else(|| types.get(resource_type.strip_suffix("_v1")?));
    found.cloned()
}

/// A resource's arguments as an object of the API.
pub(super) fn lower_body(body: &Node, api_version: &Arc<str>, kind: &Arc<str>) -> Node {
    let Value::Map(arguments) = &body.value else { return body.clone() };
    let mut map = renamed(arguments, "");
    let text = |value: &Arc<str>| Node::made(Arc::clone(value), body.place);
    map.entries.insert(0, Entry { key: Key { name: "kind".into(), place: body.place }, value: text(kind) });
    let version =
        Entry { key: Key { name: "apiVersion".into(), place: body.place }, value: text(api_version) };
    map.entries.insert(0, version);
    Node { value: Value::Map(Arc::new(map)), ..body.clone() }
}

fn renamed(arguments: &Map, parent: &str) -> Map {
    let mut out = Map { entries: Vec::new(), open: arguments.open.clone() };
    for entry in &arguments.entries {
        let snake = &*entry.key.name;
        let (name, value) = match block_list(snake, &entry.value) {
            Some(list) => block(snake, parent, &list, &entry.value),
            None => (api_name(snake), attribute(snake, &entry.value)),
        };
        out.insert(Key { name, place: entry.key.place }, value);
    }
    out
}

/// Nested blocks are lists of mappings, or in Terraform's JSON a mapping by itself; an attribute's list holds
/// something else, or is empty.
fn block_list(snake: &str, node: &Node) -> Option<Arc<List>> {
    match &node.value {
        Value::Map(map) if is_block(snake, map) => {
            Some(Arc::new(List { items: vec![node.clone()], ..List::default() }))
        }
        Value::List(list) => {
            let blocks = !list.items.is_empty() && list.items.iter().all(|item| item.as_map().is_some());
            (blocks || (list.items.is_empty() && list.open.is_some())).then(|| Arc::clone(list))
        }
        _ => None,
    }
}

/// A Service's selector is a mapping of labels, a workload's a block.
fn is_block(snake: &str, map: &Map) -> bool {
    match snake {
        "selector" => ["match_labels", "match_expressions"].iter().any(|name| map.get(name).is_some()),
        name => !table().maps.iter().any(|known| known == name),
    }
}

fn block(snake: &str, parent: &str, list: &List, node: &Node) -> (Arc<str>, Node) {
    let lower = |item: &Node| match &item.value {
        Value::Map(map) => Node { value: Value::Map(Arc::new(renamed(map, snake))), ..item.clone() },
        _ => item.clone(),
    };
    let single = table().objects.contains(&format!("{parent}.{snake}"));
    if let (Some(name), false) = (table().lists.get(snake), single) {
        let items = list.items.iter().map(lower).collect();
        let value = Value::List(Arc::new(List { items, open: list.open.clone(), set: false }));
        return (Arc::clone(name), Node { value, ..node.clone() });
    }
    let object = match list.items.first() {
        Some(item) => lower(item),
        None => Node::unknown(
            list.open.clone().unwrap_or_else(|| "a block that may not exist".into()),
            node.place,
        ),
    };
    (api_name(snake), object)
}

fn attribute(snake: &str, value: &Node) -> Node {
    let number = |text: &str| Number::parse(text).map(Value::Number);
    match value.as_str() {
        Some(text) if table().numbers.iter().any(|name| name == snake) => match number(text) {
            Some(number) => Node { value: number, ..value.clone() },
            None => value.clone(),
        },
        _ => value.clone(),
    }
}

fn api_name(snake: &str) -> Arc<str> {
    if let Some(name) = table().names.get(snake) {
        return Arc::clone(name);
    }
    let mut out = String::with_capacity(snake.len());
    let mut upper = false;
    for c in snake.chars() {
        match c {
            '_' => upper = true,
            c if std::mem::take(&mut upper) => out.extend(c.to_uppercase()),
            c => out.push(c),
        }
    }
    out.into()
}

/// A Terraform reference as a path of the API, without indices.
pub(super) fn api_path(reference: &str) -> String {
    let plain = without_indices(reference);
    let mut parent = "";
    let mut parts: Vec<String> = Vec::new();
    for part in plain.split('.') {
        let single = table().objects.contains(&format!("{parent}.{part}"));
        let listed = table().lists.get(part).filter(|_| !single && part != "port");
        parts.push(listed.cloned().unwrap_or_else(|| api_name(part)).to_string());
        parent = part;
    }
    parts.join(".")
}
