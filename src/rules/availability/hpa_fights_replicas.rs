//! Static replicas of a workload that an autoscaler scales.
//!
//! # What it does
//! Finds `replicas` that somebody wrote on a workload that a HorizontalPodAutoscaler or a ScaledObject targets.
//!
//! # Why it matters
//! Every apply sets the number back: under load it takes pods away that the autoscaler has just added.
//!
//! # How to fix
//! Remove `replicas`, and let the autoscaler's floor say how many there are.
//!
//! # Limits
//! Silent where `lifecycle.ignore_changes` covers the field, and about charts, which leave it out themselves.
//!
//! # Fix safety
//! Unsafe: removing the field lets the API set one replica until the autoscaler acts.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   replicas: 2
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ---
//! apiVersion: autoscaling/v2
//! kind: HorizontalPodAutoscaler
//! metadata: { name: web, namespace: shop }
//! spec:
//!   scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
//!   minReplicas: 2
//!   maxReplicas: 5
//!   metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 80 } } }]
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ---
//! apiVersion: autoscaling/v2
//! kind: HorizontalPodAutoscaler
//! metadata: { name: web, namespace: shop }
//! spec:
//!   scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
//!   minReplicas: 2
//!   maxReplicas: 5
//!   metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 80 } } }]
//! ```

use crate::base::Node;
use crate::finding::{Applicability, Severity};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "hpa-fights-replicas",
        summary: "static replicas of a workload that an autoscaler scales",
        group: Group::Availability,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Strict,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("hpa_fights_replicas.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    for autoscaler in &model.autoscalers {
        let scaler = &model.objects[autoscaler.object];
        for workload in autoscaler
            .targets
            .iter()
            .map(|index| &model.workloads[*index])
            .filter(|w| w.stack == scaler.stack)
        {
            let object = model.object(workload);
            let replicas = object.at(&["spec", "replicas"]).filter(|node| node.is_written());
            let Some(node) = replicas.filter(|_| workload.release.is_none()) else { continue };
            if workload.ignored.covers("spec.replicas") || scaler.conditional.is_some() {
                continue;
            }
            let name = scaler.name().unwrap_or("?");
            let message =
                format!("{} states replicas, which {} `{name}` decides", workload.title(), scaler.kind());
            let target =
                scaler.at(&["spec", "scaleTargetRef"]).map_or(scaler.header, |node: &Node| node.place);
            let change =
                Change::Remove { from: object.root.clone(), path: vec!["spec".into(), "replicas".into()] };
            let report = sink
                .report(Severity::Warning, node.place, message)
                .label("set back at every apply")
                .related(target, "scaled here")
                .on(workload, "spec.replicas")
                .note("each apply undoes what the autoscaler has decided, most of all under load")
                .help("remove `replicas`")
                .unsafe_fix("leave the number to the autoscaler", vec![change]);
            sink.push(report.through(node));
        }
    }
}
