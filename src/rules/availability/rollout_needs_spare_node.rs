//! A rollout that needs one more node than there is.
//!
//! # What it does
//! Finds Deployments whose pods must stand on different nodes (required anti-affinity over `kubernetes.io/hostname`), of which
//! as many run as the cluster has nodes or more, and whose rollout must start a pod before one ends.
//!
//! # Why it matters
//! The new pod finds no node that is free of the old ones. The rollout waits for ever, and so does every later change.
//!
//! # How to fix
//! `maxSurge: 0` with `maxUnavailable: 1`, or preferred anti-affinity, or a topology spread with `whenUnsatisfiable: ScheduleAnyway`.
//!
//! # Limits
//! The number of nodes stands in the config (`cluster: { nodes: 3 }`); without it nothing is said. Taints are not known.
//!
//! # Example
//! Bad:
//! ```yaml
//! # file: .steadfast.yaml
//! root: true
//! cluster: { nodes: 3 }
//! # file: web.yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec:
//!       containers: [{ name: web, image: "web:1.0.0" }]
//!       affinity:
//!         podAntiAffinity:
//!           requiredDuringSchedulingIgnoredDuringExecution:
//!             - { labelSelector: { matchLabels: { app: web } }, topologyKey: kubernetes.io/hostname }
//! ```
//! Good:
//! ```yaml
//! # file: .steadfast.yaml
//! root: true
//! cluster: { nodes: 3 }
//! # file: web.yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   replicas: 2
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec:
//!       containers: [{ name: web, image: "web:1.0.0" }]
//!       affinity:
//!         podAntiAffinity:
//!           requiredDuringSchedulingIgnoredDuringExecution:
//!             - { labelSelector: { matchLabels: { app: web } }, topologyKey: kubernetes.io/hostname }
//! ```

use crate::base::Node;
use crate::finding::{Severity, counted};
use crate::model::{Workload, selects};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "rollout-needs-spare-node",
        summary: "a rollout that needs one more node than there is",
        group: Group::Availability,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Strict,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("rollout_needs_spare_node.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(nodes) = context.settings.facts.nodes else { return };
    for (_, workload) in context.workloads() {
        let Some(term) = keeps_apart(workload) else { continue };
        let Some(rollout) = workload.rollout(context.model.object(workload)) else { continue };
        let Some(total) = workload.replicas.count.filter(|total| *total >= nodes) else { continue };
        if rollout.missing(total) > 0 || rollout.extra(total) == 0 {
            continue;
        }
        let stated = [&rollout.unavailable.1, &rollout.surge.1, &rollout.kind].into_iter().flatten().next();
        let message = format!(
            "a rollout of {} needs {} for its {}, and there are {nodes}",
            workload.title(),
            counted(total + 1, "node"),
            counted(total, "replica")
        );
        let report = sink
            .report(Severity::Warning, stated.map_or(workload.header, |node| node.place), message)
            .label("starts a pod before one ends")
            .related(term.place, "no two on one node")
            .on(workload, "spec.strategy")
            .note("the new pod finds no node that is free of the old ones, and the rollout waits for ever")
            .help("use `maxSurge: 0` with `maxUnavailable: 1`, or prefer different nodes instead of requiring them");
        sink.push(match &workload.replicas.node {
            Some(node) => report.related_node(node, counted(total, "replica")),
            None => report,
        });
    }
}

/// The term that forbids two pods of a workload on one node.
fn keeps_apart(workload: &Workload) -> Option<&Node> {
    let path = ["affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
    let terms = workload.pod()?.at(&path)?.items();
    terms.iter().find(|term| {
        let by_node = term.get("topologyKey").and_then(Node::as_str) == Some("kubernetes.io/hostname");
        // Pods of another template do not count where the selector tells templates apart.
        let told_apart = term.get("matchLabelKeys").is_some();
        by_node && !told_apart && selects(term.get("labelSelector"), workload.labels()) == Some(true)
    })
}
