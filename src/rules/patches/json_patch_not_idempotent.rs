//! A patch of an outpost appends, which never settles.
//!
//! # What it does
//! Finds `add` with a path that ends with `-` in the patches of an outpost.
//!
//! # Why it matters
//! To see whether the Deployment in the cluster is as it should be, authentik's controller carries the patch out on it
//! once more and compares. An append always makes a difference, so it writes the Deployment at every reconcile: when the
//! outpost is saved, and every few hours.
//!
//! # How to fix
//! Add the whole array, with what the controller puts there itself.
//!
//! # Limits
//! Off by default: an append is often the smaller evil, since a whole array throws away what a later version of authentik
//! puts there.
//!
//! # Example
//! Bad:
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
//!             - { op: add, path: /spec/template/spec/containers/0/env/-, value: { name: TZ, value: UTC } }
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

use crate::compose::{Outcome, Patcher, Verb};
use crate::finding::Severity;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "json-patch-not-idempotent",
        summary: "a patch of an outpost appends, so that it is written at every reconcile",
        group: Group::Patches,
        severity: Severity::Note,
        softer_elsewhere: false,
        on: On::All,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("json_patch_not_idempotent.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for set in context.model.authored.patches.iter().filter(|set| set.patcher == Patcher::Outpost) {
        for (_, operation, stage) in set.operations() {
            let path = &operation.path;
            if operation.verb != Verb::Add || path.last() != Some("-") || stage.outcome != Outcome::Done {
                continue;
            }
            let shown = path.head(path.steps.len());
            let report = sink
                .report(Severity::Note, path.place(path.steps.len() - 1), format!("`{shown}` appends at every reconcile"))
                .label("appends")
                .on_patches(set, shown)
                .note("the controller carries the patch out on the live Deployment and compares: an append always differs")
                .help("add the whole array, if what the controller puts there itself is known");
            sink.push(report);
        }
    }
}
