//! Entries that are to be no more.

use super::Editor;
use super::layout::{Layout, extent, indent_of, item_extent, line_end, line_start};
use crate::base::{Entry, Node, SourceFile};
use std::ops::Range;

impl Editor<'_> {
    /// Removes the lines of an entry, or of the mapping around it that holds nothing else.
    pub(super) fn remove(&mut self, from: &Node, path: &[String]) -> Option<()> {
        let mut node = from;
        let mut target: Option<(&Node, &Entry)> = None;
        for name in path {
            let map = node.as_map()?;
            let entry = map.entry(name)?;
            // The innermost mapping that keeps something else is the one that loses an entry.
            if target.is_none() || map.entries.len() > 1 {
                target = Some((node, entry));
            }
            node = &entry.value;
        }
        let (parent, entry) = target?;
        let file = self.sources.get(entry.key.place.file);
        if let Layout::Braces(braces) = Layout::of(parent, &file)?
            && !file.text()[braces.open..braces.close].contains('\n')
        {
            return None;
        }
        let lines = lines_of(entry, &file)?;
        self.edit(&file, (lines, String::new()))
    }

    /// Removes the lines of an item of a list.
    pub(super) fn remove_item(&mut self, item: &Node) -> Option<()> {
        let file = self.sources.get(item.place.file);
        let text = file.text();
        let start = item.place.span.start as usize;
        let (end, dashes) = match Layout::of(item, &file)? {
            Layout::Braces(braces) if braces.block => (braces.close + 1, 0),
            Layout::Braces(_) => return None,
            // The dash stands on the line of the first key, or the item is more than these lines.
            Layout::Lines { .. } => (item_extent(item, &file), 1),
        };
        let before = &text[line_start(text, start)..start];
        let alone = before.trim_matches([' ', '\t', '-']).is_empty() && before.matches('-').count() == dashes;
        let lines = whole_lines(text, start, end).filter(|_| alone)?;
        self.edit(&file, (lines, String::new()))
    }
}

/// The lines that an entry alone stands on, with their line breaks.
fn lines_of(entry: &Entry, file: &SourceFile) -> Option<Range<usize>> {
    let text = file.text();
    let start = entry.key.place.span.start as usize;
    let key = if text[..start].ends_with(['"', '\'']) { start - 1 } else { start };
    if indent_of(text, key).end != key {
        return None;
    }
    whole_lines(text, start, extent(entry, file))
}

/// From the start of the line of one byte to behind that of another, where nothing else stands on the latter.
fn whole_lines(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let line = line_end(text, end);
    let behind = text[end..line].trim_start_matches(['"', '\'', ':', ',']).trim_start();
    if !(behind.is_empty() || behind.starts_with('#')) {
        return None;
    }
    let next = text[line..].find('\n').map_or(text.len(), |newline| line + newline + 1);
    Some(line_start(text, start)..next)
}
