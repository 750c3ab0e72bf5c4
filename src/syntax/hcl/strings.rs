//! Characters of string literals, with the places behind escapes.

use crate::base::{Text, TextBuilder, Trail};
use std::ops::Range;

/// How a literal is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// In quotes: backslash escapes and doubled template signs.
    Quoted,
    /// In a heredoc or a template file: doubled template signs only.
    Bare,
}

/// Decodes a raw range of the text into a builder.
pub(super) fn decode_into(out: &mut TextBuilder, text: &Text, range: Range<usize>, style: Style) {
    let string = text.as_str();
    let mut copied_from = range.start;
    let mut at = range.start;
    while at < range.end {
        let rest = &string[at..range.end];
        let Some((decoded, len)) = escape(rest, style) else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        out.push_range(text, copied_from..at);
        out.push_made(&decoded, text.place(at..at + len), Trail::default());
        at += len;
        copied_from = at;
    }
    out.push_range(text, copied_from..range.end);
}

/// The decoded form of the escape that the text starts with, and its length in bytes.
fn escape(rest: &str, style: Style) -> Option<(String, usize)> {
    match rest.as_bytes() {
        [b'$', b'$', b'{', ..] => Some(("${".into(), 3)),
        [b'%', b'%', b'{', ..] => Some(("%{".into(), 3)),
        [b'\\', next, ..] if style == Style::Quoted => {
            let simple = match next {
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                b'"' => '"',
                b'\\' => '\\',
                b'u' => return unicode(rest, 4),
                b'U' => return unicode(rest, 8),
                _ => return None,
            };
            Some((simple.into(), 2))
        }
        _ => None,
    }
}

fn unicode(rest: &str, digits: usize) -> Option<(String, usize)> {
    let hex = rest.get(2..2 + digits)?;
    let c = char::from_u32(u32::from_str_radix(hex, 16).ok()?)?;
    Some((c.into(), 2 + digits))
}
