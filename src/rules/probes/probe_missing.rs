//! A serving container without a readiness or liveness probe.
//!
//! # What it does
//! Looks at the effective probes (chart defaults, merge keys and module arguments included) of containers
//! that serve: that declare a port, probe one, or are selected by a Service. One finding for each container and kind of
//! probe; a missing liveness probe weighs one level less, since some leave it out on purpose.
//!
//! # Why it matters
//! Without readiness a pod takes traffic before it can answer and goes on taking it when it no longer can;
//! a rolling update then replaces working pods by broken ones. Without liveness a hung process stays.
//!
//! # How to fix
//! Add the probe. For PgBouncer a TCP check of its listen port: readiness every 10 s, liveness every 30 s
//! after 30 s.
//!
//! # Limits
//! Silent for init containers, Jobs and CronJobs, Pods that are to end, and for containers that do not serve.
//!
//! # Fix safety
//! Unsafe: it adds a check that opens PgBouncer's listen port, or the only port that the container declares. A check
//! that asks the program itself is better, where it has one.
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
//!           ports: [{ containerPort: 6432 }]
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
//!           ports: [{ containerPort: 6432 }]
//!           readinessProbe: { tcpSocket: { port: 6432 }, periodSeconds: 10 }
//!           livenessProbe: { tcpSocket: { port: 6432 }, initialDelaySeconds: 30, periodSeconds: 30 }
//! ```

use crate::base::{Node, Place};
use crate::finding::{Applicability, Severity};
use crate::model::{Container, Model, Pooler, ProbeKind, Workload};
use crate::rule::changes::in_container;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::{Change, Draft};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "probe-missing",
        summary: "a serving container without a readiness or liveness probe",
        group: Group::Probes,
        severity: Severity::Error,
        softer_elsewhere: true,
        on: On::Critical,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("probe_missing.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (index, workload) in context.workloads().filter(|(_, w)| w.is_long_running() || is_lasting_pod(w)) {
        if let Some(place) = somewhere_serving(workload, index, context.model) {
            sink.unjudged(
                place,
                format!("which container of {} its Service leads to is not known", workload.title()),
            );
        }
        for container in workload.containers.iter().filter(|c| serves(c, workload, index, context.model)) {
            for kind in [ProbeKind::Readiness, ProbeKind::Liveness] {
                if container.probe(kind).is_some() {
                    continue;
                }
                if let Some(reason) = container.node.open_reason() {
                    sink.unjudged(container.head(), reason);
                    continue;
                }
                report(context, sink, index, container, kind);
            }
        }
    }
}

/// A Pod of its own that is meant to run on and on.
fn is_lasting_pod(workload: &Workload) -> bool {
    let policy = workload.pod().and_then(|pod| pod.get("restartPolicy"));
    workload.kind == "Pod" && policy.is_none_or(|policy| policy.as_str() == Some("Always"))
}

fn serves(container: &Container, workload: &Workload, index: usize, model: &Model) -> bool {
    let probed = [ProbeKind::Readiness, ProbeKind::Liveness, ProbeKind::Startup]
        .into_iter()
        .filter_map(|kind| container.probe(kind))
        .any(|probe| probe.port().is_some());
    let selected =
        workload.containers.len() == 1 && model.services.iter().any(|s| s.selected.contains(&index));
    !container.ports().is_empty() || probed || selected
}

/// A Service selects pods of several containers, none of which declares a port.
fn somewhere_serving(workload: &Workload, index: usize, model: &Model) -> Option<Place> {
    let selected = model.services.iter().any(|service| service.selected.contains(&index));
    let portless = workload.containers.len() > 1 && workload.containers.iter().all(|c| c.ports().is_empty());
    (selected && portless).then(|| workload.containers[0].head())
}

fn report(context: &Context<'_>, sink: &mut Sink<'_>, index: usize, container: &Container, kind: ProbeKind) {
    let workload = &context.model.workloads[index];
    let severity = context.severity(index, workload);
    let severity = if kind == ProbeKind::Liveness { severity.lowered() } else { severity };
    let word = kind.word();
    let message = format!("container `{}` of {} has no {word} probe", container.name, workload.title());
    let note = match kind {
        ProbeKind::Liveness => "a process that hangs is never restarted",
        _ => {
            "the pod takes traffic before it can answer, and a rollout replaces pods that work by pods that do not"
        }
    };
    let report = sink
        .report(severity, container.head(), message)
        .label(format!("no {}", kind.field()))
        .on(workload, workload.container_field(container, kind.field()))
        .note(note)
        .help(help(context.model, index, container, kind));
    let title = format!("add a {} that opens the TCP port", kind.field());
    sink.push(report.unsafe_fix(title, fix(context.model, index, container, kind)));
}

/// A check of the only port that there is.
fn fix(model: &Model, index: usize, container: &Container, kind: ProbeKind) -> Vec<Change> {
    let workload = &model.workloads[index];
    if is_cloudflared(container) {
        return Vec::new();
    }
    let port = match (pooler(model, index, container), container.ports()) {
        (Some(pooler), _) => pooler.number("listen_port", 6432).map(|port| Draft::Int(port.value)),
        (None, [port]) if port.get("protocol").is_none_or(|protocol| protocol.as_str() == Some("TCP")) => {
            port.get("containerPort").and_then(Node::as_int_lenient).map(Draft::Int)
        }
        _ => None,
    };
    let Some(port) = port else { return Vec::new() };
    let check = ("tcpSocket", Draft::map([("port", port)]));
    let probe = match kind {
        ProbeKind::Liveness => {
            Draft::map([check, ("initialDelaySeconds", Draft::Int(30)), ("periodSeconds", Draft::Int(30))])
        }
        _ => Draft::map([check, ("periodSeconds", Draft::Int(10))]),
    };
    in_container(model, workload, container, &[kind.field()], probe)
}

/// It dials out: what listens is only its server of metrics, on a port that it chooses itself unless it is told.
fn is_cloudflared(container: &Container) -> bool {
    container.image().is_some_and(|image| image.short_repository() == "cloudflare/cloudflared")
}

fn pooler<'a>(model: &'a Model, index: usize, container: &Container) -> Option<&'a Pooler> {
    let named = |p: &&Pooler| {
        p.workload == index && model.workloads[index].containers[p.container].name == container.name
    };
    model.poolers.iter().find(named)
}

fn help(model: &Model, index: usize, container: &Container, kind: ProbeKind) -> String {
    let timing = match kind {
        ProbeKind::Liveness => "every 30 s after 30 s",
        _ => "every 10 s",
    };
    if is_cloudflared(container) {
        return format!(
            "start it with `--metrics 0.0.0.0:2000`, and add a {} that asks for `/ready` on port 2000, {timing}",
            kind.field()
        );
    }
    if let Some(pooler) = pooler(model, index, container) {
        let port = pooler.number("listen_port", 6432).map_or(6432, |port| port.value);
        return format!("add a {} that opens TCP port {port} {timing}", kind.field());
    }
    let port =
        container.ports().first().and_then(|port| port.get("name").or_else(|| port.get("containerPort")));
    match port.and_then(Node::display) {
        Some(port) => format!("add a {} on port {port}, {timing}", kind.field()),
        None => format!("add a {}, {timing}", kind.field()),
    }
}
