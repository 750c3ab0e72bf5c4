//! authentik keeps its tasks for weeks.
//!
//! # What it does
//! Finds workers of authentik whose `worker.task_expiration` is above a week; the default is 30 days.
//!
//! # Why it matters
//! Every task is a row in Postgres with its log. A month of them is the largest table of the database: backups, vacuum and the
//! list of tasks slow down with it.
//!
//! # How to fix
//! `AUTHENTIK_WORKER__TASK_EXPIRATION: days=7`.
//!
//! # Limits
//! Silent where the settings come from a Secret, and before authentik 2025.8.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: worker, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: worker } }
//!     spec:
//!       containers:
//!         - name: worker
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [worker]
//!           env: [{ name: AUTHENTIK_WORKER__TASK_EXPIRATION, value: "days=30" }]
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: worker, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: worker } }
//!     spec:
//!       containers:
//!         - name: worker
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [worker]
//!           env: [{ name: AUTHENTIK_WORKER__TASK_EXPIRATION, value: "days=7" }]
//! ```

use crate::base::Node;
use crate::finding::Severity;
use crate::lower::Version;
use crate::model::{Setting, timedelta};
use crate::rule::{Context, Group, On, OptionMeta, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "tasklog-unbounded",
        summary: "authentik keeps its tasks for weeks",
        group: Group::Phase2,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Phase2,
        fix: None,
        options: &OPTIONS,
        since: "0.1.0",
        source: include_str!("tasklog_unbounded.rs"),
    },
    check: Some(check),
};

const OPTIONS: [OptionMeta; 1] =
    [OptionMeta { name: "most-days", default: 7, doc: "days that tasks may be kept" }];

const PATH: &str = "worker.task_expiration";

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    let since = Version::parse("2025.8.0");
    for component in
        model.components.iter().filter(|c| c.application.name == "authentik" && c.component == "worker")
    {
        if component.version.is_none() || component.version < since {
            continue;
        }
        let setting = component.setting(PATH, &model.workloads);
        if let Setting::Unknown(reason, place) = &setting {
            sink.unjudged(*place, reason.clone());
            continue;
        }
        let shown = setting.node().and_then(Node::display).unwrap_or_default();
        let Some(seconds) = timedelta(&shown) else { continue };
        let most = context.option("most-days");
        if seconds <= most.saturating_mul(86_400) {
            continue;
        }
        let variable = component.application.variable(PATH);
        let how = if setting.is_set() { "" } else { " by default" };
        let report = sink
            .report(
                Severity::Warning,
                setting.place(),
                format!("authentik keeps its tasks for {} days{how}", seconds / 86_400),
            )
            .label(shown)
            .on_setting(&model.workloads[component.workload], PATH)
            .note("each task is a row with its log: the largest table of the database after a month")
            .help(format!("set {variable} to days={most}"));
        sink.push(report);
    }
}
