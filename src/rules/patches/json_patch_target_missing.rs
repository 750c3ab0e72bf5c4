//! An operation is about something that is not there.
//!
//! # What it does
//! Carries each list of operations out on what it is for, and looks at those that need their target: `replace`, `remove`,
//! `test`, and the `from` of `move` and `copy`; also an index behind the end of an array, and a `test` of another value
//! than the one that is there.
//!
//! # Why it matters
//! One such operation undoes the whole list. A patch that held against last year's object fails against today's.
//!
//! # How to fix
//! `add` takes the place of a member that is there, and makes one that is not. Correct the path otherwise.
//!
//! # Limits
//! Silent where the base is in no file: the objects of a chart, those that Kyverno changes, remote bases of a
//! kustomization.
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
//!             - op: replace
//!               path: /spec/template/spec/containers/0/resources
//!               value: { limits: { memory: 512Mi } }
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
//!             - op: add
//!               path: /spec/template/spec/containers/0/resources
//!               value: { limits: { memory: 512Mi } }
//! ```

use super::consequence;
use crate::compose::{Failure, Operation, Outcome, PatchSet, Verb};
use crate::finding::Severity;
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "json-patch-target-missing",
        summary: "a JSON patch changes, removes or tests something that is not there",
        group: Group::Patches,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("json_patch_target_missing.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for set in &context.model.authored.patches {
        if let Some(reason) = set.base.object.unknown_reason() {
            sink.unjudged(set.list.place.start(), reason.clone());
            continue;
        }
        for (_, operation, stage) in set.operations() {
            match &stage.outcome {
                Outcome::Failed(
                    failure @ (Failure::TargetMissing(_) | Failure::Outside(_) | Failure::TestFailed),
                ) => sink.push(missing(set, operation, failure, sink)),
                Outcome::Unknown(reason) if operation.verb != Verb::Add => {
                    sink.unjudged(operation.source().node.place, reason.clone());
                }
                _ => {}
            }
        }
    }
}

fn missing(set: &PatchSet, operation: &Operation, failure: &Failure, sink: &Sink<'_>) -> Report {
    let source = operation.source();
    let path = source.head(source.steps.len());
    let why = match failure {
        Failure::TargetMissing(steps) if *steps == source.steps.len() => "nothing is there".to_owned(),
        Failure::TestFailed => "something else is there".to_owned(),
        failure => failure.words(operation),
    };
    let message = format!("`{}` of `{path}` fails: {why}", operation.verb.word());
    let label = match failure {
        Failure::TestFailed => "does not hold",
        _ => "leads nowhere",
    };
    let help = match (failure, operation.verb) {
        (Failure::TestFailed, _) => "correct the value, or remove the test",
        (Failure::Outside(_), _) => "use an index up to that number, or `-` for the end",
        (_, Verb::Replace) => "use `add`, which makes a member and takes the place of one that is there",
        (_, Verb::Remove) => "leave the operation out",
        _ => "correct the path",
    };
    sink.report(Severity::Error, failure.place(operation), message)
        .label(format!("{label} in {}", set.base.title))
        .on_patches(set, operation.path.head(operation.path.steps.len()))
        .note(consequence(set))
        .help(help)
}
