//! The actions of a template, as words.

/// A word of an action.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Word {
    /// A chain of fields: what it starts at (nothing, `$`, or a variable's name), and its fields.
    Chain(Start, Vec<String>),
    /// A function or keyword.
    Name(String),
    /// A string.
    Text(String),
    /// A number or a character.
    Literal,
    /// `(`
    Open,
    /// `)`, with the fields that are taken of what the parentheses hold.
    Close(Vec<String>),
    /// `|`
    Pipe,
    /// `:=` or `=`
    Assign,
    /// `,`
    Comma,
}

/// What a chain of fields starts at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Start {
    /// The dot.
    Dot,
    /// `$`
    Root,
    /// A variable.
    Variable(String),
}

/// The words of each action of a template, in order. One that does not end reaches to the end.
pub(super) fn actions(text: &str) -> Vec<Vec<Word>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        let inner = &rest[open + 2..];
        let body = inner.strip_prefix('-').unwrap_or(inner);
        if body.trim_start().starts_with("/*") {
            let Some(end) = body.find("*/") else { break };
            rest = &body[end + 2..];
            continue;
        }
        let (words, length) = words(body);
        out.push(words);
        rest = &body[length..];
    }
    out
}

/// The words up to the closing braces, and where these end.
fn words(text: &str) -> (Vec<Word>, usize) {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if rest.starts_with("}}") {
            return (out, at + 2);
        }
        at += match c {
            '"' | '`' | '\'' => string(rest, c, &mut out),
            '(' => push(&mut out, Word::Open, 1),
            ')' => {
                let (fields, length) = fields(&rest[1..]);
                push(&mut out, Word::Close(fields), 1 + length)
            }
            '|' => push(&mut out, Word::Pipe, 1),
            ',' => push(&mut out, Word::Comma, 1),
            ':' | '=' => push(&mut out, Word::Assign, if rest.starts_with(":=") { 2 } else { 1 }),
            '.' => {
                let (fields, length) = fields(rest);
                push(&mut out, Word::Chain(Start::Dot, fields), length.max(1))
            }
            '$' => {
                let name = identifier(&rest[1..]);
                let (fields, length) = fields(&rest[1 + name.len()..]);
                let start = if name.is_empty() { Start::Root } else { Start::Variable(name.to_owned()) };
                push(&mut out, Word::Chain(start, fields), 1 + name.len() + length)
            }
            c if c.is_alphabetic() || c == '_' => {
                let name = identifier(rest);
                push(&mut out, Word::Name(name.to_owned()), name.len().max(c.len_utf8()))
            }
            c if c.is_ascii_digit() => {
                let length =
                    rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(rest.len());
                push(&mut out, Word::Literal, length)
            }
            c => c.len_utf8(),
        };
    }
    (out, text.len())
}

fn push(out: &mut Vec<Word>, word: Word, length: usize) -> usize {
    out.push(word);
    length
}

fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

/// The fields of `.a.b` at the start of a text, and their length.
fn fields(text: &str) -> (Vec<String>, usize) {
    let (mut out, mut at) = (Vec::new(), 0);
    while text[at..].starts_with('.') {
        let name = identifier(&text[at + 1..]);
        if name.is_empty() {
            break;
        }
        out.push(name.to_owned());
        at += 1 + name.len();
    }
    (out, at)
}

/// A string or character; a raw one has no escapes.
fn string(rest: &str, quote: char, out: &mut Vec<Word>) -> usize {
    let mut value = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == quote {
            out.push(if quote == '\'' { Word::Literal } else { Word::Text(value) });
            return at + 1;
        }
        match (c, quote) {
            ('\\', '"' | '\'') => value.extend(chars.next().map(|(_, c)| c)),
            (c, _) => value.push(c),
        }
    }
    out.push(Word::Text(value));
    rest.len()
}
