//! A rollout that may take all pods down.
//!
//! # What it does
//! Finds Deployments with two or more effective replicas whose rollout lets none of them stay: `Recreate`, or a
//! `maxUnavailable` of all. Defaults of charts count: some recreate unless told otherwise.
//!
//! # Why it matters
//! Each change of the image or of a value is an outage from the last old pod's end to the first new one's readiness. Several
//! replicas then protect against nodes, and not against their owner.
//!
//! # How to fix
//! `RollingUpdate` with `maxUnavailable: 0` or 1. What cannot run beside an older version of itself is meant to recreate: say
//! so in a suppression.
//!
//! # Limits
//! A warning on workloads that are not critical. Silent where replicas or strategy are not known.
//!
//! # Fix safety
//! Unsafe: old and new pods run beside one another from then on. None for charts, whose key is not known for certain.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   replicas: 2
//!   strategy: { type: Recreate }
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
//!   replicas: 2
//!   strategy: { rollingUpdate: { maxUnavailable: 1 } }
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ```

use crate::finding::{Applicability, Severity, counted};
use crate::model::Rollout;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "rollout-interrupts",
        summary: "a rollout that may take all pods down",
        group: Group::Availability,
        severity: Severity::Error,
        softer_elsewhere: true,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("rollout_interrupts.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (index, workload) in context.workloads() {
        let Some(rollout) = workload.rollout(context.model.object(workload)) else { continue };
        let Some(total) = workload.replicas.count.filter(|total| *total > 1) else { continue };
        if rollout.missing(total) < total {
            continue;
        }
        let stated = if rollout.recreate { &rollout.kind } else { &rollout.unavailable.1 };
        let (field, label) = match rollout.recreate {
            true => ("spec.strategy.type", "all old pods end before a new one starts".to_owned()),
            false => (
                "spec.strategy.rollingUpdate.maxUnavailable",
                format!("all {} may be missing", counted(total, "pod")),
            ),
        };
        let message =
            format!("a rollout of {} takes all {} down", workload.title(), counted(total, "replica"));
        let report = sink
            .report(
                context.severity(index, workload),
                stated.as_ref().map_or(workload.header, |node| node.place),
                message,
            )
            .label(label)
            .on(workload, field)
            .note("every change is an outage until a new pod is ready, however many replicas there are")
            .help(
                "use a rolling update with `maxUnavailable` 0 or 1, unless two versions must not run at once",
            );
        let report = match &workload.replicas.node {
            Some(node) => report.related_node(node, counted(total, "replica")),
            None => report,
        };
        let fix = if workload.release.is_none() { rolling(&rollout) } else { Vec::new() };
        sink.push(report.unsafe_fix("replace one pod after the other", fix));
    }
}

fn rolling(rollout: &Rollout) -> Vec<Change> {
    match (rollout.recreate, &rollout.kind, &rollout.unavailable.1) {
        (true, Some(kind), _) => vec![Change::set(kind, "RollingUpdate")],
        (false, _, Some(unavailable)) => vec![Change::set(unavailable, 1)],
        _ => Vec::new(),
    }
}
