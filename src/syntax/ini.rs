//! INI files as PgBouncer reads them: comments only at the start of a line, `;` or `#`.

use super::issue::Issue;
use crate::base::{Key, Node, Text};

/// A parsed INI file.
#[derive(Clone, Debug, Default)]
pub struct Ini {
    /// Sections in the order written. A section may stand more than once.
    pub sections: Vec<IniSection>,
    /// The first `%include`: any setting may stand in the file that it names.
    pub includes: Option<crate::base::Place>,
}

/// One section.
#[derive(Clone, Debug)]
pub struct IniSection {
    /// The name and the place of the header's name.
    pub name: Key,
    /// The settings in the order written.
    pub entries: Vec<IniEntry>,
}

/// One `key = value` line.
#[derive(Clone, Debug)]
pub struct IniEntry {
    /// The key.
    pub key: Key,
    /// The value, trimmed. A text; unknown where a hole stands in it.
    pub value: Node,
    /// From the key to the end of the value.
    pub whole: crate::base::Place,
}

impl Ini {
    /// The last setting of a key in the sections of a name (the last one wins).
    pub fn get<'a>(&'a self, section: &'a str, key: &str) -> Option<&'a IniEntry> {
        self.entries(section).filter(|entry| entry.key.name.eq_ignore_ascii_case(key)).last()
    }

    /// All settings of the sections of a name.
    pub fn entries<'a>(&'a self, section: &'a str) -> impl Iterator<Item = &'a IniEntry> {
        let named = move |s: &&IniSection| s.name.name.eq_ignore_ascii_case(section);
        self.sections.iter().filter(named).flat_map(|s| &s.entries)
    }
}

/// Parses a text as INI.
pub fn parse_ini(text: &Text) -> (Ini, Vec<Issue>) {
    let (mut ini, mut issues) = (Ini::default(), Vec::new());
    let mut at = 0;
    for line in text.as_str().split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        let line = line.trim();
        if line.is_empty() || line.starts_with([';', '#']) {
            continue;
        }
        if line.starts_with('%') {
            ini.includes.get_or_insert(text.place(start..start + line.len()));
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let place = text.place(start + 1..start + 1 + name.len());
            ini.sections
                .push(IniSection { name: Key { name: name.trim().into(), place }, entries: Vec::new() });
        } else if let Some(entry) = entry(text, start, line) {
            match ini.sections.last_mut() {
                Some(section) => section.entries.push(entry),
                None => issues.push(Issue::syntax(entry.whole, "a setting before the first section")),
            }
        } else if text.hole_in(start..start + line.len()).is_none() {
            let place = text.place(start..start + line.len());
            issues.push(Issue::syntax(place, "neither a section nor `key = value`"));
        }
    }
    (ini, issues)
}

fn entry(text: &Text, start: usize, line: &str) -> Option<IniEntry> {
    let (key, value) = line.split_once('=')?;
    let name = key.trim();
    let key_at = start..start + name.len();
    let value_start = start + key.len() + 1 + (value.len() - value.trim_start().len());
    let value_at = value_start..value_start + value.trim().len();
    let place = text.place(value_at.clone());
    let node = match text.hole_in(value_at.clone()) {
        Some(reason) if value.trim().chars().count() == 1 => Node::unknown(reason, place),
        _ => Node { trail: text.trail(value_at.clone()), ..Node::text(text.slice(value_at.clone()), place) },
    };
    let whole = text.place(key_at.start..value_at.end.max(key_at.end));
    Some(IniEntry { key: Key { name: name.into(), place: text.place(key_at) }, value: node, whole })
}
