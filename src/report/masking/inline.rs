//! Secrets in the middle of a line: flow mappings, one-line objects, connection strings, commands.

use super::reference::is_reference;
use crate::base::is_secret_key;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

const VALUE: &str = r#"(?P<value>"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^ \t\r\n,;&}\])'"{\[|>]+)"#;

static PAIR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(r#"(?P<key>[A-Za-z_][A-Za-z0-9_./-]*)["']?[ \t]*[:=][ \t]*{VALUE}"#)).ok()
});
static FLAG: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"--(?P<key>[A-Za-z][A-Za-z0-9_-]*)[ \t]+{VALUE}")).ok());
static BRACES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\{[^{}\n]*\}").ok());
static NAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?-u:\b)name["']?[ \t]*[:=][ \t]*["']?(?P<name>[A-Za-z0-9_.-]+)"#).ok());
static NAMED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r#"(?-u:\b)value["']?[ \t]*[:=][ \t]*{VALUE}"#)).ok());

/// Byte ranges of secrets.
pub(super) fn in_lines(text: &str) -> Vec<Range<usize>> {
    let mut out = pairs(text);
    for flag in FLAG.iter().flat_map(|regex| regex.captures_iter(text)) {
        if let (Some(key), Some(value)) = (flag.name("key"), flag.name("value"))
            && is_secret_key(key.as_str())
            && !value.as_str().starts_with('-')
            && !is_variable(value.as_str())
        {
            out.push(value.range());
        }
    }
    for braces in BRACES.iter().flat_map(|regex| regex.find_iter(text)) {
        let name =
            NAME.as_ref().and_then(|regex| regex.captures(braces.as_str())).and_then(|c| c.name("name"));
        if !name.is_some_and(|name| is_secret_key(name.as_str())) {
            continue;
        }
        let value =
            NAMED.as_ref().and_then(|regex| regex.captures(braces.as_str())).and_then(|c| c.name("value"));
        out.extend(value.map(|value| braces.start() + value.start()..braces.start() + value.end()));
    }
    out
}

/// Pairs of a secret-like key and a value. A value may itself hold pairs, as a command in quotes does.
fn pairs(text: &str) -> Vec<Range<usize>> {
    let Some(regex) = PAIR.as_ref() else { return Vec::new() };
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(found) = regex.captures_at(text, at) {
        let (Some(key), Some(value)) = (found.name("key"), found.name("value")) else { break };
        if is_secret_key(key.as_str()) && !is_reference(value.as_str()) && !is_variable(value.as_str()) {
            out.push(value.range());
            at = value.end();
        } else {
            at = key.end();
        }
    }
    out
}

/// Values of `pair`s, quoted or not, inside a region of a text.
pub(super) fn all_values(text: &str, region: Range<usize>) -> Vec<Range<usize>> {
    let Some(regex) = PAIR.as_ref() else { return Vec::new() };
    let found = regex.captures_iter(&text[region.clone()]).filter_map(|captures| captures.name("value"));
    let literal = found.filter(|value| !is_reference(value.as_str()));
    literal.map(|value| region.start + value.start()..region.start + value.end()).collect()
}

/// Whether a shell fills a value in: `$NAME`, `${NAME}`, `$(command)`.
fn is_variable(value: &str) -> bool {
    value.strip_prefix('$').is_some_and(|name| {
        name.starts_with(['{', '(']) || name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}
