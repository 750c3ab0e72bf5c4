//! A container limit above what its namespace allows.
//!
//! # What it does
//! Compares the limits of containers with `max` of the namespace's LimitRange, also of one that a Kyverno policy makes for
//! namespaces with its labels.
//!
//! # Why it matters
//! The API server rejects the pod. The Deployment is accepted, and its rollout stops without a pod: only the events of the
//! ReplicaSet say why.
//!
//! # How to fix
//! Lower the limit, or raise the LimitRange.
//!
//! # Limits
//! Silent where limits, namespace or the LimitRange are not known.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0", resources: { limits: { memory: 2Gi } } }] }
//! ---
//! apiVersion: v1
//! kind: LimitRange
//! metadata: { name: limits, namespace: shop }
//! spec: { limits: [{ type: Container, max: { memory: 1Gi } }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0", resources: { limits: { memory: 1Gi } } }] }
//! ---
//! apiVersion: v1
//! kind: LimitRange
//! metadata: { name: limits, namespace: shop }
//! spec: { limits: [{ type: Container, max: { memory: 1Gi } }] }
//! ```

use crate::finding::Severity;
use crate::model::{EffectiveResource, Quantity};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "limitrange-exceeded",
        summary: "a container limit above what its namespace allows",
        group: Group::Capacity,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("limitrange_exceeded.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    for (_, workload) in context.workloads() {
        for container in workload.all_containers() {
            for resource in ["cpu", "memory", "ephemeral-storage"] {
                let EffectiveResource::Stated(limit, node) = model.limit(workload, container, resource)
                else {
                    continue;
                };
                let Some(most) = model.most_allowed(workload, resource).filter(|most| limit > most.quantity)
                else {
                    continue;
                };
                let message = format!(
                    "container `{}` of {} limits {resource} to {}, the namespace allows {}",
                    container.name,
                    workload.title(),
                    written(&node, limit),
                    written(&most.node, most.quantity)
                );
                let maker = if most.policy { ", which a policy makes" } else { "" };
                let report = sink
                    .report(Severity::Error, node.place, message)
                    .label("more than the namespace allows")
                    .related_node(&most.node, format!("LimitRange {} says so{maker}", most.name))
                    .on(workload, workload.container_field(container, &format!("resources.limits.{resource}")))
                    .note("the API server rejects every pod: the rollout stops without one, and only events say why")
                    .help("lower the limit, or raise `max` of the LimitRange");
                sink.push(report.through(&node));
            }
        }
    }
}

/// The quantity as a person wrote it.
fn written(node: &crate::base::Node, quantity: Quantity) -> String {
    node.display().unwrap_or_else(|| quantity.to_string())
}
