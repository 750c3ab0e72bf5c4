//! `yamlencode`, laid out as Terraform does: templates splice its lines into documents.
//!
//! Block style, strings in double quotes, several lines as a literal block (zclconf/go-cty-yaml 1.1). Only
//! long strings are not folded, which decodes alike.

use crate::base::{Entry, List, Map, Node, Text, TextBuilder, Trail, Value};

/// The YAML text of a value.
pub(super) fn write_yaml(out: &mut TextBuilder, node: &Node) {
    let mut writer = Writer { out, node };
    writer.value(node, 0, Context::Document);
    if !matches!(node.value, Value::Text(_) | Value::List(_) | Value::Map(_) | Value::Unknown(_)) {
        writer.put("...\n");
    }
}

/// What a value stands in.
#[derive(Clone, Copy, PartialEq)]
enum Context {
    Document,
    Entry,
    Item,
}

struct Writer<'a> {
    out: &'a mut TextBuilder,
    /// The value being written: what is made for it has its place.
    node: &'a Node,
}

impl<'a> Writer<'a> {
    fn put(&mut self, text: &str) {
        self.out.push_made(text, self.node.place, Trail::default());
    }

    /// A value with the line break behind it, in lines indented by so many spaces; what precedes it on its
    /// own line ends without a space.
    fn value(&mut self, node: &'a Node, indent: usize, context: Context) {
        self.node = node;
        let space = if context == Context::Document { "" } else { " " };
        match &node.value {
            Value::Map(map) if !map.entries.is_empty() => self.mapping(node, map, indent, context),
            Value::List(list) if !list.items.is_empty() => self.sequence(node, list, indent, context),
            Value::Text(text) => {
                self.put(space);
                self.string(text, indent);
                self.put("\n");
            }
            Value::Unknown(unknown) => {
                self.put(space);
                self.out.push_hole(node.place, unknown.reason.clone());
                self.put("\n");
            }
            Value::Null => self.line(space, "null"),
            Value::Bool(value) => self.line(space, if *value { "true" } else { "false" }),
            Value::Number(number) => self.line(space, &number.to_string()),
            Value::Map(_) => self.line(space, "{}"),
            Value::List(_) => self.line(space, "[]"),
        }
    }

    fn line(&mut self, space: &str, text: &str) {
        self.put(&format!("{space}{text}\n"));
    }

    fn mapping(&mut self, node: &'a Node, map: &'a Map, indent: usize, context: Context) {
        self.put(match context {
            Context::Document => "",
            Context::Entry => "\n",
            Context::Item => " ",
        });
        let mut entries: Vec<&Entry> = map.entries.iter().collect();
        entries.sort_by(|a, b| a.key.name.cmp(&b.key.name));
        for (index, entry) in entries.into_iter().enumerate() {
            self.node = node;
            let lead = if index == 0 && context == Context::Item { 0 } else { indent };
            self.put(&format!("{:lead$}{}:", "", quoted(&entry.key.name)));
            // A sequence stands as far in as the key it belongs to.
            let inner = if matches!(entry.value.value, Value::List(_)) { indent } else { indent + 2 };
            self.value(&entry.value, inner, Context::Entry);
        }
    }

    fn sequence(&mut self, node: &'a Node, list: &'a List, indent: usize, context: Context) {
        self.put(match context {
            Context::Document => "",
            Context::Entry => "\n",
            Context::Item => " ",
        });
        for (index, item) in list.items.iter().enumerate() {
            self.node = node;
            let lead = if index == 0 && context == Context::Item { 0 } else { indent };
            self.put(&format!("{:lead$}-", ""));
            self.value(item, indent + 2, Context::Item);
        }
    }

    /// A string without the line break behind it.
    fn string(&mut self, text: &Text, indent: usize) {
        let string = text.as_str();
        if text.is_known() && is_block(string) {
            self.put(&block(string, indent.max(2)));
        } else if text.is_known() && quoted(string) != format!("\"{string}\"") {
            self.put(&quoted(string));
        } else {
            self.put("\"");
            self.out.push_text(text);
            self.put("\"");
        }
    }
}

/// Whether a string of several lines can stand as a literal block.
fn is_block(string: &str) -> bool {
    let plain = |c: char| c == '\n' || c == '\t' || !(c.is_control() || c == '\u{feff}' || c > '\u{ffff}');
    string.contains('\n') && string.chars().all(plain) && !string.contains(" \n") && !string.ends_with(' ')
}

/// A literal block, without its last line break.
fn block(string: &str, indent: usize) -> String {
    let hint = if string.starts_with([' ', '\n']) { "2" } else { "" };
    let (body, chomping) = match string.strip_suffix('\n') {
        None => (string, "-"),
        Some(body) if body.is_empty() || body.ends_with('\n') => (body, "+"),
        Some(body) => (body, ""),
    };
    let mut out = format!("|{hint}{chomping}");
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&format!("{:indent$}{line}", ""));
        }
    }
    out
}

/// A string in double quotes.
fn quoted(string: &str) -> String {
    let escaped = |c: char| match c {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\u{2028}' => "\\L".to_owned(),
        '\u{2029}' => "\\P".to_owned(),
        '\u{85}' => "\\N".to_owned(),
        c if c > '\u{ffff}' => format!("\\U{:08X}", c as u32),
        c if c.is_control() => format!("\\x{:02X}", c as u32),
        c => c.to_string(),
    };
    format!("\"{}\"", string.chars().map(escaped).collect::<String>())
}
