//! A disruption budget lets too many pods of a critical workload go.
//!
//! # What it does
//! For a critical workload with minimum m (3 by default): a voluntary disruption must leave at least m − 1
//! pods. Two replicas with `minAvailable: 1` may leave one; `maxUnavailable: 34%` of 3 is two.
//!
//! # Why it matters
//! The budget then allows exactly the state it was written to prevent: one pod, and no room for a failure.
//!
//! # How to fix
//! Run the minimum of replicas and let one go at a time: `maxUnavailable: 1`.
//!
//! # Limits
//! Only critical workloads have a minimum, in `strict` too. Silent for fewer than two replicas, where other rules speak.
//!
//! # Fix safety
//! Unsafe: drains take fewer pods at a time.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: pgbouncer, namespace: db }
//! spec:
//!   maxUnavailable: 34%
//!   selector: { matchLabels: { app: pgbouncer } }
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: db }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: pgbouncer } }
//!     spec: { containers: [{ name: pgbouncer, image: "edoburu/pgbouncer:v1.24.1-p1" }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: pgbouncer, namespace: db }
//! spec:
//!   maxUnavailable: 33%
//!   selector: { matchLabels: { app: pgbouncer } }
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: db }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: pgbouncer } }
//!     spec: { containers: [{ name: pgbouncer, image: "edoburu/pgbouncer:v1.24.1-p1" }] }
//! ```

use super::{field, selected_pods, sum};
use crate::base::Node;
use crate::finding::{Applicability, Severity, counted};
use crate::model::{Budget, Demand, Workload};
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "pdb-too-weak",
        summary: "a disruption budget lets too many pods of a critical workload go",
        group: Group::Availability,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Critical,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("pdb_too_weak.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    for budget in &model.budgets {
        let critical = budget.selected.iter().find_map(|index| {
            let workload = &model.workloads[*index];
            Some((workload, context.critical(*index, workload)?.minimum))
        });
        let Some((workload, minimum)) = critical else { continue };
        let (Some((demand, node)), Some(total)) = (budget.demand(), selected_pods(budget, model)) else {
            continue;
        };
        let left = total - demand.allowed(total);
        if total < 2 || left >= minimum - 1 {
            continue;
        }
        let message = format!(
            "budget `{}` may leave {} of {}: a critical service keeps {}",
            budget.name,
            counted(left.max(0), "pod"),
            workload.title(),
            minimum - 1
        );
        let report =
            sink.report(Severity::Error, node.place, message).on_budget(budget, field(demand)).through(node);
        let report = words(report, workload, demand, total, minimum);
        // With fewer replicas than the service needs, no budget is right.
        let fix = (total >= minimum).then(|| enough(budget, demand, node, minimum));
        sink.push(report.unsafe_fix("let fewer pods go at a time", fix.into_iter().collect()));
    }
}

/// The demand that keeps as many pods as a critical service needs.
fn enough(budget: &Budget, demand: Demand, node: &Node, minimum: i64) -> Change {
    let value = match demand {
        Demand::MinAvailable(_) => minimum - 1,
        Demand::MaxUnavailable(_) => 1,
    };
    // The API takes a number; what converts it may want a string.
    match node.as_text().filter(|_| budget.lenient) {
        Some(_) => Change::set(node, value.to_string().as_str()),
        None => Change::set(node, value),
    }
}

fn words(report: Report, workload: &Workload, demand: Demand, total: i64, minimum: i64) -> Report {
    let left = (total - demand.allowed(total)).max(0);
    let help = if total < minimum {
        format!("run {minimum} replicas with `maxUnavailable: 1`: one goes, {} stay", minimum - 1)
    } else {
        "let one go at a time: `maxUnavailable: 1`".to_owned()
    };
    let report = report
        .label(format!("{}, {left} left", sum(demand, total)))
        .note("a drain may bring a critical service down to its last pod")
        .help(help);
    match &workload.replicas.node {
        Some(node) => report.related_node(node, format!("{} in all", counted(total, "pod"))),
        None => report,
    }
}
