//! A profile's skeleton objects, filled from effective values.
//!
//! The operators: `$value` (one path or several, the first that is set), `$default`, `$merge` and `$with`,
//! `$concat`, `$first`, `$image`, `$item`, `$needs`, `$when` and `$object`; in strings `{release}`,
//! `{namespace}`, `{name}`, `{fullname}`, `{component}` and `{value:path}`. No more: it must not grow into a
//! second Helm.

use super::profile::{Profile, entries};
use super::values::{at_anchor, is_truthy, merge_values, value_at};
use crate::base::{Key, List, Map, Node, Origin, Place, Text, TextBuilder, Trail, Value};
use std::sync::Arc;

/// What a skeleton is filled with.
pub struct Laying<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// The effective values.
    pub values: &'a Node,
    /// The release's name.
    pub release: Node,
    /// The release's namespace.
    pub namespace: Node,
    /// The application's version where the image sets no tag.
    pub app_version: Node,
    /// The release's header: where a thing is placed that no value speaks of.
    pub header: Place,
}

/// An object of a chart, with the component that it belongs to and, if that is open, why.
pub type Laid = (Node, Arc<str>, Place, Option<Arc<str>>);

/// The objects that a release of the chart makes.
pub fn lay_objects(laying: &Laying<'_>) -> Vec<Laid> {
    let mut out = Vec::new();
    for template in laying.profile.part("objects").map(Node::items).unwrap_or_default() {
        for component in template.get("for").map(Node::items).unwrap_or_default() {
            let Some(component) = component.as_str() else { continue };
            out.extend(lay_object(laying, template, component));
        }
    }
    out
}

fn lay_object(laying: &Laying<'_>, template: &Node, component: &str) -> Option<Laid> {
    let at = template.get("at").and_then(Node::as_str).unwrap_or(component).replace("{component}", component);
    let filler = Filler { laying, component, anchor: anchor(laying, &at) };
    let conditional = match filler.holds(template.get("when")) {
        Ok(true) => None,
        Ok(false) => return None,
        Err(reason) => Some(reason),
    };
    let object = filler.fill(template.get("object")?)?;
    Some((object, component.into(), filler.anchor, conditional))
}

/// The key of the deepest part of a path that the user wrote, else the release's header.
fn anchor(laying: &Laying<'_>, path: &str) -> Place {
    let mut place = laying.header;
    let mut node = laying.values;
    for name in path.split('.') {
        let Some(entry) = node.as_map().and_then(|map| map.entry(name)) else { break };
        if !entry.value.is_written() {
            break;
        }
        place = entry.key.place;
        node = &entry.value;
    }
    place
}

struct Filler<'a> {
    laying: &'a Laying<'a>,
    component: &'a str,
    anchor: Place,
}

impl Filler<'_> {
    fn fill(&self, skeleton: &Node) -> Option<Node> {
        match &skeleton.value {
            Value::Map(map) if map.entries.first().is_some_and(|e| e.key.name.starts_with('$')) => {
                self.operator(skeleton)
            }
            Value::Map(map) => {
                let mut out = Map::default();
                for entry in &map.entries {
                    if let Some(value) = self.fill(&entry.value) {
                        out.insert(Key { name: Arc::clone(&entry.key.name), place: self.anchor }, value);
                    }
                }
                Some(self.made(Value::Map(Arc::new(out))))
            }
            Value::List(list) => {
                let items = list.items.iter().filter_map(|item| self.fill(item)).collect();
                Some(self.made(Value::List(Arc::new(List { items, open: None, set: false }))))
            }
            Value::Text(text) => Some(self.text(text.as_str())),
            _ => Some(at_anchor(skeleton, self.anchor)),
        }
    }

    fn made(&self, value: Value) -> Node {
        Node { origin: Origin::Default, ..Node::new(value, self.anchor) }
    }

    fn operator(&self, skeleton: &Node) -> Option<Node> {
        match self.holds(skeleton.get("$when")) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(reason) => return Some(Node::unknown(reason, self.anchor)),
        }
        if let Some(reason) = skeleton.get("$unknown").and_then(Node::as_str) {
            return Some(Node::unknown(reason, self.anchor));
        }
        if let Some(object) = skeleton.get("$object") {
            return self.fill(object);
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
        if let Some(image) = skeleton.get("$image") {
            return Some(self.image(image));
        }
        skeleton.get("$first")?.items().iter().find_map(|choice| self.fill(choice))
    }

    /// Whether all conditions hold: `path`, `!path`, `path=value`.
    fn holds(&self, conditions: Option<&Node>) -> Result<bool, Arc<str>> {
        for condition in conditions.map(Node::items).unwrap_or_default() {
            let condition = self.path(condition.as_str().unwrap_or_default());
            let (path, wanted) = match condition.split_once('=') {
                Some((path, value)) => (path, Some(value)),
                None => (condition.as_str(), None),
            };
            let (path, negated) = path.strip_prefix('!').map_or((path, false), |path| (path, true));
            let node = value_at(self.laying.values, path);
            let holds = match wanted {
                Some(wanted) => match node {
                    Some(node) if node.open_reason().is_some() => None,
                    node => Some(node.and_then(Node::as_str) == Some(wanted)),
                },
                None => is_truthy(node),
            };
            match holds {
                Some(holds) if holds != negated => {}
                Some(_) => return Ok(false),
                None => {
                    let reason = node.and_then(Node::open_reason);
                    return Err(reason.unwrap_or_else(|| format!("`{path}` is not known").into()));
                }
            }
        }
        Ok(true)
    }

    fn path(&self, path: &str) -> String {
        path.replace("{component}", self.component)
    }

    /// The value of the first path that is set to something that is not empty.
    fn first_set(&self, paths: &Node) -> Option<Node> {
        let paths = if paths.as_list().is_some() { paths.items() } else { std::slice::from_ref(paths) };
        paths.iter().find_map(|path| {
            let node = value_at(self.laying.values, &self.path(path.as_str()?))?;
            let empty = match &node.value {
                Value::Null => true,
                Value::Text(text) => text.as_str().is_empty(),
                Value::Map(map) => map.entries.is_empty() && map.open.is_none(),
                Value::List(list) => list.items.is_empty() && list.open.is_none(),
                _ => false,
            };
            (!empty).then(|| node.clone())
        })
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
            let Some(node) = value_at(self.laying.values, &self.path(path.as_str()?)) else { continue };
            out = Some(match out {
                Some(under) => merge_values(&under, node),
                None => node.clone(),
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
                Some(path) => value_at(self.laying.values, &self.path(path)).cloned(),
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

    /// `repository:tag@digest`, placed at the tag where one is written, else at the repository.
    fn image(&self, image: &Node) -> Node {
        let part = |name: &str| image.get(name).and_then(|paths| self.first_set(paths));
        let Some(repository) = part("repository") else { return Node::null(self.anchor) };
        let written_tag = part("tag");
        let main =
            [written_tag.as_ref(), Some(&repository)].into_iter().flatten().find(|n| n.is_written()).cloned();
        let tag = written_tag.unwrap_or_else(|| self.laying.app_version.clone());
        let mut out = TextBuilder::new();
        push_scalar(&mut out, &repository);
        out.push_made(":", tag.place, Trail::default());
        push_scalar(&mut out, &tag);
        if let Some(digest) = part("digest") {
            out.push_made("@", digest.place, Trail::default());
            push_scalar(&mut out, &digest);
        }
        let place = main.as_ref().map_or(self.anchor, |node| node.place);
        let node = Node::text(out.finish(place), place);
        match main {
            Some(main) => Node { trail: main.trail, ..node },
            None => node.as_default(),
        }
    }

    /// A string with its names filled in.
    fn text(&self, template: &str) -> Node {
        let template = self.path(template);
        if !template.contains('{') || template.contains("{{") {
            return self.made(Value::Text(Text::made(template, self.anchor)));
        }
        let mut out = TextBuilder::new();
        let mut rest = template.as_str();
        while let Some((before, behind)) = rest.split_once('{') {
            out.push_made(before, self.anchor, Trail::default());
            let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
            self.push_name(&mut out, name);
            rest = after;
        }
        out.push_made(rest, self.anchor, Trail::default());
        self.made(Value::Text(out.finish(self.anchor)))
    }

    fn push_name(&self, out: &mut TextBuilder, name: &str) {
        match name {
            "release" => push_scalar(out, &self.laying.release),
            "namespace" => {
                let named =
                    self.laying.profile.part("names.namespace").and_then(|paths| self.first_set(paths));
                push_scalar(out, &named.unwrap_or_else(|| self.laying.namespace.clone()));
            }
            "name" => push_scalar(out, &self.chart_name()),
            "fullname" => push_scalar(out, &self.full_name()),
            name => {
                let node = name.strip_prefix("value:").and_then(|path| value_at(self.laying.values, path));
                push_scalar(
                    out,
                    &node.cloned().unwrap_or_else(|| Node::unknown("a name that is not set", self.anchor)),
                );
            }
        }
    }

    fn chart_name(&self) -> Node {
        let names = |part: &str| self.laying.profile.part(part);
        let overridden = names("names.name").and_then(|paths| self.first_set(paths));
        let default = || names("names.default").map(|node| at_anchor(node, self.anchor));
        overridden.or_else(default).unwrap_or_else(|| Node::null(self.anchor))
    }

    /// The usual rule of charts: an override, else the release where it contains the chart's name, else
    /// both joined.
    fn full_name(&self) -> Node {
        let overridden = self.laying.profile.part("names.fullname").and_then(|paths| self.first_set(paths));
        if let Some(node) = overridden {
            return node;
        }
        let name = self.chart_name();
        match (self.laying.release.as_str(), name.as_str()) {
            (Some(release), Some(name)) if release.contains(name) => self.laying.release.clone(),
            (Some(release), Some(name)) => Node::made(format!("{release}-{name}"), self.anchor),
            _ => Node::unknown("the release's name is not known", self.anchor),
        }
    }
}

fn push_scalar(out: &mut TextBuilder, node: &Node) {
    match (&node.value, node.display()) {
        (Value::Text(text), _) => out.push_text(text),
        (_, Some(text)) => out.push_made(&text, node.place, Trail::default()),
        _ => {
            out.push_hole(
                node.place,
                node.open_reason().unwrap_or_else(|| "a name that is not known".into()),
            );
        }
    }
}
