//! Bodies of blocks into mappings: nested blocks become lists of mappings, as Terraform has them.

use super::evaluate::Evaluator;
use super::render::iterate;
use super::scope::Scope;
use crate::base::{Key, List, Map, Node, Value};
use crate::syntax::hcl::{Block, Body};
use std::sync::Arc;

/// Arguments that speak to Terraform, not to the object.
const META: [&str; 9] = [
    "count",
    "for_each",
    "provider",
    "depends_on",
    "lifecycle",
    "provisioner",
    "connection",
    "timeouts",
    "providers",
];

impl Evaluator<'_> {
    /// A body as a mapping. Its place is the block's header.
    pub(super) fn block_node(&self, block: &Block, scope: &Scope) -> Node {
        Node::map(self.body_map(&block.body, scope, true), block.header)
    }

    fn body_map(&self, body: &Body, scope: &Scope, top: bool) -> Map {
        let mut map = Map::default();
        for attribute in &body.attributes {
            if top && META.contains(&&*attribute.name) {
                continue;
            }
            let key = Key { name: Arc::clone(&attribute.name), place: attribute.name_place };
            map.insert(key, self.eval(&attribute.value, scope));
        }
        for block in &body.blocks {
            if top && META.contains(&&*block.kind) {
                continue;
            }
            self.nested(&mut map, block, scope);
        }
        map
    }

    fn nested(&self, map: &mut Map, block: &Block, scope: &Scope) {
        if &*block.kind != "dynamic" {
            let node = Node::map(self.body_map(&block.body, scope, false), block.header);
            push(map, &block.kind, block, vec![node], None);
            return;
        }
        let (Some(kind), Some(content)) = (block.labels.first(), block.body.block("content")) else { return };
        let collection = block.body.attribute("for_each").map(|each| self.eval(&each.value, scope));
        let iterator = block.body.attribute("iterator").and_then(|a| match &a.value.kind {
            crate::syntax::hcl::ExprKind::Variable(name) => Some(Arc::clone(name)),
            _ => None,
        });
        let iterator = iterator.unwrap_or_else(|| Arc::clone(&kind.name));
        let pairs = collection.as_ref().and_then(iterate);
        let open = match (&collection, &pairs) {
            (Some(collection), None) => Some(
                collection
                    .open_reason()
                    .unwrap_or_else(|| "a dynamic block's for_each is no collection".into()),
            ),
            (Some(collection), Some(_)) => collection.open_reason(),
            (None, _) => None,
        };
        let mut nodes = Vec::new();
        for (key, value) in pairs.into_iter().flatten() {
            let mut each = Map::default();
            each.insert(Key { name: "key".into(), place: key.place }, key);
            each.insert(Key { name: "value".into(), place: value.place }, value);
            let inner = scope.with(Arc::clone(&iterator), Node::map(each, kind.place));
            nodes.push(Node::map(self.body_map(&content.body, &inner, false), block.header));
        }
        push(map, &kind.name, block, nodes, open);
    }

    /// One attribute of a block, or its nested blocks of a type, without evaluating the rest.
    pub(super) fn block_member(&self, block: &Block, name: &str, scope: &Scope) -> Option<Node> {
        if let Some(attribute) = block.body.attribute(name) {
            return Some(self.eval(&attribute.value, scope));
        }
        let mut map = Map::default();
        for nested in &block.body.blocks {
            let kind = if &*nested.kind == "dynamic" { nested.label(0).unwrap_or("") } else { &nested.kind };
            if kind == name {
                self.nested(&mut map, nested, scope);
            }
        }
        // What the block does not say, the provider may still compute.
        let computed = || format!("what `{name}` does not state is known after apply").into();
        map.entries.pop().map(|entry| open_maps(entry.value, &computed))
    }
}

fn open_maps(node: Node, reason: &dyn Fn() -> Arc<str>) -> Node {
    let Value::List(list) = &node.value else { return node };
    let open = |item: &Node| match &item.value {
        Value::Map(map) => {
            let open = map.open.clone().or_else(|| Some(reason()));
            Node::map(Map { entries: map.entries.clone(), open }, item.place)
        }
        _ => item.clone(),
    };
    let items = list.items.iter().map(open).collect();
    let value = Value::List(Arc::new(List { items, open: list.open.clone(), set: false }));
    Node { value, ..node }
}

/// Adds blocks of a type to those that are there.
fn push(map: &mut Map, kind: &Arc<str>, block: &Block, nodes: Vec<Node>, open: Option<Arc<str>>) {
    let (mut items, was_open, place) = match map.get(kind) {
        Some(node) => match &node.value {
            Value::List(list) => (list.items.clone(), list.open.clone(), node.place),
            _ => return,
        },
        None => (Vec::new(), None, block.header),
    };
    items.extend(nodes);
    if items.is_empty() && open.is_none() && was_open.is_none() {
        return;
    }
    let list = List { items, open: open.or(was_open), set: false };
    let key = Key { name: Arc::clone(kind), place };
    map.insert(key, Node::new(Value::List(Arc::new(list)), place));
}
