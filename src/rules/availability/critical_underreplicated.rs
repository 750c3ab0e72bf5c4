//! A critical workload runs fewer replicas than it needs.
//!
//! # What it does
//! Takes the effective replicas of each critical workload (an enabled autoscaler's floor replaces the
//! declared number; unset means the chart's or Kubernetes' default of 1) and compares them with the entry's
//! minimum: 3, unless the config says otherwise. It is a warning where nothing shows that more than one
//! replica is meant: one replica, no budget, no autoscaler, not named in the config.
//!
//! # Why it matters
//! With two replicas a drain of one node leaves a single pod, and whatever befalls that pod is an outage.
//! With three, one may be evicted and another fail, and one still serves.
//!
//! # How to fix
//! Raise the replicas to the minimum, or say in `.steadfast.yaml` how many this workload needs:
//! `critical: [{workload: NAME, minimum: 2}]`.
//!
//! # Limits
//! Only critical workloads have a minimum, in `strict` too. Silent for zero replicas (parked on purpose), DaemonSets, and numbers that cannot be known offline.
//!
//! # Fix safety
//! Unsafe: it sets the number where it is written, or adds it; the pods need room. None where an autoscaler of the
//! chart decides.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: db }
//! spec:
//!   replicas: 1
//!   template:
//!     metadata: { labels: { app: pgbouncer } }
//!     spec: { containers: [{ name: pgbouncer, image: "edoburu/pgbouncer:v1.24.1-p1" }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: db }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: pgbouncer } }
//!     spec: { containers: [{ name: pgbouncer, image: "edoburu/pgbouncer:v1.24.1-p1" }] }
//! ```

use crate::base::Node;
use crate::finding::{Applicability, Severity, counted};
use crate::model::{Model, Workload};
use crate::rule::changes::in_workload;
use crate::rule::{Context, CriticalEntry, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "critical-underreplicated",
        summary: "a critical workload runs fewer replicas than it needs",
        group: Group::Availability,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Critical,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("critical_underreplicated.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (index, workload) in context.workloads().filter(|(_, w)| w.is_scalable()) {
        let Some(entry) = context.critical(index, workload) else { continue };
        let place = workload.replicas.place(workload.header);
        match (workload.replicas.count, &workload.replicas.unknown) {
            // A floor of 0, as KEDA has by default, is not parked on purpose.
            (Some(count), _) if (0 < count || workload.replicas.autoscaled) && count < entry.minimum => {
                let severity = severity(context, entry, index, workload);
                let report = sink.report(severity, place, message(workload, entry, count));
                let fix = fix(context.model, workload, entry);
                let title = format!("run {} replicas", entry.minimum);
                sink.push(words(report, workload, entry, count).unsafe_fix(title, fix));
            }
            (None, Some(reason)) => sink.unjudged(place, reason.clone()),
            _ => {}
        }
    }
}

/// One replica without anything that speaks of more may be meant so.
fn severity(context: &Context<'_>, entry: &CriticalEntry, index: usize, workload: &Workload) -> Severity {
    let has_budget =
        context.model.budgets.iter().any(|b| b.selected.contains(&index) || b.perhaps.contains(&index));
    let one = workload.replicas.count == Some(1) && !workload.replicas.autoscaled;
    if one && !has_budget && !entry.configured { Severity::Warning } else { Severity::Error }
}

fn message(workload: &Workload, entry: &CriticalEntry, count: i64) -> String {
    let what = if entry.name.is_empty() { "critical workload" } else { &entry.name };
    let runs = if workload.replicas.autoscaled { "may run" } else { "runs" };
    format!(
        "{what} {runs} {} as {}: critical services need {}",
        counted(count, "replica"),
        workload.title(),
        entry.minimum
    )
}

fn words(report: Report, workload: &Workload, entry: &CriticalEntry, count: i64) -> Report {
    let replicas = &workload.replicas;
    let written = replicas.node.as_ref().is_some_and(Node::is_written);
    let label = match (replicas.autoscaled, written) {
        (true, _) => format!("the autoscaler may go down to {count}"),
        (false, true) => format!("{}, {} short", counted(count, "replica"), entry.minimum - count),
        (false, false) => format!("not set: the default is {}", counted(count, "replica")),
    };
    let report = report
        .label(label)
        .on(workload, "spec.replicas")
        .note(match count {
            ..=1 if replicas.autoscaled => "at its floor, the drain of one node is an outage",
            ..=1 => "with one replica, the drain of its node is an outage",
            _ => "while a node is drained one replica is gone; with fewer than three, the next failure is an outage",
        })
        .help(format!("{}, or state a lower `minimum` for it under `critical` in .steadfast.yaml", what_to_set(workload, entry)));
    match &replicas.node {
        Some(node) => report.through(node),
        None => report,
    }
}

/// Where an autoscaler counts, `replicas` has no effect.
fn what_to_set(workload: &Workload, entry: &CriticalEntry) -> String {
    match workload.replicas.autoscaled {
        true => format!("raise the floor of the autoscaler to {}", entry.minimum),
        false => format!("set {} replicas", entry.minimum),
    }
}

fn fix(model: &Model, workload: &Workload, entry: &CriticalEntry) -> Vec<Change> {
    match &workload.replicas.node {
        Some(node) if node.is_written() && !caps_below(model, node, entry.minimum) => {
            vec![Change::set(node, entry.minimum)]
        }
        Some(node) if node.is_written() => Vec::new(),
        _ if workload.replicas.autoscaled => Vec::new(),
        _ => in_workload(model, workload, &["spec", "replicas"], entry.minimum),
    }
}

/// Whether the autoscaler that a floor belongs to may not go up as far.
fn caps_below(model: &Model, floor: &Node, minimum: i64) -> bool {
    let bound = |spec: &Node, names: [&str; 2]| names.iter().find_map(|name| spec.get(name).cloned());
    model.objects.iter().filter_map(|object| object.at(&["spec"])).any(|spec| {
        let own =
            bound(spec, ["minReplicas", "minReplicaCount"]).is_some_and(|node| node.place == floor.place);
        let most = bound(spec, ["maxReplicas", "maxReplicaCount"]);
        own && most.is_none_or(|most| most.as_int_lenient().is_none_or(|most| most < minimum))
    })
}
