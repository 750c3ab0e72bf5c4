//! Terraform's JSON syntax: the same configuration as objects (the JSON Configuration Syntax of Terraform's
//! documentation). Strings are templates.
//!
//! JSON does not tell a nested block from an attribute that holds an object. What Terraform itself looks for as
//! a block is made one; the rest stays an attribute, and whoever knows the resource's type knows better.

use super::super::issue::Issue;
use super::super::yaml::parse_yaml;
use super::parse::{parse_hcl, parse_template};
use super::tree::{Attribute, Block, Body, Expr, ExprKind, Label, ObjectKey, Part};
use crate::base::{Entry, Map, Node, Place, Text, TextBuilder, Trail, Value};
use std::sync::Arc;

/// Top-level blocks with the number of their labels.
const TOP: [(&str, usize); 11] = [
    ("resource", 2),
    ("data", 2),
    ("ephemeral", 2),
    ("module", 1),
    ("variable", 1),
    ("output", 1),
    ("provider", 1),
    ("check", 1),
    ("locals", 0),
    ("terraform", 0),
    ("moved", 0),
];

/// Blocks that Terraform itself looks for inside others, with the number of their labels.
const META: [(&str, usize); 6] = [
    ("lifecycle", 0),
    ("connection", 0),
    ("provisioner", 1),
    ("dynamic", 1),
    ("content", 0),
    ("validation", 0),
];

/// Objects inside objects that are followed.
const DEEPEST: usize = 64;

/// Parses a `.tf.json` file's text.
pub fn parse_hcl_json(text: &Text) -> (Body, Vec<Issue>) {
    let (documents, issues) = parse_yaml(text);
    let mut reader = Reader { issues, has_blocks: false, depth: 0 };
    let mut body = Body::default();
    for document in &documents {
        for entry in entries(&document.root) {
            let labels = TOP.iter().find(|(kind, _)| *kind == &*entry.key.name).map(|(_, labels)| *labels);
            if let Some(labels) = labels {
                reader.has_blocks =
                    matches!(&*entry.key.name, "resource" | "data" | "ephemeral" | "variable");
                reader.blocks(&entry.key.name, entry, &entry.value, labels, &mut Vec::new(), &mut body);
            }
        }
    }
    (body, reader.issues)
}

fn entries(node: &Node) -> &[Entry] {
    node.as_map().map_or(&[], |map| &map.entries)
}

struct Reader {
    issues: Vec<Issue>,
    /// Whether the block at the top is of a kind inside of which Terraform looks for blocks.
    has_blocks: bool,
    depth: usize,
}

impl Reader {
    /// The blocks of a kind: objects inside objects by label, and lists where there are several.
    fn blocks(
        &mut self,
        kind: &Arc<str>,
        header: &Entry,
        value: &Node,
        missing: usize,
        labels: &mut Vec<Label>,
        out: &mut Body,
    ) {
        if labels.len() > DEEPEST {
            return;
        }
        match (&value.value, missing) {
            (Value::List(list), _) => {
                for item in &list.items {
                    self.blocks(kind, header, item, missing, labels, out);
                }
            }
            (Value::Map(map), 0) => {
                let place = header.key.place;
                let body = self.body(map);
                let labels = labels.clone();
                out.blocks.push(Block {
                    kind: Arc::clone(kind),
                    labels,
                    header: place,
                    place: value.place,
                    body,
                });
            }
            (Value::Map(map), _) => {
                for entry in map.entries.iter().filter(|entry| !is_comment(entry)) {
                    labels.push(Label { name: Arc::clone(&entry.key.name), place: entry.key.place });
                    self.blocks(kind, entry, &entry.value, missing - 1, labels, out);
                    labels.pop();
                }
            }
            _ => {}
        }
    }

    /// The content of a block. Only those of resources and variables hold blocks that Terraform looks for.
    fn body(&mut self, map: &Map) -> Body {
        self.depth += 1;
        let mut body = Body::default();
        for entry in map.entries.iter().filter(|entry| !is_comment(entry)) {
            let named = |(kind, _): &&(&str, usize)| *kind == &*entry.key.name;
            let meta = META.iter().find(named).filter(|_| self.has_blocks).map(|(_, labels)| *labels);
            let free = matches!(&*entry.key.name, "manifest" | "yaml_body" | "values");
            let nested = (self.has_blocks && !free && has_dynamic(&entry.value, 0)).then_some(0);
            if let Some(labels) =
                meta.or(nested).filter(|_| self.depth < DEEPEST && is_structure(&entry.value))
            {
                self.blocks(&entry.key.name, entry, &entry.value, labels, &mut Vec::new(), &mut body);
                continue;
            }
            // A type is written as a string, and is an expression all the same.
            let value = match entry.value.as_text() {
                Some(text) if &*entry.key.name == "type" => self.expression_of(text, &entry.value),
                _ => self.expression(&entry.value, 0),
            };
            let name = Arc::clone(&entry.key.name);
            body.attributes.push(Attribute { name, name_place: entry.key.place, value });
        }
        self.depth -= 1;
        body
    }

    fn expression(&mut self, node: &Node, depth: usize) -> Expr {
        let kind = match &node.value {
            _ if depth > DEEPEST => ExprKind::Null,
            Value::Bool(value) => ExprKind::Bool(*value),
            Value::Number(number) => ExprKind::Number(*number),
            Value::Text(text) => return self.template(text, node.place),
            Value::List(list) => {
                ExprKind::List(list.items.iter().map(|item| self.expression(item, depth + 1)).collect())
            }
            Value::Map(map) => {
                let entries = map.entries.iter().filter(|entry| !is_comment(entry));
                let pair = |entry: &Entry| (self.key(entry), self.expression(&entry.value, depth + 1));
                ExprKind::Object(entries.map(pair).collect())
            }
            Value::Null | Value::Unknown(_) => ExprKind::Null,
        };
        Expr { kind, place: node.place }
    }

    fn key(&mut self, entry: &Entry) -> ObjectKey {
        if entry.key.name.contains("${") {
            return ObjectKey::Expr(
                self.template(&Text::made(Arc::clone(&entry.key.name), entry.key.place), entry.key.place),
            );
        }
        ObjectKey::Name(Arc::clone(&entry.key.name), entry.key.place)
    }

    /// A string is a template; one that is a single interpolation is what that is.
    fn template(&mut self, text: &Text, place: Place) -> Expr {
        if !text.as_str().contains("${") && !text.as_str().contains("%{") {
            return Expr { kind: ExprKind::Text(text.clone()), place };
        }
        match parse_template(text) {
            Ok(mut parts) => match (parts.pop(), parts.is_empty()) {
                (Some(Part::Interpolation(expr, _)), true) => Expr { place, ..expr },
                (Some(last), _) => {
                    parts.push(last);
                    Expr { kind: ExprKind::Template(parts), place }
                }
                (None, _) => Expr { kind: ExprKind::Text(text.clone()), place },
            },
            Err(issue) => {
                self.issues.push(issue);
                Expr { kind: ExprKind::Null, place }
            }
        }
    }

    fn expression_of(&mut self, text: &Text, node: &Node) -> Expr {
        let mut source = TextBuilder::new();
        source.push_made("type = ", node.place.start(), Trail::default());
        source.push_text(text);
        let (body, issues) = parse_hcl(&source.finish(node.place));
        self.issues.extend(issues);
        let value = body.attributes.into_iter().next().map(|attribute| attribute.value);
        value.unwrap_or(Expr { kind: ExprKind::Null, place: node.place })
    }
}

fn is_comment(entry: &Entry) -> bool {
    &*entry.key.name == "//"
}

fn is_structure(node: &Node) -> bool {
    matches!(node.value, Value::Map(_) | Value::List(_))
}

/// Whether blocks are made dynamically somewhere below.
fn has_dynamic(node: &Node, depth: usize) -> bool {
    match &node.value {
        Value::Map(map) => map.entries.iter().any(|entry| {
            &*entry.key.name == "dynamic" || depth < DEEPEST && has_dynamic(&entry.value, depth + 1)
        }),
        Value::List(list) => list.items.iter().any(|item| depth < DEEPEST && has_dynamic(item, depth + 1)),
        _ => false,
    }
}
