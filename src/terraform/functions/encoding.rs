//! JSON and YAML: encoding keeps the value, decoding gives it back or parses with places. Base64, URLs, CSV.

use super::Call;
use super::yaml::write_yaml;
use crate::base::{Key, Map, Node, Place, TextBuilder, Trail, Value};
use crate::syntax::yaml::parse_yaml;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Functions of a known string.
pub(super) const NAMES: &[&str] =
    &["base64encode", "base64decode", "urlencode", "csvdecode", "textencodebase64", "textdecodebase64"];

pub(super) fn of_strings(call: &Call<'_>) -> Option<Node> {
    if !NAMES.contains(&call.name) {
        return None;
    }
    let Some(text) = call.string(0) else { return Some(call.fail("the argument is no string")) };
    let utf8 = call.string(1).is_none_or(|encoding| encoding.eq_ignore_ascii_case("utf-8"));
    Some(match call.name {
        "base64encode" => call.text(STANDARD.encode(text)),
        "textencodebase64" if utf8 => call.text(STANDARD.encode(text)),
        "base64decode" => decoded(call, &text),
        "textdecodebase64" if utf8 => decoded(call, &text),
        "urlencode" => call.text(url_encoded(&text)),
        "csvdecode" => rows(call, &text).unwrap_or_else(|| call.fail("the text is no CSV with a header")),
        _ => Node::unknown("a text in another encoding", call.place),
    })
}

fn decoded(call: &Call<'_>, text: &str) -> Node {
    let bytes = STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    bytes.map_or_else(|| call.fail("the text is no base64 of UTF-8"), |text| call.text(text))
}

/// As a query's value: a space becomes a plus.
fn url_encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        b' ' => "+".to_owned(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn rows(call: &Call<'_>, text: &str) -> Option<Node> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().ok()?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let mut map = Map::default();
        for (name, value) in names.iter().zip(record.ok()?.iter()) {
            map.insert(Key { name: name.into(), place: call.place }, call.text(value));
        }
        rows.push(Node::map(map, call.place));
    }
    Some(Node::list(rows, call.place))
}

pub(super) fn call(call: &Call<'_>) -> Option<Node> {
    let arg = call.arg(0);
    match (call.name, arg) {
        ("jsonencode", Some(arg)) => Some(encode(write_json, arg, call.place)),
        ("yamlencode", Some(arg)) => Some(encode(write_yaml, arg, call.place)),
        ("jsondecode" | "yamldecode", Some(arg)) => Some(decode(call, arg)),
        _ => None,
    }
}

/// A text that encodes the value.
fn encode(write: fn(&mut TextBuilder, &Node), arg: &Node, place: Place) -> Node {
    let mut out = TextBuilder::new();
    write(&mut out, arg);
    Node::text(out.finish(place).encoding(arg.clone()), place)
}

fn write_json(out: &mut TextBuilder, node: &Node) {
    let put = |out: &mut TextBuilder, text: &str| out.push_made(text, node.place, Trail::default());
    match &node.value {
        Value::Null => put(out, "null"),
        Value::Bool(value) => put(out, if *value { "true" } else { "false" }),
        Value::Number(number) => put(out, &number.to_string()),
        Value::Text(text) if text.is_known() => {
            put(out, &serde_json::to_string(text.as_str()).unwrap_or_default());
        }
        Value::Text(text) => {
            put(out, "\"");
            out.push_text(text);
            put(out, "\"");
        }
        Value::List(list) => {
            put(out, "[");
            for (index, item) in list.items.iter().enumerate() {
                put(out, if index == 0 { "" } else { "," });
                write_json(out, item);
            }
            put(out, "]");
        }
        Value::Map(map) => {
            put(out, "{");
            let mut entries: Vec<_> = map.entries.iter().collect();
            entries.sort_by(|a, b| a.key.name.cmp(&b.key.name));
            for (index, entry) in entries.into_iter().enumerate() {
                let key = serde_json::to_string(&*entry.key.name).unwrap_or_default();
                put(out, if index == 0 { "" } else { "," });
                put(out, &key);
                put(out, ":");
                write_json(out, &entry.value);
            }
            put(out, "}");
        }
        Value::Unknown(unknown) => out.push_hole(node.place, unknown.reason.clone()),
    }
}

fn decode(call: &Call<'_>, arg: &Node) -> Node {
    let text = match &arg.value {
        Value::Text(text) => text,
        Value::Unknown(unknown) => return Node::new(Value::Unknown(unknown.clone()), call.place),
        _ => return call.fail("the argument is no string"),
    };
    if let Some(node) = text.encoded() {
        return node.clone();
    }
    let (mut documents, issues) = parse_yaml(text);
    match (documents.len(), issues.iter().any(|issue| issue.kind == crate::syntax::IssueKind::Syntax)) {
        (1, false) => documents.remove(0).root,
        (0, false) => Node::null(call.place),
        _ => call.fail("the text does not hold exactly one document"),
    }
}
