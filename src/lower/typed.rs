//! Typed `kubernetes_*` resources into the shape of the API, by the table in kubernetes.yaml.

use super::chart::parse_data;
use super::object::without_indices;
use crate::base::{Entry, Key, List, Map, Node, Number, Value};
use crate::syntax::edit::{Draft, Form};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

struct Table {
    types: HashMap<String, (Arc<str>, Arc<str>)>,
    lists: HashMap<String, Arc<str>>,
    objects: Vec<String>,
    names: HashMap<String, Arc<str>>,
    numbers: Vec<String>,
    maps: Vec<String>,
    provider: Vec<String>,
    strings: Vec<String>,
    booleans: Vec<String>,
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
            provider: root.get("provider").map(texts).unwrap_or_default(),
            strings: root.get("strings").map(texts).unwrap_or_default(),
            booleans: root.get("booleans").map(texts).unwrap_or_default(),
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
    if &**kind == "DaemonSet" {
        update_strategy(&mut map);
    }
    let text = |value: &Arc<str>| Node::made(Arc::clone(value), body.place);
    map.entries.insert(0, Entry { key: Key { name: "kind".into(), place: body.place }, value: text(kind) });
    let version =
        Entry { key: Key { name: "apiVersion".into(), place: body.place }, value: text(api_version) };
    map.entries.insert(0, version);
    Node { value: Value::Map(Arc::new(map)), ..body.clone() }
}

/// A DaemonSet's strategy has another name in the API than a Deployment's.
fn update_strategy(object: &mut Map) {
    let Some(spec) = object.entries.iter_mut().find(|entry| &*entry.key.name == "spec") else { return };
    if let Value::Map(map) = &spec.value.value {
        let mut map = Map::clone(map);
        for entry in map.entries.iter_mut().filter(|entry| &*entry.key.name == "strategy") {
            entry.key.name = "updateStrategy".into();
        }
        spec.value.value = Value::Map(Arc::new(map));
    }
}

fn renamed(arguments: &Map, parent: &str) -> Map {
    let mut out = Map { entries: Vec::new(), open: arguments.open.clone() };
    for entry in &arguments.entries {
        let snake = &*entry.key.name;
        if parent.is_empty() && table().provider.iter().any(|name| name == snake) {
            continue;
        }
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
    let listed = |names: &[String]| names.iter().any(|name| name == snake);
    if listed(&table().strings) || snake == "selector" {
        return as_strings(value);
    }
    let made = match value.as_str() {
        Some(text) if listed(&table().numbers) => Number::parse(text).map(Value::Number),
        Some("true") if listed(&table().booleans) => Some(Value::Bool(true)),
        Some("false") if listed(&table().booleans) => Some(Value::Bool(false)),
        _ => None,
    };
    made.map_or_else(|| value.clone(), |made| Node { value: made, ..value.clone() })
}

/// Numbers and booleans as strings, also in mappings and lists.
fn as_strings(node: &Node) -> Node {
    let value = match &node.value {
        Value::Number(_) | Value::Bool(_) => node.display().map(|text| Node::made(text, node.place).value),
        Value::Map(map) => {
            let entry = |e: &Entry| Entry { key: e.key.clone(), value: as_strings(&e.value) };
            let entries = map.entries.iter().map(entry).collect();
            Some(Value::Map(Arc::new(Map { entries, open: map.open.clone() })))
        }
        Value::List(list) => {
            let items = list.items.iter().map(as_strings).collect();
            Some(Value::List(Arc::new(List { items, open: list.open.clone(), set: list.set })))
        }
        _ => None,
    };
    value.map_or_else(|| node.clone(), |value| Node { value, ..node.clone() })
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

/// The name of a field of the API in a typed resource, and whether it is an attribute or a block there.
pub fn typed_spelling(name: &str, value: &Draft) -> (String, Form) {
    let is_map = |item: &Draft| matches!(item, Draft::Map(_));
    match value {
        Draft::List(items) if !items.is_empty() && items.iter().all(is_map) => {
            let listed = table().lists.iter().filter(|(_, api)| &***api == name).map(|(snake, _)| snake);
            (listed.min().cloned().unwrap_or_else(|| snake_name(name)), Form::Block)
        }
        Draft::Map(_) if !table().maps.contains(&snake_name(name)) => (snake_name(name), Form::Block),
        _ => (snake_name(name), Form::Attribute),
    }
}

fn snake_name(api: &str) -> String {
    if let Some((snake, _)) = table().names.iter().find(|(_, known)| &***known == api) {
        return snake.clone();
    }
    let mut out = String::with_capacity(api.len() + 4);
    for c in api.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
