//! What people and merges do to files, and what they do on purpose.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// One change of a file's bytes. An index is a share of whatever it chooses from.
#[derive(Clone, Debug)]
pub enum Damage {
    Bytes(Index, Vec<u8>),
    Token(Index, String),
    Word(Index, String),
    Cut(Index, Index),
    Truncate(Index),
    Repeat(Index, u8),
    Swap(Index, Index),
    Indent(Index, i8),
    Carriage,
    Splice(Index, Index, u8),
    Nest(Index, &'static str, u16),
    From(usize),
}

/// Parts of the languages that are read, and values that are hard on arithmetic, widths and the terminal.
const TOKENS: &[&str] = &[
    "${",
    "}",
    "%{ if ",
    "%{ for x in ",
    "%{ endif }",
    "$${",
    "~}",
    "\"",
    "'",
    "<<EOF\n",
    "<<-EOT\n",
    "EOF\n",
    "{{",
    "}}",
    "{{- if .Values.x }}",
    "&a ",
    "*a",
    "<<: *a",
    "- ",
    ": ",
    "? ",
    "|\n",
    ">-\n",
    "|2\n",
    "---\n",
    "...\n",
    "!!binary ",
    "!!set ",
    "%YAML 1.2\n",
    "# steadfast: ignore[",
    "]",
    "[",
    "{",
    "(",
    ")",
    ",",
    "=",
    " => ",
    "...",
    "[*]",
    ".*.",
    "\\u",
    "\\",
    "\\x41",
    "\u{0}",
    "\u{7}",
    "\u{1b}[31m",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffc}",
    "\u{202e}",
    "é",
    "😀",
    "e\u{301}",
    "\t",
    "\r",
    "\r\n",
    "\n",
    " ",
    "\n\n",
    "0",
    "-1",
    "1e999",
    "-0.0",
    ".inf",
    ".NaN",
    "0x7f",
    "0o17",
    "1_000",
    "9223372036854775807",
    "-9223372036854775808",
    "170141183460469231731687303715884105728",
    "100%",
    "0%",
    "-5%",
    "1000%",
    "null",
    "~",
    "true",
    "yes",
    "256Mi",
    "1e3",
    "500m",
    "0.1n",
    "9999999999E",
    "for_each = ",
    "count = ",
    "dynamic \"x\" {\n",
    "file(\"",
    "templatefile(\"",
    "jsonencode(",
    "yamldecode(",
    "regexall(\"(a*)*\", ",
    "format(\"%[3]*d\", ",
    "range(",
    "setproduct(",
    "local.",
    "var.",
    "each.value",
    "module.a.",
    "source = \"./\"\n",
    "kind: List\n",
    "kind: Deployment\n",
    "apiVersion: v1\n",
    "replicas: ",
    "resources: [.]\n",
    "patches: [{patch: '",
    "::error::",
    "%0A",
    "</a>",
    "]]>",
    "<!--",
    "```",
    "|",
    "*/5 * * * *",
    "* * 31 2 *",
    "@",
    ":",
    "//",
    "..",
    "../",
    "/",
    "$(",
    "`",
    ";",
    "&&",
    "find / -delete",
];

pub fn any_token() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => select(TOKENS).prop_map(str::to_owned),
        1 => "\\PC{1,4}",
        1 => any::<i64>().prop_map(|number| number.to_string()),
        1 => "[a-z_]{1,8}",
    ]
}

pub fn any_damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    prop_oneof![
        1 => (at(), vec(any::<u8>(), 1..4)).prop_map(|(at, bytes)| Damage::Bytes(at, bytes)),
        4 => (at(), any_token()).prop_map(|(at, token)| Damage::Token(at, token)),
        6 => (at(), any_token()).prop_map(|(at, token)| Damage::Word(at, token)),
        3 => (at(), at()).prop_map(|(from, to)| Damage::Cut(from, to)),
        1 => at().prop_map(Damage::Truncate),
        2 => (at(), any::<u8>()).prop_map(|(line, times)| Damage::Repeat(line, times)),
        2 => (at(), at()).prop_map(|(a, b)| Damage::Swap(a, b)),
        2 => (at(), -4..5_i8).prop_map(|(line, columns)| Damage::Indent(line, columns)),
        1 => Just(Damage::Carriage),
        2 => (at(), at(), any::<u8>()).prop_map(|(from, to, lines)| Damage::Splice(from, to, lines)),
        1 => (at(), select(&["[", "{", "(", "- ", "a: ", "${", "!", "-", "{{", "*a "][..]), 1..600_u16)
            .prop_map(|(at, token, times)| Damage::Nest(at, token, times)),
        2 => any::<u32>().prop_map(|other| Damage::From(other as usize)),
    ]
}

impl Damage {
    /// Does it to a file; `other` gives the bytes of another one.
    pub fn act(&self, bytes: &mut Vec<u8>, other: &dyn Fn(usize) -> Vec<u8>) {
        match self {
            Damage::Bytes(at, new) => {
                let at = at.index(bytes.len() + 1);
                let end = bytes.len().min(at + new.len());
                bytes.splice(at..end, new.iter().copied());
            }
            Damage::Token(at, token) => {
                let at = at.index(bytes.len() + 1);
                bytes.splice(at..at, token.bytes());
            }
            Damage::Word(at, token) => replace_word(bytes, *at, token),
            Damage::Cut(from, to) => on_lines(bytes, |lines| {
                let (from, to) = (from.index(lines.len() + 1), to.index(lines.len() + 1));
                lines.drain(from.min(to)..to.min(from + 3).max(from.min(to)));
            }),
            Damage::Truncate(at) => bytes.truncate(at.index(bytes.len() + 1)),
            Damage::Repeat(line, times) => on_lines(bytes, |lines| {
                let at = line.index(lines.len());
                let line = lines[at].clone();
                lines.splice(at..at, vec![line; usize::from(times % 8)]);
            }),
            Damage::Swap(a, b) => on_lines(bytes, |lines| {
                let (a, b) = (a.index(lines.len()), b.index(lines.len()));
                lines.swap(a, b);
            }),
            Damage::Indent(line, columns) => on_lines(bytes, |lines| {
                let at = line.index(lines.len());
                indent(&mut lines[at], *columns);
            }),
            Damage::Carriage => {
                *bytes = String::from_utf8_lossy(bytes).replace('\n', "\r\n").into_bytes();
            }
            Damage::Splice(from, to, count) => on_lines(bytes, |lines| {
                let (from, to) = (from.index(lines.len()), to.index(lines.len() + 1));
                let taken: Vec<_> = lines[from..].iter().take(usize::from(*count % 12)).cloned().collect();
                lines.splice(to..to, taken);
            }),
            Damage::Nest(at, token, times) => {
                let at = at.index(bytes.len() + 1);
                bytes.splice(at..at, token.repeat(usize::from(*times)).bytes());
            }
            Damage::From(chosen) => {
                let other = other(*chosen);
                let at = chosen % (bytes.len() + 1);
                bytes.splice(at..at, other.into_iter().take(2_000));
            }
        }
    }
}

fn on_lines(bytes: &mut Vec<u8>, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    if !lines.is_empty() {
        change(&mut lines);
        *bytes = lines.concat();
    }
}

fn indent(line: &mut Vec<u8>, columns: i8) {
    if columns >= 0 {
        line.splice(0..0, vec![b' '; columns as usize]);
    } else {
        let blanks = line.iter().take_while(|byte| **byte == b' ').count();
        line.drain(..blanks.min(usize::from(columns.unsigned_abs())));
    }
}

/// Puts a token in the place of the letters and digits around a byte.
fn replace_word(bytes: &mut Vec<u8>, at: Index, token: &str) {
    if bytes.is_empty() {
        return;
    }
    let at = at.index(bytes.len());
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let start = bytes[..at].iter().rposition(|byte| !is_word(byte)).map_or(0, |before| before + 1);
    let end = bytes[at..].iter().position(|byte| !is_word(byte)).map_or(bytes.len(), |length| at + length);
    bytes.splice(start..end.max(start), token.bytes());
}
