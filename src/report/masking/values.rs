//! Secrets by their values, wherever they come to stand.

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What stands in the place of a secret.
pub(in crate::report) const MASK: &str = "*****";

/// Shorter values say too little, and stand in too many words.
pub(super) const SHORTEST: usize = 5;

/// From here on a value is looked for inside of words too.
const LONG: usize = 8;

/// What is longer stands in no message: messages quote names and numbers.
const LONGEST: usize = 1_024;

/// Bytes of all values that are looked for, at most: the automaton takes a multiple of them.
const ROOM: usize = 2 << 20;

/// From here on a value of small letters is no name, but a phrase.
const LONGEST_WORD: usize = 24;

/// Secret values of a repository.
#[derive(Debug, Default)]
pub(in crate::report) struct Secrets {
    /// In lower case.
    values: BTreeSet<String>,
    /// Those that no name is likely to be, as they are.
    telling: Option<AhoCorasick>,
}

impl Secrets {
    /// Values as they are written, perhaps in quotes.
    pub(super) fn new<'a>(written: impl Iterator<Item = &'a str>) -> Secrets {
        let all: BTreeSet<&str> = written.flat_map(bare_lines).collect();
        let mut room = ROOM;
        let telling =
            all.iter().filter(|value| !is_word(value) && value.len() <= LONGEST).take_while(|value| {
                room = room.saturating_sub(value.len());
                room > 0
            });
        let telling = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(telling);
        Secrets { values: all.iter().map(|value| value.to_lowercase()).collect(), telling: telling.ok() }
    }

    /// Whether a text holds a secret: as it is, in other case, or inside base64.
    pub(in crate::report) fn are_in(&self, text: &str) -> bool {
        let decoded = STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        self.stand_in(text) || decoded.is_some_and(|text| self.stand_in(&text))
    }

    fn stand_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.values
            .iter()
            .any(|secret| text.match_indices(secret).any(|(at, _)| stands_alone(&text, at, secret.len())))
    }

    /// A text with its secrets hidden, but for plain words.
    pub(super) fn hide<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let text = Cow::Borrowed(text);
        let Some(telling) = &self.telling else { return text };
        let is_secret = |range: &std::ops::Range<usize>| {
            range.len() >= LONG || stands_alone(&text, range.start, range.len())
        };
        let found: Vec<_> = telling.find_iter(&*text).map(|found| found.range()).filter(is_secret).collect();
        if found.is_empty() {
            return text;
        }
        let mut out = text.into_owned();
        for range in found.into_iter().rev() {
            out.replace_range(range, MASK);
        }
        Cow::Owned(out)
    }
}

/// The lines of a value, since it is looked for line by line, without the quotes and the comma around it.
pub(super) fn bare_lines(written: &str) -> impl Iterator<Item = &str> {
    written.lines().map(bare).filter(|line| line.len() >= SHORTEST)
}

fn bare(line: &str) -> &str {
    line.trim().trim_end_matches(',').trim_matches(['"', '\''])
}

/// Whether a value could be a name: few letters, at most the first of them large, perhaps with dashes and dots. Such a word
/// names things as often as it is a secret.
pub(super) fn is_word(value: &str) -> bool {
    let value = value.trim_matches(|c: char| c.is_ascii_punctuation());
    let small = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b' ');
    value.len() < LONGEST_WORD
        && value.bytes().enumerate().all(|(at, byte)| small(byte) || at == 0 && byte.is_ascii_uppercase())
}

/// Whether a part of a text is no part of a word.
fn stands_alone(text: &str, at: usize, length: usize) -> bool {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !inside(text[..at].chars().next_back()) && !inside(text[at + length..].chars().next())
}
