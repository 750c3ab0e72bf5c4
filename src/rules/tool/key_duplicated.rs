//! A key that stands twice in one mapping.
//!
//! # What it does
//! Finds keys that stand twice in one YAML mapping or one HCL object, and shows both places.
//!
//! # Why it matters
//! The last one wins and the first is lost without a word; strict parsers reject the document.
//!
//! # How to fix
//! Remove one of the two.
//!
//! # Limits
//! A key that overrides one from a merge key (`<<`) is no duplicate.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: app, namespace: shop }
//! data:
//!   mode: fast
//!   mode: safe
//! ```
//! Good:
//! ```yaml
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: app, namespace: shop }
//! data:
//!   mode: safe
//! ```

use crate::finding::Severity;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::IssueKind;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "key-duplicated",
        summary: "a key that stands twice in one mapping",
        group: Group::Tool,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("key_duplicated.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (stack, issue) in &context.model.issues {
        let (label, note) = match issue.kind {
            IssueKind::DuplicateKey => (
                "this one wins, where the document is accepted at all",
                "the value of the first is lost without a word; strict parsers reject the document",
            ),
            IssueKind::DuplicateObjectKey => {
                ("this one wins", "the value of the first is lost without a word: nothing is merged")
            }
            IssueKind::Syntax | IssueKind::TooDeep => continue,
        };
        let report = sink
            .report(Severity::Error, issue.place, issue.message.as_str())
            .label(label)
            .subject("", "", issue.place, stack)
            .note(note)
            .help("put what is to stay under one of the two, and remove the other");
        sink.push(match issue.other {
            Some(first) => report.related(first, "and this one is lost"),
            None => report,
        });
    }
}
