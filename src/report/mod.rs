//! Findings into bytes: one file per format.

mod concise;
mod fingerprint;
mod frame;
mod human;
mod json;
mod masking;
mod objects;
mod show;

use crate::base::Sources;
use crate::finding::{Finding, Severity, Unjudged};

pub use concise::write_concise;
pub use fingerprint::fingerprint;
pub use human::{Style, write_human};
pub use json::write_json;
pub use masking::Masker;
pub use objects::write_objects;
pub use show::write_show;

/// A file that was not parsed, as reports state it.
#[derive(Debug, Clone)]
pub struct SkippedFile {
    /// The path from the root.
    pub path: String,
    /// Why, as a word.
    pub reason: &'static str,
    /// Why, in words.
    pub message: String,
}

/// Counts, as reports state them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// Findings that a comment or the config silences.
    pub suppressed: usize,
    /// Files read.
    pub files: usize,
    /// Stacks.
    pub stacks: usize,
    /// Objects resolved.
    pub objects: usize,
    /// Objects that may not exist.
    pub conditional: usize,
}

/// What a report is written of.
pub struct Run<'a> {
    /// The texts.
    pub sources: &'a Sources,
    /// The findings, in order.
    pub findings: &'a [Finding],
    /// Files that were not parsed.
    pub skipped: &'a [SkippedFile],
    /// What could not be judged.
    pub unjudged: &'a [Unjudged],
    /// Counts.
    pub counts: Counts,
    /// Hides secrets.
    pub masker: &'a Masker,
    /// The group and the page of a rule.
    pub about: &'a dyn Fn(&str) -> (&'static str, String),
    /// What stands in front of paths for people, so that they can be opened from where the tool was run.
    pub prefix: &'a str,
}

impl Run<'_> {
    /// The number of findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}
