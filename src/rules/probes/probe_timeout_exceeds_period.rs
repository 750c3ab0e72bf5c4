//! A probe that may take as long as the time between two.
//!
//! # What it does
//! Finds probes whose `timeoutSeconds` is not below `periodSeconds`, with the API's defaults of 1 and 10.
//!
//! # Why it matters
//! The kubelet begins the next check when the last one ended: under load checks take as long as they may, and a pod is judged
//! later and more seldom than its numbers say.
//!
//! # How to fix
//! A timeout below the period.
//!
//! # Limits
//! Silent where neither number is stated.
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
//!     spec: { containers: [{ name: web, image: "web:1.0.0", readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 5, timeoutSeconds: 10 } }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0", readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 10, timeoutSeconds: 5 } }] }
//! ```

use super::timing_place;
use crate::finding::Severity;
use crate::model::ProbeKind;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "probe-timeout-exceeds-period",
        summary: "a probe that may take as long as the time between two",
        group: Group::Probes,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("probe_timeout_exceeds_period.rs"),
    },
    check: Some(check),
};

const FIELDS: [&str; 2] = ["timeoutSeconds", "periodSeconds"];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads() {
        for container in &workload.containers {
            for kind in [ProbeKind::Liveness, ProbeKind::Readiness, ProbeKind::Startup] {
                let Some(probe) = container.probe(kind) else { continue };
                let (Some(timeout), Some(period)) = (probe.timeout(), probe.period()) else { continue };
                let stated = FIELDS
                    .iter()
                    .any(|field| probe.node.get(field).is_some_and(crate::base::Node::is_written));
                if timeout < period || !stated {
                    continue;
                }
                let message = format!(
                    "the {} probe of container `{}` of {} may take {timeout} s, and is due every {period} s",
                    kind.word(),
                    container.name,
                    workload.title()
                );
                let report = sink
                    .report(Severity::Warning, timing_place(&probe, &FIELDS), message)
                    .label(format!("timeout {timeout} s, period {period} s"))
                    .on(workload, workload.container_field(container, kind.field()))
                    .note(match timeout > period {
                        _ if kind == ProbeKind::Startup => {
                            "a check that hangs is followed by the next without a pause: a program that is starting gets no rest"
                        }
                        true => "the next check waits for the last one: under load the pod is judged later than its numbers say",
                        false => "a check that hangs is followed by the next without a pause: what is slow already is asked without end",
                    })
                    .help(match period {
                        ..=1 => "set periodSeconds to 2 or more: timeoutSeconds cannot be below 1",
                        _ => "set timeoutSeconds below periodSeconds",
                    });
                sink.push(report);
            }
        }
    }
}
