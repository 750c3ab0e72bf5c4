//! A container without memory limit, memory request or CPU request.
//!
//! # What it does
//! Names, for each container, which of requests.cpu, requests.memory and limits.memory it does not state,
//! and what it will really get: the default of the namespace's LimitRange, also of one that a Kyverno policy
//! makes for namespaces with its labels. A limit without a request counts as a request, since the API copies
//! it.
//!
//! # Why it matters
//! A pod without requests is the first to be evicted; a limit that a policy picked, and nobody chose, kills
//! the process when the load comes.
//!
//! # How to fix
//! State requests for CPU and memory and a limit for memory. Do not set a CPU limit: it only throttles.
//!
//! # Limits
//! Silent where the resources cannot be known offline.
//!
//! # Fix safety
//! Unsafe: the object changes, though the pods get what the namespace's LimitRange gives them today. None without one,
//! since what a program needs stands in no file.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: db }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: pgbouncer } }
//!     spec:
//!       containers:
//!         - name: pgbouncer
//!           image: edoburu/pgbouncer:v1.24.1-p1
//!           resources: { requests: { cpu: 50m } }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: db }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: pgbouncer } }
//!     spec:
//!       containers:
//!         - name: pgbouncer
//!           image: edoburu/pgbouncer:v1.24.1-p1
//!           resources: { requests: { cpu: 50m }, limits: { memory: 512Mi } }
//! ```

use crate::finding::{Applicability, Severity};
use crate::model::{Container, EffectiveResource, Model, Workload};
use crate::rule::changes::in_container;
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::{Change, Draft};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "resources-missing",
        summary: "a container without memory limit, memory request or CPU request",
        group: Group::Capacity,
        severity: Severity::Error,
        softer_elsewhere: true,
        on: On::Critical,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("resources_missing.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (index, workload) in context.workloads() {
        for container in &workload.containers {
            let missing = missing(container);
            if missing.is_empty() {
                continue;
            }
            if let Some(reason) = container.node.open_reason().or_else(|| container.resources_open()) {
                sink.unjudged(container.resources_place(), reason);
                continue;
            }
            let names: Vec<&str> = missing.iter().map(|(name, ..)| *name).collect();
            let message = format!(
                "container `{}` of {} sets no {}",
                container.name,
                workload.title(),
                names.join(", ")
            );
            let report = sink
                .report(context.severity(index, workload), container.resources_place(), message)
                .on(workload, workload.container_field(container, "resources"))
                .note(why(context.model, workload, container, &missing))
                .help(format!(
                    "set {} after a look at what it uses; leave the CPU without a limit",
                    names.join(", ")
                ));
            let report = what_it_gets(report, context.model, workload, container, &missing);
            let fix = written_out(context.model, workload, container, &missing);
            sink.push(report.unsafe_fix("write out what the LimitRange gives", fix));
        }
    }
}

/// What comes of it, by what the pod gets in the end.
fn why(
    model: &Model,
    workload: &Workload,
    container: &Container,
    missing: &[(&str, &str, &str)],
) -> &'static str {
    let given = |(_, side, resource): &(&str, &str, &str)| {
        matches!(effective(model, workload, container, side, resource), EffectiveResource::Given(_))
    };
    let of = |side: &str| missing.iter().any(|part| part.1 == side && !given(part));
    match (of("requests"), of("limits")) {
        (false, false) => "a LimitRange gives the same to every container, and kills the one that needs more",
        (true, false) => "the scheduler reserves nothing for it, and it is evicted among the first",
        (false, true) => {
            "nothing but the memory of the node bounds it: when it grows, others are evicted or killed"
        }
        (true, true) => "it is evicted among the first, and nothing but the memory of the node bounds it",
    }
}

/// What is not stated: name, side and resource. The API copies a limit to a request.
fn missing(container: &Container) -> Vec<(&'static str, &'static str, &'static str)> {
    let stated = |side, resource| container.resource(side, resource).is_some();
    let all = [
        ("requests.cpu", "requests", "cpu"),
        ("requests.memory", "requests", "memory"),
        ("limits.memory", "limits", "memory"),
    ];
    all.into_iter()
        .filter(|(_, side, resource)| !stated(side, resource) && !stated("limits", resource))
        .collect()
}

/// States what the namespace's LimitRange gives, where it gives all that is missing.
fn written_out(
    model: &Model,
    workload: &Workload,
    container: &Container,
    missing: &[(&str, &str, &str)],
) -> Vec<Change> {
    let mut sides: Vec<(String, Draft)> = Vec::new();
    for (_, side, resource) in missing {
        let EffectiveResource::Given(given) = effective(model, workload, container, side, resource) else {
            return Vec::new();
        };
        // A LimitRange of another stack may be another cluster's.
        let own = given.policy || given.stack == workload.stack;
        let Some(amount) = given.node.display().filter(|_| own) else { return Vec::new() };
        let entry = ((*resource).to_owned(), Draft::Text(amount));
        match sides.iter_mut().find(|(name, _)| name == side) {
            Some((_, Draft::Map(entries))) => entries.push(entry),
            _ => sides.push(((*side).to_owned(), Draft::Map(vec![entry]))),
        }
    }
    in_container(model, workload, container, &["resources"], Draft::Map(sides))
}

fn effective(
    model: &Model,
    workload: &Workload,
    container: &Container,
    side: &str,
    resource: &str,
) -> EffectiveResource {
    match side {
        "requests" => model.request(workload, container, resource),
        _ => model.limit(workload, container, resource),
    }
}

fn what_it_gets(
    report: Report,
    model: &Model,
    workload: &Workload,
    container: &Container,
    missing: &[(&str, &str, &str)],
) -> Report {
    let (mut given, mut places) = (Vec::new(), Vec::new());
    for (name, side, resource) in missing {
        if let EffectiveResource::Given(default) = effective(model, workload, container, side, resource) {
            given.push(format!(
                "{name} {}",
                default.node.display().unwrap_or_else(|| default.quantity.to_string())
            ));
            let maker = if default.policy { ", which a policy makes" } else { "" };
            let text = format!("{name} it will really get, by LimitRange {}{maker}", default.name);
            // The limit first: it is the one that kills.
            let at = if *side == "limits" { 0 } else { places.len() };
            places.insert(at, (default.node, text));
        }
    }
    let label = match (&given[..], missing) {
        ([], [(name, ..)]) => format!("no {name}"),
        ([], _) => "no resources that count".to_owned(),
        (given, _) => format!("it will get {}", given.join(", ")),
    };
    places.into_iter().fold(report.label(label), |report, (node, text)| report.related_node(&node, text))
}
