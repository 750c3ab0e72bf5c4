//! A limit below the request.
//!
//! # What it does
//! Compares each container's limit with its request, numerically, after the LimitRange of the namespace has
//! given what is not stated.
//!
//! # Why it matters
//! The API server rejects such a pod: the rollout stops at the first one.
//!
//! # How to fix
//! Raise the limit or lower the request. A memory request stated alone needs a limit beside it where a
//! LimitRange gives a smaller one.
//!
//! # Limits
//! Silent where one of the two cannot be known offline.
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
//!     spec:
//!       containers:
//!         - name: web
//!           image: web:1.0.0
//!           resources: { requests: { memory: 1.5Gi }, limits: { memory: 1535Mi } }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec:
//!       containers:
//!         - name: web
//!           image: web:1.0.0
//!           resources: { requests: { memory: 1.5Gi }, limits: { memory: 1536Mi } }
//! ```

use crate::base::Node;
use crate::finding::Severity;
use crate::model::{Container, EffectiveResource, Quantity, Workload};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "limit-below-request",
        summary: "a limit below the request",
        group: Group::Capacity,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("limit_below_request.rs"),
    },
    check: Some(check),
};

const RESOURCES: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads() {
        for container in workload.all_containers() {
            for resource in RESOURCES {
                compare(context, sink, workload, container, resource);
            }
        }
    }
}

fn compare(
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    workload: &Workload,
    container: &Container,
    resource: &str,
) {
    let limit = context.model.limit(workload, container, resource);
    let request = context.model.request(workload, container, resource);
    let (Some(most), Some(least)) = (limit.quantity(), request.quantity()) else { return };
    if least <= most {
        return;
    }
    let (most, least) = (written(&limit, most), written(&request, least));
    // Two defaults of one LimitRange are that object's own affair.
    let place = match (&limit, &request) {
        (EffectiveResource::Stated(_, node), _) | (_, EffectiveResource::Stated(_, node)) => node.place,
        _ => return,
    };
    let message = format!(
        "container `{}` of {} requests more {resource} than its limit: {least} > {most}",
        container.name,
        workload.title()
    );
    let mut report = sink
        .report(Severity::Error, place, message)
        .on(workload, workload.container_field(container, &format!("resources.limits.{resource}")))
        .note("the API server rejects the pod: the rollout stops at the first one");
    let help = match &limit {
        EffectiveResource::Given(given) => {
            report = report.related_node(&given.node, format!("LimitRange {} gives this limit", given.name));
            format!("state a {resource} limit of {least} or more")
        }
        _ => format!("raise the limit to {least} or more, or lower the request"),
    };
    report = match &request {
        EffectiveResource::Stated(_, node) => report.related_node(node, format!("requests {least}")),
        EffectiveResource::Given(given) => {
            report.related_node(&given.node, format!("LimitRange {} gives this request", given.name))
        }
        _ => report,
    };
    sink.push(report.label(format!("the limit is {most}, the request {least}")).help(help));
}

/// The quantity as a person wrote it.
fn written(resource: &EffectiveResource, quantity: Quantity) -> String {
    let node = match resource {
        EffectiveResource::Stated(_, node) => Some(node),
        EffectiveResource::Given(given) => Some(&given.node),
        _ => None,
    };
    node.and_then(Node::display).unwrap_or_else(|| quantity.to_string())
}
