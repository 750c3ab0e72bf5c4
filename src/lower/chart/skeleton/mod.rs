//! A profile's skeleton objects, filled from effective values. docs/charts.md says what may stand in them.

mod condition;
mod each;
mod fill;
mod image;
mod names;

use super::profile::Profile;
use super::values::{entries_in_order, is_enabled, unknown_switch, value_at};
use super::version::Version;
use crate::base::{Node, Place};
use fill::Filler;
use std::sync::Arc;

/// What a skeleton is filled with.
pub struct Laying<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// The chart's version.
    pub version: Version,
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

/// An object of a chart.
pub struct Laid {
    /// The object.
    pub root: Node,
    /// The component that it belongs to.
    pub component: Arc<str>,
    /// The key that stands for it in the values, else the release's header.
    pub header: Place,
    /// Why it may not exist.
    pub conditional: Option<Arc<str>>,
}

/// The objects that a release of the chart makes.
pub fn lay_objects(laying: &Laying<'_>) -> Vec<Laid> {
    let mut out = Vec::new();
    for template in laying.profile.part("objects").map(Node::items).unwrap_or_default() {
        for component in components(laying, template) {
            out.extend(lay_object(laying, template, &component));
        }
    }
    out
}

/// What the values hold for each of which the template makes an object, where that is not known.
pub fn unknown_objects(laying: &Laying<'_>) -> Option<(Arc<str>, Place)> {
    let templates = laying.profile.part("objects").map(Node::items).unwrap_or_default();
    templates.iter().find_map(|template| {
        let path = template.get("each")?.as_str()?;
        let node = value_at(laying.values, path)?;
        Some((node.open_reason()?, node.place))
    })
}

fn components(laying: &Laying<'_>, template: &Node) -> Vec<String> {
    if let Some(path) = template.get("each").and_then(Node::as_str) {
        let Some(node) = value_at(laying.values, path) else { return Vec::new() };
        let named =
            entries_in_order(node).into_iter().map(|entry| (entry.key.name.to_string(), &entry.value));
        let numbered = node.items().iter().enumerate().map(|(index, item)| (index.to_string(), item));
        let on = named.chain(numbered).filter(|(_, value)| is_enabled(value));
        return on.map(|(component, _)| component).collect();
    }
    let named = template.get("for").map(Node::items).unwrap_or_default();
    named.iter().filter_map(|component| component.as_str().map(str::to_owned)).collect()
}

fn lay_object(laying: &Laying<'_>, template: &Node, component: &str) -> Option<Laid> {
    let mut filler = Filler::new(laying, component);
    let each = template.get("each").and_then(Node::as_str).map(|path| format!("{path}.{{component}}"));
    let at = template.get("at").and_then(Node::as_str).map(str::to_owned).or_else(|| each.clone());
    filler.anchor = anchor(laying, &filler.path(at.as_deref().unwrap_or("{component}")));
    if !filler.in_versions(template, ["since", "until"]) {
        return None;
    }
    let conditional = match filler.holds(template.get("when")) {
        Ok(true) => each.and_then(|path| unknown_switch(value_at(laying.values, &filler.path(&path))?)),
        Ok(false) => return None,
        Err(reason) => Some(reason),
    };
    let root = filler.fill(template.get("object")?)?;
    Some(Laid { root, component: component.into(), header: filler.anchor, conditional })
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
