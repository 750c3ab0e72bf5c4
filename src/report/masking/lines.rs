//! Secrets on lines of their own: `key: value`, heredocs, block scalars, pairs of `name` and `value`, and the
//! defaults of sensitive variables.

use super::reference::is_reference;
use crate::base::is_secret_key;
use std::collections::HashSet;

/// Byte ranges of secrets. `names` are those of sensitive variables.
pub(super) fn on_lines(text: &str, names: &HashSet<String>) -> Vec<std::ops::Range<usize>> {
    let mut scanner = Scanner { names: names.clone(), ..Scanner::default() };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        scanner.line(line, at);
        at += line.len();
    }
    scanner.ranges
}

#[derive(Default)]
struct Scanner {
    names: HashSet<String>,
    /// The column and the value of a `value` whose `name` has not come yet.
    unnamed: Option<(usize, std::ops::Range<usize>)>,
    ranges: Vec<std::ops::Range<usize>>,
    /// The indent of a secret key whose value goes on over further lines.
    block: Option<usize>,
    /// The word that ends a heredoc.
    heredoc: Option<String>,
    /// Whether the `name:` before names a secret, so that its `value:` is one.
    named: bool,
    /// The default of the variable block being read, hidden once `sensitive = true` follows.
    variable: Option<VariableBlock>,
}

#[derive(Default)]
struct VariableBlock {
    default: Vec<std::ops::Range<usize>>,
    in_default: bool,
    sensitive: bool,
}

/// The arguments of a variable block: each ends the one before.
const VARIABLE_ARGUMENTS: [&str; 6] =
    ["default", "description", "ephemeral", "nullable", "sensitive", "type"];

/// With what the tokens of code hosts begin.
const TOKENS: [&str; 5] = ["ghp_", "gho_", "ghs_", "github_pat_", "glpat-"];

impl Scanner {
    fn line(&mut self, line: &str, at: usize) {
        let content = line.trim_end();
        let indent = content.len() - content.trim_start().len();
        let whole = at + indent..at + content.len();
        if let Some(word) = self.heredoc.take() {
            if content.trim() != word {
                self.ranges.push(whole);
                self.heredoc = Some(word);
            }
            return;
        }
        if let Some(outer) = self.block {
            if content.trim().is_empty() || indent > outer {
                self.ranges.push(whole);
                return;
            }
            self.block = None;
        }
        self.ranges.extend(url_passwords(content).into_iter().map(|range| at + range.start..at + range.end));
        self.variable_block(content, at);
        if let Some((key, value)) = key_and_value(content) {
            self.pair(content, at, indent, &key, value);
        }
    }

    fn pair(&mut self, content: &str, at: usize, indent: usize, key: &str, value: std::ops::Range<usize>) {
        let text = &content[value.clone()];
        let column = content.find(key).unwrap_or(indent);
        let unnamed = self.unnamed.take();
        if key == "name" {
            self.named = is_secret_key(text.trim_matches(['"', '\'']));
            if let Some((_, range)) = unnamed
                .filter(|(at, _)| self.named && *at == column && !content.trim_start().starts_with("- "))
            {
                self.ranges.push(range);
                self.named = false;
            }
            return;
        }
        if key == "value" && !self.named {
            self.unnamed = Some((column, at + value.start..at + value.end));
        }
        let secret = is_secret_key(key)
            || self.names.contains(key)
            || (key == "value" && std::mem::take(&mut self.named));
        if !secret || is_reference(text) {
            return;
        }
        if let Some(word) = text.strip_prefix("<<") {
            self.heredoc = Some(word.trim_start_matches('-').trim().to_owned());
        } else if text.starts_with(['|', '>']) {
            self.block = Some(indent);
        } else if !text.is_empty() {
            self.ranges.push(at + value.start..at + value.end);
        }
    }

    fn variable_block(&mut self, content: &str, at: usize) {
        if content.starts_with("variable ") {
            self.variable = Some(VariableBlock::default());
        }
        let Some(block) = &mut self.variable else { return };
        let argument = key_and_value(content).filter(|(key, _)| VARIABLE_ARGUMENTS.contains(&key.as_str()));
        if let Some((key, value)) = argument {
            block.in_default = key == "default";
            block.sensitive |= key == "sensitive"
                && content[value.clone()].trim_start_matches(['(', '"']).starts_with("true");
            if block.in_default {
                block.default.push(at + value.start..at + value.end);
            }
        } else if block.in_default && !content.starts_with('}') {
            block.default.push(at..at + content.len());
        }
        if content.starts_with('}') {
            let ended = self.variable.take().filter(|block| block.sensitive);
            self.ranges.extend(ended.into_iter().flat_map(|block| block.default));
            self.ranges.sort_by_key(|range| range.start);
        }
    }
}

/// The key and the value's range of a line such as `key: value`, `key = value`, `- key: value`,
/// `"key": "value",`.
fn key_and_value(line: &str) -> Option<(String, std::ops::Range<usize>)> {
    let start = line.find(|c: char| !(c.is_whitespace() || c == '-'))?;
    let split = line[start..].find([':', '=']).map(|i| start + i)?;
    let key = line[start..split].trim().trim_matches(['"', '\'']);
    if key.is_empty() || key.contains(char::is_whitespace) || key.starts_with(['#', ';', '/']) {
        return None;
    }
    let raw = &line[split + 1..];
    let begin = split + 1 + (raw.len() - raw.trim_start().len());
    let value = raw.trim().trim_end_matches(',');
    Some((key.to_owned(), begin..begin + value.len()))
}

/// The passwords of each `scheme://user:password@host`, and what stands in the place of a user alone.
pub(super) fn url_passwords(content: &str) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(start) = content[from..].find("://").map(|i| from + i + 3) {
        let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | ')' | '>');
        let end = content[start..].find(is_end).map_or(content.len(), |i| start + i);
        let authority = content[start..end].find('/').map_or(end, |i| start + i);
        // A password may hold a slash; a path holds an at sign more often where a host stands before it.
        let sign = content[start..authority].rfind('@').or_else(|| {
            let user = &content[start..authority];
            let port = user.split_once(':').map(|(_, port)| port);
            let is_password =
                port.is_some_and(|port| port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()));
            content[start..end].rfind('@').filter(|_| is_password)
        });
        if let Some(user) = sign.map(|sign| &content[start..start + sign]) {
            match user.split_once(':') {
                Some((name, password)) => {
                    let begin = start + name.len() + 1;
                    out.push(begin..begin + password.len());
                }
                None if TOKENS.iter().any(|begin| user.starts_with(begin)) => {
                    out.push(start..start + user.len());
                }
                None => {}
            }
        }
        from = end;
    }
    out
}
