//! JSON and YAML: encoding keeps the value, decoding gives it back or parses with places.

use super::Call;
use crate::base::{Node, Place, TextBuilder, Trail, Value};
use crate::syntax::yaml::parse_yaml;

pub(super) fn call(call: &Call<'_>) -> Option<Node> {
    let arg = call.arg(0);
    match (call.name, arg) {
        ("jsonencode" | "yamlencode", Some(arg)) => Some(encode(arg, call.place)),
        ("jsondecode" | "yamldecode", Some(arg)) => Some(decode(call, arg)),
        _ => None,
    }
}

/// A text that encodes the value. Both functions write JSON, which is YAML too; the exact layout of
/// `yamlencode` matters to no reader of the decoded value.
fn encode(arg: &Node, place: Place) -> Node {
    let mut out = TextBuilder::new();
    write_json(&mut out, arg);
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
            for (index, entry) in map.entries.iter().enumerate() {
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
