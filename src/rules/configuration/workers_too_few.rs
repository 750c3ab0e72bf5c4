//! authentik with too few workers.
//!
//! # What it does
//! Holds the effective settings of authentik against what its documentation recommends: two web workers at least, and two
//! threads of the worker unless several of its pods run; one process of the worker.
//!
//! # Why it matters
//! With one web worker a slow request holds up every login of that pod. A worker with one thread stops sending mail while it
//! syncs a directory.
//!
//! # How to fix
//! `AUTHENTIK_WEB__WORKERS` 2 or more, `AUTHENTIK_WORKER__THREADS` 2 or more.
//!
//! # Limits
//! Silent where the settings are not known.
//!
//! # Fix safety
//! Unsafe: more processes need more memory.
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
//!     spec: { containers: [{ name: server, image: "ghcr.io/goauthentik/server:2026.2.2", args: [server], env: [{ name: AUTHENTIK_WEB__WORKERS, value: "1" }] }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: server, image: "ghcr.io/goauthentik/server:2026.2.2", args: [server], env: [{ name: AUTHENTIK_WEB__WORKERS, value: "2" }] }] }
//! ```

use crate::finding::{Applicability, Severity};
use crate::model::AppComponent;
use crate::rule::changes::set_setting;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "workers-too-few",
        summary: "authentik with too few workers",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("workers_too_few.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for component in context.model.components.iter().filter(|c| c.application.name == "authentik") {
        let replicas = context.model.workloads[component.workload].replicas.count;
        match component.component.as_str() {
            "server" => judge(context, sink, component, "web.workers", 2),
            "worker" => {
                judge(context, sink, component, "worker.processes", 1);
                // Several pods share the work.
                if replicas == Some(1) {
                    judge(context, sink, component, "worker.threads", 2);
                }
            }
            _ => {}
        }
    }
}

fn judge(context: &Context<'_>, sink: &mut Sink<'_>, component: &AppComponent, path: &str, least: i64) {
    let setting = component.setting(path, &context.model.workloads);
    let Some(value) = setting.int().filter(|value| *value < least && setting.is_set()) else { return };
    let workload = &context.model.workloads[component.workload];
    let variable = component.application.variable(path);
    let report = sink
        .report(
            Severity::Warning,
            setting.place(),
            format!("{variable} is {value}: authentik should have {least} or more"),
        )
        .label("one slow task holds up all others")
        .on_setting(workload, path)
        .note(
            "authentik's documentation recommends two web workers, and two threads of a worker that is alone",
        )
        .help(format!("set {variable} to {least} or more, and look at the memory limit"))
        .unsafe_fix(format!("set it to {least}"), set_setting(&setting, &least.to_string()));
    sink.push(report);
}
