//! How a mapping is written: lines under one another, or between braces.

use super::super::hcl::closing_brace;
use crate::base::{Entry, Node, SourceFile};
use std::ops::Range;

/// How a mapping is written.
pub(super) enum Layout {
    /// YAML's block style: each key on its own line, at this column from 0, in bytes.
    Lines { column: usize },
    /// Between braces.
    Braces(Braces),
}

/// A mapping between braces.
pub(super) struct Braces {
    /// The bytes of the opening brace, and of the closing one.
    pub(super) open: usize,
    pub(super) close: usize,
    /// Whether it is the body of a block, where nested mappings are blocks too.
    pub(super) block: bool,
    /// Whether keys are set off by `=`; by `:` otherwise.
    pub(super) equals: bool,
}

impl Layout {
    /// How the mapping that a node was read from is written; none where its place only refers to it.
    pub(super) fn of(node: &Node, file: &SourceFile) -> Option<Layout> {
        let text = file.text();
        let raw = text.get(node.place.span.range())?;
        if let Some(inner) = raw.strip_prefix('{') {
            // A `for` makes its entries; and colons in HCL may be those of YAML inside of it.
            let first = own_entries(node, file).first().copied();
            let colon = is_hcl(file)
                && match first {
                    Some(entry) => separator(text, entry) == Some(':'),
                    // An empty one in a heredoc stands behind a colon.
                    None => stands_behind_colon(text, node.place.span.start as usize),
                };
            if inner.trim_start().starts_with("for ") || colon || file.path().ends_with(".json") {
                return None;
            }
            let (open, close) = (node.place.span.start as usize, node.place.span.end as usize - 1);
            let closed = raw.len() >= 2 && raw.ends_with('}');
            let braces = Braces { open, close, block: false, equals: is_hcl(file) };
            let equals =
                own_entries(node, file).first().map_or(braces.equals, |e| separator(text, e) == Some('='));
            return closed.then_some(Layout::Braces(Braces { equals, ..braces }));
        }
        if is_hcl(file) && is_header(raw) {
            let open = text[node.place.span.end as usize..].find('{')? + node.place.span.end as usize;
            let between = &text[node.place.span.end as usize..open];
            let close = between.trim().is_empty().then(|| closing_brace(text, open)).flatten()?;
            return Some(Layout::Braces(Braces { open, close, block: true, equals: true }));
        }
        let first = own_entries(node, file).first()?.key.place.span.start as usize;
        (separator(text, own_entries(node, file).first()?) == Some(':'))
            .then(|| Layout::Lines { column: column_of(text, first) })
    }
}

/// The header of a block: a name and labels in quotes.
fn is_header(raw: &str) -> bool {
    let mut words = raw.split_whitespace();
    let name = words.next().unwrap_or_default();
    !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        && words.all(|word| word.starts_with('"') || word.ends_with('"'))
}

/// The entries of a mapping that are written in it, in the order of their places: not those that a merge key or
/// another document brings.
pub(super) fn own_entries<'a>(node: &'a Node, file: &SourceFile) -> Vec<&'a Entry> {
    let Some(map) = node.as_map() else { return Vec::new() };
    let mut own: Vec<&Entry> = map
        .entries
        .iter()
        .filter(|entry| entry.key.place.file == file.id() && node.place.contains(entry.key.place))
        .collect();
    own.sort_by_key(|entry| entry.key.place.span.start);
    own
}

/// What stands between an entry's key and its value: `:`, `=`, or a block's `{`.
pub(super) fn separator(text: &str, entry: &Entry) -> Option<char> {
    let behind = text.get(entry.key.place.span.end as usize..)?;
    behind.trim_start_matches(['"', '\'', ')', ' ', '\t']).chars().next()
}

/// Whether a file is Terraform's or Terragrunt's.
pub(super) fn is_hcl(file: &SourceFile) -> bool {
    [".tf", ".tofu", ".hcl", ".tfvars"].iter().any(|end| file.path().ends_with(end))
}

/// Where a value ends, with all that lies in it.
pub(super) fn extent(entry: &Entry, file: &SourceFile) -> usize {
    let from = entry.key.place.span.end;
    let mut end = from as usize;
    reach(&entry.value, file, from, &mut end);
    // A block scalar ends with its last line.
    while end > from as usize && file.text()[..end].ends_with(['\n', '\r']) {
        end -= 1;
    }
    end
}

/// Where an item of a list ends.
pub(super) fn item_extent(item: &Node, file: &SourceFile) -> usize {
    let mut end = item.place.span.end as usize;
    reach(item, file, item.place.span.start, &mut end);
    while file.text()[..end].ends_with(['\n', '\r']) {
        end -= 1;
    }
    end
}

fn reach(node: &Node, file: &SourceFile, from: u32, end: &mut usize) {
    if node.place.file != file.id() || node.place.span.start < from {
        return;
    }
    *end = (*end).max(node.place.span.end as usize);
    // What came through a reference is written elsewhere.
    if node.trail.source().is_some() {
        return;
    }
    if let Some(map) = node.as_map() {
        map.entries.iter().for_each(|entry| reach(&entry.value, file, from, end));
    }
    node.items().iter().for_each(|item| reach(item, file, from, end));
}

/// The start of the line that a byte stands on.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The end of the line that a byte stands on, before its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    if text[at..end].ends_with('\r') { end - 1 } else { end }
}

/// The line behind the one that ends at a byte, without the white space around it.
pub(super) fn next_line(text: &str, end: usize) -> &str {
    text[end..]
        .trim_start_matches('\r')
        .strip_prefix('\n')
        .and_then(|rest| rest.lines().next())
        .unwrap_or_default()
        .trim()
}

/// The white space that the line of a byte begins with.
pub(super) fn indent_of(text: &str, at: usize) -> Range<usize> {
    let start = line_start(text, at);
    let line = &text[start..];
    start..start + (line.len() - line.trim_start_matches([' ', '\t']).len())
}

/// The column of a byte, from 0, in bytes.
pub(super) fn column_of(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

/// Whether the line of a byte, or the one before it, ends as Windows ends lines.
pub(super) fn has_crlf(file: &SourceFile, at: usize) -> bool {
    let text = file.text();
    let end = text[at..].find('\n').map(|newline| at + newline).or_else(|| text[..at].rfind('\n'));
    end.is_some_and(|end| text[..end].ends_with('\r'))
}

/// Whether a line belongs to a literal block scalar: the nearest line above that stands further left begins one.
pub(super) fn in_literal(text: &str, indent: Range<usize>) -> bool {
    let above = text[..indent.start].lines().rev().filter(|line| !line.trim().is_empty());
    let mut outer = above.filter(|line| line.len() - line.trim_start().len() < indent.len());
    let header = outer.next().unwrap_or_default().split_whitespace().last().unwrap_or_default();
    header.starts_with('|')
}

/// Whether the last sign before a byte is a colon.
pub(super) fn stands_behind_colon(text: &str, at: usize) -> bool {
    text[..at].trim_end_matches([' ', '\t']).ends_with(':')
}

/// Whether a byte stands in a quotation of a Markdown page, each line of which begins with a sign of its own.
pub(super) fn in_quotation(file: &SourceFile, at: usize) -> bool {
    let line = &file.text()[line_start(file.text(), at)..];
    !is_hcl(file) && file.path().ends_with(".md") && line.trim_start().starts_with('>')
}
