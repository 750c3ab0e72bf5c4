//! A field that the API server refuses.
//!
//! # What it does
//! Holds fields of objects against what the API server's validation takes (Kubernetes 1.34): the restart policy of Jobs and of
//! what runs on, the strategy of Deployments, the bounds of autoscalers, topology spreads, probes, the names of ports and
//! containers, mount paths, image pull policies, the path types of Ingresses, the access modes of claims, and the schedule and
//! concurrency policy of CronJobs.
//!
//! # Why it matters
//! The object never comes into being, or its change is never taken; whatever is applied after it may wait for it.
//!
//! # How to fix
//! As the finding says.
//!
//! # Limits
//! Silent about fields that are not known, about fields that a chart may add, about `spec.selector`, and about the pods of custom
//! resources, which the API server does not look into.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: batch/v1
//! kind: CronJob
//! metadata: { name: backup, namespace: shop }
//! spec:
//!   schedule: "0 3 * * *"
//!   jobTemplate:
//!     spec:
//!       template:
//!         spec: { restartPolicy: Always, containers: [{ name: backup, image: "backup:1.0.0" }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: batch/v1
//! kind: CronJob
//! metadata: { name: backup, namespace: shop }
//! spec:
//!   schedule: "0 3 * * *"
//!   jobTemplate:
//!     spec:
//!       template:
//!         spec: { restartPolicy: OnFailure, containers: [{ name: backup, image: "backup:1.0.0" }] }
//! ```

mod containers;
mod objects;
mod pods;

use crate::base::{Node, Place};
use crate::finding::Severity;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "field-invalid",
        summary: "a field that the API server refuses",
        group: Group::Configuration,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("field_invalid.rs"),
    },
    check: Some(check),
};

/// Something that validation refuses.
struct Fault {
    /// Where the value stands, or what lacks it.
    place: Place,
    /// The field, from the object.
    field: String,
    /// What is wrong, behind the name of the object.
    what: String,
    /// What to do.
    help: String,
}

impl Fault {
    fn new(
        place: Place,
        field: impl Into<String>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Fault {
        Fault { place, field: field.into(), what: what.into(), help: help.into() }
    }
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for object in context.model.objects.iter().filter(|object| !object.described) {
        for fault in objects::faults(object) {
            let title = format!("{} `{}`", object.kind(), object.name().unwrap_or("?"));
            let report = sink
                .report(Severity::Error, fault.place, format!("{title}: {}", fault.what))
                .label("the API server refuses this")
                .on_object(object, fault.field)
                .help(fault.help);
            sink.push(report.note(NOTE));
        }
    }
    for (_, workload) in context.workloads().filter(|(_, workload)| KINDS.contains(&workload.kind.as_str())) {
        let object = context.model.object(workload);
        let of_containers =
            workload.all_containers().flat_map(|container| containers::faults(workload, container));
        for fault in pods::faults(workload, object).into_iter().chain(of_containers) {
            let report = sink
                .report(Severity::Error, fault.place, format!("{}: {}", workload.title(), fault.what))
                .label("the API server refuses this")
                .on(workload, fault.field)
                .help(fault.help);
            sink.push(report.note(NOTE));
        }
    }
}

/// The kinds whose pods the API server validates itself; of others their controllers may.
const KINDS: [&str; 9] = [
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "CronJob",
    "Pod",
    "PodTemplate",
];

const NOTE: &str = "the object is not created, or its change is not taken";

/// A text under a key that is none of those that are taken; empty ones stand for the default.
fn outside<'a>(node: Option<&'a Node>, taken: &[&str]) -> Option<(&'a Node, &'a str)> {
    let node = node?;
    let text = node.as_str().filter(|text| !text.is_empty() && !text.contains(['$', '{']))?;
    (!taken.contains(&text)).then_some((node, text))
}

/// The second of two items with the same name.
fn doubled<'a>(names: impl Iterator<Item = &'a Node>) -> Vec<&'a Node> {
    let mut seen: Vec<&str> = Vec::new();
    let mut out = Vec::new();
    for node in names {
        let Some(name) = node.as_str() else { continue };
        if seen.contains(&name) {
            out.push(node);
        }
        seen.push(name);
    }
    out
}
