//! A rolling update that may neither add nor remove a pod.
//!
//! # What it does
//! Finds Deployments with `maxSurge` and `maxUnavailable` both literally 0 or `0%`, and DaemonSets, where `maxUnavailable: 0`
//! alone is enough, since the default of `maxSurge` is 0 there.
//!
//! # Why it matters
//! The API server rejects the object: maxUnavailable may not be 0 when maxSurge is 0.
//!
//! # How to fix
//! Let one pod be missing (`maxUnavailable: 1`), or one more be there (`maxSurge: 1`).
//!
//! # Limits
//! Percentages that only round to nothing are another thing: the controller then lets one pod go.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: "0%" } }
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
//!   strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ```

use crate::base::Node;
use crate::finding::Severity;
use crate::lower::Object;
use crate::model::{IntOrPercent, Workload};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "rollout-deadlock",
        summary: "a rolling update that may neither add nor remove a pod",
        group: Group::Availability,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("rollout_deadlock.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads() {
        let object = context.model.object(workload);
        match workload.kind.as_str() {
            "DaemonSet" => of_daemon_set(workload, object, sink),
            _ => of_deployment(workload, object, sink),
        }
    }
}

fn of_deployment(workload: &Workload, object: &Object, sink: &mut Sink<'_>) {
    let Some(rollout) = workload.rollout(object).filter(|r| !r.recreate) else { return };
    let (Some(surge), Some(unavailable)) = (&rollout.surge.1, &rollout.unavailable.1) else { return };
    if is_nothing(rollout.surge.0) && is_nothing(rollout.unavailable.0) {
        report(workload, "spec.strategy", unavailable, Some(surge), sink);
    }
}

/// There the default of maxSurge is 0, and a single field is enough.
fn of_daemon_set(workload: &Workload, object: &Object, sink: &mut Sink<'_>) {
    let Some(rolling) = object.at(&["spec", "updateStrategy", "rollingUpdate"]) else { return };
    let value = |node: &Node| IntOrPercent::of(node, object.lenient).is_some_and(is_nothing);
    let surge = rolling.get("maxSurge");
    let Some(unavailable) = rolling.get("maxUnavailable").filter(|node| value(node)) else { return };
    if surge.is_none_or(value) && rolling.open_reason().is_none() {
        report(workload, "spec.updateStrategy", unavailable, surge, sink);
    }
}

fn report(
    workload: &Workload,
    strategy: &str,
    unavailable: &Node,
    surge: Option<&Node>,
    sink: &mut Sink<'_>,
) {
    let message = format!("the rolling update of {} may neither add nor remove a pod", workload.title());
    let report = sink
        .report(Severity::Error, unavailable.place, message)
        .label("no pod may be missing")
        .on(workload, format!("{strategy}.rollingUpdate.maxUnavailable"))
        .note("the API server rejects the object: the change is never rolled out")
        .help("set one of them to 1");
    let report = match surge {
        Some(surge) => report.related_node(surge, "and no pod may be there beyond"),
        None => report.help("set maxUnavailable or maxSurge to 1: the default of maxSurge is 0"),
    };
    sink.push(report.through(unavailable));
}

fn is_nothing(value: IntOrPercent) -> bool {
    matches!(value, IntOrPercent::Int(0) | IntOrPercent::Percent(0))
}
