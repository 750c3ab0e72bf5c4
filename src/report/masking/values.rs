//! Secrets by their values, wherever they come to stand.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeSet;

/// Shorter values say too little, and stand in too many words.
pub(super) const SHORTEST: usize = 5;

/// Secret values, in lower case.
#[derive(Default)]
pub(in crate::report) struct Secrets {
    values: BTreeSet<String>,
}

impl Secrets {
    /// Adds a value as it is written, perhaps in quotes.
    pub(super) fn add(&mut self, written: &str) {
        let value = written.trim().trim_matches(['"', '\'']);
        if value.len() >= SHORTEST {
            self.values.insert(value.to_lowercase());
        }
    }

    /// Whether a text holds a secret: as it is, in other case, or inside base64.
    pub(in crate::report) fn are_in(&self, text: &str) -> bool {
        let decoded = STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        self.stand_in(text) || decoded.is_some_and(|text| self.stand_in(&text))
    }

    fn stand_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.values.iter().any(|secret| is_word(&text, secret))
    }
}

/// Whether a text holds another, not in the middle of a word.
fn is_word(text: &str, part: &str) -> bool {
    text.match_indices(part).any(|(at, _)| {
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !inside(text[..at].chars().next_back()) && !inside(text[at + part.len()..].chars().next())
    })
}
