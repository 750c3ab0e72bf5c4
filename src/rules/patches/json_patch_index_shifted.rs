//! An operation inserts before an index that a later one means.
//!
//! # What it does
//! Finds an `add` into the middle of an array, such as a sidecar at `containers/0`, and a later operation of the same
//! list that goes to that index as if nothing had moved: it changes what was just inserted.
//!
//! # Why it matters
//! Operations are carried out one after the other. The memory limit that was meant for the proxy becomes the sidecar's,
//! and the proxy keeps what it had; everything is applied, and nothing is refused.
//!
//! # How to fix
//! Append with `-` instead, or patch the index before the insertion.
//!
//! # Limits
//! Silent where a `test` of that index stands in between and holds, and about indices behind the inserted one, which
//! may be counted with it.
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
//!             - { op: add, path: /spec/template/spec/containers/0, value: { name: tidy, image: "busybox:1.37.0" } }
//!             - { op: add, path: /spec/template/spec/containers/0/resources, value: { limits: { memory: 1Gi } } }
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
//!             - { op: add, path: /spec/template/spec/containers/-, value: { name: tidy, image: "busybox:1.37.0" } }
//!             - { op: add, path: /spec/template/spec/containers/0/resources, value: { limits: { memory: 1Gi } } }
//! ```

use crate::base::Node;
use crate::compose::{Operation, Outcome, PatchSet, Stage, Verb, array_index};
use crate::finding::Severity;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "json-patch-index-shifted",
        summary: "a JSON patch inserts before an index that a later operation means",
        group: Group::Patches,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("json_patch_index_shifted.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for set in &context.model.authored.patches {
        for (index, insertion, stage) in set.operations() {
            if inserts(insertion, stage)
                && let Some(later) = meant_otherwise(set, index, insertion)
            {
                report(set, insertion, later, sink);
            }
        }
    }
}

/// Whether it inserts an item before others. Where the array is not known, an index may be a key.
fn inserts(operation: &Operation, stage: &Stage) -> bool {
    let Some(index) = operation.path.last().and_then(array_index) else { return false };
    let array = stage.before.as_ref().and_then(|before| operation.path.find_parent(before));
    let moves = match array {
        Some(array) => array.as_list().is_some_and(|list| index < list.items.len()),
        None => index == 0 && names_an_array(operation),
    };
    operation.verb == Verb::Add && moves
}

/// Fields of a pod that are arrays.
const ARRAYS: [&str; 8] = [
    "containers",
    "initContainers",
    "volumes",
    "volumeMounts",
    "env",
    "ports",
    "tolerations",
    "imagePullSecrets",
];

fn names_an_array(operation: &Operation) -> bool {
    let steps = &operation.path.steps;
    steps.len().checked_sub(2).is_some_and(|at| ARRAYS.contains(&steps[at].name.as_str()))
}

/// A later operation that goes to the index of what was inserted.
fn meant_otherwise<'a>(set: &'a PatchSet, index: usize, insertion: &Operation) -> Option<&'a Operation> {
    for (_, later, stage) in set.operations().skip_while(|(at, ..)| *at <= index) {
        let inside = later.path.is_inside(&insertion.path);
        let same = later.path.is_same(&insertion.path);
        if later.verb == Verb::Test && (inside || same) && stage.outcome == Outcome::Done {
            return None;
        }
        // What is moved from there is where its author wants it.
        if later.verb == Verb::Move && later.from.as_ref().is_some_and(|from| from.is_same(&insertion.path)) {
            return None;
        }
        // Another insertion there moves this one on.
        if later.verb == Verb::Add && same {
            return None;
        }
        if inside && later.verb != Verb::Test || same && matches!(later.verb, Verb::Replace | Verb::Remove) {
            return Some(later);
        }
    }
    None
}

fn report(set: &PatchSet, insertion: &Operation, later: &Operation, sink: &mut Sink<'_>) {
    let name = insertion.value.as_ref().and_then(|value| value.get("name")).and_then(Node::as_str);
    let what = name.map_or("what was inserted".to_owned(), |name| format!("`{name}`"));
    let path = later.path.head(later.path.steps.len());
    let at = insertion.path.steps.len() - 1;
    let message = format!("`{path}` means {what}, which an operation before inserts there");
    let report = sink
        .report(Severity::Error, later.path.place(at), message)
        .label("this index has moved by one")
        .related(insertion.path.place(at), "inserted here")
        .on_patches(set, path)
        .note(
            "operations are carried out one after the other: what stood at this index stands behind it now",
        );
    let array = insertion.path.head(at);
    sink.push(report.help(format!("append with `{array}/-`, or insert after all operations on this index")));
}
