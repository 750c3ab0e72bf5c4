//! A comment that silences nothing.
//!
//! # What it does
//! Reports the rules that a `# steadfast: ignore[…]` comment names without need.
//!
//! # Why it matters
//! The reason it gives is out of date, and it would hide the next finding of that rule.
//!
//! # How to fix
//! Remove the rule from the comment, or the comment.
//!
//! # Limits
//! Rules that are switched off count as needed.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: v1
//! kind: Namespace
//! metadata:
//!   # steadfast: ignore[pdb-missing] one replica is enough here
//!   name: shop
//! ```
//! Good:
//! ```yaml
//! apiVersion: v1
//! kind: Namespace
//! metadata:
//!   name: shop
//! ```

use crate::finding::Finding;
use crate::finding::Severity;
use crate::rule::{Group, On, Rule, RuleMeta};
use crate::suppress::Mistake;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "suppression-unused",
        summary: "a comment that silences nothing",
        group: Group::Tool,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("suppression_unused.rs"),
    },
    check: None,
};

pub(super) fn finding(mistake: &Mistake) -> Finding {
    let message = format!("nothing here breaks `{}`", mistake.what);
    let mut finding = super::bare(&RULE, Severity::Warning, mistake.place, message, "silences nothing");
    finding.note = "it would hide the next finding of this rule".into();
    finding.help = "remove the rule from the comment".into();
    finding
}
