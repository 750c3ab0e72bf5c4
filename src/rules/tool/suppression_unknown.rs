//! A comment that names no rule.
//!
//! # What it does
//! Reports `# steadfast:` comments that cannot be read, and rules in them that do not exist.
//!
//! # Why it matters
//! It silences nothing, whatever its author believes.
//!
//! # How to fix
//! Write `# steadfast: ignore[rule-id] reason`; `steadfast rules` lists the ids.
//!
//! # Limits
//! None.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: v1
//! kind: Namespace
//! metadata:
//!   # steadfast: ignore[pdb-mising] one replica is enough here
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
use crate::suppress::{Mistake, MistakeKind};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "suppression-unknown",
        summary: "a comment that names no rule",
        group: Group::Tool,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("suppression_unknown.rs"),
    },
    check: None,
};

pub(super) fn finding(mistake: &Mistake) -> Finding {
    let message = match mistake.kind {
        MistakeKind::Unreadable => format!("this comment cannot be read: `{}`", mistake.what),
        _ => mistake.what.clone(),
    };
    let mut finding = super::bare(&RULE, Severity::Warning, mistake.place, message, "silences nothing");
    finding.note = "a comment that cannot be read silences nothing".into();
    finding.help = "write `# steadfast: ignore[rule-id] reason`; `steadfast rules` lists the ids".into();
    finding
}
