//! Probes.

mod liveness_hasty;
mod probe_missing;
mod probe_port_unknown;
mod probe_timeout_exceeds_period;
mod probes_identical;
mod readiness_brittle;
mod startup_probe_missing;

use crate::base::Place;
use crate::model::{AppComponent, Container, Model, Probe, ProbeKind, Workload};
use crate::rule::Rule;
use crate::rule::changes::in_container;
use crate::syntax::edit::{Change, Draft};

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &probe_missing::RULE,
    &probe_port_unknown::RULE,
    &liveness_hasty::RULE,
    &readiness_brittle::RULE,
    &probe_timeout_exceeds_period::RULE,
    &probes_identical::RULE,
    &startup_probe_missing::RULE,
];

/// The component of a known application that a container runs.
fn component<'a>(model: &'a Model, workload: usize, container: &Container) -> Option<&'a AppComponent> {
    model.components.iter().find(|component| {
        component.workload == workload
            && model.workloads[workload].containers[component.container].name == container.name
    })
}

/// Whether a container runs authentik's server.
fn is_authentik_server(model: &Model, workload: usize, container: &Container) -> bool {
    let found = component(model, workload, container);
    found.is_some_and(|c| c.application.name == "authentik" && c.component == "server")
}

/// The first of some fields of a probe that a person wrote, else the probe.
fn timing_place(probe: &Probe, fields: &[&str]) -> Place {
    let mut written =
        fields.iter().filter_map(|field| probe.node.get(field)).filter(|node| node.is_written());
    written.next().map_or(probe.node.place, |node| node.place)
}

/// How long a probe takes to give up, as in `3 × 10 s`.
fn product(probe: &Probe) -> String {
    let number = |value: Option<i64>| value.map_or("?".to_owned(), |value| value.to_string());
    format!("{} × {} s", number(probe.failures()), number(probe.period()))
}

/// Lets a probe fail for so many seconds before it gives up, and wait so many for each answer.
fn patient(
    model: &Model,
    workload: &Workload,
    container: &Container,
    probe: &Probe,
    kind: ProbeKind,
    (seconds, timeout): (i64, i64),
) -> Vec<Change> {
    let (Some(period), Some(waits)) = (probe.period().filter(|period| *period > 0), probe.timeout()) else {
        return Vec::new();
    };
    let failures = seconds / period + i64::from(seconds % period > 0);
    let mut timing = Vec::new();
    if probe.failures().is_some_and(|now| now < failures) {
        timing.push(("failureThreshold".to_owned(), Draft::Int(failures)));
    }
    if waits < timeout {
        timing.push(("timeoutSeconds".to_owned(), Draft::Int(timeout)));
    }
    in_container(model, workload, container, &[kind.field()], Draft::Map(timing))
}
