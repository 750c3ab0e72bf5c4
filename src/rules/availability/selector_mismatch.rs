//! A workload whose selector its own pods do not satisfy.
//!
//! # What it does
//! Holds `spec.selector` of Deployments, StatefulSets, DaemonSets and ReplicaSets against the labels of their pod template,
//! after kustomizations and patches.
//!
//! # Why it matters
//! The API server rejects the object: `selector` does not match template `labels`. Nothing of the change is rolled out.
//!
//! # How to fix
//! Give the template the labels that the selector asks for. The selector of a workload that exists cannot be changed.
//!
//! # Limits
//! Silent where labels or selector cannot be known.
//!
//! # Fix safety
//! Unsafe: it adds the labels of `matchLabels` to the template, so that pods are replaced.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   selector: { matchLabels: { app: shop } }
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   selector: { matchLabels: { app: web } }
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ```

use crate::base::{Entry, Node};
use crate::finding::{Applicability, Severity};
use crate::model::{Workload, selects};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "selector-mismatch",
        summary: "a workload's selector that its own pods do not satisfy",
        group: Group::Availability,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("selector_mismatch.rs"),
    },
    check: Some(check),
};

const KINDS: [&str; 4] = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads().filter(|(_, w)| KINDS.contains(&w.kind.as_str())) {
        let object = context.model.object(workload);
        let Some(selector) = object.at(&["spec", "selector"]) else { continue };
        if !object.api_version().starts_with("apps/")
            || selects(Some(selector), workload.labels()) != Some(false)
        {
            continue;
        }
        let differing = differing(selector, workload);
        let place = differing.first().map_or(selector.place, |entry| entry.value.place);
        let message = format!("the selector of {} does not take its own pods", workload.title());
        let report = sink
            .report(Severity::Error, place, message)
            .label("the pod template has no such label")
            .on(workload, "spec.selector")
            .note("the API server rejects the object: nothing of the change is rolled out")
            .help("give the pod template the labels that the selector asks for");
        let report = match workload.labels().filter(|labels| labels.is_written()) {
            Some(labels) => report.related_node(labels, "the labels of its pods"),
            None => report,
        };
        let fix = if workload.release.is_none() { labelled(workload, &differing) } else { Vec::new() };
        sink.push(report.unsafe_fix("label the pods as the selector asks", fix));
    }
}

/// The equalities that the labels of the pods do not satisfy.
fn differing<'a>(selector: &'a Node, workload: &Workload) -> Vec<&'a Entry> {
    let entries =
        selector.get("matchLabels").and_then(Node::as_map).map(|map| &map.entries[..]).unwrap_or_default();
    let held = |name: &str| workload.labels().and_then(|labels| labels.get(name)).and_then(Node::display);
    entries.iter().filter(|entry| held(&entry.key.name) != entry.value.display()).collect()
}

fn labelled(workload: &Workload, differing: &[&Entry]) -> Vec<Change> {
    let change = |entry: &&Entry| {
        let value = entry.value.as_str()?;
        Some(Change::put(&workload.template, &["metadata", "labels", &entry.key.name], value))
    };
    differing.iter().map(change).collect::<Option<Vec<_>>>().unwrap_or_default()
}
