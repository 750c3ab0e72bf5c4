//! A mistake in .steadfast.yaml.
//!
//! # What it does
//! Reports keys, rules, levels and values of the config that do not exist, with the nearest that does.
//!
//! # Why it matters
//! A misspelt key configures nothing, and nobody would notice.
//!
//! # How to fix
//! Correct the key or the value at the place shown.
//!
//! # Limits
//! None.
//!
//! # Example
//! Bad:
//! ```yaml
//! # file: .steadfast.yaml
//! root: true
//! profil: strict
//! # file: stacks/app/app.yaml
//! apiVersion: v1
//! kind: Namespace
//! metadata: { name: shop }
//! ```
//! Good:
//! ```yaml
//! # file: .steadfast.yaml
//! root: true
//! profile: strict
//! # file: stacks/app/app.yaml
//! apiVersion: v1
//! kind: Namespace
//! metadata: { name: shop }
//! ```

use crate::base::Place;
use crate::finding::Finding;
use crate::finding::Severity;
use crate::rule::{Group, On, Rule, RuleMeta};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "config-invalid",
        summary: "a mistake in .steadfast.yaml",
        group: Group::Tool,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("config_invalid.rs"),
    },
    check: None,
};

/// The finding for a mistake in the config.
pub fn config_invalid(place: Place, message: &str) -> Finding {
    let mut finding = super::bare(&RULE, Severity::Error, place, message.to_owned(), "");
    finding.note =
        "what is not understood here is passed over: a rule may be on, or off, that should not be".into();
    finding.help =
        "correct it here; the README shows what the config takes, `steadfast rules` lists the rules".into();
    finding
}
