//! A CronJob that one hung run stops for good.
//!
//! # What it does
//! Finds CronJobs with `concurrencyPolicy: Forbid` whose job has no `activeDeadlineSeconds`.
//!
//! # Why it matters
//! A run that hangs on a lock or a dead connection never ends, and as long as it is there no other one begins. It is found
//! when somebody needs the backup.
//!
//! # How to fix
//! `activeDeadlineSeconds` on the job, longer than any good run.
//!
//! # Limits
//! Silent where it is not known whether there is a deadline, and where the pod has one.
//!
//! # Fix safety
//! Unsafe: it ends runs after an hour.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: batch/v1
//! kind: CronJob
//! metadata: { name: backup, namespace: shop }
//! spec:
//!   schedule: "0 3 * * *"
//!   concurrencyPolicy: Forbid
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
//!   concurrencyPolicy: Forbid
//!   jobTemplate:
//!     spec:
//!       activeDeadlineSeconds: 3600
//!       template:
//!         spec: { restartPolicy: Never, containers: [{ name: backup, image: "backup:1.0.0" }] }
//! ```

use crate::base::Node;
use crate::finding::{Applicability, Severity};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "cron-can-wedge",
        summary: "a CronJob that one hung run stops for good",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Strict,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("cron_can_wedge.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads().filter(|(_, w)| w.kind == "CronJob") {
        let object = context.model.object(workload);
        let policy = object.at(&["spec", "concurrencyPolicy"]).filter(|node| node.as_str() == Some("Forbid"));
        let (Some(policy), Some(job)) = (policy, object.at(&["spec", "jobTemplate", "spec"])) else {
            continue;
        };
        if object.at(&["spec", "suspend"]).and_then(Node::as_bool) == Some(true) {
            continue;
        }
        let of_pod = workload.pod().and_then(|pod| pod.get("activeDeadlineSeconds"));
        if job.get("activeDeadlineSeconds").or(of_pod).is_some() {
            continue;
        }
        if let Some(reason) = job.open_reason().or_else(|| workload.pod().and_then(Node::open_reason)) {
            sink.unjudged(policy.place, reason);
            continue;
        }
        let message = format!("one run of {} that hangs stops all that would follow", workload.title());
        let change = Change::put(job, &["activeDeadlineSeconds"], 3600);
        let report = sink
            .report(Severity::Warning, policy.place, message)
            .label("no run begins beside one that does not end")
            .on(workload, "spec.jobTemplate.spec.activeDeadlineSeconds")
            .note("a run that waits for ever is never ended, and no other begins until somebody deletes it")
            .help("set activeDeadlineSeconds on the job, longer than any good run takes")
            .unsafe_fix("end a run after an hour", vec![change]);
        sink.push(report.through(policy));
    }
}
