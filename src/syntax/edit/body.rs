//! Entries between braces: bodies of blocks, objects of HCL, mappings in YAML's flow style.

use super::draft::{Draft, Form, Spelling, flow, hcl_key, yaml_text};
use super::layout::{Braces, column_of, extent, indent_of, line_end, line_start, own_entries, separator};
use crate::base::{Entry, Node, SourceFile};
use std::ops::Range;

/// An edit that adds entries.
pub(super) fn insert(
    node: &Node,
    file: &SourceFile,
    braces: &Braces,
    entries: &[(String, Draft)],
    spelling: &Spelling<'_>,
) -> Option<(Range<usize>, String)> {
    let text = file.text();
    let inside = &text[braces.open + 1..braces.close];
    if !inside.contains('\n') {
        return on_one_line(text, braces, entries);
    }
    let written = entries_inside(node, file, braces);
    let closing = indent_of(text, braces.close);
    if closing.end != braces.close {
        return None;
    }
    let indent = match written.first() {
        Some(first) => column_of(text, first.key.place.span.start as usize),
        None => closing.len() + 2,
    };
    let writer = Writer { braces, spelling };
    let attributes = entries.iter().all(|(name, value)| writer.form(name, value) == Form::Attribute);
    let anchor = if attributes { last_attribute(text, &written) } else { None };
    let (at, above) = match anchor {
        Some(entry) => (line_end(text, extent(entry, file)), Some(entry)),
        // An attribute stands before the blocks.
        None if attributes && !written.is_empty() => (line_end(text, braces.open), None),
        None => (line_start(text, braces.close).saturating_sub(1), None),
    };
    let at = if text[..at].ends_with('\r') { at - 1 } else { at };
    let equals = above.and_then(|entry| equals_column(text, entry, file));
    let lines: String =
        entries.iter().map(|(name, value)| writer.entry(name, value, indent, equals)).collect();
    Some((at..at, lines))
}

/// A block as it stands at the start of a line, without a line break at the end.
pub(super) fn block_text(header: &str, body: &Draft, spelling: &Spelling<'_>) -> String {
    let braces = Braces { open: 0, close: 0, block: true, equals: true };
    Writer { braces: &braces, spelling }.block(header, body, 0).trim_start().to_owned()
}

fn on_one_line(text: &str, braces: &Braces, entries: &[(String, Draft)]) -> Option<(Range<usize>, String)> {
    // The body of a block on one line takes one attribute, no more.
    let inside = text[braces.open + 1..braces.close].trim_end();
    if braces.block {
        return None;
    }
    let sign = if braces.equals { '=' } else { ':' };
    let whole = flow(&Draft::Map(entries.to_vec()), sign);
    if inside.trim().is_empty() {
        return Some((braces.open..braces.close + 1, whole));
    }
    let at = braces.open + 1 + inside.len();
    let gap = if inside.ends_with(',') { "" } else { "," };
    Some((at..at, format!("{gap} {}", whole[1..whole.len() - 1].trim())))
}

/// The entries of a body. A block's mapping is placed at its header.
fn entries_inside<'a>(node: &'a Node, file: &SourceFile, braces: &Braces) -> Vec<&'a Entry> {
    if !braces.block {
        return own_entries(node, file);
    }
    let inside = |entry: &&Entry| {
        let place = entry.key.place;
        place.file == file.id()
            && (braces.open..braces.close).contains(&(place.span.start as usize))
            && starts_line(file.text(), place.span.start as usize)
    };
    let mut own: Vec<&Entry> =
        node.as_map().into_iter().flat_map(|map| &map.entries).filter(inside).collect();
    own.sort_by_key(|entry| entry.key.place.span.start);
    own
}

fn starts_line(text: &str, at: usize) -> bool {
    indent_of(text, at).end == at
}

/// The last attribute that no block stands before.
fn last_attribute<'a>(text: &str, written: &[&'a Entry]) -> Option<&'a Entry> {
    written.iter().copied().take_while(|entry| separator(text, entry) != Some('{')).last()
}

/// The column of the `=` of an attribute on one line, which those beside it are aligned with.
fn equals_column(text: &str, entry: &Entry, file: &SourceFile) -> Option<usize> {
    let start = entry.key.place.span.start as usize;
    let one_line = line_end(text, start) >= extent(entry, file);
    let line = &text[start..line_end(text, start)];
    one_line.then(|| line.find('=').map(|at| column_of(text, start) + at)).flatten()
}

struct Writer<'a> {
    braces: &'a Braces,
    spelling: &'a Spelling<'a>,
}

impl Writer<'_> {
    fn form(&self, name: &str, value: &Draft) -> Form {
        if self.braces.block { (self.spelling)(name, value).1 } else { Form::Attribute }
    }

    /// An entry on lines of its own, each with a line break before it.
    fn entry(&self, name: &str, value: &Draft, indent: usize, equals: Option<usize>) -> String {
        let (spelt, form) = if self.braces.block {
            (self.spelling)(name, value)
        } else {
            (if self.braces.equals { hcl_key(name) } else { yaml_text(name) }, Form::Attribute)
        };
        let space = " ".repeat(indent);
        match (form, value) {
            (Form::Block, Draft::List(items)) => {
                items.iter().map(|item| self.block(&spelt, item, indent)).collect()
            }
            (Form::Block, value) => self.block(&spelt, value, indent),
            (Form::Attribute, value) if !self.braces.equals => {
                format!("\n{space}{spelt}: {},", flow(value, ':'))
            }
            (Form::Attribute, Draft::Map(entries)) if !entries.is_empty() => {
                let object = Braces { block: false, equals: true, ..*self.braces };
                let inner = Writer { braces: &object, spelling: self.spelling };
                format!("\n{space}{spelt} = {{{}\n{space}}}", inner.lines(entries, indent + 2))
            }
            (Form::Attribute, value) => {
                let width = equals.map_or(0, |column| column.saturating_sub(indent + 1));
                format!("\n{space}{spelt:width$} = {}", flow(value, '='))
            }
        }
    }

    fn block(&self, name: &str, value: &Draft, indent: usize) -> String {
        let Draft::Map(entries) = value else { return String::new() };
        let space = " ".repeat(indent);
        format!("\n{space}{name} {{{}\n{space}}}", self.lines(entries, indent + 2))
    }

    /// Entries with their signs under one another.
    fn lines(&self, entries: &[(String, Draft)], indent: usize) -> String {
        let name = |name: &str, value: &Draft| match self.braces.block {
            true => (self.spelling)(name, value).0,
            false => hcl_key(name),
        };
        let is_short = |name: &str, value: &Draft| {
            self.form(name, value) == Form::Attribute
                && !matches!(value, Draft::Map(inner) if !inner.is_empty())
        };
        let widths = entries.iter().filter(|(n, v)| is_short(n, v)).map(|(n, v)| name(n, v).len());
        let equals = widths.max().map(|width| indent + width + 1);
        entries.iter().map(|(name, value)| self.entry(name, value, indent, equals)).collect()
    }
}
