//! Secrets by the tree of a file of Terraform: the literals of whatever a secret's name is given.

use crate::base::{SourceFile, Text, is_secret_key};
use crate::syntax::hcl::{Access, Block, Body, Expr, ExprKind, ObjectKey, Part, parse_hcl};
use std::collections::HashSet;
use std::ops::Range;

/// Attributes of `kubernetes_secret` whose values are secrets.
const DATA: [&str; 5] = ["data", "data_wo", "string_data", "binary_data", "binary_data_wo"];

/// Functions whose arguments are paths or names.
const BY_NAME: [&str; 6] = ["file", "filebase64", "fileexists", "templatefile", "lookup", "abs"];

/// Byte ranges of secrets. `names` are those of sensitive variables.
pub(super) fn in_tree(file: &SourceFile, names: &HashSet<String>) -> Vec<Range<usize>> {
    let (body, _) = parse_hcl(&Text::of_file(file));
    let mut finder = Finder { names, out: Vec::new() };
    finder.body(&body, &[]);
    finder.out
}

struct Finder<'a> {
    names: &'a HashSet<String>,
    out: Vec<Range<usize>>,
}

impl Finder<'_> {
    /// The attributes in `secret` are secrets here.
    fn body(&mut self, body: &Body, secret: &[&str]) {
        for attribute in &body.attributes {
            let name = &*attribute.name;
            let hidden = secret.contains(&name) || self.is_secret(name);
            if name == "set_sensitive" {
                self.settings(&attribute.value);
            }
            self.expression(&attribute.value, hidden);
        }
        for block in &body.blocks {
            self.body(&block.body, secrets_of(block));
        }
    }

    fn is_secret(&self, name: &str) -> bool {
        is_secret_key(name) || self.names.contains(name)
    }

    /// `set_sensitive = [{ name, value }]`.
    fn settings(&mut self, settings: &Expr) {
        match &settings.kind {
            ExprKind::List(items) => items.iter().for_each(|item| self.settings(item)),
            ExprKind::Object(entries) => {
                let values = entries.iter().filter(|(key, _)| key_name(key) == Some("value"));
                values.for_each(|(_, value)| self.expression(value, true));
            }
            _ => {}
        }
    }

    fn expression(&mut self, expr: &Expr, hidden: bool) {
        match &expr.kind {
            ExprKind::Text(_) | ExprKind::Number(_) if hidden => self.out.push(expr.place.span.range()),
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Variable(_)
            | ExprKind::Text(_)
            | ExprKind::Number(_) => {}
            ExprKind::Template(parts) => self.parts(parts, hidden),
            ExprKind::List(items) => self.items(items, hidden),
            ExprKind::Object(entries) => self.entries(entries, hidden),
            ExprKind::Access(base, steps) => {
                self.expression(base, hidden);
                for step in steps {
                    if let Access::Index(index) = step {
                        self.expression(index, false);
                    }
                }
            }
            ExprKind::Call(name, arguments, _) => {
                let hidden = hidden && !BY_NAME.contains(&&**name) || &**name == "sensitive";
                for argument in arguments {
                    self.expression(argument, hidden);
                }
            }
            ExprKind::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                self.expression(condition, false);
                self.expression(then, hidden);
                self.expression(otherwise, hidden);
            }
            ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => self.expression(inner, hidden),
            ExprKind::Binary(_, sides) => sides.iter().for_each(|side| self.expression(side, hidden)),
            ExprKind::For(inner) => {
                self.expression(&inner.collection, hidden);
                self.expression(&inner.value, hidden);
            }
        }
    }

    fn items(&mut self, items: &[Expr], hidden: bool) {
        let mut flag = false;
        for item in items {
            let is_flag = text(item).and_then(|text| text.strip_prefix('-'));
            let is_flag = is_flag.is_some_and(|flag| !flag.contains('=') && is_secret_key(flag));
            self.expression(item, hidden || std::mem::replace(&mut flag, is_flag));
        }
    }

    fn entries(&mut self, entries: &[(ObjectKey, Expr)], hidden: bool) {
        let of = |name: &str| {
            entries.iter().find(|(key, _)| key_name(key) == Some(name)).and_then(|(_, value)| text(value))
        };
        let named = of("name").is_some_and(is_secret_key);
        let is_secret = of("kind") == Some("Secret");
        for (key, value) in entries {
            let name = key_name(key).unwrap_or_default();
            let own = self.is_secret(name)
                || named && name == "value"
                || is_secret && ["data", "stringData"].contains(&name);
            self.expression(value, hidden || own);
        }
    }

    fn parts(&mut self, parts: &[Part], hidden: bool) {
        for part in parts {
            match part {
                Part::Literal(text) if hidden => {
                    self.out.push(text.place(0..text.as_str().len()).span.range());
                }
                Part::Literal(_) => {}
                Part::Interpolation(expr, _) => self.expression(expr, hidden),
                Part::If { then, otherwise, .. } => {
                    self.parts(then, hidden);
                    self.parts(otherwise, hidden);
                }
                Part::For { body, .. } => self.parts(body, hidden),
            }
        }
    }
}

fn key_name(key: &ObjectKey) -> Option<&str> {
    match key {
        ObjectKey::Name(name, _) => Some(name),
        ObjectKey::Expr(expr) => text(expr),
    }
}

fn text(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Text(text) => Some(text.as_str()),
        ExprKind::Paren(inner) => text(inner),
        _ => None,
    }
}

/// The attributes of a block that are secrets for what the block is.
fn secrets_of(block: &Block) -> &'static [&'static str] {
    match &*block.kind {
        "resource" if block.label(0).is_some_and(|label| label.starts_with("kubernetes_secret")) => &DATA,
        "variable" if says_sensitive(&block.body) => &["default"],
        "output" if says_sensitive(&block.body) => &["value"],
        "set_sensitive" => &["value"],
        _ => &[],
    }
}

fn says_sensitive(body: &Body) -> bool {
    fn is_true(expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Bool(value) => *value,
            ExprKind::Text(text) => text.as_str() == "true",
            ExprKind::Paren(inner) => is_true(inner),
            _ => false,
        }
    }
    body.attribute("sensitive").is_some_and(|attribute| is_true(&attribute.value))
}
