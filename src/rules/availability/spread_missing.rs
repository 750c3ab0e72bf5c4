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
//! An anti-affinity towards other workloads only keeps nothing apart. Silent where there is one whose selector takes nobody,
//! of which `affinity-selector-dead` speaks, and where it cannot be known. The scheduler's own weak default spread does not count.
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

use crate::finding::{Severity, counted};
use crate::model::Takes;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

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
        // Of a selector that takes nobody another rule speaks.
        if workload.spread_terms().iter().any(|term| context.model.takes(index, term) != Takes::Others) {
            continue;
        }
        let unlabelled = || workload.labels().is_none().then(|| "its pods have no labels".into());
        if let Some(reason) = workload.spread_terms_open().or_else(unlabelled) {
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
