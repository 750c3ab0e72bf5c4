//! Entries of mappings in YAML's block style.

use super::draft::{Draft, yaml_entries, yaml_value};
use super::layout::{column_of, extent, line_end, own_entries};
use crate::base::{Key, Node, SourceFile};
use std::ops::Range;

/// An edit that adds entries behind the last one.
pub(super) fn insert(
    node: &Node,
    file: &SourceFile,
    column: usize,
    entries: &[(String, Draft)],
) -> Option<(Range<usize>, String)> {
    let text = file.text();
    let last = own_entries(node, file).pop()?;
    // A document that the tree was read from may end within a line.
    let at = line_end(text, extent(last, file));
    let same = column_of(text, last.key.place.span.start as usize) == column;
    same.then(|| (at..at, format!("\n{}", yaml_entries(entries, column))))
}

/// An edit that gives a value to a key which has none.
pub(super) fn fill(
    key: &Key,
    value: &Node,
    file: &SourceFile,
    draft: &Draft,
) -> Option<(Range<usize>, String)> {
    let text = file.text();
    let from = key.place.span.end as usize;
    let line = &text[from..line_end(text, from)];
    let colon = line.trim_start_matches(['"', '\'', ' ']).strip_prefix(':')?;
    let at = from + line.len() - colon.len();
    let written = value.place.span.range();
    // Either nothing stands behind the colon, or a word for nothing.
    let end = if written.start >= at && !written.is_empty() { written.end } else { at };
    let column = column_of(text, key.place.span.start as usize);
    Some((at..end, yaml_value(draft, column)))
}
