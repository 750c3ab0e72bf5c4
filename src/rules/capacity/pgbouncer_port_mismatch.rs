//! PgBouncer listens on another port than the one that is asked.
//!
//! # What it does
//! Holds the port that PgBouncer listens on (`listen_port` of the ini that it mounts, 6432 where it is not set) against the
//! ports that its container declares, the target ports of the Services that select it, and the port that authentik connects to
//! against the ports of the Service.
//!
//! # Why it matters
//! Connections are refused, and all is green: no probe asks the way that the clients go.
//!
//! # How to fix
//! One number on the whole way.
//!
//! # Limits
//! Ports of other containers of the pod (an exporter) are theirs. Silent where the ini or the client's settings are not known.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: pgbouncer, namespace: auth }
//! data:
//!   pgbouncer.ini: |
//!     [pgbouncer]
//!     listen_port = 6432
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: { name: pgbouncer, namespace: auth }
//! spec:
//!   selector: { app: pgbouncer }
//!   ports: [{ port: 5432, targetPort: 5432 }]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: pgbouncer } }
//!     spec:
//!       containers:
//!         - name: pgbouncer
//!           image: edoburu/pgbouncer:v1.24.1-p1
//!           ports: [{ name: pg, containerPort: 6432 }]
//!           volumeMounts: [{ name: config, mountPath: /etc/pgbouncer }]
//!       volumes: [{ name: config, configMap: { name: pgbouncer } }]
//! ```
//! Good:
//! ```yaml
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: pgbouncer, namespace: auth }
//! data:
//!   pgbouncer.ini: |
//!     [pgbouncer]
//!     listen_port = 6432
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: { name: pgbouncer, namespace: auth }
//! spec:
//!   selector: { app: pgbouncer }
//!   ports: [{ port: 5432, targetPort: pg }]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: pgbouncer } }
//!     spec:
//!       containers:
//!         - name: pgbouncer
//!           image: edoburu/pgbouncer:v1.24.1-p1
//!           ports: [{ name: pg, containerPort: 6432 }]
//!           volumeMounts: [{ name: config, mountPath: /etc/pgbouncer }]
//!       volumes: [{ name: config, configMap: { name: pgbouncer } }]
//! ```

use crate::base::{Node, Place};
use crate::finding::Severity;
use crate::model::{AppComponent, Container, HostSource, Model, Pooler, Service, Setting, Workload};
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "pgbouncer-port-mismatch",
        summary: "PgBouncer listens on another port than the one that is asked",
        group: Group::Capacity,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("pgbouncer_port_mismatch.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    for pooler in &model.poolers {
        let workload = &model.workloads[pooler.workload];
        let Some(listen) = pooler.number("listen_port", 6432) else {
            sink.unjudged(
                pooler.includes().unwrap_or(workload.header),
                "the port that PgBouncer listens on is not known",
            );
            continue;
        };
        let way = Way {
            workload,
            container: &workload.containers[pooler.container],
            pooler,
            port: listen.value,
            node: listen.node,
        };
        in_container(&way, sink);
        for service in model.services.iter().filter(|service| service.selected.contains(&pooler.workload)) {
            in_service(model, &way, service, sink);
            unnamed(model, &way, service, sink);
        }
    }
    for component in &model.components {
        in_client(model, component, sink);
    }
}

/// A PgBouncer with the port that it listens on.
struct Way<'a> {
    workload: &'a Workload,
    container: &'a Container,
    pooler: &'a Pooler,
    port: i64,
    node: Option<Node>,
}

impl Way<'_> {
    fn explained(&self, report: Report) -> Report {
        let port = self.port;
        match (&self.node, self.pooler.header()) {
            (Some(node), _) => report.related_node(node, format!("listens on {port}")),
            (None, Some(header)) => report.related(header, format!("no listen_port: listens on {port}")),
            (None, None) => report,
        }
        .note("connections are refused; no probe asks the way that the clients go")
        .help(format!("use {port} on the whole way"))
    }

    /// The containers beside PgBouncer.
    fn others(&self) -> impl Iterator<Item = &Container> {
        self.workload.containers.iter().filter(|container| container.name != self.container.name)
    }
}

fn number(node: &Node) -> Option<i64> {
    node.get("containerPort").and_then(Node::as_int_lenient)
}

fn in_container(way: &Way<'_>, sink: &mut Sink<'_>) {
    let ports = way.container.ports();
    let open = way.container.node.get("ports").is_some_and(|node| node.open_reason().is_some());
    let known: Option<Vec<i64>> = ports.iter().map(number).collect();
    let Some(first) = ports.first().and_then(|port| port.get("containerPort")).filter(|_| !open) else {
        return;
    };
    if known.is_none_or(|known| known.contains(&way.port)) {
        return;
    }
    let message = format!(
        "container `{}` of {} declares no port {}",
        way.container.name,
        way.workload.title(),
        way.port
    );
    let report = sink
        .report(Severity::Error, first.place, message)
        .label("PgBouncer does not listen here")
        .on(way.workload, way.workload.container_field(way.container, "ports"));
    sink.push(way.explained(report));
}

/// The number that a port of a Service leads to, with where it is said; none where that is not known, or is the port of
/// another container.
fn target<'a>(way: &Way<'_>, port: &'a Node) -> Option<(i64, &'a Node)> {
    let node = port.get("targetPort").or_else(|| port.get("port"))?;
    let named = |container: &Container, name: &str| {
        container
            .ports()
            .iter()
            .find(|port| port.get("name").and_then(Node::as_str) == Some(name))
            .and_then(number)
    };
    let to = match node.as_int() {
        Some(number) => number,
        None => {
            let name = node.as_str()?;
            match name.parse() {
                Ok(number) => number,
                Err(_) => named(way.container, name)?,
            }
        }
    };
    let of_other =
        way.others().any(|container| container.ports().iter().any(|port| number(port) == Some(to)));
    (!of_other).then_some((to, node))
}

fn in_service(model: &Model, way: &Way<'_>, service: &Service, sink: &mut Sink<'_>) {
    let object = &model.objects[service.object];
    let headless = object.at(&["spec", "clusterIP"]).and_then(Node::as_str) == Some("None");
    for port in service.ports.iter().filter(|_| !headless) {
        let Some((to, node)) = target(way, port).filter(|(to, _)| *to != way.port) else { continue };
        let report = sink
            .report(
                Severity::Error,
                node.place,
                format!(
                    "Service `{}` leads to port {to} of {}, which listens on {}",
                    service.name,
                    way.workload.title(),
                    way.port
                ),
            )
            .label("nothing listens here")
            .on_object(object, "spec.ports");
        sink.push(way.explained(report));
    }
}

/// A Service that leads to a port by a name which no container of the pod has.
fn unnamed(model: &Model, way: &Way<'_>, service: &Service, sink: &mut Sink<'_>) {
    let containers = || std::iter::once(way.container).chain(way.others());
    if containers().any(|container| container.node.open_reason().is_some() || ports_open(container)) {
        return;
    }
    let declared: Vec<&str> = containers()
        .flat_map(Container::ports)
        .filter_map(|port| port.get("name").and_then(Node::as_str))
        .collect();
    for port in &service.ports {
        let Some(node) = port.get("targetPort") else { continue };
        let named = node.as_str().filter(|name| name.parse::<i64>().is_err() && !declared.contains(name));
        let Some(name) = named else { continue };
        let message = format!(
            "Service `{}` leads to port `{name}`, which no container of {} has",
            service.name,
            way.workload.title()
        );
        let report = sink
            .report(Severity::Error, node.place, message)
            .label("nothing has this name")
            .on_object(&model.objects[service.object], "spec.ports");
        sink.push(way.explained(report));
    }
}

fn ports_open(container: &Container) -> bool {
    container.node.get("ports").is_some_and(|ports| ports.open_reason().is_some())
}

fn in_client(model: &Model, component: &AppComponent, sink: &mut Sink<'_>) {
    let workload = &model.workloads[component.workload];
    let Some((host, source)) = model.database_host(component) else { return };
    if model.pooler_of(&host, workload).is_none() {
        return;
    }
    let Some(service) = model.service_of(&host, workload) else { return };
    let setting = component.setting("postgresql.port", &model.workloads);
    let Some(port) = setting.int() else {
        if let Setting::Unknown(reason, place) = setting {
            sink.unjudged(place, reason);
        }
        return;
    };
    let known: Option<Vec<i64>> =
        service.ports.iter().map(|port| port.get("port").and_then(Node::as_int_lenient)).collect();
    let object = &model.objects[service.object];
    let headless = object.at(&["spec", "clusterIP"]).and_then(Node::as_str) == Some("None");
    if known.is_none_or(|known| known.is_empty() || known.contains(&port)) || headless {
        return;
    }
    report_client(workload, component, service, (port, &setting), &source, sink);
}

fn report_client(
    workload: &Workload,
    component: &AppComponent,
    service: &Service,
    (port, setting): (i64, &Setting),
    source: &HostSource,
    sink: &mut Sink<'_>,
) {
    let (severity, host): (Severity, Place) = match source {
        HostSource::Effective(place) => (Severity::Error, *place),
        HostSource::Declared(place) => (Severity::Warning, *place),
    };
    let ports: Vec<String> =
        service.ports.iter().filter_map(|port| port.get("port").and_then(Node::display)).collect();
    let how = if setting.is_set() { "" } else { ", the default" };
    let first = service.ports.first().and_then(|port| port.get("port"));
    let report = sink
        .report(
            severity,
            setting.place(),
            format!(
                "the {} connects to port {port}{how}, and Service `{}` has {}",
                component.component,
                service.name,
                ports.join(", ")
            ),
        )
        .label("nothing answers on this port")
        .related(host, "connects to this PgBouncer")
        .on_setting(workload, "postgresql.port")
        .note("connections are refused; a Service forwards only the ports that it lists")
        .help(format!("set {} to {}", component.application.variable("postgresql.port"), ports.join(" or ")));
    sink.push(match first {
        Some(node) => report.related_node(node, "the Service's port"),
        None => report,
    });
}
