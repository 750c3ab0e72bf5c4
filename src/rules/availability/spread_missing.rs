//! Several replicas that may all share one node.
//!
//! # What it does
//! Looks for an anti-affinity or a topology spread over nodes or zones in the pod template of workloads with two or more
//! effective replicas, that of a chart's default among them.
//!
//! # Why it matters
//! The scheduler puts pods where there is room. With all replicas on one node, the loss of that node is the loss of the
//! service, and a drain of it moves all of them at once.
//!
//! # How to fix
//! A topology spread over `kubernetes.io/hostname`, or an anti-affinity, that selects the pods' own labels.
//!
//! # Limits
//! Silent where there is one whose selector takes nobody, of which `affinity-selector-dead` speaks, and where it cannot be
//! known. The scheduler's own weak default spread does not count.
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
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: traefik, image: "traefik:v3.5.0" }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { app: web } } }], containers: [{ name: traefik, image: "traefik:v3.5.0" }] }
//! ```

use crate::base::Node;
use crate::finding::{Severity, counted};
use crate::model::Workload;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use std::sync::Arc;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "spread-missing",
        summary: "several replicas that may share one node",
        group: Group::Availability,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Critical,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("spread_missing.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (index, workload) in context.workloads().filter(|(_, w)| w.is_scalable()) {
        let Some(total) = workload.replicas.count.filter(|total| *total > 1) else { continue };
        if has_terms(workload) {
            continue;
        }
        if let Some(reason) = unknown(workload) {
            sink.unjudged(workload.header, reason);
            continue;
        }
        let message = format!(
            "nothing keeps the {} of {} on different nodes",
            counted(total, "replica"),
            workload.title()
        );
        let report = sink
            .report(context.severity(index, workload), workload.replicas.place(workload.header), message)
            .label("all of them may share one node")
            .on(workload, workload.template_field("spec.topologySpreadConstraints"))
            .note("the loss or drain of one node may take every replica")
            .help("add a topology spread over kubernetes.io/hostname that selects the pods' own labels");
        sink.push(match &workload.replicas.node {
            Some(node) => report.through(node),
            None => report,
        });
    }
}

const LISTS: [&str; 2] =
    ["requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"];

/// Whether there is any anti-affinity or spread; what its selector takes is another rule's matter.
fn has_terms(workload: &Workload) -> bool {
    let Some(pod) = workload.pod() else { return false };
    let list = |node: Option<&Node>| node.is_some_and(|node| !node.items().is_empty());
    let anti = |name: &&str| list(pod.at(&["affinity", "podAntiAffinity", name]));
    list(pod.get("topologySpreadConstraints")) || LISTS.iter().any(anti)
}

fn unknown(workload: &Workload) -> Option<Arc<str>> {
    let pod = workload.pod()?;
    let paths: [&[&str]; 5] = [
        &["affinity"],
        &["affinity", "podAntiAffinity"],
        &["affinity", "podAntiAffinity", LISTS[0]],
        &["affinity", "podAntiAffinity", LISTS[1]],
        &["topologySpreadConstraints"],
    ];
    pod.open_reason().or_else(|| paths.iter().find_map(|path| pod.at(path).and_then(Node::open_reason)))
}
