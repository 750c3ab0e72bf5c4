//! Several replicas, and no PodDisruptionBudget that selects them.
//!
//! # What it does
//! Looks for a PodDisruptionBudget that is really rendered and whose selector takes the labels of the pod
//! template, in the same namespace, for each workload with two or more effective replicas.
//!
//! # Why it matters
//! Without a budget a node drain may evict every replica at once: more replicas alone do not help.
//!
//! # How to fix
//! Add a PodDisruptionBudget with the pods' labels. `maxUnavailable: 1` holds for any number of replicas.
//!
//! # Limits
//! Silent for one replica or none, for DaemonSets, and where a budget that may exist could select the pods.
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
//! ```
//! Good:
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
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: web, namespace: shop }
//! spec:
//!   maxUnavailable: 1
//!   selector: { matchLabels: { app: web } }
//! ```

use crate::finding::{Severity, counted};
use crate::lower::KeyStatus;
use crate::model::{Model, Workload};
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "pdb-missing",
        summary: "several replicas and no disruption budget that selects them",
        group: Group::Availability,
        severity: Severity::Error,
        softer_elsewhere: true,
        on: On::Everywhere,
        options: &[],
        since: "0.1.0",
        source: include_str!("pdb_missing.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    for (index, workload) in context.workloads().filter(|(_, w)| w.is_scalable()) {
        let place = workload.replicas.place(workload.header);
        let count = match (workload.replicas.count, &workload.replicas.unknown) {
            (Some(count), _) => count,
            (None, reason) => {
                if let Some(reason) = reason {
                    sink.unjudged(place, reason.clone());
                }
                continue;
            }
        };
        if count < 2 || model.budgets.iter().any(|b| b.selected.contains(&index) && b.conditional.is_none()) {
            continue;
        }
        let perhaps =
            model.budgets.iter().find(|b| b.perhaps.contains(&index) || b.selected.contains(&index));
        if let Some(budget) = perhaps {
            sink.unjudged(
                budget.header,
                format!("whether budget `{}` selects {} is not known", budget.name, workload.title()),
            );
            continue;
        }
        let message = format!(
            "no PodDisruptionBudget selects the {} of {}",
            counted(count, "replica"),
            workload.title()
        );
        let report = sink.report(context.severity(index, workload), place, message);
        sink.push(words(report, workload, model));
    }
}

fn words(report: Report, workload: &Workload, model: &Model) -> Report {
    let report = report
        .label("a drain may evict all of them at once")
        .on(workload, "spec.replicas")
        .note("a node drain respects budgets only: without one it may take every replica in the same moment")
        .help(help(workload, model));
    match &workload.replicas.node {
        Some(node) => report.through(node),
        None => report,
    }
}

/// The key of the chart where there is one, else the object to add.
fn help(workload: &Workload, model: &Model) -> String {
    let release = workload.release.map(|release| &model.releases[release]);
    let key = workload.component.as_ref().map(|component| format!("{component}.pdb"));
    if let (Some(release), Some(key)) = (release, key) {
        let read = release.keys().map(|keys| keys.status(&format!("{key}.enabled")));
        if matches!(read, Some(KeyStatus::Read { .. })) {
            return format!("set `{key}.enabled: true` and `{key}.maxUnavailable: 1` in the chart's values");
        }
    }
    let labels = workload.labels().and_then(|labels| labels.as_map()).and_then(|map| map.entries.first());
    let selector = labels.and_then(|entry| Some(format!("{}: {}", entry.key.name, entry.value.display()?)));
    match selector {
        Some(selector) => {
            format!("add a PodDisruptionBudget with `maxUnavailable: 1` whose selector takes `{selector}`")
        }
        None => {
            "label the pods and add a PodDisruptionBudget with `maxUnavailable: 1` that selects them".into()
        }
    }
}
