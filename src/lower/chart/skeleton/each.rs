//! `$each`: a list out of the entries of a mapping, or of the items of a list.

use super::super::templated::fill_templates;
use super::super::values::{entries_in_order, value_at};
use super::fill::Filler;
use crate::base::{List, Node, Origin, Place, Value};
use std::sync::Arc;

impl Filler<'_> {
    pub(super) fn each(&self, path: &str, name: Option<&Node>, skeleton: Option<&Node>) -> Option<Node> {
        let path = self.path(path);
        let node = value_at(self.laying.values, &path).filter(|node| !node.is_null())?;
        let mut out = List { open: node.open_reason(), ..List::default() };
        let name = name.and_then(Node::as_str).unwrap_or("key");
        match (&node.value, skeleton) {
            (Value::List(list), None) => {
                out.items.extend(list.items.iter().map(|item| fill_templates(item, &self.known_names())));
            }
            (Value::List(list), Some(skeleton)) => {
                for (index, item) in list.items.iter().enumerate() {
                    self.entry(name, &index.to_string(), item.place, item, skeleton, &mut out);
                }
            }
            (Value::Map(_), Some(skeleton)) => {
                for entry in entries_in_order(node) {
                    self.entry(name, &entry.key.name, entry.key.place, &entry.value, skeleton, &mut out);
                }
            }
            _ => {}
        }
        Some(Node { value: Value::List(Arc::new(out)), trail: crate::base::Trail::default(), ..node.clone() })
    }

    fn entry(&self, name: &str, key: &str, place: Place, value: &Node, skeleton: &Node, out: &mut List) {
        let mut bound = self.bound.clone();
        bound.push((format!("{{{name}}}"), key.to_owned()));
        let anchor = if value.origin == Origin::Written { place } else { self.anchor };
        let inner = Filler { laying: self.laying, bound, anchor };
        match inner.fill(skeleton) {
            Some(Node { value: Value::List(list), .. }) => {
                out.items.extend(list.items.iter().cloned());
                out.open = out.open.take().or_else(|| list.open.clone());
            }
            made => out.items.extend(made),
        }
    }
}
