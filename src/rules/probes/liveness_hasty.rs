//! A liveness probe that kills pods which are only slow.
//!
//! # What it does
//! The liveness budget is failureThreshold × periodSeconds. For authentik's server it wants 60 s and a
//! timeout of 5 s; for any workload 10 s. In the wide profiles it also wants the liveness budget to be no
//! shorter than the readiness budget.
//!
//! # Why it matters
//! During a rolling restart authentik's pods queue on the lock of the database migration. A budget of
//! 3 × 10 s kills every pod that waits there, and the restart begins anew.
//!
//! # How to fix
//! Raise failureThreshold or periodSeconds, and timeoutSeconds.
//!
//! # Limits
//! A startup probe covers the boot only; it does not help once it has passed, so this still speaks.
//!
//! # Fix safety
//! Unsafe: a pod that hangs is restarted later. It raises failureThreshold, and timeoutSeconds where that is short.
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
//!     spec:
//!       containers:
//!         - name: web
//!           image: web:1.0.0
//!           livenessProbe: { httpGet: { path: /, port: 8080 }, failureThreshold: 1, periodSeconds: 5 }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec:
//!       containers:
//!         - name: web
//!           image: web:1.0.0
//!           livenessProbe: { httpGet: { path: /, port: 8080 }, failureThreshold: 3, periodSeconds: 10 }
//! ```

use super::{is_authentik_server, patient, product, timing_place};
use crate::finding::{Applicability, Severity};
use crate::model::{Container, Probe, ProbeKind, Workload};
use crate::rule::{Context, Group, On, OptionMeta, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "liveness-hasty",
        summary: "a liveness probe that kills pods which are only slow",
        group: Group::Probes,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[
            OptionMeta {
                name: "authentik-budget-seconds",
                default: 60,
                doc: "least budget of authentik's server, in seconds",
            },
            OptionMeta {
                name: "authentik-timeout-seconds",
                default: 5,
                doc: "least timeout of authentik's server, in seconds",
            },
            OptionMeta {
                name: "budget-seconds",
                default: 10,
                doc: "least budget of any workload, in seconds",
            },
        ],
        since: "0.1.0",
        source: include_str!("liveness_hasty.rs"),
    },
    check: Some(check),
};

const TIMING: [&str; 2] = ["failureThreshold", "periodSeconds"];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (index, workload) in context.workloads().filter(|(_, w)| w.is_long_running()) {
        for container in &workload.containers {
            let Some(probe) = container.probe(ProbeKind::Liveness) else { continue };
            let (Some(budget), Some(timeout)) = (probe.budget(), probe.timeout()) else {
                let reason =
                    probe.node.open_reason().unwrap_or_else(|| "the probe's timing is not known".into());
                sink.unjudged(timing_place(&probe, &TIMING), reason);
                continue;
            };
            if is_authentik_server(context.model, index, container) {
                authentik(context, sink, workload, container, &probe, (budget, timeout));
            } else if budget < context.option("budget-seconds") {
                let wanted = context.option("budget-seconds");
                let what = format!("after {budget} s of failure, less than {wanted} s");
                any(context, sink, workload, container, &probe, (wanted, &what));
            }
            if context.settings.profile.is_wide() {
                against_readiness(context, sink, workload, container, &probe, budget);
            }
        }
    }
}

fn authentik(
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    workload: &Workload,
    container: &Container,
    probe: &Probe,
    (budget, timeout): (i64, i64),
) {
    let (least, patience) =
        (context.option("authentik-budget-seconds"), context.option("authentik-timeout-seconds"));
    if budget >= least && timeout >= patience {
        return;
    }
    let place = match budget < least {
        true => timing_place(probe, &TIMING),
        false => timing_place(probe, &["timeoutSeconds"]),
    };
    let message = format!(
        "the liveness probe of authentik's server gives up after {budget} s, {timeout} s a try: it needs {least} s and {patience} s"
    );
    let origin = if probe.node.is_written() { "" } else { "the chart's default: " };
    let report = sink
        .report(Severity::Warning, place, message)
        .label(format!("{origin}{} = {budget} s, timeout {timeout} s", product(probe)))
        .on(workload, workload.container_field(container, "livenessProbe"))
        .note("in a rolling restart pods queue on the lock of the database migration; this budget kills each pod that waits")
        .help("set failureThreshold 6, periodSeconds 10 and timeoutSeconds 5 or more");
    let fix = patient(context.model, workload, container, probe, ProbeKind::Liveness, (least, patience));
    sink.push(report.unsafe_fix(format!("give it {least} s"), fix));
}

fn any(
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    workload: &Workload,
    container: &Container,
    probe: &Probe,
    (least, what): (i64, &str),
) {
    let message =
        format!("the liveness probe of container `{}` of {} kills {what}", container.name, workload.title());
    let report = sink
        .report(Severity::Warning, timing_place(probe, &TIMING), message)
        .label(product(probe))
        .on(workload, workload.container_field(container, "livenessProbe"))
        .note("a short pause, of the node or the program, restarts the pod and makes the load on the others worse")
        .help("raise failureThreshold or periodSeconds");
    let fix = patient(context.model, workload, container, probe, ProbeKind::Liveness, (least, 0));
    sink.push(report.unsafe_fix(format!("give it {least} s"), fix));
}

fn against_readiness(
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    workload: &Workload,
    container: &Container,
    probe: &Probe,
    budget: i64,
) {
    let readiness = container.probe(ProbeKind::Readiness).and_then(|readiness| readiness.budget());
    if let Some(ready) = readiness.filter(|ready| budget < *ready) {
        let what = format!("after {budget} s, before readiness gives up after {ready} s");
        any(context, sink, workload, container, probe, (ready, &what));
    }
}
