//! An operation that no program can carry out.
//!
//! # What it does
//! Reads each operation as RFC 6902 and RFC 6901 say: `op` is one of add, remove, replace, move, copy and test, `path`
//! and `from` begin with a slash, a tilde is `~0` and a slash inside of a key `~1`, add, replace and test have a
//! `value`, move and copy a `from`. Of an outpost also the component: authentik looks for patches under the names of the
//! objects that it makes, and passes over any other key.
//!
//! # Why it matters
//! Nobody reads a patch before it is applied. One invalid operation undoes the whole list, and a misspelt component is
//! not even an error: nothing is patched, and nothing says so.
//!
//! # How to fix
//! Write the operation as the message says.
//!
//! # Limits
//! Silent where an operation cannot be known offline, and on patches whose variables Kyverno fills in.
//!
//! # Fix safety
//! Safe: the patch is refused or passed over today. Only for a missing slash, and for a word that is nearly one of those
//! that there are.
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
//!             - op: add
//!               path: spec/template/spec/hostNetwork
//!               value: true
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
//!               path: /spec/template/spec/hostNetwork
//!               value: true
//! ```

use super::consequence;
use crate::base::Key;
use crate::compose::{Failure, Invalid, Item, Outcome, Outpost, PatchSet, Patcher};
use crate::finding::{Applicability, Severity, closest};
use crate::lower::components;
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "json-patch-invalid",
        summary: "an operation of a JSON patch that no program can carry out",
        group: Group::Patches,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Safe),
        options: &[],
        since: "0.1.0",
        source: include_str!("json_patch_invalid.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for set in &context.model.authored.patches {
        for (index, stage) in set.stages.iter().enumerate() {
            match (&stage.item, &stage.outcome) {
                (Item::Invalid(invalid), _) => sink.push(report(set, index, invalid, sink)),
                (Item::Unknown(place, reason), _) => sink.unjudged(*place, reason.clone()),
                (Item::Operation(operation), Outcome::Failed(failure)) if never_holds(failure) => {
                    let message = format!(
                        "`{}` cannot be carried out: {}",
                        operation.verb.word(),
                        failure.words(operation)
                    );
                    let place = failure.place(operation);
                    let report = sink.report(Severity::Error, place, message).label("refused");
                    let report = report.on_patches(set, format!("[{index}]"));
                    sink.push(report.note(consequence(set)).help(help(failure)));
                }
                _ => {}
            }
        }
    }
    for outpost in &context.model.authored.outposts {
        for key in &outpost.misnamed {
            sink.push(misnamed(outpost, key, sink));
        }
    }
}

fn never_holds(failure: &Failure) -> bool {
    matches!(failure, Failure::NoIndex(_) | Failure::IntoItself)
}

fn help(failure: &Failure) -> &'static str {
    match failure {
        Failure::NoIndex(_) => "write an index, or `-` for the end of the array",
        _ => "move it to a path that is not inside of `from`",
    }
}

fn report(set: &PatchSet, index: usize, invalid: &Invalid, sink: &Sink<'_>) -> Report {
    // evanphx/json-patch leaves out what stands before the first slash, and goes on.
    let elsewhere =
        set.patcher != Patcher::Outpost && invalid.meant.as_ref().is_some_and(|(_, to)| to.starts_with('/'));
    let (label, note) = match elsewhere {
        true => (
            "means another path",
            "what stands before the first slash is left out, and something else is written",
        ),
        false => ("refused", consequence(set)),
    };
    let report = sink
        .report(Severity::Error, invalid.place, &*invalid.message)
        .label(label)
        .on_patches(set, format!("[{index}]"))
        .note(note)
        .help(&*invalid.help);
    match &invalid.meant {
        // Kustomize takes a path without a slash, for another one.
        Some((node, text)) if set.patcher == Patcher::Outpost => {
            report.safe_fix(format!("write `{text}`"), vec![Change::set(node, text.as_str())])
        }
        _ => report,
    }
}

fn misnamed(outpost: &Outpost, key: &Key, sink: &Sink<'_>) -> Report {
    let known = components();
    let near = closest(&key.name, &known);
    let message = format!("authentik looks for no patches under `{}`", key.name);
    let report = sink
        .report(Severity::Error, key.place, message)
        .label("passed over")
        .on_outpost(outpost, format!("config.kubernetes_json_patches.{}", key.name))
        .note(
            "the controller passes over a key that it does not know: nothing is patched, and nothing says so",
        );
    match near {
        Some(near) => {
            let change = Change::Rename { place: key.place, from: key.name.to_string(), to: near.to_owned() };
            report.help(format!("write `{near}`")).safe_fix(format!("write `{near}`"), vec![change])
        }
        None => report.help(format!("use one of: {}", known.join(", "))),
    }
}
