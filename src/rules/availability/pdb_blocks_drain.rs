//! A PodDisruptionBudget that never lets a pod go.
//!
//! # What it does
//! Does the disruption controller's arithmetic with all pods healthy: N effective replicas of all selected
//! workloads; `minAvailable` m lets N − m go, `p%` lets N − ceil(p·N) go; `maxUnavailable` k lets k go,
//! `p%` lets ceil(p·N) go. Zero or less blocks every eviction.
//!
//! # Why it matters
//! `kubectl drain` and every node upgrade wait for such a pod until someone deletes the budget, at night.
//!
//! # How to fix
//! Lower `minAvailable` below the replicas, use `maxUnavailable: 1`, or add a replica.
//!
//! # Limits
//! With one replica it is a warning: some owners mean "ask me first". Silent for zero replicas, and where
//! the selected pods cannot be known, unless no number of pods could help (`maxUnavailable: 0`,
//! `minAvailable: 100%`).
//!
//! # Fix safety
//! Unsafe: it lets one pod go. None with a single replica, where a person may want to be asked.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: web, namespace: shop }
//! spec:
//!   minAvailable: 67%
//!   selector: { matchLabels: { app: web } }
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: web, namespace: shop }
//! spec:
//!   minAvailable: 66%
//!   selector: { matchLabels: { app: web } }
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ```

use super::{field, selected_pods, sum};
use crate::base::Node;
use crate::finding::{Applicability, Severity, counted};
use crate::model::{Budget, Demand, Model};
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "pdb-blocks-drain",
        summary: "a disruption budget that never lets a pod go",
        group: Group::Availability,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("pdb_blocks_drain.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for budget in &context.model.budgets {
        for node in [&budget.min_available, &budget.max_unavailable].into_iter().flatten() {
            if sink.known(node).is_some() && budget.demand().is_none() && node.as_str().is_some() {
                sink.unjudged(node.place, "neither a number nor a percentage: the API refuses it");
            }
        }
        let Some((demand, node)) = budget.demand() else { continue };
        match selected_pods(budget, context.model) {
            Some(0) => {}
            Some(total) if demand.allowed(total) <= 0 => {
                let severity = if total == 1 { Severity::Warning } else { Severity::Error };
                let message = format!("budget `{}` blocks every drain: {}", budget.name, sum(demand, total));
                let report = sink.report(severity, node.place, message);
                sink.push(words(report, budget, demand, node, Some(total)).replicas(budget, context.model));
            }
            Some(_) => {}
            None if demand.never_allows() => {
                let message =
                    format!("budget `{}` blocks every drain, however many pods there are", budget.name);
                sink.push(words(
                    sink.report(Severity::Error, node.place, message),
                    budget,
                    demand,
                    node,
                    None,
                ));
            }
            None => unjudged(budget, context.model, sink),
        }
    }
}

fn unjudged(budget: &Budget, model: &Model, sink: &mut Sink<'_>) {
    let unknown = budget.selected.iter().map(|i| &model.workloads[*i]).find(|w| w.replicas.count.is_none());
    match unknown {
        Some(workload) => {
            let reason =
                workload.replicas.unknown.clone().unwrap_or_else(|| "the replicas are not known".into());
            sink.unjudged(workload.replicas.place(workload.header), reason);
        }
        None => sink.unjudged(budget.header, format!("the pods of budget `{}` are not known", budget.name)),
    }
}

fn words(report: Report, budget: &Budget, demand: Demand, node: &Node, total: Option<i64>) -> Report {
    let one = total == Some(1);
    let note = if one {
        "with one replica this makes every drain wait for a person; keep it if that is what it is for"
    } else {
        "the eviction API refuses every pod: node drains and upgrades hang until someone edits the budget"
    };
    let help = match demand {
        Demand::MinAvailable(_) if one => "use `maxUnavailable: 1`, or run more than one replica".to_owned(),
        Demand::MinAvailable(_) => {
            "use `maxUnavailable: 1`, or lower `minAvailable` below the replicas".to_owned()
        }
        Demand::MaxUnavailable(_) => "set `maxUnavailable` to 1 or more".to_owned(),
    };
    let report =
        report.label("no pod may go").on_budget(budget, field(demand)).note(note).help(help).through(node);
    match (demand, total) {
        (Demand::MaxUnavailable(_), _) => report.unsafe_fix("let one pod go", vec![Change::set(node, 1)]),
        (Demand::MinAvailable(_), Some(total)) if total > 1 => {
            report.unsafe_fix("let one pod go", vec![Change::set(node, total - 1)])
        }
        (Demand::MinAvailable(_), _) => report,
    }
}

impl Report {
    /// Shows the replicas of the workloads that a budget selects.
    fn replicas(mut self, budget: &Budget, model: &Model) -> Report {
        for workload in budget.selected.iter().map(|index| &model.workloads[*index]) {
            if let (Some(node), Some(count)) = (&workload.replicas.node, workload.replicas.count) {
                self =
                    self.related_node(node, format!("{} of `{}`", counted(count, "replica"), workload.name));
            }
        }
        self
    }
}
