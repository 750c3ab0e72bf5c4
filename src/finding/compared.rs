//! What changed since another state of the repository.

use super::Finding;
use crate::base::{Place, Sources};
use std::sync::Arc;

/// What a run found in comparison with another state. The findings of the run itself are then those that the other
/// state did not have.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// The other state: a commit, in full.
    pub base: String,
    /// Findings that the other state had, and this one has not.
    pub gone: Vec<Finding>,
    /// The texts of the other state, which the places of those findings lie in.
    pub sources: Arc<Sources>,
    /// What is still kept, but less strongly than before.
    pub weakened: Vec<Weakened>,
    /// How many findings both states have.
    pub same: usize,
}

/// Something that holds up less than it did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Weakened {
    /// The rule that asks for it.
    pub rule: &'static str,
    /// What it is about.
    pub subject: String,
    /// The field.
    pub field: String,
    /// What it was, in words.
    pub was: String,
    /// What it is.
    pub is: String,
    /// Where it stands now.
    pub place: Place,
}
