//! Values that are to be written, and how each language writes them.

use super::layout::is_hcl;
use crate::base::{FileId, Place, Sources};

/// A value that is to be written, in the shape of the Kubernetes API.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Draft {
    /// A boolean.
    Bool(bool),
    /// A number.
    Int(i64),
    /// A string.
    Text(String),
    /// Characters of the language that they are written into: an expression of HCL.
    Raw(String),
    /// What stands at a place, which is written in the same language.
    Copied(Place),
    /// The same, as a string: what is a number or boolean there stands in quotes.
    CopiedText(Place),
    /// A sequence.
    List(Vec<Draft>),
    /// A mapping.
    Map(Vec<(String, Draft)>),
}

impl Draft {
    /// A mapping.
    pub fn map<const N: usize>(entries: [(&str, Draft); N]) -> Draft {
        Draft::Map(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// A key of a document with this as its value, without a line break at the end.
    pub fn as_yaml(&self, key: &str) -> String {
        format!("{}:{}", yaml_text(key), yaml_value(self, 0))
    }

    /// The same with what is copied in it; none where that stands on several lines, or in a file of another language.
    pub(super) fn copied(&self, into: FileId, sources: &Sources) -> Option<Draft> {
        Some(match self {
            Draft::Copied(place) => {
                let file = sources.get(place.file);
                if place.file != into {
                    return None;
                }
                let raw = file.text().get(place.span.range()).filter(|raw| !raw.contains('\n'))?;
                Draft::Raw(raw.to_owned())
            }
            Draft::CopiedText(place) => {
                let file = sources.get(place.file);
                let raw = file.text().get(place.span.range()).filter(|raw| !raw.contains('\n'))?;
                as_string(raw, is_hcl(&file))
                    .filter(|draft| place.file == into || matches!(draft, Draft::Text(_)))?
            }
            Draft::List(items) => {
                Draft::List(items.iter().map(|item| item.copied(into, sources)).collect::<Option<_>>()?)
            }
            Draft::Map(entries) => {
                let entry =
                    |(name, value): &(String, Draft)| Some((name.clone(), value.copied(into, sources)?));
                Draft::Map(entries.iter().map(entry).collect::<Option<_>>()?)
            }
            other => other.clone(),
        })
    }
}

/// How something of the API is written in the body of a typed block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// `name = value`.
    Attribute,
    /// `name { … }`, as often as there are items where it is a list.
    Block,
}

/// The name and form of a field of the API in a typed block, given its name in the API.
pub type Spelling<'a> = dyn Fn(&str, &Draft) -> (String, Form) + 'a;

/// What is written somewhere, as a string there; none where that cannot be told.
fn as_string(raw: &str, hcl: bool) -> Option<Draft> {
    let quoted = raw.len() > 1 && raw.starts_with(['"', '\'']) && raw.ends_with(&raw[..1]);
    let plain = raw.parse::<f64>().is_ok() || ["true", "false"].contains(&raw);
    match (quoted, plain) {
        (true, _) => Some(Draft::Raw(raw.to_owned())),
        (false, true) => Some(Draft::Text(raw.to_owned())),
        // A reference: Helm takes no number for a string.
        _ if hcl => Some(Draft::Raw(format!("tostring({raw})"))),
        _ if raw.starts_with(['*', '&', '|', '>', '!', '{', '[']) || raw.contains(['"', '\\']) => None,
        _ if raw.contains("${") || raw.contains("{{") => Some(Draft::Raw(format!("\"{raw}\""))),
        _ => Some(Draft::Text(raw.to_owned())),
    }
}

/// A value in YAML's block style: what follows a key and its colon, with the indent of the lines below in columns.
pub(super) fn yaml_value(draft: &Draft, indent: usize) -> String {
    match draft {
        Draft::Map(entries) if !entries.is_empty() => {
            format!("\n{}", yaml_entries(entries, indent + 2))
        }
        Draft::List(items) if !items.is_empty() => {
            let items: Vec<String> = items.iter().map(|item| yaml_item(item, indent + 2)).collect();
            format!("\n{}", items.join("\n"))
        }
        other => format!(" {}", flow(other, ':')),
    }
}

/// Entries in YAML's block style at a column, without a line break at the end.
pub(super) fn yaml_entries(entries: &[(String, Draft)], column: usize) -> String {
    let line = |(name, value): &(String, Draft)| {
        format!("{}{}:{}", " ".repeat(column), yaml_text(name), yaml_value(value, column))
    };
    entries.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// An item of a list in YAML's block style, its dash at a column.
pub(super) fn yaml_item(item: &Draft, column: usize) -> String {
    let dash = format!("{}- ", " ".repeat(column));
    match item {
        Draft::Map(entries) if !entries.is_empty() => {
            format!("{dash}{}", &yaml_entries(entries, column + 2)[column + 2..])
        }
        other => format!("{dash}{}", flow(other, ':')),
    }
}

/// A value on one line, in YAML's flow style or as an expression of HCL.
pub(super) fn flow(draft: &Draft, separator: char) -> String {
    let gap = if separator == '=' { " = " } else { ": " };
    match draft {
        Draft::Bool(value) => value.to_string(),
        Draft::Int(value) => value.to_string(),
        Draft::Text(text) if separator == '=' => hcl_text(text),
        Draft::Text(text) => yaml_text(text),
        Draft::Raw(raw) => raw.clone(),
        // Replaced before anything is written.
        Draft::Copied(_) | Draft::CopiedText(_) => String::new(),
        Draft::List(items) => {
            let items: Vec<String> = items.iter().map(|item| flow(item, separator)).collect();
            format!("[{}]", items.join(", "))
        }
        Draft::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Draft::Map(entries) => {
            let key = |name: &str| if separator == '=' { hcl_key(name) } else { yaml_text(name) };
            let entry =
                |(name, value): &(String, Draft)| format!("{}{gap}{}", key(name), flow(value, separator));
            format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// A key of an object in HCL.
pub(super) fn hcl_key(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if plain && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        name.to_owned()
    } else {
        hcl_text(name)
    }
}

/// A string of HCL in quotes.
pub(super) fn hcl_text(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{}\"", escaped.replace("${", "$${").replace("%{", "%%{"))
}

/// A string of YAML, in quotes where it would read as something else without.
pub(super) fn yaml_text(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-/+=".contains(c))
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&text.to_ascii_lowercase().as_str());
    // Quantities and percentages begin with a digit and are no numbers.
    let amount = text.starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
        && !text.contains(['e', 'E', 'x', 'o', 'b', '_']);
    if plain || amount { text.to_owned() } else { yaml_quoted(text) }
}

/// A string of YAML in double quotes.
pub fn yaml_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
