//! A spread counts pods of other workloads, too.
//!
//! # What it does
//! Finds topology spread constraints whose selector takes the own pods and those of another workload in the same
//! namespace, with the labels that the pods have in the end: those that kustomize and JSON patches add count.
//!
//! # Why it matters
//! The scheduler spreads all that the selector takes as one: where another workload's pods stand on a node, the own ones
//! stay away from it, or all of them meet where the others are few. A label that a patch gives to the pods of an outpost
//! moves authentik's server without a word.
//!
//! # How to fix
//! Select by labels that only these pods have, or add `matchLabelKeys: [pod-template-hash]`.
//!
//! # Limits
//! Silent about workloads that may not exist, about pods of Jobs and about labels that are not known.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { part: shop, app: web } }
//!     spec:
//!       topologySpreadConstraints:
//!         - maxSkew: 1
//!           topologyKey: kubernetes.io/hostname
//!           whenUnsatisfiable: DoNotSchedule
//!           labelSelector: { matchLabels: { part: shop } }
//!       containers: [{ name: web, image: "web:1.0.0" }]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: mail, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { part: shop, app: mail } }
//!     spec: { containers: [{ name: mail, image: "mail:1.0.0" }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { part: shop, app: web } }
//!     spec:
//!       topologySpreadConstraints:
//!         - maxSkew: 1
//!           topologyKey: kubernetes.io/hostname
//!           whenUnsatisfiable: DoNotSchedule
//!           labelSelector: { matchLabels: { app: web } }
//!       containers: [{ name: web, image: "web:1.0.0" }]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: mail, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { part: shop, app: mail } }
//!     spec: { containers: [{ name: mail, image: "mail:1.0.0" }] }
//! ```

use crate::base::{Entry, Node};
use crate::finding::Severity;
use crate::model::{LabelValue, Workload, label, selects};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "spread-selector-broad",
        summary: "a topology spread counts pods of other workloads, too",
        group: Group::Availability,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("spread_selector_broad.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (index, workload) in
        context.workloads().filter(|(_, w)| w.is_scalable() && w.conditional.is_none() && !w.described)
    {
        let spread = workload.pod().and_then(|pod| pod.get("topologySpreadConstraints"));
        for constraint in spread.map(Node::items).unwrap_or_default() {
            let Some(selector) = constraint.get("labelSelector") else { continue };
            if selects(Some(selector), workload.labels()) != Some(true) {
                continue;
            }
            let others: Vec<&Workload> = context
                .model
                .workloads
                .iter()
                .enumerate()
                .filter(|(other, w)| *other != index && is_beside(workload, w))
                .filter(|(_, w)| selects(Some(selector), w.labels()) == Some(true))
                .filter(|(_, w)| !is_told_apart(constraint, workload, w))
                .map(|(_, w)| w)
                .collect();
            if !others.is_empty() {
                report(workload, selector, &others, sink);
            }
        }
    }
}

/// Whether another workload's pods are surely there, in the same namespace of the same cluster.
fn is_beside(workload: &Workload, other: &Workload) -> bool {
    let same_namespace = workload.namespace.is_some() && workload.namespace == other.namespace;
    let exists = other.conditional.is_none() && !other.described && other.replicas.count != Some(0);
    let itself = workload.kind == other.kind && workload.name == other.name;
    same_namespace && !itself && exists && other.is_long_running() && other.stack == workload.stack
}

/// Whether `matchLabelKeys` tell the own pods from those of another workload: by another value of a label that both
/// state, or by one that a controller adds, such as the hash of the template.
fn is_told_apart(constraint: &Node, workload: &Workload, other: &Workload) -> bool {
    let Some(keys) = constraint.get("matchLabelKeys") else { return false };
    let apart = |key: &Node| {
        let Some(key) = key.as_str() else { return true };
        match (label(workload.labels(), key), label(other.labels(), key)) {
            (LabelValue::Is(own), LabelValue::Is(others)) => own != others,
            _ => true,
        }
    };
    keys.open_reason().is_some() || keys.items().iter().any(apart)
}

fn report(workload: &Workload, selector: &Node, others: &[&Workload], sink: &mut Sink<'_>) {
    let titles: Vec<String> = others.iter().map(|other| other.title()).collect();
    let shown = titles.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    let more = titles.len().saturating_sub(3);
    let all = if more > 0 { format!("{shown} and {more} more") } else { shown };
    let place = selected_entry(selector).map_or(selector.place, |entry| entry.key.place);
    let message = format!("the topology spread of {} counts pods of {all}, too", workload.title());
    let mut report = sink
        .report(Severity::Warning, place, message)
        .label("takes pods of other workloads")
        .on(workload, workload.template_field("spec.topologySpreadConstraints"))
        .note("the scheduler spreads everything that the selector takes as one, and places these pods by where the others stand")
        .help("select by a label that only these pods have, or add `matchLabelKeys: [pod-template-hash]`");
    for other in others.iter().take(3) {
        let labelled =
            selected_entry(selector).and_then(|entry| other.labels()?.as_map()?.entry(&entry.key.name));
        let written = labelled.filter(|entry| entry.value.is_written());
        let place = written.map_or(other.header, |entry| entry.value.place);
        report = report.related(place, format!("{} is taken, too", other.title()));
    }
    sink.push(report);
}

/// The first equality of a selector.
fn selected_entry(selector: &Node) -> Option<&Entry> {
    selector.get("matchLabels")?.as_map()?.entries.first()
}
