//! Names that a chart makes of its release, and strings with names in braces.

use super::super::templated::KnownNames;
use super::super::values::at_anchor;
use super::Laying;
use super::fill::Filler;
use crate::base::{Node, Text, TextBuilder, Trail, Value};

/// Longest name that charts make: that of a DNS label.
const LONGEST: usize = 63;

impl Filler<'_> {
    /// A string with its names filled in.
    pub(super) fn text(&self, template: &str) -> Node {
        let template = self.bind(template);
        if !template.contains('{') || template.contains("{{") {
            return self.made(Value::Text(Text::made(&*template, self.anchor)));
        }
        let mut out = TextBuilder::new();
        let mut rest = &*template;
        while let Some((before, behind)) = rest.split_once('{') {
            out.push_made(before, self.anchor, Trail::default());
            let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
            self.push_name(&mut out, name);
            rest = after;
        }
        out.push_made(rest, self.anchor, Trail::default());
        self.made(Value::Text(out.finish(self.anchor)))
    }

    /// What templates in the values may name.
    pub(super) fn known_names(&self) -> KnownNames<'_> {
        let Laying { profile, values, release, namespace, .. } = self.laying;
        KnownNames { release, namespace, chart: &profile.chart, values }
    }

    fn push_name(&self, out: &mut TextBuilder, name: &str) {
        match name {
            "release" => push_scalar(out, &self.laying.release),
            "namespace" => {
                let named =
                    self.laying.profile.part("names.namespace").and_then(|paths| self.first_name(paths));
                push_scalar(out, &named.unwrap_or_else(|| self.laying.namespace.clone()));
            }
            "app_version" => push_scalar(out, &self.laying.app_version),
            "name" => push_scalar(out, &self.chart_name()),
            "fullname" => push_scalar(out, &self.full_name()),
            name => {
                let node = name.strip_prefix("value:").and_then(|path| self.value(path));
                push_scalar(
                    out,
                    &node.unwrap_or_else(|| Node::unknown("a name that is not set", self.anchor)),
                );
            }
        }
    }

    fn chart_name(&self) -> Node {
        let names = |part: &str| self.laying.profile.part(part);
        let overridden = names("names.name").and_then(|paths| self.first_name(paths));
        let default = || names("names.default").map(|node| at_anchor(node, self.anchor));
        overridden.or_else(default).unwrap_or_else(|| Node::null(self.anchor))
    }

    /// The usual rule of charts: an override, else the release where it contains the chart's name, else
    /// both joined.
    fn full_name(&self) -> Node {
        let overridden = self.laying.profile.part("names.fullname").and_then(|paths| self.first_name(paths));
        if let Some(node) = overridden {
            return node;
        }
        let rule = self.laying.profile.part("names.rule").and_then(Node::as_str).unwrap_or("contains");
        let name = self.chart_name();
        match (self.laying.release.as_str(), name.as_str()) {
            (Some(_), _) if rule == "release" => self.laying.release.clone(),
            (Some(release), Some(name)) if release.contains(name) => self.laying.release.clone(),
            (Some(release), Some(name)) => Node::made(cut(&format!("{release}-{name}")), self.anchor),
            _ => Node::unknown("the release's name is not known", self.anchor),
        }
    }
}

fn cut(name: &str) -> &str {
    name.get(..LONGEST).unwrap_or(name).trim_end_matches('-')
}

pub(super) fn push_scalar(out: &mut TextBuilder, node: &Node) {
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
