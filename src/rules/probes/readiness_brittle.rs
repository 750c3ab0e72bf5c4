//! A readiness probe of authentik's server that a short database blip fails.
//!
//! # What it does
//! The readiness budget is failureThreshold × periodSeconds. authentik's readiness check queries the
//! database; its server's budget should be 60 s.
//!
//! # Why it matters
//! All replicas share one database and one pooler. When that blips for longer than the budget, every pod
//! leaves the Service at once, and a hiccup becomes an outage.
//!
//! # How to fix
//! Raise failureThreshold or periodSeconds of the readiness probe.
//!
//! # Limits
//! Only for authentik's server.
//!
//! # Fix safety
//! Unsafe: a pod that does not answer keeps its traffic for longer. It raises failureThreshold.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: authentik, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: authentik } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           readinessProbe: { httpGet: { path: /-/health/ready/, port: 9000 } }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: authentik, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: authentik } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           readinessProbe: { httpGet: { path: /-/health/ready/, port: 9000 }, failureThreshold: 8 }
//! ```

use super::{is_authentik_server, patient, product, timing_place};
use crate::finding::{Applicability, Severity};
use crate::model::ProbeKind;
use crate::rule::{Context, Group, On, OptionMeta, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "readiness-brittle",
        summary: "a readiness probe of authentik's server that a short database blip fails",
        group: Group::Probes,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[OptionMeta { name: "budget-seconds", default: 60, doc: "least budget, in seconds" }],
        since: "0.1.0",
        source: include_str!("readiness_brittle.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let least = context.option("budget-seconds");
    for (index, workload) in context.workloads() {
        for container in &workload.containers {
            if !is_authentik_server(context.model, index, container) {
                continue;
            }
            let Some(probe) = container.probe(ProbeKind::Readiness) else { continue };
            let Some(budget) = probe.budget() else {
                sink.unjudged(probe.node.place, "the probe's timing is not known");
                continue;
            };
            if budget >= least {
                continue;
            }
            let origin = if probe.node.is_written() { "" } else { "the chart's default: " };
            let place = timing_place(&probe, &["failureThreshold", "periodSeconds"]);
            let message = format!(
                "the readiness probe of authentik's server gives up after {budget} s: it needs {least} s"
            );
            let report = sink
                .report(Severity::Warning, place, message)
                .label(format!("{origin}{} = {budget} s", product(&probe)))
                .on(workload, workload.container_field(container, "readinessProbe"))
                .note("the check queries the database: one blip of it or its pooler drops every pod from the Service at once")
                .help("set failureThreshold 6 or more with periodSeconds 10");
            let fix = patient(context.model, workload, container, &probe, ProbeKind::Readiness, (least, 0));
            sink.push(report.unsafe_fix(format!("give it {least} s"), fix));
        }
    }
}
