//! Two disruption budgets over the same pods.
//!
//! # What it does
//! Finds pairs of budgets in a namespace whose selectors both take the pods of one workload.
//!
//! # Why it matters
//! The eviction API handles one budget for a pod. With two it answers every eviction with an error: node drains hang, and no
//! event on the budgets says why.
//!
//! # How to fix
//! Keep one budget for the pods, or make the selectors narrower so that each pod has one.
//!
//! # Limits
//! Silent about budgets that may not exist, and where it cannot be known whether a selector takes the pods.
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
//!   maxUnavailable: 1
//!   selector: { matchLabels: { app: web } }
//! ---
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: all, namespace: shop }
//! spec:
//!   minAvailable: 1
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

use crate::base::Place;
use crate::finding::Severity;
use crate::model::{Budget, Model};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "pdb-overlap",
        summary: "two disruption budgets over the same pods",
        group: Group::Availability,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("pdb_overlap.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    for (index, second) in model.budgets.iter().enumerate() {
        let first = model.budgets[..index].iter().find_map(|first| Some((first, shared(first, second)?)));
        let Some((first, workload)) = first else { continue };
        let title = model.workloads[workload].title();
        let message =
            format!("budgets `{}` and `{}` both select the pods of {title}", first.name, second.name);
        let report = sink
            .report(Severity::Error, selector(model, second), message)
            .label(format!("takes the pods of {title}"))
            .related(selector(model, first), format!("budget `{}` takes them, too", first.name))
            .on_budget(second, "spec.selector")
            .note("the eviction API refuses to evict a pod with two budgets: node drains hang")
            .help("keep one budget for these pods, or make the selectors narrower");
        sink.push(report);
    }
}

/// A workload that both budgets of one stack select.
fn shared(first: &Budget, second: &Budget) -> Option<usize> {
    let exist = first.conditional.is_none() && second.conditional.is_none();
    let two = first.stack == second.stack && first.name != second.name;
    let both = first.selected.iter().find(|index| second.selected.contains(index));
    both.copied().filter(|_| exist && two)
}

fn selector(model: &Model, budget: &Budget) -> Place {
    let selector = model.objects[budget.object].at(&["spec", "selector"]);
    selector.filter(|node| node.is_written()).map_or(budget.header, |node| node.place)
}
