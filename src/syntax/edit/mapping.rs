//! Entries of mappings in YAML's block style.

use super::draft::{Draft, yaml_entries, yaml_value};
use super::layout::{column_of, extent, line_end, next_line, own_entries};
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
    // A directive of a template may make the entries, and a scalar that keeps its last lines ends behind them.
    let key_line = &text[last.key.place.span.end as usize..line_end(text, last.key.place.span.end as usize)];
    let keeps = key_line.contains("|+") || key_line.contains(">+");
    if keeps || text[node.place.span.range()].contains("%{") || next_line(text, at).starts_with("%{") {
        return None;
    }
    let same = column_of(text, last.key.place.span.start as usize) == column;
    same.then(|| (at..at, format!("\n{}", yaml_entries(entries, column))))
}

/// An edit that gives a value to a key which has none.
pub(super) fn fill(key: &Key, file: &SourceFile, draft: &Draft) -> Option<(Range<usize>, String)> {
    let text = file.text();
    let from = key.place.span.end as usize;
    let line = &text[from..line_end(text, from)];
    let colon = line.trim_start_matches(['"', '\'', ' ']).strip_prefix(':')?;
    let at = from + line.len() - colon.len();
    // Nothing stands behind the colon, or a word for nothing, and nothing else.
    let end = match colon.trim() {
        "" => at,
        "~" | "null" => at + colon.trim_end().len(),
        _ => return None,
    };
    let column = column_of(text, key.place.span.start as usize);
    Some((at..end, yaml_value(draft, column)))
}
