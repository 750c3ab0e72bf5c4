//! A document with patches that nothing applies.
//!
//! # What it does
//! Finds YAML documents with `kubernetes_json_patches` that no kustomization names, no blueprint holds and no
//! `authentik_outpost` reads, and files with a list of JSON patch operations, in a folder of a kustomization, that it does
//! not name.
//!
//! # Why it matters
//! The file is reviewed, merged and green, and the outpost keeps its 64 MiB: what counts is what somebody once pasted into
//! authentik's interface.
//!
//! # How to fix
//! Read the file in an `authentik_outpost` (`yamldecode(file(...))`), put it into a blueprint, or name it in the
//! kustomization's `patches`.
//!
//! # Limits
//! Whether somebody pasted it cannot be seen offline. Fenced blocks of Markdown pages are instructions for people, and not
//! meant.
//!
//! # Example
//! Bad:
//! ```yaml
//! # file: outpost.yaml
//! kubernetes_json_patches:
//!   deployment:
//!     - { op: add, path: /spec/template/spec/volumes, value: [{ name: tmp, emptyDir: {} }] }
//! ```
//! Good:
//! ```yaml
//! # file: proxy.yaml
//! version: 1
//! metadata: { name: outposts }
//! entries:
//!   - model: authentik_outposts.outpost
//!     identifiers: { name: proxy }
//!     attrs:
//!       type: proxy
//!       config:
//!         kubernetes_json_patches:
//!           deployment:
//!             - { op: add, path: /spec/template/spec/volumes, value: [{ name: tmp, emptyDir: {} }] }
//! ```

use crate::finding::Severity;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "outpost-patch-undeployed",
        summary: "a document with patches that nothing applies",
        group: Group::Outposts,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("outpost_patch_undeployed.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for document in &context.model.authored.unapplied {
        let report = sink
            .report(Severity::Warning, document.place, format!("nothing in the repository applies {}", document.what))
            .label("named by no kustomization, blueprint or Terraform")
            .subject("", document.what, document.place, &document.stack)
            .note("what counts is what somebody pasted into the cluster, which may be something else by now")
            .help("read it where it is applied: in an authentik_outpost, a blueprint, or a kustomization's `patches`");
        sink.push(report);
    }
}
