//! authentik plans its flows and policies anew every five minutes.
//!
//! # What it does
//! Wants `cache.timeout_flows` of at least 1800 s and `cache.timeout_policies` of at least 900 s; the
//! defaults are 300 s. A warning where someone set less, a note for the default.
//!
//! # Why it matters
//! Since 2025.10 the cache is a table in Postgres, and every entry that expires is computed from the
//! database again: longer lives take load off it without touching it.
//!
//! # How to fix
//! Set AUTHENTIK_CACHE__TIMEOUT_FLOWS and AUTHENTIK_CACHE__TIMEOUT_POLICIES on the server.
//!
//! # Limits
//! Silent where the settings come from a Secret that is not in the repository.
//!
//! # Fix safety
//! Unsafe: changes of flows and policies show later. Server and worker get the same value.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: authentik, namespace: auth }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: authentik } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           env: [{ name: AUTHENTIK_CACHE__TIMEOUT_FLOWS, value: "600" }]
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: authentik, namespace: auth }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: authentik } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           env:
//!             - { name: AUTHENTIK_CACHE__TIMEOUT_FLOWS, value: "1800" }
//!             - { name: AUTHENTIK_CACHE__TIMEOUT_POLICIES, value: "900" }
//! ```

use crate::base::Place;
use crate::finding::{Applicability, Severity};
use crate::model::{AppComponent, Model, Setting};
use crate::rule::changes::{in_environment, set_setting};
use crate::rule::{Context, Group, On, OptionMeta, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "cache-ttl-short",
        summary: "authentik plans its flows and policies anew every few minutes",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Critical,
        fix: Some(Applicability::Unsafe),
        options: &[
            OptionMeta {
                name: "flows-seconds",
                default: 1800,
                doc: "least life of a planned flow, in seconds",
            },
            OptionMeta {
                name: "policies-seconds",
                default: 900,
                doc: "least life of a policy's result, in seconds",
            },
        ],
        since: "0.1.0",
        source: include_str!("cache_ttl_short.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let servers = context
        .model
        .components
        .iter()
        .filter(|c| c.application.name == "authentik" && c.component == "server");
    for component in servers {
        if context.looks_at(component.workload, &context.model.workloads[component.workload]) {
            judge(context, sink, component, "cache.timeout_flows", context.option("flows-seconds"));
            judge(context, sink, component, "cache.timeout_policies", context.option("policies-seconds"));
        }
    }
}

fn judge(context: &Context<'_>, sink: &mut Sink<'_>, component: &AppComponent, path: &str, least: i64) {
    let setting = component.setting(path, &context.model.workloads);
    if let Setting::Unknown(reason, place) = &setting {
        sink.unjudged(*place, reason.clone());
    }
    let (Some(node), Some(seconds)) = (setting.node(), setting.int()) else { return };
    if seconds >= least {
        return;
    }
    let workload = &context.model.workloads[component.workload];
    let variable = component.application.variable(path);
    let (severity, label) = match setting.is_set() {
        true => (Severity::Warning, format!("{seconds} s")),
        false => (Severity::Note, format!("not set: the default is {seconds} s")),
    };
    let fix = kept(context.model, component, path, least);
    let report = sink
        .report(
            severity,
            setting.place(),
            format!("{variable} is {seconds} s: authentik should keep this for {least} s"),
        )
        .label(label)
        .on_setting(workload, path)
        .note("the cache is a table in Postgres: what expires is computed from the database again")
        .help(format!("set {variable} to {least}"))
        .unsafe_fix(format!("keep it for {least} s"), fix)
        .through(node);
    sink.push(report);
}

/// The changes that let all components keep entries long enough: they write to one cache, and may share one value.
fn kept(model: &Model, component: &AppComponent, path: &str, least: i64) -> Vec<Change> {
    let value = least.to_string();
    let mut out = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    for component in std::iter::once(component).chain(model.siblings(component)) {
        let setting = component.setting(path, &model.workloads);
        if setting.int().is_none_or(|seconds| seconds >= least) {
            continue;
        }
        if !setting.is_set() {
            let workload = &model.workloads[component.workload];
            let container = &workload.containers[component.container];
            let variable = component.application.variable(path);
            out.extend(in_environment(model, workload, container, &variable, value.as_str()));
        } else if !places.contains(&setting.place()) {
            places.push(setting.place());
            out.extend(set_setting(&setting, &value));
        }
    }
    out
}
