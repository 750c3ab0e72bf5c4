//! A value as the only item of a list in its place.

use super::Editor;
use super::layout::Layout;
use crate::base::{Node, Value};

impl Editor<'_> {
    pub(super) fn wrap(&mut self, item: &Node) -> Option<()> {
        // What came from elsewhere has its text there.
        if item.trail.places().next().is_some() || !item.is_written() {
            return None;
        }
        let file = self.sources.get(item.place.file);
        let range = item.place.span.range();
        // Line ends are put back when the edit is made.
        let raw = file.text().get(range.clone())?.replace("\r\n", "\n");
        let raw = raw.as_str();
        let in_lines = matches!(item.value, Value::Map(_)) && !raw.starts_with('{');
        let text = if in_lines {
            matches!(Layout::of(item, &file)?, Layout::Lines { .. }).then_some(())?;
            format!("- {}", indented(raw))
        } else {
            // What a plain scalar may hold is more than what it may hold between brackets.
            let quoted = raw.starts_with(['"', '\'', '{', '[']);
            let special = |c: char| ",[]{}#:&*!|<>%@`".contains(c);
            if raw.is_empty() || !quoted && raw.contains(special) || file.path().ends_with(".json") {
                return None;
            }
            format!("[{raw}]")
        };
        self.edit(&file, (range, text))
    }
}

/// Lines behind the first one, two columns further to the right.
fn indented(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for (index, line) in raw.split('\n').enumerate() {
        if index > 0 {
            out.push_str(if line.trim().is_empty() { "\n" } else { "\n  " });
        }
        out.push_str(line);
    }
    out
}
