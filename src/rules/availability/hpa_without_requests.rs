//! An autoscaler of a utilisation that cannot be computed.
//!
//! # What it does
//! Finds HorizontalPodAutoscalers, and ScaledObjects of KEDA, that scale by the utilisation of CPU or memory, and containers of
//! their target that have no request of it, also after the defaults of the namespace's LimitRange. A metric of one container
//! (`ContainerResource`) is about that one only. Without metrics the API scales by 80 % of the CPU.
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
use crate::model::{Container, EffectiveResource};
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
        if object.conditional.is_some() {
            continue;
        }
        for Utilisation { resource, place: metric, container: only } in utilisations(object) {
            for workload in autoscaler
                .targets
                .iter()
                .map(|index| &model.workloads[*index])
                .filter(|w| w.stack == object.stack)
            {
                let named =
                    |container: &&Container| only.as_deref().is_none_or(|only| *container.name == *only);
                for container in workload.containers.iter().filter(named) {
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
                        .help(match &only {
                            Some(only) => format!("set requests.{resource} of container `{only}`"),
                            None => format!("set requests.{resource} of every container, sidecars too"),
                        });
                    sink.push(report);
                }
            }
        }
    }
}

/// A share of a request by which an autoscaler scales.
struct Utilisation {
    resource: String,
    /// What says so.
    place: Place,
    /// The only container that it looks at.
    container: Option<String>,
}

fn utilisations(object: &Object) -> Vec<Utilisation> {
    let Some(spec) = object.at(&["spec"]).filter(|spec| spec.open_reason().is_none()) else {
        return Vec::new();
    };
    if object.kind() == "ScaledObject" {
        return spec
            .get("triggers")
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .filter_map(of_trigger)
            .collect();
    }
    let cpu = |place| vec![Utilisation { resource: "cpu".to_owned(), place, container: None }];
    if let Some(node) = spec.get("targetCPUUtilizationPercentage") {
        return cpu(node.place);
    }
    // The API fills in 80 % of the CPU where there is no metric.
    match spec.get("metrics") {
        None => cpu(object.header),
        Some(metrics) if metrics.items().is_empty() && metrics.open_reason().is_none() => cpu(metrics.place),
        Some(metrics) => metrics.items().iter().filter_map(of_metric).collect(),
    }
}

fn of_metric(metric: &Node) -> Option<Utilisation> {
    let field = match metric.get("type").and_then(Node::as_str)? {
        "Resource" => "resource",
        "ContainerResource" => "containerResource",
        _ => return None,
    };
    let resource = metric.get(field)?;
    let target = resource
        .at(&["target", "averageUtilization"])
        .or_else(|| resource.get("targetAverageUtilization"))?;
    let container = match resource.get("container") {
        Some(name) => Some(name.as_str()?.to_owned()),
        None => None,
    };
    Some(Utilisation { resource: resource.get("name")?.as_str()?.to_owned(), place: target.place, container })
}

/// A trigger of KEDA's that makes a metric of that kind (scalers `cpu` and `memory` of KEDA 2.17).
fn of_trigger(trigger: &Node) -> Option<Utilisation> {
    let resource =
        trigger.get("type").and_then(Node::as_str).filter(|kind| matches!(*kind, "cpu" | "memory"))?;
    let kind = trigger.get("metricType").or_else(|| trigger.at(&["metadata", "type"]))?;
    let container = match trigger.at(&["metadata", "containerName"]) {
        Some(name) => Some(name.as_str()?.to_owned()),
        None => None,
    };
    (kind.as_str() == Some("Utilization")).then(|| Utilisation {
        resource: resource.to_owned(),
        place: kind.place,
        container,
    })
}
