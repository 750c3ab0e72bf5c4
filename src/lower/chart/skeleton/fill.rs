//! The operators of skeletons.

use super::super::profile::entries;
use super::super::templated::fill_templates;
use super::super::values::{at_anchor, merge_values, open_at, value_at};
use super::Laying;
use crate::base::{Key, List, Map, Node, Origin, Place, Text, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// Fills one object's skeleton.
pub(super) struct Filler<'a> {
    pub(super) laying: &'a Laying<'a>,
    /// Names that stand in braces in paths and strings, with what they stand for.
    pub(super) bound: Vec<(String, String)>,
    /// Where what no value speaks of is placed.
    pub(super) anchor: Place,
}

impl<'a> Filler<'a> {
    pub(super) fn new(laying: &'a Laying<'a>, component: &str) -> Filler<'a> {
        let bound = vec![("{component}".to_owned(), component.to_owned())];
        Filler { laying, bound, anchor: laying.header }
    }

    pub(super) fn fill(&self, skeleton: &Node) -> Option<Node> {
        match &skeleton.value {
            Value::Map(map) if map.entries.first().is_some_and(|e| e.key.name.starts_with('$')) => {
                self.operator(skeleton)
            }
            Value::Map(map) => {
                let mut out = Map { entries: Vec::with_capacity(map.entries.len()), open: None };
                for entry in &map.entries {
                    let Some(value) = self.fill(&entry.value) else { continue };
                    let name = match self.bind(&entry.key.name) {
                        Cow::Borrowed(_) => Arc::clone(&entry.key.name),
                        Cow::Owned(name) => name.into(),
                    };
                    out.insert(Key { name, place: self.anchor }, value);
                }
                Some(self.made(Value::Map(Arc::new(out))))
            }
            Value::List(list) => {
                let items = list.items.iter().filter_map(|item| self.fill(item)).collect();
                Some(self.made(Value::List(Arc::new(List { items, open: None, set: false }))))
            }
            Value::Text(text) if !text.as_str().contains('{') => {
                Some(self.made(Value::Text(Text::made(text.shared(), self.anchor))))
            }
            Value::Text(text) => Some(self.text(text.as_str())),
            _ => Some(at_anchor(skeleton, self.anchor)),
        }
    }

    pub(super) fn made(&self, value: Value) -> Node {
        Node { origin: Origin::Default, ..Node::new(value, self.anchor) }
    }

    fn operator(&self, skeleton: &Node) -> Option<Node> {
        if !self.in_versions(skeleton, ["$since", "$until"]) {
            return None;
        }
        match self.holds(skeleton.get("$when")) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(reason) => return Some(Node::unknown(reason, self.anchor)),
        }
        if let Some(reason) = skeleton.get("$unknown").and_then(Node::as_str) {
            return Some(Node::unknown(reason, self.anchor));
        }
        if let Some(paths) = skeleton.get("$value") {
            let value = self.first_set(paths).or_else(|| self.fill(skeleton.get("$default")?));
            return Some(self.with_items(value?, skeleton.get("$item")));
        }
        if let Some(paths) = skeleton.get("$merge") {
            return self.merge(paths, skeleton.get("$with"), skeleton.get("$needs").and_then(Node::as_str));
        }
        if let Some(parts) = skeleton.get("$concat") {
            return Some(self.concat(parts));
        }
        if let Some(path) = skeleton.get("$each") {
            return self.each(path.as_str()?, skeleton.get("$as"), skeleton.get("$object"));
        }
        if let Some(image) = skeleton.get("$image") {
            return Some(self.image(image));
        }
        if let Some(object) = skeleton.get("$object") {
            return self.fill(object);
        }
        skeleton.get("$first")?.items().iter().find_map(|choice| self.fill(choice))
    }

    /// A path or string with the bound names in braces replaced. Dots in a name do not divide a path.
    pub(super) fn bind<'t>(&self, template: &'t str) -> Cow<'t, str> {
        self.bound_as(template, &|value| value.to_owned())
    }

    fn bound_as<'t>(&self, template: &'t str, write: &dyn Fn(&str) -> String) -> Cow<'t, str> {
        let mut out = Cow::Borrowed(template);
        for (name, value) in self.bound.iter().filter(|_| template.contains('{')) {
            if out.contains(name.as_str()) {
                out = Cow::Owned(out.replace(name, &write(value)));
            }
        }
        out
    }

    /// A path with the bound names replaced.
    pub(super) fn path<'t>(&self, path: &'t str) -> Cow<'t, str> {
        self.bound_as(path, &|value| value.replace('.', super::super::values::DOT))
    }

    /// The value at a path, with the templates in its strings filled in.
    pub(super) fn value(&self, path: &str) -> Option<Node> {
        let node = value_at(self.laying.values, &self.path(path))?;
        Some(fill_templates(node, &self.known_names()))
    }

    /// The same, unknown where what is not known may set it.
    pub(super) fn perhaps(&self, path: &str) -> Option<Node> {
        let open = || open_at(self.laying.values, &self.path(path));
        self.value(path).or_else(|| Some(Node::unknown(open()?, self.anchor)))
    }

    /// The value of the first path that is set to something that is not empty.
    pub(super) fn first_set(&self, paths: &Node) -> Option<Node> {
        first(paths, |path| self.perhaps(path))
    }

    /// The same of names. Where values are not known, no name is taken to be overridden by them: an object whose
    /// name and namespace are not known could be any.
    pub(super) fn first_name(&self, paths: &Node) -> Option<Node> {
        first(paths, |path| self.value(path))
    }

    /// Gives each item of a list what the template adds where it is missing.
    fn with_items(&self, node: Node, defaults: Option<&Node>) -> Node {
        let (Some(defaults), Value::List(list)) = (defaults.and_then(|d| self.fill(d)), &node.value) else {
            return node;
        };
        let add = |item: &Node| match &item.value {
            Value::Map(map) => {
                let mut out = Map::clone(map);
                for entry in entries(&defaults) {
                    if out.get(&entry.key.name).is_none() {
                        out.insert(
                            Key { place: item.place, ..entry.key.clone() },
                            at_anchor(&entry.value, item.place),
                        );
                    }
                }
                Node { value: Value::Map(Arc::new(out)), ..item.clone() }
            }
            _ => item.clone(),
        };
        let items = list.items.iter().map(add).collect();
        Node { value: Value::List(Arc::new(List { items, open: list.open.clone(), set: false })), ..node }
    }

    fn merge(&self, paths: &Node, base: Option<&Node>, needs: Option<&str>) -> Option<Node> {
        let mut out = base.and_then(|base| self.fill(base));
        for path in paths.items() {
            let Some(node) = self.value(path.as_str()?).filter(|node| !node.is_null()) else { continue };
            out = Some(match out {
                Some(under) => merge_values(&under, &node),
                None => node,
            });
        }
        let out = out?;
        match needs {
            Some(key) if out.get(key).is_none() && out.open_reason().is_none() => None,
            _ => Some(out),
        }
    }

    fn concat(&self, parts: &Node) -> Node {
        let mut list = List::default();
        let mut place = self.anchor;
        let mut written = false;
        for part in parts.items() {
            let node = match part.as_str() {
                Some(path) => self.value(path),
                None => self.fill(part),
            };
            let Some(node) = node.filter(|node| !node.is_null()) else { continue };
            list.items.extend(node.items().iter().cloned());
            if node.as_list().is_none() || node.open_reason().is_some() {
                list.open = Some(node.open_reason().unwrap_or_else(|| "a list is expected here".into()));
            }
            if node.is_written() {
                (place, written) = (node.place, true);
            }
        }
        let origin = if written { Origin::Written } else { Origin::Default };
        Node { origin, ..Node::new(Value::List(Arc::new(list)), place) }
    }
}

fn first(paths: &Node, value: impl Fn(&str) -> Option<Node>) -> Option<Node> {
    let paths = if paths.as_list().is_some() { paths.items() } else { std::slice::from_ref(paths) };
    paths.iter().find_map(|path| value(path.as_str()?).filter(|node| !is_empty(node)))
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Text(text) => text.as_str().is_empty(),
        Value::Map(map) => map.entries.is_empty() && map.open.is_none(),
        Value::List(list) => list.items.is_empty() && list.open.is_none(),
        _ => false,
    }
}
