//! The outline of an HCL text: its top-level items, without parsing them.
//!
//! The scanner knows strings, heredocs, comments and brackets and nothing else. Its items are parsed one by
//! one, so that a broken block loses only itself, and its counts guard the parser: hcl-edit is quadratic in
//! the keys of one object.

use std::ops::Range;

/// One top-level attribute or block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// From its first character to the end of its last line.
    pub(super) range: Range<usize>,
    /// The deepest nesting of brackets.
    pub(super) depth: usize,
    /// The most lines directly inside one pair of braces: a bound for the keys of one object.
    pub(super) widest: usize,
}

/// What the scanner stands in.
enum Mode {
    /// Code inside a bracket; the count is of the lines seen directly inside.
    Bracket { closer: u8, lines: usize },
    /// A quoted string.
    Quote,
    /// A heredoc, up to a line with this word.
    Heredoc(String),
}

/// Splits a text into its top-level items.
pub(super) fn outline(text: &str) -> Vec<Item> {
    Scanner { text, bytes: text.as_bytes(), at: 0, modes: Vec::new(), depth: 0, widest: 0 }.items()
}

/// The brace that closes the one at a byte.
pub(in crate::syntax) fn closing_brace(text: &str, open: usize) -> Option<usize> {
    let mut scanner =
        Scanner { text, bytes: text.as_bytes(), at: open, modes: Vec::new(), depth: 0, widest: 0 };
    while scanner.at < text.len() {
        let at = scanner.at;
        scanner.step();
        if scanner.modes.is_empty() {
            return text[at..].starts_with('}').then_some(at);
        }
    }
    None
}

/// Where the next block header stands at the start of a line inside an item that did not parse: there a
/// missing bracket ends to do harm.
pub(super) fn next_header(text: &str, item: &Range<usize>) -> Option<usize> {
    let mut at = item.start;
    for (index, line) in text[item.clone()].split_inclusive('\n').enumerate() {
        if index > 0 && looks_like_header(line) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

fn looks_like_header(line: &str) -> bool {
    const KINDS: [&str; 14] = [
        "resource",
        "data",
        "module",
        "variable",
        "output",
        "locals",
        "provider",
        "terraform",
        "moved",
        "import",
        "check",
        "include",
        "generate",
        "dependency",
    ];
    let word: &str = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
    let behind = line[word.len()..].trim_start();
    KINDS.contains(&word) && (behind.starts_with('"') || behind.starts_with('{'))
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    modes: Vec<Mode>,
    depth: usize,
    widest: usize,
}

impl Scanner<'_> {
    fn items(mut self) -> Vec<Item> {
        let mut items = Vec::new();
        let mut start = None;
        while self.at < self.bytes.len() {
            let at = self.at;
            let byte = self.bytes[at];
            if self.modes.is_empty() && byte == b'\n' {
                if let Some(start) = start.take() {
                    items.push(self.item(start..at));
                }
                self.at += 1;
                continue;
            }
            let comment = self.step();
            if start.is_none() && !comment && !byte.is_ascii_whitespace() {
                start = Some(at);
            }
        }
        if let Some(start) = start {
            items.push(self.item(start..self.bytes.len()));
        }
        items
    }

    fn item(&mut self, mut range: Range<usize>) -> Item {
        // hcl-edit takes a carriage return before a line break, not at the end of its text.
        if self.text[range.end..].starts_with('\n') && self.text[range.clone()].ends_with('\r') {
            range.end -= 1;
        }
        Item { range, depth: std::mem::take(&mut self.depth), widest: std::mem::take(&mut self.widest) }
    }

    /// Moves on by one token; true when it was a comment.
    fn step(&mut self) -> bool {
        match self.modes.last() {
            Some(Mode::Quote) => self.in_quote(),
            Some(Mode::Heredoc(_)) => self.in_heredoc(),
            _ => return self.in_code(),
        }
        false
    }

    fn in_code(&mut self) -> bool {
        let rest = &self.text[self.at..];
        match self.bytes[self.at] {
            b'#' => return self.skip_line(),
            b'/' if rest.starts_with("//") => return self.skip_line(),
            b'/' if rest.starts_with("/*") => {
                let end = rest[2..].find("*/").map(|end| end + 4);
                self.at += end.unwrap_or(rest.len());
                // One that never ends is an item, so that the parser refuses it.
                return end.is_some();
            }
            b'"' => self.open(Mode::Quote),
            b'<' if rest.starts_with("<<") => return self.heredoc_start(),
            b'{' => self.open(Mode::Bracket { closer: b'}', lines: 0 }),
            b'[' => self.open(Mode::Bracket { closer: b']', lines: 0 }),
            b'(' => self.open(Mode::Bracket { closer: b')', lines: 0 }),
            byte @ (b'}' | b']' | b')') => self.close(byte),
            b'\n' | b',' => {
                if let Some(Mode::Bracket { lines, .. }) = self.modes.last_mut() {
                    *lines += 1;
                    self.widest = self.widest.max(*lines);
                }
                self.at += 1;
            }
            _ => self.advance(rest),
        }
        false
    }

    fn open(&mut self, mode: Mode) {
        self.modes.push(mode);
        self.depth = self.depth.max(self.modes.len());
        self.at += 1;
    }

    fn close(&mut self, byte: u8) {
        if matches!(self.modes.last(), Some(Mode::Bracket { closer, .. }) if *closer == byte) {
            self.modes.pop();
        }
        self.at += 1;
    }

    fn skip_line(&mut self) -> bool {
        let rest = &self.text[self.at..];
        self.at += rest.find('\n').unwrap_or(rest.len());
        true
    }

    fn heredoc_start(&mut self) -> bool {
        let rest = &self.text[self.at + 2..];
        let body = rest.strip_prefix('-').unwrap_or(rest);
        let line = body.split('\n').next().unwrap_or("").trim_end_matches('\r');
        let is_word = line.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        if line.is_empty() || !is_word || !body[line.len()..].starts_with(['\r', '\n']) {
            self.at += 2;
            return false;
        }
        let word = line.to_owned();
        // Stops before the line break, so that the first line may be the closing one.
        self.at = self.text.len() - body.len() + line.len();
        self.modes.push(Mode::Heredoc(word));
        false
    }

    fn in_quote(&mut self) {
        let rest = &self.text[self.at..];
        match self.bytes[self.at] {
            b'\\' => {
                self.at += 1;
                if self.at < self.bytes.len() {
                    self.advance(&self.text[self.at..]);
                }
            }
            b'"' => {
                self.modes.pop();
                self.at += 1;
            }
            // A line break cannot stand in a quoted string: the quote was never closed.
            b'\n' => {
                self.modes.pop();
            }
            _ => self.template_text(rest),
        }
    }

    fn in_heredoc(&mut self) {
        let rest = &self.text[self.at..];
        if self.bytes[self.at] == b'\n' {
            let Some(Mode::Heredoc(word)) = self.modes.last() else { return };
            let line = rest[1..].split('\n').next().unwrap_or("");
            let behind = line.trim_start().strip_prefix(word.as_str());
            if behind.is_some_and(|rest| {
                !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'))
            }) {
                self.at += 1 + (line.len() - line.trim_start().len()) + word.len();
                self.modes.pop();
                return;
            }
        }
        self.template_text(rest);
    }

    fn template_text(&mut self, rest: &str) {
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            self.at += 3;
        } else if rest.starts_with("${") || rest.starts_with("%{") {
            self.at += 1;
            self.open(Mode::Bracket { closer: b'}', lines: 0 });
        } else {
            self.advance(rest);
        }
    }

    fn advance(&mut self, rest: &str) {
        self.at += rest.chars().next().map_or(1, char::len_utf8);
    }
}
