//! Lines whose values must not be shown.
//!
//! Frames show the lines around a finding. A value behind a secret-like key is a secret wherever it
//! stands, so this works on lines of text, of any language, and rather hides too much.

/// Byte ranges of a text that hold secrets, in order.
pub fn sensitive_lines(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut scanner = Scanner::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        scanner.line(line, at);
        at += line.len();
    }
    scanner.ranges
}

#[derive(Default)]
struct Scanner {
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
        self.url_password(content, at);
        self.variable_block(content, at);
        if let Some((key, value)) = key_and_value(content) {
            self.pair(content, at, indent, &key, value);
        }
    }

    fn pair(&mut self, content: &str, at: usize, indent: usize, key: &str, value: std::ops::Range<usize>) {
        let text = &content[value.clone()];
        if key == "name" {
            self.named = is_secret_key(text.trim_matches(['"', '\'']));
            return;
        }
        let secret = is_secret_key(key) || (key == "value" && std::mem::take(&mut self.named));
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

    /// `scheme://user:password@host`.
    fn url_password(&mut self, content: &str, at: usize) {
        let mut from = 0;
        while let Some(start) = content[from..].find("://").map(|i| from + i + 3) {
            let end = content[start..]
                .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/'))
                .map_or(content.len(), |i| start + i);
            if let Some((user, password)) =
                content[start..end].rfind('@').and_then(|i| content[start..start + i].split_once(':'))
            {
                let begin = start + user.len() + 1;
                self.ranges.push(at + begin..at + begin + password.len());
            }
            from = end;
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
            block.sensitive |= key == "sensitive" && &content[value.clone()] == "true";
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

/// Whether a key's last words name a secret: `password`, `db_token`, `apiKey`, `AUTHENTIK_SECRET_KEY`. A
/// name of a secret object (`secretName`) is none.
pub(super) fn is_secret_key(key: &str) -> bool {
    let words = words_of(key);
    let Some(last) = words.last() else { return false };
    let before = words.len().checked_sub(2).map(|i| words[i].as_str());
    match last.as_str() {
        "password" | "passwd" | "pass" | "pwd" | "passphrase" | "token" | "secret" | "dsn"
        | "credentials" | "apikey" | "privatekey" => true,
        "key" => matches!(
            before,
            Some(
                "secret"
                    | "api"
                    | "access"
                    | "private"
                    | "encryption"
                    | "signing"
                    | "master"
                    | "auth"
                    | "license"
            )
        ),
        _ => false,
    }
}

fn words_of(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower_before = false;
    for c in key.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && lower_before) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A value that is only a reference shows nothing: `var.x`, `${x}`, `data.vault.y["k"]`.
fn is_reference(value: &str) -> bool {
    let inner = value.trim_matches(['"', '\'']);
    (inner.starts_with("${") && inner.ends_with('}') && inner.matches("${").count() == 1)
        || ["var.", "local.", "data.", "module.", "each.", "random_password."]
            .iter()
            .any(|p| value.starts_with(p))
        || matches!(inner, "" | "{" | "[" | "true" | "false" | "null" | "string" | "{}" | "[]")
}
