//! A disruption budget with both `minAvailable` and `maxUnavailable`.
//!
//! # What it does
//! Finds budgets with both fields: the API server rejects them. Some charts print only one of two set
//! values; there it says which one is dropped.
//!
//! # Why it matters
//! A rejected budget protects nothing, and a dropped value is not the one that its author believes in.
//!
//! # How to fix
//! Keep one of the two. `maxUnavailable: 1` holds for any number of replicas.
//!
//! # Limits
//! None.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: web, namespace: shop }
//! spec:
//!   minAvailable: 2
//!   maxUnavailable: 1
//!   selector: { matchLabels: { app: web } }
//! ```
//! Good:
//! ```yaml
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: web, namespace: shop }
//! spec:
//!   maxUnavailable: 1
//!   selector: { matchLabels: { app: web } }
//! ```

use crate::base::Node;
use crate::compose::Composed;
use crate::finding::Severity;
use crate::lower::{is_truthy, value_at};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "pdb-fields-conflict",
        summary: "a disruption budget with both minAvailable and maxUnavailable",
        group: Group::Availability,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("pdb_fields_conflict.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for budget in &context.model.budgets {
        let (Some(min), Some(max)) = (&budget.min_available, &budget.max_unavailable) else { continue };
        if sink.known(min).is_none() || sink.known(max).is_none() {
            continue;
        }
        let message = format!("budget `{}` sets both minAvailable and maxUnavailable", budget.name);
        let report = sink.report(Severity::Error, max.place, message).label("the API takes one of the two");
        let report = report.on_budget(budget, "spec.maxUnavailable").related_node(min, "and this");
        let report = report.note("the API server rejects the object: there is no budget at all");
        sink.push(report.help("keep one of them; `maxUnavailable: 1` holds for any number of replicas"));
    }
    for release in &context.model.releases {
        dropped(release, sink);
    }
}

/// Values of a chart that prints one field and drops the other.
fn dropped(release: &Composed, sink: &mut Sink<'_>) {
    let Some(profile) = release.profile.as_deref().filter(|_| release.opaque.is_none()) else { return };
    for (wins, loses) in profile.exclusive() {
        let parent = wins.rsplit_once('.').map_or("", |(parent, _)| parent);
        let enabled = is_truthy(value_at(&release.effective, &format!("{parent}.enabled")));
        let set = |path: &str| value_at(&release.effective, path).filter(|node| is_set(node));
        let (Some(true), Some(winner), Some(loser)) = (enabled, set(&wins), set(&loses)) else { continue };
        match is_truthy(Some(winner)) {
            Some(true) => {}
            Some(false) => continue,
            None => {
                sink.unjudged(winner.place, winner.open_reason().unwrap_or_else(|| "it is not known".into()));
                continue;
            }
        }
        let message = format!("the chart prints `{wins}` and drops `{loses}`");
        let report = sink.report(Severity::Warning, loser.place, message).label("has no effect");
        let report = report.on_release(&release.release, loses.as_str());
        let report = report.related_node(winner, "this one counts");
        let report = report.note("with both set, the budget is not the one that the dropped value describes");
        sink.push(report.help(format!("remove `{loses}`")));
    }
}

/// The template takes 0 for nothing where it chooses, but a person who wrote it meant it.
fn is_set(node: &Node) -> bool {
    node.is_written() && !node.is_null() && node.as_str() != Some("")
}
