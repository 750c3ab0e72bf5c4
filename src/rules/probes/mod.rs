//! Probes.

mod liveness_hasty;
mod probe_missing;
mod probe_port_unknown;
mod readiness_brittle;

use crate::base::Place;
use crate::model::{AppComponent, Container, Model, Probe};
use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] =
    &[&probe_missing::RULE, &probe_port_unknown::RULE, &liveness_hasty::RULE, &readiness_brittle::RULE];

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
