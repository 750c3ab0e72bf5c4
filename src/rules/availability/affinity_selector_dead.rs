//! An anti-affinity or spread whose selector takes nobody.
//!
//! # What it does
//! Anti-affinity terms are meant to keep pods of a workload apart. It finds terms whose `labelSelector`
//! takes neither the workload's own pods nor those of any other workload that is known, and topology spread
//! constraints whose selector does not take the own pods.
//!
//! # Why it matters
//! Such a term is accepted without a word and does nothing: all replicas may land on one node.
//!
//! # How to fix
//! Let the selector name a label that the pods carry.
//!
//! # Limits
//! An error only where every pod of the namespace is known, or where the pods carry the label with another
//! value. Silent for presets of charts ("soft", "hard"), and for terms toward another workload.
//!
//! # Fix safety
//! Unsafe: pods are placed otherwise. It makes the selector's only requirement one that the own pods meet; a selector
//! with several is left alone.
//!
//! # Example
//! Bad:
//! ```hcl
//! resource "kubernetes_deployment_v1" "pgbouncer" {
//!   metadata {
//!     name      = "pgbouncer"
//!     namespace = "db"
//!   }
//!   spec {
//!     replicas = 3
//!     template {
//!       metadata {
//!         labels = { app = "pgbouncer" }
//!       }
//!       spec {
//!         affinity {
//!           pod_anti_affinity {
//!             required_during_scheduling_ignored_during_execution {
//!               topology_key = "kubernetes.io/hostname"
//!               label_selector {
//!                 match_labels = { app = "bouncer" }
//!               }
//!             }
//!           }
//!         }
//!         container {
//!           name  = "pgbouncer"
//!           image = "edoburu/pgbouncer:v1.24.1-p1"
//!         }
//!       }
//!     }
//!   }
//! }
//! ```
//! Good:
//! ```hcl
//! resource "kubernetes_deployment_v1" "pgbouncer" {
//!   metadata {
//!     name      = "pgbouncer"
//!     namespace = "db"
//!   }
//!   spec {
//!     replicas = 3
//!     template {
//!       metadata {
//!         labels = { app = "pgbouncer" }
//!       }
//!       spec {
//!         affinity {
//!           pod_anti_affinity {
//!             required_during_scheduling_ignored_during_execution {
//!               topology_key = "kubernetes.io/hostname"
//!               label_selector {
//!                 match_labels = { app = "pgbouncer" }
//!               }
//!             }
//!           }
//!         }
//!         container {
//!           name  = "pgbouncer"
//!           image = "edoburu/pgbouncer:v1.24.1-p1"
//!         }
//!       }
//!     }
//!   }
//! }
//! ```

use crate::base::{Node, Place};
use crate::finding::{Applicability, Severity};
use crate::model::{LabelValue, Model, Workload, label, selects};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "affinity-selector-dead",
        summary: "an anti-affinity or spread whose selector takes nobody",
        group: Group::Availability,
        severity: Severity::Error,
        softer_elsewhere: true,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("affinity_selector_dead.rs"),
    },
    check: Some(check),
};

/// A term with the path of its field, from the pod spec.
struct Term<'a> {
    node: &'a Node,
    field: String,
    spread: bool,
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (index, workload) in context.workloads().filter(|(_, w)| w.is_long_running()) {
        for term in terms(workload) {
            judge(context, sink, index, workload, &term);
        }
    }
}

fn terms(workload: &Workload) -> Vec<Term<'_>> {
    let Some(pod) = workload.pod() else { return Vec::new() };
    let mut out = Vec::new();
    let lists =
        ["requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"];
    for list in lists {
        let items = pod.at(&["affinity", "podAntiAffinity", list]).map(Node::items).unwrap_or_default();
        for (i, item) in items.iter().enumerate() {
            let (node, tail) = match item.get("podAffinityTerm") {
                Some(node) => (node, ".podAffinityTerm"),
                None => (item, ""),
            };
            let field = format!("spec.affinity.podAntiAffinity.{list}[{i}]{tail}.labelSelector");
            out.push(Term { node, field, spread: false });
        }
    }
    let spreads = pod.get("topologySpreadConstraints").map(Node::items).unwrap_or_default();
    out.extend(spreads.iter().enumerate().map(|(i, node)| {
        let field = format!("spec.topologySpreadConstraints[{i}].labelSelector");
        Term { node, field, spread: true }
    }));
    out
}

fn judge(context: &Context<'_>, sink: &mut Sink<'_>, index: usize, workload: &Workload, term: &Term<'_>) {
    let selector = term.node.get("labelSelector");
    let place = selector.map_or(term.node.place, |selector| dead_part(selector, workload));
    let open = term
        .node
        .unknown_reason()
        .cloned()
        .or_else(|| term.node.open_reason().filter(|_| selector.is_none()));
    if let Some(reason) = open {
        sink.unjudged(term.node.place, reason);
        return;
    }
    if speaks_of_others(term.node) || selector.is_some_and(|s| keys(s).iter().any(|key| is_added(key))) {
        return;
    }
    let own = selects(selector, workload.labels());
    if own == Some(true) {
        return;
    }
    let others =
        if term.spread { Some(false) } else { takes_another(context.model, index, workload, term.node) };
    match (own, others) {
        (_, Some(true)) => {}
        (Some(false), Some(false)) => report(context, sink, index, workload, term, place),
        _ => sink.unjudged(place, "the labels that this selector is held against are not all known"),
    }
}

/// Terms over other namespaces, or that leave pods out by the values of labels, are about others by design.
fn speaks_of_others(term: &Node) -> bool {
    ["mismatchLabelKeys", "namespaces", "namespaceSelector"].iter().any(|field| term.get(field).is_some())
}

/// Labels that controllers add to every pod of theirs.
fn is_added(key: &str) -> bool {
    const ADDED: [&str; 8] = [
        "pod-template-hash",
        "controller-revision-hash",
        "pod-template-generation",
        "statefulset.kubernetes.io/pod-name",
        "apps.kubernetes.io/pod-index",
        "job-name",
        "controller-uid",
        "batch.kubernetes.io/job-name",
    ];
    ADDED.contains(&key)
}

fn takes_another(model: &Model, index: usize, workload: &Workload, term: &Node) -> Option<bool> {
    let in_reach = |other: &Workload| {
        other.namespace.is_none() || other.namespace.as_deref() == workload.namespace.as_deref()
    };
    let mut result = Some(false);
    for (i, other) in model.workloads.iter().enumerate() {
        if i == index || !in_reach(other) {
            continue;
        }
        match selects(term.get("labelSelector"), other.labels()) {
            Some(true) => return Some(true),
            None => result = None,
            Some(false) => {}
        }
    }
    result
}

/// The value in a selector that the own pods do not have.
fn dead_part(selector: &Node, workload: &Workload) -> Place {
    let pairs =
        selector.get("matchLabels").and_then(Node::as_map).map(|map| &map.entries[..]).unwrap_or_default();
    for pair in pairs {
        let holds = matches!(label(workload.labels(), &pair.key.name), LabelValue::Is(value) if Some(&value) == pair.value.display().as_ref());
        if !holds {
            return pair.value.place;
        }
    }
    let expressions = selector.get("matchExpressions").map(Node::items).unwrap_or_default();
    let value = |item: &Node| {
        item.get("values").and_then(|v| v.items().first()).or_else(|| item.get("key")).map(|n| n.place)
    };
    expressions.iter().find_map(value).unwrap_or(selector.place)
}

/// The keys that a selector asks for.
fn keys(selector: &Node) -> Vec<String> {
    let pairs =
        selector.get("matchLabels").and_then(Node::as_map).map(|map| &map.entries[..]).unwrap_or_default();
    let expressions = selector.get("matchExpressions").map(Node::items).unwrap_or_default();
    let named = expressions.iter().filter_map(|e| e.get("key").and_then(Node::as_str).map(str::to_owned));
    pairs.iter().map(|pair| pair.key.name.to_string()).chain(named).collect()
}

fn report(
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    index: usize,
    workload: &Workload,
    term: &Term<'_>,
    place: Place,
) {
    let keys = term.node.get("labelSelector").map(keys).unwrap_or_default();
    let carried = keys.iter().find_map(|key| match label(workload.labels(), key) {
        LabelValue::Is(value) => Some((key, value)),
        _ => None,
    });
    let namespace = workload.namespace.as_deref().unwrap_or("default");
    let certain = carried.is_some() || context.model.is_fully_known(namespace, &workload.stack);
    let severity = context.severity(index, workload);
    let severity = if certain { severity } else { severity.lowered() };
    let what = if term.spread { "spread" } else { "anti-affinity" };
    let message = format!("the {what} of {} selects none of its pods", workload.title());
    let label = match (&carried, keys.first()) {
        (Some((key, value)), _) => format!("the pods have {key} = {value}"),
        (None, Some(key)) if certain => format!("no pod of the namespace has the label {key}"),
        (None, Some(key)) => format!("no pod that is known has the label {key}"),
        (None, None) => "no selector: it takes nobody".into(),
    };
    let first = workload.labels().and_then(Node::as_map).and_then(|map| map.entries.first());
    let own = first.and_then(|entry| Some(format!("`{}: {}`", entry.key.name, entry.value.display()?)));
    let report = sink
        .report(severity, place, message)
        .label(label)
        .on(workload, workload.template_field(&term.field))
        .note("the scheduler accepts a selector that takes nobody and ignores it: all replicas may share one node")
        .help(format!("select the pods' own label{}", own.map_or_else(String::new, |own| format!(" {own}"))));
    let fix = selecting_own(context.model, workload, term, carried.as_ref().map(|(key, _)| key.as_str()));
    let report = report.unsafe_fix("select the workload's own pods", fix);
    sink.push(match first.filter(|entry| entry.value.is_written()) {
        Some(entry) => report.related(entry.key.place, "the labels of its pods"),
        None => report,
    });
}

/// Makes the only requirement of a selector one that the own pods meet: on the label that they carry with another
/// value, else on one that their workload selects them by.
fn selecting_own(model: &Model, workload: &Workload, term: &Term<'_>, carried: Option<&str>) -> Vec<Change> {
    let own = model.object(workload).at(&["spec", "selector", "matchLabels"]).and_then(Node::as_map);
    let key = carried.or_else(|| own?.entries.first().map(|entry| &*entry.key.name));
    let value = |key: &str| match label(workload.labels(), key) {
        LabelValue::Is(value) => Some(value),
        _ => None,
    };
    let Some((key, value)) = key.and_then(|key| Some((key, value(key)?))) else { return Vec::new() };
    let Some(selector) = term.node.get("labelSelector") else { return Vec::new() };
    let pairs = selector.get("matchLabels").and_then(Node::as_map).map_or(&[][..], |map| &map.entries[..]);
    let expressions = selector.get("matchExpressions").map(Node::items).unwrap_or_default();
    match (pairs, expressions) {
        ([pair], []) => {
            vec![
                Change::Rename { place: pair.key.place, from: pair.key.name.to_string(), to: key.to_owned() },
                Change::set(&pair.value, value.as_str()),
            ]
        }
        ([], [one]) => expression(one, key, &value),
        _ => Vec::new(),
    }
}

fn expression(one: &Node, key: &str, value: &str) -> Vec<Change> {
    let values = one.get("values").map(Node::items).unwrap_or_default();
    match (one.get("operator").and_then(Node::as_str), one.get("key"), values) {
        (Some("In"), Some(named), [listed]) => vec![Change::set(named, key), Change::set(listed, value)],
        _ => Vec::new(),
    }
}
