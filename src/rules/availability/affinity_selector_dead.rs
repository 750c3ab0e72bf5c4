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
use crate::model::{LabelValue, Model, SpreadTerm, Takes, Workload, label, unmet_pairs};
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

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (index, workload) in context.workloads().filter(|(_, w)| w.is_long_running()) {
        for term in workload.spread_terms() {
            let selector = term.node.get("labelSelector");
            let place = selector.map_or(term.node.place, |selector| dead_part(selector, workload));
            match context.model.takes(index, &term) {
                Takes::Own | Takes::Others => {}
                Takes::Unknown(reason) => sink.unjudged(place, reason),
                Takes::Nobody => report(context, sink, index, workload, &term, place),
            }
        }
    }
}

/// The value in a selector that the own pods do not have.
fn dead_part(selector: &Node, workload: &Workload) -> Place {
    if let Some(pair) = unmet_pairs(selector, workload.labels()).first() {
        return pair.value.place;
    }
    let expressions = selector.get("matchExpressions").map(Node::items).unwrap_or_default();
    let value = |item: &Node| {
        item.get("values").and_then(|v| v.items().first()).or_else(|| item.get("key")).map(|n| n.place)
    };
    expressions.iter().find_map(value).unwrap_or(selector.place)
}

/// The keys of the requirements that the own pods may not meet.
fn unmet_keys(selector: &Node, workload: &Workload) -> Vec<String> {
    let expressions = selector.get("matchExpressions").map(Node::items).unwrap_or_default();
    let named = expressions.iter().filter_map(|e| e.get("key").and_then(Node::as_str).map(str::to_owned));
    let pairs = unmet_pairs(selector, workload.labels());
    pairs.into_iter().map(|pair| pair.key.name.to_string()).chain(named).collect()
}

fn report(
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    index: usize,
    workload: &Workload,
    term: &SpreadTerm<'_>,
    place: Place,
) {
    let keys =
        term.node.get("labelSelector").map(|selector| unmet_keys(selector, workload)).unwrap_or_default();
    let carried = keys.iter().find_map(|key| match label(workload.labels(), key) {
        LabelValue::Is(value) => Some((key, value)),
        _ => None,
    });
    let namespace = workload.namespace.as_deref().unwrap_or("default");
    // A spread is about the own pods only.
    let certain =
        carried.is_some() || term.spread || context.model.is_fully_known(namespace, &workload.stack);
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
fn selecting_own(
    model: &Model,
    workload: &Workload,
    term: &SpreadTerm<'_>,
    carried: Option<&str>,
) -> Vec<Change> {
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
