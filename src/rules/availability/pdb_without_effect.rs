//! A disruption budget that does not say how many pods may go, or lets all.
//!
//! # What it does
//! Finds budgets over two or more pods with `minAvailable: 0` or a `maxUnavailable` of all pods, and those with neither field.
//!
//! # Why it matters
//! A drain may evict all of them in the same moment, as if there were no budget. The budget looks like protection to whoever
//! counts budgets. With neither field the disruption controller expects no pods at all, and allows no disruption: drains wait
//! until someone edits the budget (updatePdbStatus of pkg/controller/disruption, Kubernetes 1.34).
//!
//! # How to fix
//! `maxUnavailable: 1` holds for any number of replicas.
//!
//! # Limits
//! Silent with one pod or none, where the pods are not all known, and on critical workloads where `pdb-too-weak` speaks.
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
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ---
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: web, namespace: shop }
//! spec:
//!   minAvailable: 0
//!   selector: { matchLabels: { app: web } }
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
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ---
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: web, namespace: shop }
//! spec:
//!   maxUnavailable: 1
//!   selector: { matchLabels: { app: web } }
//! ```

use super::selected_pods;
use crate::finding::Severity;
use crate::model::Budget;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "pdb-without-effect",
        summary: "a disruption budget that lets every pod go, or says nothing",
        group: Group::Availability,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("pdb_without_effect.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for budget in &context.model.budgets {
        let Some(total) = selected_pods(budget, context.model).filter(|total| *total > 1) else { continue };
        // Of a budget that demands too little of them another rule speaks; not of one that demands nothing.
        if budget.demand().is_some() && is_critical(context, budget) {
            continue;
        }
        let fields = (&budget.min_available, &budget.max_unavailable);
        let report = match (fields, budget.demand()) {
            ((None, None), _) if is_closed(context, budget) => sink
                .report(
                    Severity::Warning,
                    budget.header,
                    format!("budget `{}` states neither minAvailable nor maxUnavailable", budget.name),
                )
                .label(format!("says nothing of how many of its {total} pods may go"))
                .note("Kubernetes then lets none go: drains wait until someone edits the budget"),
            (_, Some((demand, node))) if demand.allowed(total) >= total => sink
                .report(
                    Severity::Warning,
                    node.place,
                    format!("budget `{}` protects none of its {total} pods: all {total} may go", budget.name),
                )
                .label("lets every pod go")
                .note("a drain may evict all pods at once, as if there were no budget"),
            _ => continue,
        };
        sink.push(report.on_budget(budget, "spec").help("set `maxUnavailable: 1`"));
    }
}

/// Whether another rule speaks of the budget: one of its workloads must keep more than one pod.
fn is_critical(context: &Context<'_>, budget: &Budget) -> bool {
    let minimum =
        |index: &usize| context.critical(*index, &context.model.workloads[*index]).map(|e| e.minimum);
    budget.selected.iter().filter_map(minimum).any(|minimum| minimum > 1)
}

/// Whether what the budget does not set is surely not set.
fn is_closed(context: &Context<'_>, budget: &Budget) -> bool {
    let spec = context.model.objects[budget.object].at(&["spec"]);
    spec.is_some_and(|spec| spec.open_reason().is_none())
}
