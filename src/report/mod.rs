//! Findings into bytes: one file per format.

mod changes;
mod concise;
mod diff;
mod fingerprint;
mod frame;
mod github;
mod gitlab;
mod human;
mod json;
mod json_text;
mod junit;
mod markdown;
mod masking;
mod objects;
mod printable;
mod sarif;
mod sarif_log;
mod show;
mod statistics;
mod unresolved;

use crate::base::Sources;
use crate::finding::{Compared, Finding, Severity, Suppressed, Unjudged};

pub use concise::write_concise;
pub use diff::{Changed, write_diff};
pub use fingerprint::fingerprint;
pub use github::write_github;
pub use gitlab::write_gitlab;
pub use human::{Drawing, Style, write_human};
pub use json::write_json;
pub use junit::write_junit;
pub use markdown::write_markdown;
pub use masking::Masker;
pub use objects::write_objects;
pub use printable::printable;
pub use sarif::write_sarif;
pub use show::write_show;
pub use statistics::write_statistics;
pub use unresolved::write_unresolved;

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

/// What reports say of a rule.
#[derive(Debug, Clone)]
pub struct About {
    /// The group.
    pub group: &'static str,
    /// One line.
    pub summary: &'static str,
    /// The page of the documentation.
    pub url: String,
    /// The documentation: sections with their titles.
    pub sections: Vec<(String, String)>,
    /// The severity that it has by itself.
    pub severity: Severity,
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
    /// Findings that someone silenced, in order.
    pub suppressed: &'a [Suppressed],
    /// Mistakes of the tool itself, in words.
    pub internal: &'a [String],
    /// What changed since another state, where one was compared with.
    pub compared: Option<&'a Compared>,
    /// What is said of a rule.
    pub about: &'a dyn Fn(&str) -> About,
    /// What stands in front of paths for people, so that they can be opened from where the tool was run.
    pub prefix: &'a str,
}

impl Run<'_> {
    /// The number of findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}
