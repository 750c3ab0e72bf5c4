//! Changes of a placed tree as edits of the texts that it was read from.
//!
//! Nothing is written anew: an edit replaces bytes between two places, and the rest of the file stays as it is,
//! comments, alignment and line ends with it. Since places lead through heredocs and block scalars to the file that a
//! person edits, so do edits. Where it cannot be told how something is written there is no edit.

mod aliases;
mod body;
mod draft;
mod layout;
mod list;
mod mapping;
mod removal;
mod scalar;
mod wrap;

pub use draft::{Draft, Form, Spelling, yaml_quoted};

use crate::base::{Key, Node, Place, SourceFile, Sources, Value};
use layout::Layout;
use std::sync::Arc;

/// What is to become different.
#[derive(Clone, Debug)]
pub enum Change {
    /// A value at a path of keys from a node: it is replaced where it is written, and added with the keys above it that
    /// are missing where it is not. A mapping is laid over one that is there.
    Put {
        /// Where the path begins.
        from: Node,
        /// The keys.
        path: Vec<String>,
        /// The value.
        value: Draft,
    },
    /// One more item of a list at a path, which is made where there is none.
    Append {
        /// Where the path begins.
        from: Node,
        /// The keys; the last is the list's.
        path: Vec<String>,
        /// The item.
        item: Draft,
    },
    /// Another name of a key, or of anything else that is one word.
    Rename {
        /// Where it stands.
        place: Place,
        /// The old name: what is written in another way is left alone.
        from: String,
        /// The new name.
        to: String,
    },
    /// Other words of a command, which are written there as they are.
    Reword {
        /// Where they stand.
        place: Place,
        /// The new words.
        to: String,
    },
    /// No entry at a path any more, nor the mappings above it that would be empty.
    Remove {
        /// Where the path begins.
        from: Node,
        /// The keys.
        path: Vec<String>,
    },
    /// No such item of a list any more: a block, or an item that stands on lines of its own.
    RemoveItem {
        /// The item.
        item: Node,
    },
    /// A value as the only item of a list in its place.
    Wrap {
        /// The value.
        item: Node,
    },
    /// A line behind the line of a place, with its indent.
    Line {
        /// The place.
        after: Place,
        /// The line, without a line break.
        text: String,
    },
    /// A block behind the block of a place, or a document behind its document.
    Beside {
        /// A place in the block's header or in the document.
        after: Place,
        /// The block: its header and body.
        block: Option<(String, Draft)>,
        /// The document.
        document: Option<Draft>,
    },
}

impl Change {
    /// A value at a path of keys.
    pub fn put(from: &Node, path: &[&str], value: impl Into<Draft>) -> Change {
        Change::Put { from: from.clone(), path: owned(path), value: value.into() }
    }

    /// Another value in the place of one.
    pub fn set(node: &Node, value: impl Into<Draft>) -> Change {
        Change::put(node, &[], value)
    }

    /// One more item of a list.
    pub fn append(from: &Node, path: &[&str], item: Draft) -> Change {
        Change::Append { from: from.clone(), path: owned(path), item }
    }
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|name| (*name).to_owned()).collect()
}

/// The edits that bring changes about: places with what stands there then. None where one of them has no place that is
/// written in a form known here.
pub fn edits_of(
    changes: &[Change],
    sources: &Sources,
    spelling: &Spelling<'_>,
) -> Option<Vec<(Place, String)>> {
    let mut editor = Editor { sources, spelling, edits: Vec::new() };
    for change in changes {
        editor.change(change)?;
    }
    Some(editor.edits)
}

/// Collects edits.
struct Editor<'a> {
    sources: &'a Sources,
    spelling: &'a Spelling<'a>,
    edits: Vec<(Place, String)>,
}

impl Editor<'_> {
    fn change(&mut self, change: &Change) -> Option<()> {
        match change {
            Change::Put { from, path, value } => {
                self.put(from, path, &value.copied(from.place.file, self.sources)?)
            }
            Change::Append { from, path, item } => {
                self.append(from, path, &item.copied(from.place.file, self.sources)?)
            }
            Change::Rename { place, from, to } => self.rename(*place, from, to),
            Change::Reword { place, to } => self.reword(*place, to),
            Change::Remove { from, path } => self.remove(from, path),
            Change::RemoveItem { item } => self.remove_item(item),
            Change::Wrap { item } => self.wrap(item),
            Change::Line { after, text } => self.line(*after, text),
            Change::Beside { after, block, document } => {
                let copied = |draft: &Draft| draft.copied(after.file, self.sources);
                let block = block.as_ref().and_then(|(header, body)| Some((header.clone(), copied(body)?)));
                let document = document.as_ref().and_then(copied);
                self.beside(*after, block.as_ref(), document.as_ref())
            }
        }
    }

    fn put(&mut self, node: &Node, path: &[String], value: &Draft) -> Option<()> {
        let Some((name, rest)) = path.split_first() else { return self.lay_over(node, value) };
        let map = node.as_map()?;
        // A default of something outside of the repository is written nowhere.
        if !node.is_written() && map.entry(name).is_none() {
            return None;
        }
        match map.entry(name) {
            Some(entry) if entry.value.is_null() => self.fill(&entry.key, &nested(rest, value)),
            Some(entry) => self.put(&entry.value, rest, value),
            None if map.open.is_some() => None,
            None => self.insert(node, &[(name.clone(), nested(rest, value))]),
        }
    }

    /// Lays a value over one that is written.
    fn lay_over(&mut self, node: &Node, value: &Draft) -> Option<()> {
        let (Draft::Map(entries), Value::Map(map)) = (value, &node.value) else {
            return self.scalar(node, value);
        };
        let (there, missing): (Vec<_>, Vec<_>) =
            entries.iter().partition(|(name, _)| map.get(name).is_some());
        for (name, value) in there {
            self.put(node, std::slice::from_ref(name), value)?;
        }
        if missing.is_empty() {
            Some(())
        } else {
            self.insert(node, &missing.into_iter().cloned().collect::<Vec<_>>())
        }
    }

    /// Adds entries to a mapping.
    fn insert(&mut self, node: &Node, entries: &[(String, Draft)]) -> Option<()> {
        let file = self.sources.get(node.place.file);
        let edit = match Layout::of(node, &file)? {
            Layout::Lines { column } => mapping::insert(node, &file, column, entries)?,
            Layout::Braces(braces) => body::insert(node, &file, &braces, entries, self.spelling)?,
        };
        self.edit(&file, edit)
    }

    /// Gives a value to a key that has none.
    fn fill(&mut self, key: &Key, draft: &Draft) -> Option<()> {
        let file = self.sources.get(key.place.file);
        let edit = mapping::fill(key, &file, draft)?;
        self.edit(&file, edit)
    }

    fn edit(&mut self, file: &SourceFile, (range, text): (std::ops::Range<usize>, String)) -> Option<()> {
        let text = if layout::has_crlf(file, range.start) { text.replace('\n', "\r\n") } else { text };
        if aliases::is_shared(file, &range) || text.contains('\n') && layout::in_quotation(file, range.start)
        {
            return None;
        }
        let place = Place::new(file.id(), range.start, range.end);
        // What is added at one place stands there in the order in which it is added.
        match self.edits.iter_mut().find(|(other, _)| *other == place && range.is_empty()) {
            Some((_, before)) => before.push_str(&text),
            None => self.edits.push((place, text)),
        }
        Some(())
    }

    fn rename(&mut self, place: Place, from: &str, to: &str) -> Option<()> {
        let file = self.sources.get(place.file);
        let raw = file.text().get(place.span.range())?;
        let quote =
            raw.chars().next().filter(|c| matches!(c, '"' | '\'')).map(String::from).unwrap_or_default();
        let same = raw.trim_matches(['"', '\'']) == from;
        same.then(|| self.edit(&file, (place.span.range(), format!("{quote}{to}{quote}"))))?
    }

    fn reword(&mut self, place: Place, to: &str) -> Option<()> {
        let file = self.sources.get(place.file);
        let raw = file.text().get(place.span.range())?;
        // Words of one line without quotes: not the items of a list.
        let plain = |c: char| c.is_ascii_alphanumeric() || " /*._+-".contains(c);
        (!raw.is_empty() && raw.chars().all(plain))
            .then(|| self.edit(&file, (place.span.range(), to.to_owned())))?
    }

    fn line(&mut self, after: Place, text: &str) -> Option<()> {
        let file = self.sources.get(after.file);
        let indent = layout::indent_of(file.text(), after.span.start as usize);
        // A line of its own, but for the bracket of a section.
        let before = file.text().get(indent.end..after.span.start as usize).unwrap_or_default();
        if !before.trim_matches('[').is_empty() {
            return None;
        }
        let name = file.path();
        if (name.ends_with(".yaml") || name.ends_with(".yml"))
            && !layout::in_literal(file.text(), indent.clone())
        {
            return None;
        }
        let at = layout::line_end(file.text(), after.span.end as usize);
        let text = format!("\n{}{text}", &file.text()[indent]);
        self.edit(&file, (at..at, text))
    }
}

/// A value below keys.
fn nested(path: &[String], value: &Draft) -> Draft {
    path.iter().rev().fold(value.clone(), |inner, name| Draft::Map(vec![(name.clone(), inner)]))
}

impl From<i64> for Draft {
    fn from(value: i64) -> Draft {
        Draft::Int(value)
    }
}

impl From<bool> for Draft {
    fn from(value: bool) -> Draft {
        Draft::Bool(value)
    }
}

impl From<&str> for Draft {
    fn from(value: &str) -> Draft {
        Draft::Text(value.to_owned())
    }
}

impl From<Arc<str>> for Draft {
    fn from(value: Arc<str>) -> Draft {
        Draft::Text(value.to_string())
    }
}
