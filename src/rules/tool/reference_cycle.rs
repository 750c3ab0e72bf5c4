//! A value, template or module that refers to itself.
//!
//! # What it does
//! Reports locals that depend on themselves, templates that render themselves, and modules that call
//! themselves, at the place that closes the circle.
//!
//! # Why it matters
//! Terraform refuses such a configuration, and what hangs on it cannot be judged.
//!
//! # How to fix
//! Break the circle.
//!
//! # Limits
//! None.
//!
//! # Example
//! Bad:
//! ```hcl
//! locals {
//!   a = local.b
//!   b = local.a
//! }
//!
//! resource "kubernetes_namespace_v1" "app" {
//!   metadata {
//!     name = local.a
//!   }
//! }
//! ```
//! Good:
//! ```hcl
//! locals {
//!   a = local.b
//!   b = "app"
//! }
//!
//! resource "kubernetes_namespace_v1" "app" {
//!   metadata {
//!     name = local.a
//!   }
//! }
//! ```

use crate::finding::Severity;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::terraform::ProblemKind;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "reference-cycle",
        summary: "a value, template or module that refers to itself",
        group: Group::Tool,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("reference_cycle.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let words = [
        "the circle closes here",
        "Terraform refuses it, and what hangs on it is not judged",
        "break the circle",
    ];
    super::problems(context, sink, ProblemKind::ReferenceCycle, words);
}
