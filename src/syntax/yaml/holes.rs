//! Unknown parts that stand where structure could: alone on a line, or at the start of a key.
//!
//! Such a part may bring any number of entries. Its line is blanked as a comment of equal length for the
//! parser, and afterwards the container that it would add to is marked open.

use crate::base::{HOLE, List, Map, Node, Place, Text, Value};
use std::sync::Arc;

/// A line that may bring further entries.
pub(super) struct OpenLine {
    /// Where the part stands in the text.
    at: usize,
    /// Its column, from 0, in bytes.
    column: usize,
    reason: Arc<str>,
    place: Place,
}

/// The string for the parser, and the lines that were blanked in it.
pub(super) fn blank_open_lines(text: &Text) -> (String, Vec<OpenLine>) {
    let mut string = text.as_str().to_owned();
    let mut open = Vec::new();
    for at in text.holes() {
        let start = string[..at].rfind('\n').map_or(0, |i| i + 1);
        let end = string[at..].find('\n').map_or(string.len(), |i| at + i);
        let line = &text.as_str()[start..end];
        let rest = line.trim_start();
        if !rest.starts_with(HOLE) || !brings_entries(&rest[HOLE.len_utf8()..]) {
            continue;
        }
        let column = line.len() - rest.len();
        let blanked = format!("{}#{}", &line[..column], "x".repeat(end - start - column - 1));
        string.replace_range(start..end, &blanked);
        let hole_end = at + HOLE.len_utf8();
        open.push(OpenLine {
            at,
            column,
            reason: text.hole_in(at..hole_end).unwrap_or_else(|| "a template part is not known".into()),
            place: text.place(at..hole_end),
        });
    }
    (string, open)
}

fn brings_entries(behind: &str) -> bool {
    let behind = behind.trim();
    behind.chars().all(|c| c == HOLE) || behind.ends_with(':') || behind.contains(": ")
}

/// A container of the finished document: its extent in the text and its column.
pub(super) struct Extent {
    pub(super) start: usize,
    pub(super) column: usize,
}

/// Whether a line adds to a container: it stands inside or right behind it, at its column.
pub(super) fn adds_to(line: &OpenLine, container: &Extent) -> bool {
    line.column == container.column && container.start < line.at
}

/// Marks a container open.
pub(super) fn open(node: &mut Node, line: &OpenLine) {
    let reason = Arc::clone(&line.reason);
    match &mut node.value {
        Value::Map(map) => {
            let entries = map.entries.clone();
            *map = Arc::new(Map { entries, open: Some(reason) });
        }
        Value::List(list) => {
            let items = list.items.clone();
            *list = Arc::new(List { items, open: Some(reason), set: false });
        }
        _ => *node = Node::unknown(reason, line.place),
    }
}

impl OpenLine {
    /// Where the line's unknown part stands.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The column of the unknown part, from 0.
    pub(super) fn column(&self) -> usize {
        self.column
    }
}
