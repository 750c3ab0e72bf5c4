//! What is reported.

mod compared;
mod fix;
mod words;

use crate::base::Place;
use std::fmt;
use std::sync::Arc;

pub use compared::{Compared, Weakened};
pub use fix::{Applicability, Edit, Fix};
pub use words::{closest, closest_within, counted};

/// How bad something is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// A reliability gap.
    Warning,
    /// Broken or contradictory.
    Error,
}

impl Severity {
    /// The word that every format uses.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// One level lower; a note stays a note.
    pub fn lowered(self) -> Severity {
        match self {
            Severity::Error => Severity::Warning,
            _ => Severity::Note,
        }
    }

    /// The severity of a word.
    pub fn parse(word: &str) -> Option<Severity> {
        [Severity::Note, Severity::Warning, Severity::Error].into_iter().find(|s| s.word() == word)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A place with what is to be said of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The place.
    pub place: Place,
    /// A few words; may be empty.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, with the numbers, in one line without a full stop.
    pub message: String,
    /// Why it matters.
    pub note: String,
    /// What to do, in the imperative.
    pub help: String,
    /// The address of what it is about.
    pub subject: String,
    /// The path in the API, or the settings key, that was judged.
    pub field: String,
    /// The value that a person would change.
    pub primary: Label,
    /// Other places that take part.
    pub related: Vec<Label>,
    /// The header of the subject's declaration, where a suppression may stand too.
    pub header: Option<Place>,
    /// The folder of the stack.
    pub stack: Arc<str>,
    /// How many callers of a module bring it.
    pub instances: usize,
    /// How it can be mended, if the tool knows.
    pub fix: Option<Fix>,
}

/// A finding that someone silenced.
#[derive(Clone, Debug)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// Whether a comment beside it did, and not the config.
    pub in_source: bool,
    /// The reason that was given; may be empty.
    pub reason: String,
}

/// Something that a rule could not judge.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unjudged {
    /// The rule; none for what evaluation itself could not know.
    pub rule: Option<&'static str>,
    /// Where the unknown value is asked for.
    pub place: Place,
    /// Why it is unknown.
    pub reason: Arc<str>,
}
