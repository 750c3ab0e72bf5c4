//! What must not be parsed, recognised by its content.

use crate::base::Node;

/// Why a file is skipped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SkipReason {
    /// A Go template: Helm, chezmoi, gomplate.
    GoTemplate,
    /// Encrypted by SOPS or git-crypt.
    Encrypted,
    /// Not text.
    Binary,
    /// Larger than [`crate::base::limit::FILE`].
    TooLarge,
    /// Nested more deeply than the parser goes.
    TooDeep,
    /// A form that is not supported.
    Unsupported,
}

impl SkipReason {
    /// The word that the JSON output has for it.
    pub fn id(self) -> &'static str {
        match self {
            SkipReason::GoTemplate => "go-template",
            SkipReason::Encrypted => "encrypted",
            SkipReason::Binary => "binary",
            SkipReason::TooLarge => "too-large",
            SkipReason::TooDeep => "too-deep",
            SkipReason::Unsupported => "unsupported",
        }
    }
}

/// Why a YAML file's text must not be parsed as YAML, if so, and in words.
pub fn skip_reason(path: &str, text: &str) -> Option<(SkipReason, &'static str)> {
    if text.contains('\0') {
        return Some((SkipReason::Binary, "the file holds NUL bytes"));
    }
    if is_yaml(path) && has_bare_template(text) {
        return Some((SkipReason::GoTemplate, "a Go template: `{{` stands outside of quoted strings"));
    }
    None
}

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

/// Whether `{{` stands where YAML would read it as structure: at the start of a line or of a value. Inside
/// a block or quoted scalar, a comment, or after other text it is an ordinary string.
fn has_bare_template(text: &str) -> bool {
    text.match_indices("{{").any(|(at, _)| {
        let line_start = text[..at].rfind('\n').map_or(0, |i| i + 1);
        let before = &text[line_start..at];
        let trimmed = before.trim();
        let opens_a_value = trimmed.is_empty()
            || trimmed.ends_with(':') && !trimmed.starts_with('#') && !inside_quotes(before)
            || (trimmed.ends_with('-') && trimmed.trim_matches('-').is_empty());
        let indent = before.len() - before.trim_start().len();
        opens_a_value && !inside_block_scalar(text, line_start, indent)
    })
}

/// Whether a quoted string that begins in a part of a line is not closed in it.
fn inside_quotes(before: &str) -> bool {
    let mut open: Option<char> = None;
    let mut last = ' ';
    for c in before.chars() {
        match open {
            Some(quote) if c == quote && last != '\\' => open = None,
            // A quote begins a string only where a value can.
            None if matches!(c, '"' | '\'') && matches!(last, ' ' | '[' | '{' | ',' | '\t') => open = Some(c),
            _ => {}
        }
        last = c;
    }
    open.is_some()
}

/// Whether a line belongs to a `|` or `>` scalar: one of the lines above that enclose it by their indent
/// ends with a block scalar's header.
fn inside_block_scalar(text: &str, line_start: usize, indent: usize) -> bool {
    let mut indent = indent;
    for line in text[..line_start].lines().rev().filter(|line| !line.trim().is_empty()) {
        let own = line.len() - line.trim_start().len();
        if own < indent {
            let header =
                line.trim_end().trim_end_matches(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit());
            if header.ends_with(['|', '>']) {
                return true;
            }
            indent = own;
        }
        if indent == 0 {
            break;
        }
    }
    false
}

/// Whether a document was encrypted by SOPS: a top-level `sops` mapping with a `mac`.
pub fn is_sops_document(root: &Node) -> bool {
    root.at(&["sops", "mac"]).is_some()
}

/// Whether a text holds placeholders for another program that would explain why it does not parse: a line
/// that is nothing but `${NAME}`, `%{…}`, `{% … %}` or `<% … %>`.
pub fn has_placeholder_lines(text: &str) -> bool {
    const PAIRS: [(&str, &str); 4] = [("${", "}"), ("%{", "}"), ("{%", "%}"), ("<%", "%>")];
    text.lines()
        .map(str::trim)
        .any(|line| PAIRS.iter().any(|(open, close)| line.starts_with(open) && line.ends_with(close)))
}
