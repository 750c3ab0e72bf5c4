//! What HashiCorp's parser accepts and hcl-edit does not: a key twice in one object (the last wins), and
//! an empty heredoc. The bytes are masked in a copy of equal length, so that all spans stay true.

use std::ops::Range;

/// A key that stands a second time in one object.
pub(super) struct Duplicate {
    /// The name.
    pub(super) name: String,
    /// The key that loses.
    pub(super) first: Range<usize>,
    /// The key that wins.
    pub(super) second: Range<usize>,
}

/// Masks what can be masked in an item; none when there is nothing.
pub(super) fn repair(item: &str) -> Option<(String, Vec<Duplicate>)> {
    let mut masked = item.to_owned();
    let heredocs = mask_empty_heredocs(&mut masked);
    let mut objects = Objects::default();
    objects.scan(&masked);
    let duplicates = objects.duplicates;
    for (duplicate, entry) in &duplicates {
        // What does not parse is not hidden.
        if !is_value(&masked[duplicate.first.end..entry.end]) {
            return None;
        }
        blank(&mut masked, entry.clone());
    }
    let duplicates: Vec<Duplicate> = duplicates.into_iter().map(|(duplicate, _)| duplicate).collect();
    (heredocs || !duplicates.is_empty()).then_some((masked, duplicates))
}

/// Whether what stands behind a key is a value.
fn is_value(behind_key: &str) -> bool {
    let text = behind_key.trim_start();
    let value = text.strip_prefix('=').or_else(|| text.strip_prefix(':'));
    value.is_some_and(|value| hcl_edit::parser::parse_expr(value.trim().trim_end_matches(',')).is_ok())
}

fn blank(text: &mut String, range: Range<usize>) {
    let blanked: String = text[range.clone()].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(range, &blanked);
}

/// `<<EOT` whose next line is `EOT` becomes `""`.
fn mask_empty_heredocs(text: &mut String) -> bool {
    let mut found = false;
    let mut from = 0;
    while let Some(at) = text[from..].find("<<").map(|i| from + i) {
        from = at + 2;
        let rest = text[from..].strip_prefix('-').unwrap_or(&text[from..]);
        let mut lines = rest.split('\n');
        let (word, next) = (lines.next().unwrap_or("").trim(), lines.next().unwrap_or(""));
        if word.is_empty() || next.trim() != word {
            continue;
        }
        let end = text.len() - rest.len() + rest.find('\n').unwrap_or(0) + 1 + next.trim_end().len();
        let replacement = format!("\"\"{}", " ".repeat(end - at - 2));
        text.replace_range(at..end, &replacement);
        from = end;
        found = true;
    }
    found
}

/// Finds keys that repeat in one pair of braces.
#[derive(Default)]
struct Objects {
    duplicates: Vec<(Duplicate, Range<usize>)>,
}

/// An open pair of brackets.
#[derive(Default)]
struct Scope {
    /// Whether keys are collected: braces that follow `=`, `:`, `(`, `[` or `,`.
    object: bool,
    entries: Vec<Entry>,
    /// Whether the next token may begin a key.
    at_key: bool,
}

struct Entry {
    name: String,
    key: Range<usize>,
    end: usize,
}

impl Objects {
    fn scan(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut scopes = vec![Scope::default()];
        let mut last = b'\n';
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            let end = skip_token(text, at);
            match byte {
                b'{' => {
                    let object = matches!(last, b'=' | b':' | b'(' | b'[' | b',' | b'?');
                    scopes.push(Scope { object, at_key: true, ..Scope::default() });
                }
                b'[' | b'(' => scopes.push(Scope::default()),
                b'}' | b']' | b')' if scopes.len() > 1 => {
                    close_entry(scopes.last_mut(), at);
                    if let Some(scope) = scopes.pop() {
                        self.collect(scope);
                    }
                }
                b'\n' | b',' => {
                    close_entry(scopes.last_mut(), if byte == b',' { end } else { at });
                    if let Some(scope) = scopes.last_mut() {
                        scope.at_key = true;
                    }
                }
                _ if byte.is_ascii_whitespace() || is_comment(text, at) => {}
                _ => self::begin_key(scopes.last_mut(), text, at..end),
            }
            if !byte.is_ascii_whitespace() && !is_comment(text, at) {
                last = bytes[end - 1];
            }
            at = end;
        }
    }

    fn collect(&mut self, scope: Scope) {
        let mut seen: Vec<Entry> = Vec::new();
        for entry in scope.entries {
            if let Some(index) = seen.iter().position(|e| e.name == entry.name) {
                let first = seen.swap_remove(index);
                let duplicate = Duplicate {
                    name: entry.name.clone(),
                    first: first.key.clone(),
                    second: entry.key.clone(),
                };
                self.duplicates.push((duplicate, first.key.start..first.end));
            }
            seen.push(entry);
        }
    }
}

fn begin_key(scope: Option<&mut Scope>, text: &str, token: Range<usize>) {
    let Some(scope) = scope.filter(|scope| scope.object && scope.at_key) else { return };
    scope.at_key = false;
    let raw = &text[token.clone()];
    let name = raw.trim_matches('"');
    let behind = text[token.end..].trim_start_matches([' ', '\t']);
    let assigns = behind.starts_with(':') || (behind.starts_with('=') && !behind.starts_with("=="));
    if assigns && !name.contains("${") {
        scope.entries.push(Entry { name: name.to_owned(), key: token, end: usize::MAX });
    }
}

fn close_entry(scope: Option<&mut Scope>, at: usize) {
    let last = scope.and_then(|scope| scope.entries.last_mut());
    if let Some(entry) = last.filter(|entry| entry.end == usize::MAX) {
        entry.end = at;
    }
}

fn is_comment(text: &str, at: usize) -> bool {
    let rest = &text[at..];
    rest.starts_with('#') || rest.starts_with("//") || rest.starts_with("/*")
}

/// The end of the token that starts at a byte: a string, a heredoc, a comment, a name, or one character.
fn skip_token(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let len = match rest.as_bytes()[0] {
        b'"' => string_len(rest),
        b'#' => rest.find('\n').unwrap_or(rest.len()),
        b'/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
        b'/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |i| i + 2),
        b'<' if rest.starts_with("<<") => heredoc_len(rest),
        _ => {
            let word: usize = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
                .map(char::len_utf8)
                .sum();
            word.max(rest.chars().next().map_or(1, char::len_utf8))
        }
    };
    at + len
}

fn string_len(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut at, mut depth) = (1, 0_usize);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' if depth == 0 => return at + 1,
            b'$' | b'%' if bytes.get(at + 1) == Some(&b'{') => {
                depth += 1;
                at += 1;
            }
            b'}' if depth > 0 => depth -= 1,
            b'\n' => return at,
            _ => {}
        }
        at += 1;
    }
    rest.len()
}

fn heredoc_len(rest: &str) -> usize {
    let first = rest.find('\n').unwrap_or(rest.len());
    let word = rest[2..first].trim_start_matches('-').trim();
    if word.is_empty() {
        return 2;
    }
    let mut at = first + 1;
    for line in rest.get(at..).unwrap_or("").split_inclusive('\n') {
        if line.trim() == word {
            return at + line.trim_end().len();
        }
        at += line.len();
    }
    rest.len()
}
