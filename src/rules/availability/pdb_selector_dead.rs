//! A disruption budget that selects nothing.
//!
//! # What it does
//! Finds budgets whose selector takes the pods of no workload, in a namespace of which everything is known.
//!
//! # Why it matters
//! The budget protects nobody. Most often a label was renamed on one side.
//!
//! # How to fix
//! Select the labels of the pod template, not those of the Deployment.
//!
//! # Limits
//! Silent where a release, an operator or anything else that is not known may make pods in the namespace, and where nothing
//! known does.
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
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: web, namespace: shop }
//! spec:
//!   maxUnavailable: 1
//!   selector: { matchLabels: { app: wbe } }
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
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: web, namespace: shop }
//! spec:
//!   maxUnavailable: 1
//!   selector: { matchLabels: { app: web } }
//! ```

use crate::finding::Severity;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "pdb-selector-dead",
        summary: "a disruption budget that selects nothing",
        group: Group::Availability,
        severity: Severity::Note,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("pdb_selector_dead.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    for budget in &model.budgets {
        let object = &model.objects[budget.object];
        let Some(namespace) = object.namespace() else { continue };
        let selects_none = budget.selected.is_empty() && budget.perhaps.is_empty();
        let is_there = budget.conditional.is_none() && model.has_pods(namespace, &budget.stack);
        let Some(selector) = object.at(&["spec", "selector"]).filter(|_| selects_none && is_there) else {
            continue;
        };
        if !model.is_fully_known(namespace, &budget.stack) {
            continue;
        }
        let message = format!("budget `{}` selects no pods", budget.name);
        let report = sink
            .report(Severity::Note, selector.place, message)
            .label("no pod template of the namespace has these labels")
            .on_budget(budget, "spec.selector")
            .note("a budget that selects nothing protects nobody, and says so nowhere")
            .help("select labels of the pod template");
        sink.push(report.through(selector));
    }
}
