//! Templates into texts.

use super::evaluate::Evaluator;
use super::limits::too_long;
use super::scope::Scope;
use super::types::to_bool;
use crate::base::limit::TEXT;
use crate::base::{Entry, Key, Map, Node, Place, TextBuilder, Trail, Value};
use crate::syntax::hcl::Part;

impl Evaluator<'_> {
    /// The value of a template. A single interpolation keeps the type of its value.
    pub(super) fn render(&self, parts: &[Part], scope: &Scope, place: Place) -> Node {
        if let [Part::Interpolation(expr, _)] = parts {
            return self.eval(expr, scope).through(place);
        }
        let mut out = TextBuilder::new();
        self.render_into(&mut out, parts, scope);
        if out.as_str().len() > TEXT.len() {
            return too_long(place);
        }
        self.spend(out.as_str().len() as u64 / 64);
        Node::text(out.finish(place), place)
    }

    fn render_into(&self, out: &mut TextBuilder, parts: &[Part], scope: &Scope) {
        for part in parts {
            // What is longer is given up in the end.
            if out.as_str().len() > TEXT.len() {
                return;
            }
            match part {
                Part::Literal(text) => out.push_text(text),
                Part::Interpolation(expr, place) => push_value(out, &self.eval(expr, scope), *place),
                Part::If { condition, then, otherwise, place } => {
                    let condition = self.eval(condition, scope);
                    match to_bool(&condition) {
                        Some(true) => self.render_into(out, then, scope),
                        Some(false) => self.render_into(out, otherwise, scope),
                        None => push_unknown(
                            out,
                            &condition,
                            *place,
                            if then.is_empty() { otherwise } else { then },
                        ),
                    }
                }
                Part::For { key_name, value_name, collection, body, place } => {
                    let collection = self.eval(collection, scope);
                    let Some(items) = iterate(&collection) else {
                        push_unknown(out, &collection, *place, body);
                        continue;
                    };
                    for (key, value) in items {
                        if !self.spend(1) {
                            break;
                        }
                        let mut inner = scope.with(value_name.clone(), value);
                        if let Some(name) = key_name {
                            inner = inner.with(name.clone(), key);
                        }
                        self.render_into(out, body, &inner);
                    }
                    if let Some(reason) = collection.open_reason() {
                        out.push_hole(*place, reason);
                    }
                }
            }
        }
    }
}

/// Adds a hole for a directive whose operand is not known. A body that ends a line still ends one, so that
/// what follows does not run into the hole.
fn push_unknown(out: &mut TextBuilder, node: &Node, place: Place, body: &[Part]) {
    let reason = node.open_reason().unwrap_or_else(|| "a directive's operand has the wrong type".into());
    out.push_hole(place, reason);
    if let Some(Part::Literal(text)) = body.last() {
        let kept = text.as_str().trim_end().len();
        if let Some(at) = text.as_str()[kept..].rfind('\n') {
            out.push_range(text, kept + at..text.as_str().len());
        }
    }
}

/// Adds an interpolated value. A document keeps its own places; a short value is placed at the
/// interpolation, with its way behind it.
fn push_value(out: &mut TextBuilder, node: &Node, place: Place) {
    match &node.value {
        Value::Text(text) if !text.is_known() || text.as_str().contains('\n') => out.push_text(text),
        Value::Unknown(unknown) => out.push_hole(place, unknown.reason.clone()),
        _ => match node.display() {
            Some(string) => out.push_made(&string, place, way(node)),
            None => out.push_hole(place, "a value that is no string is interpolated".into()),
        },
    }
}

fn way(node: &Node) -> Trail {
    node.trail.clone().then(node.place)
}

/// The pairs of a collection, keys first; none for anything that cannot be iterated.
pub(super) fn iterate(collection: &Node) -> Option<Vec<(Node, Node)>> {
    match &collection.value {
        Value::List(list) => {
            let pair = |(index, item): (usize, &Node)| match list.set {
                true => (item.clone(), item.clone()),
                false => (Node::int(index as i64, item.place), item.clone()),
            };
            Some(list.items.iter().enumerate().map(pair).collect())
        }
        // Terraform goes through maps and objects by their keys, whatever order they were written in.
        Value::Map(map) => {
            let mut entries: Vec<&Entry> = map.entries.iter().collect();
            entries.sort_by(|a, b| a.key.name.cmp(&b.key.name));
            Some(entries.into_iter().map(|e| (key_node(&e.key), e.value.clone())).collect())
        }
        _ => None,
    }
}

/// A key as a value.
pub(super) fn key_node(key: &Key) -> Node {
    Node::made(key.name.clone(), key.place)
}

/// A mapping from pairs.
pub(super) fn map_of(pairs: impl IntoIterator<Item = (Key, Node)>) -> Map {
    let mut map = Map::default();
    for (key, value) in pairs {
        map.insert(key, value);
    }
    map
}
