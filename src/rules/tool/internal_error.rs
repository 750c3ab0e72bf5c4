//! A mistake of the tool itself.
//!
//! # What it does
//! Says that a rule or the reading of a stack failed in a way that it should not. Everything else was still
//! judged; the exit code is 2.
//!
//! # Why it matters
//! What the failed part would have found is missing.
//!
//! # How to fix
//! Report it with the files that bring it about.
//!
//! # Limits
//! None.
//!
//! # Example
//! There is none: no input should bring it about.

use crate::base::{FileId, Place};
use crate::finding::Finding;
use crate::finding::Severity;
use crate::rule::{Group, On, Rule, RuleMeta};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "internal-error",
        summary: "a mistake of the tool itself",
        group: Group::Tool,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("internal_error.rs"),
    },
    check: None,
};

/// The finding for a failure inside the tool. It has no place of its own and stands at the first file.
pub fn internal_error(what: &str) -> Finding {
    let message = format!("a mistake of steadfast itself: {what}");
    let mut finding = super::bare(&RULE, Severity::Error, Place::new(FileId(0), 0, 0), message, "");
    finding.note = "what this part would have found is missing from the report".into();
    finding.help = "report it with the files that bring it about".into();
    finding
}
