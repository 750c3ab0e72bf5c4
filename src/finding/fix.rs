//! How a finding can be mended.

use crate::base::Place;

/// Edits that mend a finding, all or none of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// Whether it may be carried out unseen.
    pub applicability: Applicability,
    /// The edits. They do not overlap.
    pub edits: Vec<Edit>,
}

/// Whether a fix changes what runs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Applicability {
    /// The effective objects stay the same, or the API rejects them today.
    Safe,
    /// What runs changes: a person decides.
    Unsafe,
}

impl Applicability {
    /// The word that formats use.
    pub fn word(self) -> &'static str {
        match self {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
        }
    }
}

/// Characters in the place of others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What is replaced; empty where something is added.
    pub place: Place,
    /// What stands there then.
    pub replacement: String,
}

impl Edit {
    /// Whether two edits of one file cannot both be carried out as they are stated: they overlap, or add at one place.
    pub fn meets(&self, other: &Edit) -> bool {
        let (a, b) = (self.place.span, other.place.span);
        self.place.file == other.place.file && a.start <= b.end && b.start <= a.end
    }
}
