//! What evaluation has to say beside its values.

use crate::base::Place;
use crate::syntax::Issue;
use std::sync::Arc;

/// Everything met while evaluating one stack.
#[derive(Debug, Default)]
pub struct Log {
    /// Mistakes.
    pub problems: Vec<Problem>,
    /// What could not be known.
    pub unresolved: Vec<Unresolved>,
    /// What the parsers said of the files that the stack loads.
    pub issues: Vec<Issue>,
}

/// A mistake that evaluation met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which.
    pub kind: ProblemKind,
    /// Where.
    pub place: Place,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
}

/// The kinds of [`Problem`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProblemKind {
    /// A module's local source is not there.
    ModuleMissing,
    /// A value, template or module refers to itself.
    ReferenceCycle,
    /// A path leads out of the read boundary.
    PathOutsideRoot,
}

/// Something that could not be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// Where it is asked for.
    pub place: Place,
    /// Why.
    pub reason: Arc<str>,
    /// Whether resources may stand behind it.
    pub hides_resources: bool,
}

impl Log {
    /// Notes a mistake once.
    pub fn problem(&mut self, kind: ProblemKind, place: Place, message: impl Into<String>) {
        let problem = Problem { kind, place, message: message.into() };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Notes something unresolved once.
    pub fn unresolved(&mut self, place: Place, reason: impl Into<Arc<str>>) {
        self.note(Unresolved { place, reason: reason.into(), hides_resources: false });
    }

    /// Notes something once behind which resources stand that cannot be seen.
    pub fn unseen(&mut self, place: Place, reason: impl Into<Arc<str>>) {
        self.note(Unresolved { place, reason: reason.into(), hides_resources: true });
    }

    fn note(&mut self, entry: Unresolved) {
        if !self.unresolved.contains(&entry) {
            self.unresolved.push(entry);
        }
    }
}
