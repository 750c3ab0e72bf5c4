//! The resolved objects as YAML documents, for `show --objects`.
//!
//! What is not known stands as `!unknown` with the reason, what may hold more as a comment. Secrets are masked
//! by their keys and by their places, as in frames, and by their values, which functions may have changed.

use super::Run;
use super::masking::{MASK, REFERENCES, Secrets, is_named_only, is_secret_flag};
use super::printable::is_unseen;
use crate::base::{FileId, HOLE, Map, Node, Place, Text, Value, is_secret_key};
use crate::lower::Object;
use crate::model::Model;
use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::Range;

/// Writes the objects of the asked stacks, in the order in which they were resolved.
pub fn write_objects(
    out: &mut dyn Write,
    run: &Run<'_>,
    model: &Model,
    asked: &dyn Fn(&str, Place) -> bool,
) -> io::Result<()> {
    let mut printer = Printer {
        out,
        run,
        places: HashMap::new(),
        values: run.masker.secrets(),
        hidden: false,
        in_secret: false,
    };
    model
        .objects
        .iter()
        .filter(|object| asked(&object.stack, object.header))
        .try_for_each(|object| printer.object(object))
}

struct Printer<'a> {
    out: &'a mut dyn Write,
    run: &'a Run<'a>,
    /// Where the files hold secrets.
    places: HashMap<FileId, Vec<Range<usize>>>,
    values: &'a Secrets,
    /// Whether everything printed is a secret.
    hidden: bool,
    /// Whether it is the data of a Secret.
    in_secret: bool,
}

impl Printer<'_> {
    fn object(&mut self, object: &Object) -> io::Result<()> {
        let header = self.run.sources.get(object.header.file);
        let at = header.position(object.header.span.start);
        writeln!(self.out, "---\n# {}", one_line(&self.run.masker.hide(&object.subject)))?;
        writeln!(self.out, "# {}{}:{}:{}", self.run.prefix, one_line(header.path()), at.line, at.column)?;
        if let Some(reason) = &object.conditional {
            writeln!(self.out, "# if created: {}", one_line(reason))?;
        }
        let Some(map) = object.root.as_map() else { return Ok(()) };
        for entry in &map.entries {
            self.in_secret = object.kind() == "Secret" && ["data", "stringData"].contains(&&*entry.key.name);
            self.hidden = self.in_secret;
            self.entry(&entry.key.name, &entry.value, 0, 0)?;
        }
        (self.hidden, self.in_secret) = (false, false);
        self.open(map.open.as_deref(), 0)
    }

    /// An entry; `lead` spaces stand before its key, `indent` before what lies in it on lines of its own.
    fn entry(&mut self, key: &str, node: &Node, lead: usize, indent: usize) -> io::Result<()> {
        let hidden = self.hidden;
        self.hidden = match node.value {
            _ if self.in_secret => true,
            _ if REFERENCES.contains(&key) => false,
            Value::Map(_) if is_named_only(key) => hidden,
            _ => hidden || is_secret_key(key),
        };
        write!(self.out, "{:lead$}{}:", "", scalar_text(key))?;
        self.value(node, indent + 2)?;
        self.hidden = hidden;
        Ok(())
    }

    /// A value behind a key or a dash, and the line break behind it.
    fn value(&mut self, node: &Node, indent: usize) -> io::Result<()> {
        match &node.value {
            Value::Map(map) if map.entries.is_empty() && map.open.is_none() => writeln!(self.out, " {{}}"),
            Value::List(list) if list.items.is_empty() && list.open.is_none() => writeln!(self.out, " []"),
            Value::Map(map) => {
                writeln!(self.out)?;
                self.entries(node, map, indent, indent)
            }
            Value::List(list) => {
                writeln!(self.out)?;
                let mut flag = false;
                for item in &list.items {
                    let hidden = self.hidden;
                    self.hidden |= std::mem::replace(&mut flag, is_secret_flag(item));
                    write!(self.out, "{:indent$}-", "")?;
                    match item.as_map().filter(|map| !map.entries.is_empty()) {
                        Some(map) => {
                            write!(self.out, " ")?;
                            self.entries(item, map, 0, indent + 2)?;
                        }
                        None => self.value(item, indent + 2)?,
                    }
                    self.hidden = hidden;
                }
                self.open(list.open.as_deref(), indent)
            }
            _ => {
                let text = if self.is_secret(node) { quoted(MASK) } else { scalar(node) };
                writeln!(self.out, " {text}")
            }
        }
    }

    /// The entries of a mapping, `lead` spaces before the first.
    fn entries(&mut self, node: &Node, map: &Map, lead: usize, indent: usize) -> io::Result<()> {
        let named_secret = node.get("name").and_then(Node::as_str).is_some_and(is_secret_key);
        for (index, entry) in map.entries.iter().enumerate() {
            let hidden = self.hidden;
            self.hidden |= named_secret && &*entry.key.name == "value";
            self.entry(&entry.key.name, &entry.value, if index == 0 { lead } else { indent }, indent)?;
            self.hidden = hidden;
        }
        self.open(map.open.as_deref(), indent)
    }

    fn open(&mut self, reason: Option<&str>, indent: usize) -> io::Result<()> {
        match reason {
            Some(reason) => writeln!(self.out, "{:indent$}# and perhaps more: {}", "", one_line(reason)),
            None => Ok(()),
        }
    }

    fn is_secret(&mut self, node: &Node) -> bool {
        if self.hidden {
            return !node.is_null();
        }
        let places = std::iter::once(node.place).chain(node.trail.places());
        let places: Vec<Place> = places.chain(node.as_text().into_iter().flat_map(Text::sources)).collect();
        places.into_iter().any(|place| self.hides(place))
            || node.display().is_some_and(|text| self.values.are_in(&text))
            || self.values.are_in(&scalar(node))
    }

    fn hides(&mut self, place: Place) -> bool {
        let run = self.run;
        let ranges =
            self.places.entry(place.file).or_insert_with(|| run.masker.ranges(&run.sources.get(place.file)));
        let span = place.span.range();
        ranges.iter().any(|range| range.start < span.end && span.start < range.end)
    }
}

fn scalar(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".into(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::Unknown(unknown) => format!("!unknown {}", quoted(&unknown.reason)),
        Value::Text(text) => match text.hole_in(0..text.as_str().len()) {
            None => scalar_text(text.as_str()),
            Some(reason) => {
                let known = text.as_str().replace(HOLE, "…");
                format!("!unknown {}", quoted(&format!("{known}: {reason}")))
            }
        },
        Value::List(_) | Value::Map(_) => String::new(),
    }
}

/// A string, without quotes where it can only be read as one.
fn scalar_text(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/'))
        && crate::syntax::yaml::plain_scalar(text).is_none()
        && !matches!(text.to_ascii_lowercase().as_str(), "y" | "n" | "yes" | "no" | "on" | "off");
    if plain { text.to_owned() } else { quoted(text) }
}

/// A string in quotes, in characters that a terminal only shows: JSON leaves DEL and what follows as it is.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    let escaped = |c: char| if is_unseen(c) { format!("\\u{:04x}", c as u32) } else { c.to_string() };
    let text: String = json.chars().map(escaped).collect();
    // A GitHub runner takes what follows for a command.
    text.replace("##[", "#\\u0023[")
}

fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if is_unseen(c) { ' ' } else { c }).collect();
    text.replace("##[", "##(")
}
