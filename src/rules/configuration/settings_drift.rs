//! Server and worker keep different settings for what they share.
//!
//! # What it does
//! Compares the settings of cache and sessions that the components of authentik share, where they stand in the environment of one
//! component, or differ between the two.
//!
//! # Why it matters
//! Both write to one cache. Whoever writes last decides how long an entry lives: a timeout of half an hour on the server is one
//! of five minutes wherever the worker filled the cache.
//!
//! # How to fix
//! Set it in both environments, or once for all components (the chart's `global.env`, or its settings).
//!
//! # Limits
//! Silent where one of both is not known, such as behind a Secret.
//!
//! # Fix safety
//! Unsafe: sets the same value in the other component.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: server, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: server } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           env: [{ name: AUTHENTIK_CACHE__TIMEOUT_FLOWS, value: "1800" }]
//! ---
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
//!           env: []
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: server, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: server } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           env: [{ name: AUTHENTIK_CACHE__TIMEOUT_FLOWS, value: "1800" }]
//! ---
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
//!           env: [{ name: AUTHENTIK_CACHE__TIMEOUT_FLOWS, value: "1800" }]
//! ```

use crate::finding::{Applicability, Severity};
use crate::model::{AppComponent, Model, Setting};
use crate::rule::changes::{in_environment, set_setting};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "settings-drift",
        summary: "server and worker keep different settings for what they share",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("settings_drift.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    for one in &model.components {
        // Each pair once.
        for other in model.siblings(one).filter(|other| other.workload > one.workload) {
            for path in paths(model, one, other) {
                compare(model, one, other, &path, sink);
            }
        }
    }
}

/// The shared settings that one of both has in its environment.
fn paths(model: &Model, one: &AppComponent, other: &AppComponent) -> Vec<String> {
    let mut out: Vec<String> = [one, other]
        .into_iter()
        .flat_map(|component| {
            let container = &model.workloads[component.workload].containers[component.container];
            container
                .env_names()
                .filter_map(|(name, _)| component.application.setting(name))
                .collect::<Vec<_>>()
        })
        .filter(|path| one.application.is_shared(path))
        .collect();
    out.sort();
    out.dedup();
    out
}

fn compare(model: &Model, one: &AppComponent, other: &AppComponent, path: &str, sink: &mut Sink<'_>) {
    let sides = [one, other].map(|component| (component, component.setting(path, &model.workloads)));
    let shown = |setting: &Setting| setting.node().and_then(crate::base::Node::display);
    let [(_, a), (_, b)] = &sides;
    let is_known = |(component, setting): &(&AppComponent, Setting)| {
        setting.node().is_some() || component.is_left_out(path, &model.workloads)
    };
    if let Some((_, Setting::Unknown(reason, place))) = sides.iter().find(|side| !is_known(side)) {
        return sink.unjudged(*place, reason.clone());
    }
    // A default that is not known is none of what people set.
    if shown(a).map(|value| value.trim().to_owned()) == shown(b).map(|value| value.trim().to_owned()) {
        return;
    }
    // The finding stands where somebody set it: that is the value that the other lacks.
    let (set, lacks) = if a.is_set() { (&sides[0], &sides[1]) } else { (&sides[1], &sides[0]) };
    let workload = &model.workloads[set.0.workload];
    let name = set.0.application.variable(path);
    let own = shown(&set.1).unwrap_or_default();
    let others = shown(&lacks.1).unwrap_or_else(|| "what it is".to_owned());
    let how = if lacks.1.is_set() { "" } else { " by default" };
    let report = sink
        .report(
            Severity::Warning,
            set.1.place(),
            format!(
                "{name} is {own} in the {} and {others}{how} in the {}",
                set.0.component, lacks.0.component
            ),
        )
        .label(format!("the {} has {others}{how}", lacks.0.component))
        .related(lacks.1.place(), where_it_is(lacks.0, &lacks.1, &others))
        .on_setting(workload, path)
        .note("both write to one cache, and whoever writes last decides")
        .help("set it in both, or once for all components");
    sink.push(report.unsafe_fix(
        format!("set it to {own} in the {}", lacks.0.component),
        same(model, lacks, &name, &own),
    ));
}

fn where_it_is(component: &AppComponent, setting: &Setting, value: &str) -> String {
    match setting.is_set() {
        true => format!("{value} in the {}", component.component),
        false => format!("not set in the {}", component.component),
    }
}

fn same(model: &Model, lacks: &(&AppComponent, Setting), name: &str, value: &str) -> Vec<Change> {
    let (component, setting) = lacks;
    if setting.is_set() {
        return set_setting(setting, value);
    }
    let workload = &model.workloads[component.workload];
    in_environment(model, workload, &workload.containers[component.container], name, value)
}
