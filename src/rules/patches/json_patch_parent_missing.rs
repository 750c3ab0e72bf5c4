//! An operation adds to something that is not there.
//!
//! # What it does
//! Carries each list of operations out, one after the other, on what it is for: the Deployment that authentik's
//! controller makes, or the object that a kustomization selects. An `add` needs the object or array that it adds to: in
//! the base, or made by an earlier operation.
//!
//! # Why it matters
//! The Deployment of an outpost has no volumes, no volumeMounts and no resources. `add …/volumes/-` therefore fails with
//! `member 'volumes' not found in {…}`, and with it the whole list; nothing shows it but the log of authentik's worker.
//!
//! # How to fix
//! Add the whole array in one operation: path `/spec/template/spec/volumes`, and a value that is a list. Add an object
//! before its members, or with them. A slash inside of a key is written `~1`.
//!
//! # Limits
//! Silent where the base is in no file: the objects of a chart, those that Kyverno changes, remote bases of a
//! kustomization. What authentik's controller makes was read at the versions that `src/lower/outpost/controller.yaml`
//! names.
//!
//! # Fix safety
//! Safe: the list is refused today. For an `add` to the end or the beginning of an array that is not there; the value
//! becomes a list of one.
//!
//! # Example
//! Bad:
//! ```hcl
//! resource "authentik_outpost" "proxy" {
//!   name               = "proxy"
//!   protocol_providers = [1]
//!   config = jsonencode({
//!     kubernetes_json_patches = {
//!       deployment = [{
//!         op    = "add"
//!         path  = "/spec/template/spec/volumes/-"
//!         value = { name = "dshm", emptyDir = { medium = "Memory", sizeLimit = "512Mi" } }
//!       }]
//!     }
//!   })
//! }
//! ```
//! Good:
//! ```hcl
//! resource "authentik_outpost" "proxy" {
//!   name               = "proxy"
//!   protocol_providers = [1]
//!   config = jsonencode({
//!     kubernetes_json_patches = {
//!       deployment = [{
//!         op    = "add"
//!         path  = "/spec/template/spec/volumes"
//!         value = [{ name = "dshm", emptyDir = { medium = "Memory", sizeLimit = "512Mi" } }]
//!       }]
//!     }
//!   })
//! }
//! ```

use super::consequence;
use crate::base::{Node, Value};
use crate::compose::{Failure, Operation, Outcome, PatchSet, Patcher, Stage, Verb};
use crate::finding::{Applicability, Severity};
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "json-patch-parent-missing",
        summary: "a JSON patch adds to an array or object that is not there",
        group: Group::Patches,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Safe),
        options: &[],
        since: "0.1.0",
        source: include_str!("json_patch_parent_missing.rs"),
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
                Outcome::Failed(Failure::ParentMissing(steps)) => {
                    sink.push(missing(set, operation, stage, *steps, sink));
                }
                Outcome::Failed(failure @ Failure::NoContainer(_)) => {
                    sink.push(no_container(set, operation, failure, sink));
                }
                Outcome::Unknown(reason) if operation.verb == Verb::Add => {
                    sink.unjudged(operation.path.node.place, reason.clone());
                }
                _ => {}
            }
        }
    }
}

fn missing(set: &PatchSet, operation: &Operation, stage: &Stage, steps: usize, sink: &Sink<'_>) -> Report {
    let path = &operation.path;
    let message = format!(
        "`{}` to `{}` fails: {}",
        operation.verb.word(),
        path.head(path.steps.len()),
        said(set, operation, stage, steps)
    );
    let report = sink
        .report(Severity::Error, path.place(steps.saturating_sub(1)), message)
        .label(format!("{} has none here", set.base.title))
        .on_patches(set, path.head(path.steps.len()))
        .note(consequence(set));
    let parent = path.head(path.steps.len().saturating_sub(1));
    if let Some(meant) = unescaped(operation, stage, steps) {
        return report.help(format!("a slash inside of a key is `~1`: write `{meant}`"));
    }
    if is_item(operation) && steps + 1 == path.steps.len() {
        let help = format!("add the whole array: path `{parent}`, and a list as the value");
        return report.help(help).safe_fix(format!("add the array `{parent}`"), as_array(operation, &parent));
    }
    report.help(format!("add `{}` before, or with what belongs into it as its value", path.head(steps)))
}

/// What is added to something that takes no members.
fn no_container(set: &PatchSet, operation: &Operation, failure: &Failure, sink: &Sink<'_>) -> Report {
    let path = operation.path.head(operation.path.steps.len());
    let message = format!("`{}` to `{path}` fails: {}", operation.verb.word(), failure.words(operation));
    sink.report(Severity::Error, failure.place(operation), message)
        .label(format!("a plain value in {}", set.base.title))
        .on_patches(set, path)
        .note(consequence(set))
        .help("replace the value itself, or correct the path")
}

/// What the program that carries the patch out says, which is what people search for.
fn said(set: &PatchSet, operation: &Operation, stage: &Stage, steps: usize) -> String {
    let path = &operation.path;
    let member = path.steps.get(steps.saturating_sub(1)).map_or("", |step| step.name.as_str());
    match set.patcher {
        Patcher::Outpost => {
            let above = above(operation, stage, steps);
            match above.map(|node| &node.value) {
                Some(Value::List(_)) => format!("index '{member}' is out of bounds"),
                _ => format!("member '{member}' not found in {{…}}"),
            }
        }
        Patcher::Kustomize | Patcher::Kyverno => format!("doc is missing path: {}", path.head(steps)),
    }
}

/// What the step before the missing one leads to.
fn above<'a>(operation: &Operation, stage: &'a Stage, steps: usize) -> Option<&'a Node> {
    operation.path.find_head(stage.before.as_ref()?, steps.saturating_sub(1))
}

/// Whether it adds to the end or the beginning of an array.
fn is_item(operation: &Operation) -> bool {
    operation.verb == Verb::Add && matches!(operation.path.last(), Some("-" | "0"))
}

fn as_array(operation: &Operation, parent: &str) -> Vec<Change> {
    let Some(value) = &operation.value else { return Vec::new() };
    vec![Change::set(&operation.path.node, parent), Change::Wrap { item: value.clone() }]
}

/// The path as it was meant, where a key with a slash in it was written without escapes: below labels and annotations,
/// whose keys alone have some.
fn unescaped(operation: &Operation, stage: &Stage, steps: usize) -> Option<String> {
    let path = &operation.path;
    let at = steps.checked_sub(1)?;
    let above = path.steps.get(at.checked_sub(1)?)?;
    let prefix = path.steps.get(at).filter(|step| step.name.contains('.'))?;
    let is_map = self::above(operation, stage, steps)?.as_map().is_some();
    let named = matches!(above.name.as_str(), "labels" | "annotations" | "matchLabels" | "nodeSelector");
    let rest: Vec<&str> = path.steps[at + 1..].iter().map(|step| step.name.as_str()).collect();
    (is_map && named && rest.len() == 1)
        .then(|| format!("{}/{}~1{}", path.head(at), prefix.name, rest.concat()))
}
