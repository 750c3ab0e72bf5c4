//! A file that does not parse.
//!
//! # What it does
//! Reports the place at which a Terraform file that a stack loads, a document inside one, or a manifest
//! stops making sense. Only the broken block or document is lost; everything else is still judged.
//!
//! # Why it matters
//! Whatever stands in the broken part cannot be judged, and will not apply.
//!
//! # How to fix
//! Correct the syntax at the place shown.
//!
//! # Limits
//! Go templates, encrypted files and other unsupported forms are listed as skipped, with the reason.
//!
//! # Example
//! Bad:
//! ```hcl
//! locals {
//!   replicas = 3 +
//! }
//! ```
//! Good:
//! ```hcl
//! locals {
//!   replicas = 3 + 1
//! }
//! ```

use crate::finding::Severity;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::IssueKind;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "syntax-error",
        summary: "a file that does not parse",
        group: Group::Configuration,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("syntax_error.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (stack, issue) in context.model.issues.iter().filter(|(_, issue)| issue.kind == IssueKind::Syntax) {
        let report = sink
            .report(Severity::Error, issue.place, format!("this does not parse: {}", issue.message))
            .subject("", "", issue.place, stack)
            .note("what stands in the broken part cannot be judged; the rest of the file is")
            .help("correct the syntax here");
        sink.push(report);
    }
}
