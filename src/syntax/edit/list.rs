//! Items of lists, and documents and blocks beside one another.

use super::Editor;
use super::body::block_text;
use super::draft::{Draft, Form, flow, yaml_entries, yaml_item};
use super::layout::{Layout, is_hcl, item_extent, line_end, line_start, next_line, stands_behind_colon};
use crate::base::{Node, Place, SourceFile};
use crate::syntax::hcl::closing_brace;
use std::ops::Range;

impl Editor<'_> {
    pub(super) fn append(&mut self, node: &Node, path: &[String], item: &Draft) -> Option<()> {
        let (name, rest) = path.split_first()?;
        let map = node.as_map()?;
        let single = Draft::List(vec![item.clone()]);
        let Some(entry) = map.entry(name).filter(|entry| !entry.value.is_null()) else {
            return self.put(node, path, &single);
        };
        if !rest.is_empty() {
            return self.append(&entry.value, rest, item);
        }
        let file = self.sources.get(node.place.file);
        if let Layout::Braces(braces) = Layout::of(node, &file)?
            && braces.block
            && (self.spelling)(name, &single).1 == Form::Block
        {
            return self.insert(node, &[(name.clone(), single)]);
        }
        let file = self.sources.get(entry.value.place.file);
        let edit = add(&entry.value, &file, item)?;
        self.edit(&file, edit)
    }

    /// Adds a block or document behind the one that a place stands in.
    pub(super) fn beside(
        &mut self,
        after: Place,
        block: Option<&(String, Draft)>,
        document: Option<&Draft>,
    ) -> Option<()> {
        let file = self.sources.get(after.file);
        let text = file.text();
        let at = after.span.end as usize;
        if file.path().ends_with(".json") {
            return None;
        }
        if is_hcl(&file) {
            let open = at + text[at..].find('{')?;
            let end = line_end(text, closing_brace(text, open)?);
            let (header, body) = block?;
            let text = block_text(header, body, self.spelling);
            return self.edit(&file, (end..end, format!("\n\n{text}")));
        }
        let end = document_end(text, at);
        let gap = if text[..end].ends_with('\n') || end == 0 { "" } else { "\n" };
        let Draft::Map(entries) = document? else { return None };
        self.edit(&file, (end..end, format!("{gap}---\n{}\n", yaml_entries(entries, 0))))
    }
}

/// Where the document of a byte ends: at the next mark, or at the end of the text.
fn document_end(text: &str, at: usize) -> usize {
    let next = |mark: &str| text[at..].find(mark).map(|found| at + found + 1);
    [next("\n---"), next("\n...")].into_iter().flatten().min().unwrap_or(text.len())
}

fn add(list: &Node, file: &SourceFile, item: &Draft) -> Option<(Range<usize>, String)> {
    let text = file.text();
    let raw = text.get(list.place.span.range())?;
    let last = list.items().last();
    // A loop makes its items; JSON is written by programs.
    let made = raw.contains("%{") || raw.trim_start_matches(['[', ' ', '\n']).starts_with("for ");
    let in_heredoc =
        is_hcl(file) && raw.starts_with('[') && stands_behind_colon(text, list.place.span.start as usize);
    if made || in_heredoc || file.path().ends_with(".json") {
        return None;
    }
    if raw.starts_with('[') && raw.ends_with(']') {
        let sign = if is_hcl(file) { '=' } else { ':' };
        return in_brackets(text, list.place.span.range(), last, file, &flow(item, sign));
    }
    let last = last.filter(|last| list.place.contains(last.place))?;
    let column = dash_column(text, list.items().first()?.place.span.start as usize)?;
    let at = line_end(text, item_extent(last, file));
    if next_line(text, at).starts_with("%{") {
        return None;
    }
    Some((at..at, format!("\n{}", yaml_item(item, column))))
}

/// The column of the dash before an item. A list that stands as far left as its key begins, for the parser, with its
/// first item.
fn dash_column(text: &str, item: usize) -> Option<usize> {
    let before = &text[line_start(text, item)..item];
    let dash = before.trim_end().strip_suffix('-')?;
    dash.trim().is_empty().then_some(dash.len())
}

fn in_brackets(
    text: &str,
    range: Range<usize>,
    last: Option<&Node>,
    file: &SourceFile,
    item: &str,
) -> Option<(Range<usize>, String)> {
    let close = range.end - 1;
    let Some(last) = last else { return Some((range, format!("[{item}]"))) };
    let start = last.place.span.start as usize;
    let end = item_extent(last, file);
    let behind = &text[end..close];
    // A comment there would belong to another item then.
    if behind.contains('#') || behind.contains("//") {
        return None;
    }
    let comma = behind.trim_start().starts_with(',');
    let own_line = line_start(text, start) > range.start;
    let indent = &text[line_start(text, start)..start];
    if own_line && indent.trim().is_empty() && behind.contains('\n') {
        let comma_end = end + if comma { behind.find(',')? + 1 } else { 0 };
        let sign = if comma { "" } else { "," };
        return Some((comma_end..comma_end, format!("{sign}\n{indent}{item},")));
    }
    let sign = if comma { "" } else { "," };
    let at = end + if comma { behind.find(',')? + 1 } else { 0 };
    Some((at..at, format!("{sign} {item}")))
}
