//! A CronJob that skips runs when the control plane is busy.
//!
//! # What it does
//! Finds CronJobs whose `startingDeadlineSeconds` is below 30.
//!
//! # Why it matters
//! The controller looks at CronJobs every ten seconds, later when it is busy. A run that could not begin in time is skipped
//! without a word: the backup of that night does not exist.
//!
//! # How to fix
//! Leave the field out, or allow minutes.
//!
//! # Limits
//! Silent where it is not set.
//!
//! # Fix safety
//! Unsafe: runs begin later than they were allowed to.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: batch/v1
//! kind: CronJob
//! metadata: { name: backup, namespace: shop }
//! spec:
//!   schedule: "0 3 * * *"
//!   startingDeadlineSeconds: 10
//!   jobTemplate:
//!     spec:
//!       template:
//!         spec: { restartPolicy: Never, containers: [{ name: backup, image: "backup:1.0.0" }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: batch/v1
//! kind: CronJob
//! metadata: { name: backup, namespace: shop }
//! spec:
//!   schedule: "0 3 * * *"
//!   startingDeadlineSeconds: 300
//!   jobTemplate:
//!     spec:
//!       template:
//!         spec: { restartPolicy: Never, containers: [{ name: backup, image: "backup:1.0.0" }] }
//! ```

use crate::base::Node;
use crate::finding::{Applicability, Severity};
use crate::rule::{Context, Group, On, OptionMeta, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "cron-deadline-short",
        summary: "a CronJob that skips runs when the control plane is busy",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &OPTIONS,
        since: "0.1.0",
        source: include_str!("cron_deadline_short.rs"),
    },
    check: Some(check),
};

const OPTIONS: [OptionMeta; 1] = [OptionMeta {
    name: "minimum-seconds",
    default: 30,
    doc: "The least time in which a run may still begin, in seconds.",
}];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let least = context.option("minimum-seconds");
    for (_, workload) in context.workloads().filter(|(_, w)| w.kind == "CronJob") {
        let node = context.model.object(workload).at(&["spec", "startingDeadlineSeconds"]);
        let Some(node) = node.and_then(|node| sink.known(node)) else { continue };
        let Some(seconds) = Node::as_int_lenient(node).filter(|seconds| *seconds < least) else { continue };
        let message = format!("{} skips a run that cannot begin within {seconds} s", workload.title());
        let report = sink
            .report(Severity::Warning, node.place, message)
            .label("too short for a busy control plane")
            .on(workload, "spec.startingDeadlineSeconds")
            .note("a skipped run is no failed run: nothing says that the backup of that night does not exist")
            .help("remove the field, or allow some minutes")
            .unsafe_fix("allow five minutes", vec![Change::set(node, 300)]);
        sink.push(report.through(node));
    }
}
