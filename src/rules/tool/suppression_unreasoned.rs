//! A comment that silences without a reason.
//!
//! # What it does
//! Reports `# steadfast: ignore[…]` comments without words behind the bracket.
//!
//! # Why it matters
//! Nobody can tell later whether the exception still holds.
//!
//! # How to fix
//! Say why, behind the bracket.
//!
//! # Limits
//! None.
//!
//! # Example
//! Bad:
//! ```yaml
//! # steadfast: ignore-file[key-duplicated]
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: app, namespace: shop }
//! data:
//!   mode: fast
//!   mode: safe
//! ```
//! Good:
//! ```yaml
//! # steadfast: ignore-file[key-duplicated] an old program reads this file by hand
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: app, namespace: shop }
//! data:
//!   mode: fast
//!   mode: safe
//! ```

use crate::finding::Finding;
use crate::finding::Severity;
use crate::rule::{Group, On, Rule, RuleMeta};
use crate::suppress::Mistake;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "suppression-unreasoned",
        summary: "a comment that silences without a reason",
        group: Group::Tool,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("suppression_unreasoned.rs"),
    },
    check: None,
};

pub(super) fn finding(mistake: &Mistake) -> Finding {
    let message = "this comment gives no reason".to_owned();
    let mut finding = super::bare(&RULE, Severity::Warning, mistake.place, message, "why?");
    finding.note = "nobody can tell later whether the exception still holds".into();
    finding.help = "say why, behind the bracket".into();
    finding
}
