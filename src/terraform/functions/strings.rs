//! String functions.

use super::super::limits::too_long;
use super::super::types::to_number;
use super::{Call, regexes};
use crate::base::limit::TEXT;
use crate::base::{Node, Number, Text, TextBuilder, Trail, Value};

pub(super) const NAMES: &[&str] = &[
    "chomp",
    "format",
    "formatlist",
    "indent",
    "join",
    "lower",
    "upper",
    "replace",
    "split",
    "startswith",
    "endswith",
    "strcontains",
    "strrev",
    "substr",
    "title",
    "trim",
    "trimprefix",
    "trimsuffix",
    "trimspace",
];

pub(super) fn call(call: &Call<'_>) -> Option<Node> {
    if !NAMES.contains(&call.name) {
        return None;
    }
    Some(match call.name {
        "join" => join(call),
        "split" => split(call),
        "format" => format_call(call),
        "formatlist" => format_list(call),
        "indent" => indent(call),
        "chomp" | "trimspace" | "trim" | "trimprefix" | "trimsuffix" => trimmed(call),
        _ => simple(call).unwrap_or_else(|| call.fail("an argument has the wrong type")),
    })
}

fn simple(call: &Call<'_>) -> Option<Node> {
    let text = call.string(0)?;
    Some(match call.name {
        "lower" => call.text(text.to_lowercase()),
        "upper" => call.text(text.to_uppercase()),
        "title" => call.text(title(&text)),
        "strrev" => call.text(text.chars().rev().collect::<String>()),
        "startswith" => Node::bool(text.starts_with(&call.string(1)?), call.place),
        "endswith" => Node::bool(text.ends_with(&call.string(1)?), call.place),
        "strcontains" => Node::bool(text.contains(&call.string(1)?), call.place),
        "substr" => call.text(substr(call, &text)?),
        _ => return replace(call, &text),
    })
}

fn title(text: &str) -> String {
    let mut out = String::new();
    let mut begins = true;
    for c in text.chars() {
        if begins {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        begins = !c.is_alphanumeric();
    }
    out
}

fn substr(call: &Call<'_>, text: &str) -> Option<String> {
    let number = |index: usize| call.arg(index).and_then(to_number).and_then(Number::as_i64);
    let (offset, length) = (number(1)?, number(2)?);
    let chars: Vec<char> = text.chars().collect();
    let count = chars.len() as i64;
    let start = if offset < 0 { (count + offset).max(0) } else { offset.min(count) };
    let end = if length < 0 { count } else { (start + length).min(count) };
    Some(chars[start as usize..end as usize].iter().collect())
}

/// A pattern between slashes is a regular expression.
fn replace(call: &Call<'_>, text: &str) -> Option<Node> {
    let (from, to) = (call.string(1)?, call.string(2)?);
    if from.len() > 1 && from.starts_with('/') && from.ends_with('/') {
        if regexes::matches(text, &from[1..from.len() - 1]).saturating_mul(to.len()) > TEXT.len() {
            return Some(too_long(call.place));
        }
        return Some(match regexes::replace_all(text, &from[1..from.len() - 1], &to) {
            Some(text) => call.text(text),
            None => Node::unknown("a regular expression that is not understood", call.place),
        });
    }
    if text.matches(&from).count().saturating_mul(to.len()) > TEXT.len() {
        return Some(too_long(call.place));
    }
    Some(call.text(text.replace(&from, &to)))
}

/// Trimming keeps the places of what is left.
fn trimmed(call: &Call<'_>) -> Node {
    let Some(node) = call.arg(0) else { return call.fail("takes an argument") };
    let text = match (&node.value, node.display()) {
        (Value::Text(text), _) => text.clone(),
        (_, Some(display)) => Text::made(display, node.place),
        _ => return call.fail("the argument is no string"),
    };
    let string = text.as_str();
    let cut = call.string(1).unwrap_or_default();
    let rest = match call.name {
        "chomp" => string.trim_end_matches(['\n', '\r']),
        "trimspace" => string.trim(),
        "trimprefix" => string.strip_prefix(cut.as_str()).unwrap_or(string),
        "trimsuffix" => string.strip_suffix(cut.as_str()).unwrap_or(string),
        _ => string.trim_matches(|c| cut.contains(c)),
    };
    let start = rest.as_ptr() as usize - string.as_ptr() as usize;
    Node::text(text.slice(start..start + rest.len()), node.place).through(call.place)
}

fn join(call: &Call<'_>) -> Node {
    let Some(separator) = call.string(0) else { return call.fail("the separator is no string") };
    let mut out = TextBuilder::new();
    let mut first = true;
    for list in &call.args[1..] {
        for item in list.items() {
            if !std::mem::take(&mut first) {
                out.push_made(&separator, call.place, Trail::default());
            }
            match (&item.value, item.display()) {
                (Value::Text(text), _) => out.push_text(text),
                (_, Some(text)) => out.push_made(&text, item.place, Trail::default()),
                _ => out.push_hole(
                    item.place,
                    item.open_reason().unwrap_or_else(|| "an item is no string".into()),
                ),
            }
        }
        if let Some(reason) = list.open_reason() {
            out.push_hole(call.place, reason);
        }
    }
    Node::text(out.finish(call.place), call.place)
}

/// The parts keep their places.
fn split(call: &Call<'_>) -> Node {
    let (Some(separator), Some(node)) = (call.string(0), call.arg(1)) else {
        return call.fail("an argument is no string");
    };
    let text = match (&node.value, node.display()) {
        (Value::Text(text), _) => text.clone(),
        (_, Some(display)) => Text::made(display, node.place),
        _ => return call.fail("an argument is no string"),
    };
    let string = text.as_str();
    let part = |part: &str| {
        let start = part.as_ptr() as usize - string.as_ptr() as usize;
        let range = start..start + part.len();
        Node::text(text.slice(range.clone()), text.place(range)).through(call.place)
    };
    let parts: Vec<Node> = if separator.is_empty() {
        string.char_indices().map(|(at, c)| part(&string[at..at + c.len_utf8()])).collect()
    } else {
        string.split(separator.as_str()).map(part).collect()
    };
    Node::list(parts, call.place)
}

/// Every line but the first moves right; the places of the characters stay.
fn indent(call: &Call<'_>) -> Node {
    let spaces =
        call.arg(0).and_then(to_number).and_then(Number::as_i64).unwrap_or(0).clamp(0, 1000) as usize;
    let Some(Value::Text(text)) = call.arg(1).map(|node| &node.value) else {
        return call.fail("the text is no string");
    };
    let mut out = TextBuilder::new();
    let mut at = 0;
    for line in text.as_str().split_inclusive('\n') {
        if at > 0 {
            out.push_made(&" ".repeat(spaces), call.place, Trail::default());
        }
        out.push_range(text, at..at + line.len());
        at += line.len();
    }
    Node::text(out.finish(call.place), call.place)
}

fn format_call(call: &Call<'_>) -> Node {
    match call.string(0).and_then(|pattern| format(&pattern, &call.args[1..])) {
        Some(text) => call.text(text),
        None => Node::unknown("a format whose verbs are not evaluated", call.place),
    }
}

fn format_list(call: &Call<'_>) -> Node {
    let Some(pattern) = call.string(0) else { return call.fail("the pattern is no string") };
    let length =
        call.args[1..].iter().filter_map(Node::as_list).map(|list| list.items.len()).max().unwrap_or(1);
    let mut items = Vec::new();
    for index in 0..length {
        let row: Option<Vec<Node>> =
            call.args[1..]
                .iter()
                .map(|arg| {
                    if arg.as_list().is_some() { arg.items().get(index).cloned() } else { Some(arg.clone()) }
                })
                .collect();
        match row.and_then(|row| format(&pattern, &row)) {
            Some(text) => items.push(call.text(text)),
            None => return Node::unknown("a format whose verbs are not evaluated", call.place),
        }
    }
    Node::list(items, call.place)
}

/// Go's verbs as far as configurations use them: `%s %v %d %q %t %f %g %x`, `%%`, width and precision.
fn format(pattern: &str, args: &[Node]) -> Option<String> {
    let mut out = String::new();
    let mut args = args.iter();
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('%') {
            out.push('%');
            rest = behind;
            continue;
        }
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let (flags, verb) = (&rest[..end], rest.as_bytes()[end]);
        rest = &rest[end + 1..];
        out.push_str(&verb_text(verb, flags, args.next()?)?);
    }
    out.push_str(rest);
    Some(out)
}

/// The width and precision of a verb, at most.
const MAX_WIDTH: usize = 10_000;

fn verb_text(verb: u8, flags: &str, arg: &Node) -> Option<String> {
    let zero = flags.starts_with('0');
    let left = flags.starts_with('-');
    let (width, precision) = match flags.trim_start_matches(['0', '-', '+']).split_once('.') {
        Some((width, precision)) => (width, precision.parse::<usize>().ok()),
        None => (flags.trim_start_matches(['0', '-', '+']), None),
    };
    let width: usize = if width.is_empty() { 0 } else { width.parse().ok()? };
    if width > MAX_WIDTH || precision.is_some_and(|precision| precision > MAX_WIDTH) {
        return None;
    }
    let text = match verb {
        b's' | b'v' | b't' => arg.display()?,
        b'd' => to_number(arg)?.as_i64()?.to_string(),
        b'q' => serde_json::to_string(&arg.display()?).ok()?,
        b'f' => format!("{:.*}", precision.unwrap_or(6), to_number(arg)?.as_f64()),
        b'g' => to_number(arg)?.to_string(),
        b'x' => format!("{:x}", to_number(arg)?.as_i64()?),
        _ => return None,
    };
    let missing = width.saturating_sub(text.chars().count());
    Some(match (left, zero && verb != b's') {
        (true, _) => text + &" ".repeat(missing),
        (false, true) => "0".repeat(missing) + &text,
        (false, false) => " ".repeat(missing) + &text,
    })
}
