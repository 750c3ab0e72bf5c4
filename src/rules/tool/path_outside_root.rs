//! A path that leads out of the repository.
//!
//! # What it does
//! Reports paths in files, of `file()`, `templatefile()`, a module source or an include, that lead out of
//! the folder that may be read. Nothing there is opened.
//!
//! # Why it matters
//! What is deployed then depends on the machine that applies it, and not on the repository alone.
//!
//! # How to fix
//! Move the file into the repository. If the repository is larger than the tool believes, say `root: true`
//! in the `.steadfast.yaml` of its top folder, or pass `--root`.
//!
//! # Limits
//! None.
//!
//! # Example
//! Bad:
//! ```hcl
//! resource "kubernetes_config_map_v1" "app" {
//!   metadata {
//!     name      = "app"
//!     namespace = "shop"
//!   }
//!   data = { "app.conf" = file("../../../app.conf") }
//! }
//! ```
//! Good:
//! ```hcl
//! resource "kubernetes_config_map_v1" "app" {
//!   metadata {
//!     name      = "app"
//!     namespace = "shop"
//!   }
//!   data = { "app.conf" = "mode = safe" }
//! }
//! ```

use crate::finding::Severity;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::terraform::ProblemKind;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "path-outside-root",
        summary: "a path that leads out of the repository",
        group: Group::Tool,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("path_outside_root.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let words = [
        "not read",
        "what is applied would depend on the machine that applies it",
        "move the file into the repository, or say where the repository begins with `root: true` or --root",
    ];
    super::problems(context, sink, ProblemKind::PathOutsideRoot, words);
}
