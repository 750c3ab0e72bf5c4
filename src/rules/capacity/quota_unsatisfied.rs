//! A quota of something that a pod does not state.
//!
//! # What it does
//! Finds containers that neither state nor are given (by a LimitRange) a request or limit which a ResourceQuota of their
//! namespace counts.
//!
//! # Why it matters
//! The API server refuses such pods: the workload is applied, and has no pods. «failed quota: must specify limits.memory».
//!
//! # How to fix
//! State what the quota counts, or give the namespace a LimitRange with defaults.
//!
//! # Limits
//! Only CPU and memory must be stated. Silent about quotas with other scopes than `NotTerminating`, pods with resources of their
//! own, and values that are not known. A quota of another stack counts where that stack has no pods in the namespace itself.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: v1
//! kind: ResourceQuota
//! metadata: { name: shop, namespace: shop }
//! spec: { hard: { limits.memory: 4Gi } }
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: v1
//! kind: ResourceQuota
//! metadata: { name: shop, namespace: shop }
//! spec: { hard: { limits.memory: 4Gi } }
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0", resources: { limits: { memory: 1Gi } } }] }
//! ```

use crate::base::{Entry, Node};
use crate::finding::Severity;
use crate::model::{Container, Counted, EffectiveResource, Model, Quota, Workload};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "quota-unsatisfied",
        summary: "a quota of something that a pod does not state",
        group: Group::Capacity,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("quota_unsatisfied.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let quotas: Vec<Quota<'_>> = context.model.objects.iter().filter_map(Quota::read).collect();
    if quotas.is_empty() {
        return;
    }
    for (_, workload) in context.workloads() {
        let governing = quotas.iter().filter(|quota| {
            workload.namespace.as_deref() == Some(quota.namespace)
                && context.model.reaches(&quota.object.stack, quota.namespace, &workload.stack)
                && (!quota.scoped || workload.is_long_running())
        });
        let limits: Vec<(Counted, &Entry)> = governing.flat_map(Quota::limits).collect();
        for container in workload.all_containers() {
            let missing = missing(context.model, workload, container, &limits);
            if let [first, ..] = missing[..] {
                report(workload, container, first, &missing, sink);
            }
        }
    }
}

/// What a quota counts and a container has not.
fn missing<'a>(
    model: &Model,
    workload: &Workload,
    container: &Container,
    limits: &[(Counted, &'a Entry)],
) -> Vec<&'a Entry> {
    if workload.pod().is_none_or(|pod| pod.get("resources").is_some()) {
        return Vec::new();
    }
    let lacks = |counted: Counted| match counted {
        Counted::Resource(side, resource) => {
            matches!(model.effective(workload, container, side, resource), EffectiveResource::None)
        }
        Counted::Pods => false,
    };
    let mut out: Vec<&Entry> = Vec::new();
    for (counted, entry) in limits {
        if lacks(*counted) && !out.iter().any(|known| known.key.name == entry.key.name) {
            out.push(entry);
        }
    }
    out
}

fn report(
    workload: &Workload,
    container: &Container,
    first: &Entry,
    missing: &[&Entry],
    sink: &mut Sink<'_>,
) {
    let names: Vec<&str> = missing.iter().map(|entry| &*entry.key.name).collect();
    let all = names.join(", ");
    let report = sink
        .report(
            Severity::Error,
            container.resources_place(),
            format!(
                "container `{}` of {} states no {all}, and a quota counts it",
                container.name,
                workload.title()
            ),
        )
        .label(format!("must specify {all}"))
        .on(workload, workload.container_field(container, "resources"))
        .note("the API server refuses the pods: «failed quota: must specify …»")
        .help(format!("state {all}, or give the namespace a LimitRange with defaults"));
    let counted: Node = first.value.clone();
    sink.push(match counted.is_written() {
        true => report.related(first.key.place, "counted here"),
        false => report,
    });
}
