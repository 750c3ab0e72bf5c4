//! Liveness and readiness are the same check.
//!
//! # What it does
//! Finds containers of pods behind a Service whose liveness and readiness probe ask the same with the same timing.
//!
//! # Why it matters
//! Readiness takes a pod out of the Service until it recovers. Here it is restarted in the same moment: a database that is
//! slow for half a minute becomes a restart of every pod at once.
//!
//! # How to fix
//! A liveness check that only asks whether the process answers, with more failures before it acts.
//!
//! # Limits
//! Silent about probes that a chart's defaults bring, and about pods that no Service selects.
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
//!     spec: { containers: [{ name: web, image: "web:1.0.0", livenessProbe: { httpGet: { path: /ready, port: 80 } }, readinessProbe: { httpGet: { path: /ready, port: 80 } } }] }
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: { name: web, namespace: shop }
//! spec: { selector: { app: web }, ports: [{ port: 80 }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0", livenessProbe: { tcpSocket: { port: 80 }, failureThreshold: 6 }, readinessProbe: { httpGet: { path: /ready, port: 80 } } }] }
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: { name: web, namespace: shop }
//! spec: { selector: { app: web }, ports: [{ port: 80 }] }
//! ```

use crate::finding::Severity;
use crate::model::{Probe, ProbeKind};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "probes-identical",
        summary: "liveness and readiness are the same check",
        group: Group::Probes,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("probes_identical.rs"),
    },
    check: Some(check),
};

const HANDLERS: [&str; 4] = ["httpGet", "tcpSocket", "exec", "grpc"];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (index, workload) in context.workloads().filter(|(_, w)| w.is_long_running()) {
        let selected = context.model.services.iter().any(|service| service.selected.contains(&index));
        for container in workload.containers.iter().filter(|_| selected) {
            let probe = |kind| container.probe(kind).filter(|probe| probe.node.is_written());
            let (Some(liveness), Some(readiness)) = (probe(ProbeKind::Liveness), probe(ProbeKind::Readiness))
            else {
                continue;
            };
            if !is_same(&liveness, &readiness) {
                continue;
            }
            let message = format!(
                "liveness and readiness of container `{}` of {} are the same check",
                container.name,
                workload.title()
            );
            let report = sink
                .report(Severity::Warning, liveness.node.place, message)
                .label("restarts the container when it is not ready")
                .related_node(&readiness.node, "the same check, as often and as patient")
                .on(workload, workload.container_field(container, "livenessProbe"))
                .note(format!(
                    "after {} s of failure the container is restarted, where it would be enough to send it no traffic: if all pods \
                     ask for the same thing, all of them restart",
                    liveness.budget().unwrap_or_default()
                ))
                .help("let liveness ask only whether the process answers, with more failures before it acts");
            sink.push(report);
        }
    }
}

/// Whether both ask the same and act after the same time, as far as that is known.
fn is_same(a: &Probe, b: &Probe) -> bool {
    let known = |probe: &Probe| probe.node.open_reason().is_none() && probe.budget().is_some();
    let timing = |probe: &Probe| (probe.period(), probe.timeout(), probe.failures());
    let handler = |name: &str| match (a.node.get(name), b.node.get(name)) {
        (Some(a), Some(b)) => a.reads_like(b),
        (None, None) => true,
        _ => false,
    };
    known(a) && known(b) && timing(a) == timing(b) && HANDLERS.iter().all(|name| handler(name))
}
