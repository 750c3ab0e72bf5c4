//! An entry of the baseline that nothing needs any more.
//!
//! # What it does
//! Reports the entries of the baseline that no finding of this run took.
//!
//! # Why it matters
//! The finding is mended. Its entry would hide it if it came back.
//!
//! # How to fix
//! Remove the entry, or write the baseline anew with `steadfast lint --write-baseline`.
//!
//! # Limits
//! Entries of files that were not asked for, and of rules that are switched off, count as needed.
//!
//! # Example
//! Bad:
//! ```yaml
//! # file: .steadfast.yaml
//! root: true
//! baseline: known.yaml
//! # file: known.yaml
//! version: 1
//! findings:
//!   - { rule: pdb-missing, subject: "Deployment/shop/web", field: "spec.replicas", path: "app.yaml" }
//! # file: app.yaml
//! apiVersion: v1
//! kind: Namespace
//! metadata:
//!   name: shop
//! ```
//! Good:
//! ```yaml
//! # file: .steadfast.yaml
//! root: true
//! baseline: known.yaml
//! # file: known.yaml
//! version: 1
//! findings:
//!   - { rule: pdb-missing, subject: "Deployment/shop/web", field: "spec.replicas", path: "app.yaml" }
//! # file: app.yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   replicas: 2
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ```

use crate::base::Place;
use crate::finding::{Finding, Severity};
use crate::rule::{Group, On, Rule, RuleMeta};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "baseline-obsolete",
        summary: "an entry of the baseline that nothing needs any more",
        group: Group::Tool,
        severity: Severity::Note,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("baseline_obsolete.rs"),
    },
    check: None,
};

/// The finding for an entry.
pub fn baseline_obsolete(rule: &str, path: &str, place: Place) -> Finding {
    let message = format!("`{rule}` is no longer found in {path}");
    let mut finding = super::bare(&RULE, Severity::Note, place, message, "can be removed");
    finding.note = "it would hide the finding if it came back".into();
    finding.help = "remove the entry, or write the baseline anew with --write-baseline".into();
    finding
}
