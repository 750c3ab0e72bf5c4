//! An autoscaler of a utilisation that cannot be computed.
//!
//! # What it does
//! Finds HorizontalPodAutoscalers that scale by the utilisation of CPU or memory, and containers of their target that have no
//! request of it, also after the defaults of the namespace's LimitRange. Without metrics the API scales by 80 % of the CPU.
//!
//! # Why it matters
//! Utilisation is a share of the request. With one container without it the metric is `unknown`, and the autoscaler never acts.
//!
//! # How to fix
//! Give every container of the pod a request, sidecars too, or scale by `ContainerResource` or `AverageValue`.
//!
//! # Limits
//! Silent where requests are not known.
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
//!     spec: { containers: [{ name: web, image: "web:1.0.0", resources: { requests: { cpu: 100m } } }] }
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

use crate::base::{Node, Place};
use crate::finding::Severity;
use crate::lower::Object;
use crate::model::EffectiveResource;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "hpa-without-requests",
        summary: "an autoscaler of a utilisation that cannot be computed",
        group: Group::Availability,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("hpa_without_requests.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    for autoscaler in &model.autoscalers {
        let object = &model.objects[autoscaler.object];
        if object.kind() != "HorizontalPodAutoscaler" || object.conditional.is_some() {
            continue;
        }
        for (resource, metric) in utilisations(object) {
            for workload in autoscaler
                .targets
                .iter()
                .map(|index| &model.workloads[*index])
                .filter(|w| w.stack == object.stack)
            {
                for container in &workload.containers {
                    if !matches!(model.request(workload, container, &resource), EffectiveResource::None) {
                        continue;
                    }
                    let message = format!(
                        "the autoscaler of {} needs the {resource} request of container `{}`, which has none",
                        workload.title(),
                        container.name
                    );
                    let report = sink
                        .report(Severity::Error, container.resources_place(), message)
                        .label(format!("no {resource} request, so no utilisation"))
                        .related(metric, "scales by utilisation")
                        .on(workload, workload.container_field(container, &format!("resources.requests.{resource}")))
                        .note("with one container without a request the metric is unknown, and the autoscaler never acts")
                        .help(format!("set requests.{resource} of every container, sidecars too"));
                    sink.push(report);
                }
            }
        }
    }
}

/// The resources whose utilisation an autoscaler scales by, with the places that say so.
fn utilisations(object: &Object) -> Vec<(String, Place)> {
    let Some(spec) = object.at(&["spec"]).filter(|spec| spec.open_reason().is_none()) else {
        return Vec::new();
    };
    if let Some(node) = spec.get("targetCPUUtilizationPercentage") {
        return vec![("cpu".to_owned(), node.place)];
    }
    let Some(metrics) = spec.get("metrics") else { return vec![("cpu".to_owned(), object.header)] };
    let of_metric = |metric: &Node| {
        let resource = metric
            .get("resource")
            .filter(|_| metric.get("type").and_then(Node::as_str) == Some("Resource"))?;
        let target = resource
            .at(&["target", "averageUtilization"])
            .or_else(|| resource.get("targetAverageUtilization"))?;
        Some((resource.get("name")?.as_str()?.to_owned(), target.place))
    };
    metrics.items().iter().filter_map(of_metric).collect()
}
