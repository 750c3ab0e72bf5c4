//! Regular expressions. Go's syntax and that of the regex crate are of one family (RE2).

use super::Call;
use crate::base::{Key, Map, Node};
use regex::{Captures, Regex};

pub(super) const NAMES: &[&str] = &["regex", "regexall"];

pub(super) fn call(call: &Call<'_>) -> Option<Node> {
    if !NAMES.contains(&call.name) {
        return None;
    }
    let (Some(pattern), Some(text)) = (call.string(0), call.string(1)) else {
        return Some(call.fail("an argument is no string"));
    };
    let Ok(regex) = Regex::new(&pattern) else {
        return Some(Node::unknown("a regular expression that is not understood", call.place));
    };
    let matched = |captures: Captures<'_>| shape(call, &regex, &captures);
    Some(if call.name == "regexall" {
        Node::list(regex.captures_iter(&text).map(matched).collect(), call.place)
    } else {
        regex.captures(&text).map_or_else(|| call.fail("the pattern does not match"), matched)
    })
}

/// A match is a map where the pattern names its groups, a list where it has unnamed ones, else a string.
fn shape(call: &Call<'_>, regex: &Regex, captures: &Captures<'_>) -> Node {
    let group = |index: usize| match captures.get(index) {
        Some(group) => call.text(group.as_str()),
        None => Node::null(call.place),
    };
    let named = regex.capture_names().any(|name| name.is_some());
    match (named, regex.captures_len()) {
        (_, 1) => group(0),
        (false, count) => Node::list((1..count).map(group).collect(), call.place),
        (true, _) => {
            let mut map = Map::default();
            for (index, name) in regex.capture_names().enumerate() {
                if let Some(name) = name {
                    map.insert(Key { name: name.into(), place: call.place }, group(index));
                }
            }
            Node::map(map, call.place)
        }
    }
}

/// `replace` with a pattern between slashes; none where the pattern is not understood.
pub(super) fn replace_all(text: &str, pattern: &str, to: &str) -> Option<String> {
    Some(Regex::new(pattern).ok()?.replace_all(text, to).into_owned())
}

/// How often a pattern matches, not counting what can be replaced by groups.
pub(super) fn matches(text: &str, pattern: &str) -> usize {
    Regex::new(pattern).map_or(0, |regex| regex.find_iter(text).count())
}
