//! A probe of a port that the container does not have.
//!
//! # What it does
//! Finds probes that name a port which none of the container's ports is called; in YAML a quoted number is
//! a name too. For PgBouncer it holds the probe's port against `listen_port` of the mounted ini. In the wide
//! profiles it also notes a port number that is not declared while others are.
//!
//! # Why it matters
//! The check can never succeed: readiness keeps the pod out of its Service, liveness restarts it for ever.
//!
//! # How to fix
//! Use the name or number of a port of the container.
//!
//! # Limits
//! Silent where the container declares no ports at all.
//!
//! # Fix safety
//! Safe where the container declares one port: the check never succeeds today. Unsafe where PgBouncer's listen port
//! is what is meant.
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
//!           ports: [{ name: http, containerPort: 8080 }]
//!           readinessProbe: { httpGet: { path: /, port: web } }
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
//!           ports: [{ name: http, containerPort: 8080 }]
//!           readinessProbe: { httpGet: { path: /, port: http } }
//! ```

use crate::base::{Node, Number, Value};
use crate::finding::{Applicability, Severity};
use crate::model::{Container, Model, Pooler, ProbeKind, Workload};
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::{Change, Draft};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "probe-port-unknown",
        summary: "a probe of a port that the container does not have",
        group: Group::Probes,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Safe),
        options: &[],
        since: "0.1.0",
        source: include_str!("probe_port_unknown.rs"),
    },
    check: Some(check),
};

/// A probe's port.
#[derive(Clone, Copy)]
enum Port<'a> {
    Number(i64),
    Name(&'a str),
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (index, workload) in context.workloads() {
        for container in &workload.containers {
            for kind in [ProbeKind::Liveness, ProbeKind::Readiness, ProbeKind::Startup] {
                let Some(probe) = container.probe(kind) else { continue };
                let Some(node) = probe.port().and_then(|port| sink.known(port)) else { continue };
                let lenient = context.model.object(workload).lenient;
                let Some(port) = port(node, lenient).map(|port| resolved(port, container)) else { continue };
                let report = judge(context, sink, index, container, node, &port);
                let field = format!("{}.port", kind.field());
                sink.extend(report.map(|r| r.on(workload, workload.container_field(container, &field))));
            }
        }
    }
}

/// Terraform's provider makes a number of a string of digits; everywhere else it is a name.
fn port(node: &Node, lenient: bool) -> Option<Port<'_>> {
    match &node.value {
        Value::Number(Number::Int(port)) => Some(Port::Number(*port)),
        // Charts put probes through their templates.
        Value::Text(text) if text.as_str().contains("{{") => None,
        Value::Text(text) => match text.as_str().parse() {
            Ok(port) if lenient => Some(Port::Number(port)),
            _ => Some(Port::Name(node.as_str()?)),
        },
        _ => None,
    }
}

/// The number of a named port that the container has.
fn resolved<'a>(port: Port<'a>, container: &Container) -> Port<'a> {
    let Port::Name(name) = port else { return port };
    let own = container.ports().iter().find(|own| own.get("name").and_then(Node::as_str) == Some(name));
    own.and_then(|own| own.get("containerPort")).and_then(Node::as_int_lenient).map_or(port, Port::Number)
}

fn judge(
    context: &Context<'_>,
    sink: &Sink<'_>,
    index: usize,
    container: &Container,
    node: &Node,
    port: &Port<'_>,
) -> Option<Report> {
    let workload = &context.model.workloads[index];
    match port {
        Port::Name(name) => unknown_name(sink, workload, container, node, name),
        Port::Number(port) => match pooler(context.model, index, container) {
            Some(pooler) => off_listen_port(sink, workload, pooler, node, *port),
            None if context.settings.profile.is_wide() => undeclared(sink, workload, container, node, *port),
            None => None,
        },
    }
}

fn pooler<'a>(model: &'a Model, index: usize, container: &Container) -> Option<&'a Pooler> {
    let same = |p: &&Pooler| {
        p.workload == index && model.workloads[index].containers[p.container].name == container.name
    };
    model.poolers.iter().find(same).filter(|pooler| pooler.ini.is_some())
}

fn unknown_name(
    sink: &Sink<'_>,
    workload: &Workload,
    container: &Container,
    node: &Node,
    name: &str,
) -> Option<Report> {
    let ports = container.ports();
    let open = container.node.get("ports").and_then(Node::open_reason).is_some();
    let known = ports
        .iter()
        .any(|port| port.get("name").is_some_and(|n| n.as_str().is_none_or(|known| known == name)));
    if ports.is_empty() || open || known {
        return None;
    }
    let names: Vec<&str> = ports.iter().filter_map(|port| port.get("name").and_then(Node::as_str)).collect();
    let message = format!(
        "{} has no port named `{name}` for the probe of container `{}`",
        workload.title(),
        container.name
    );
    let digits = name.bytes().all(|b| b.is_ascii_digit());
    let help = match (digits, names.first()) {
        (true, _) => format!("write the number without quotes: {name}"),
        (false, Some(first)) => format!("use `{first}`, or name the port `{name}`"),
        (false, None) => format!("name the port `{name}`, or use its number"),
    };
    let label = if digits { "a number in quotes is the name of a port" } else { "no port has this name" };
    let report = sink.report(Severity::Error, node.place, message).label(label).help(help).through(node);
    let report = match only_port(ports) {
        Some(port) => report.safe_fix("check the only port that there is", vec![Change::set(node, port)]),
        None => report,
    };
    let declared = ports.first().and_then(|port| port.get("name").or_else(|| port.get("containerPort")));
    let report = report.note("the check can never succeed: the pod is never ready, or restarted for ever");
    Some(match declared {
        Some(declared) => report.related_node(declared, "the ports that it has"),
        None => report,
    })
}

/// The name or number of the port, where there is one.
fn only_port(ports: &[Node]) -> Option<Draft> {
    let [port] = ports else { return None };
    let name = port.get("name").and_then(Node::as_str).map(Draft::from);
    name.or_else(|| port.get("containerPort").and_then(Node::as_int_lenient).map(Draft::Int))
}

fn off_listen_port(
    sink: &Sink<'_>,
    workload: &Workload,
    pooler: &Pooler,
    node: &Node,
    port: i64,
) -> Option<Report> {
    let listens = pooler.number("listen_port", 6432)?;
    if listens.value == port {
        return None;
    }
    let message = format!(
        "the probe of {} checks port {port}, PgBouncer listens on {}",
        workload.title(),
        listens.value
    );
    let report =
        sink.report(Severity::Error, node.place, message).label(format!("nothing listens on {port}"));
    let report = report.note("the check can never succeed: the pod is never ready, or restarted for ever");
    let fix = vec![Change::set(node, listens.value)];
    let report = report.help(format!("check port {}", listens.value)).through(node);
    let report = report.unsafe_fix("check the port that PgBouncer listens on", fix);
    Some(match &listens.node {
        Some(set) => report.related_node(set, "PgBouncer listens here"),
        None => report,
    })
}

fn undeclared(
    sink: &Sink<'_>,
    workload: &Workload,
    container: &Container,
    node: &Node,
    port: i64,
) -> Option<Report> {
    let ports = container.ports();
    let declared = ports
        .iter()
        .any(|p| p.get("containerPort").is_none_or(|n| n.as_int_lenient().is_none_or(|n| n == port)));
    if ports.is_empty() || declared || container.node.get("ports").and_then(Node::open_reason).is_some() {
        return None;
    }
    let message = format!(
        "container `{}` of {} does not declare the probed port {port}",
        container.name,
        workload.title()
    );
    let report = sink.report(Severity::Note, node.place, message).label("not among its ports");
    let report = report.note("declared ports are informational, but this may be a slip");
    Some(report.help(format!("declare port {port}, or probe one of the declared ports")))
}
