//! An address whose Service has no such port.
//!
//! # What it does
//! Holds `service:port` in environment variables, arguments and exec probes, and the backends of Ingresses, against the ports
//! of the Service of that name.
//!
//! # Why it matters
//! A Service forwards only the ports that it lists. Anything else times out, or is refused, and the reason stands in another
//! file than the error.
//!
//! # How to fix
//! Name a port that the Service has, or add the port to the Service.
//!
//! # Limits
//! Silent about Services that are not in the repository, that charts make, that are headless or stand for a name outside of
//! the cluster, and whose ports are not all known. A name without a domain counts only with a port of 80 or more: `redis:7` is
//! an image.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: v1
//! kind: Service
//! metadata: { name: pgbouncer, namespace: shop }
//! spec: { selector: { app: pgbouncer }, ports: [{ name: pg, port: 6432 }] }
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0", env: [{ name: DB, value: "postgres://web@pgbouncer.shop.svc:5432/web" }] }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: v1
//! kind: Service
//! metadata: { name: pgbouncer, namespace: shop }
//! spec: { selector: { app: pgbouncer }, ports: [{ name: pg, port: 6432 }] }
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0", env: [{ name: DB, value: "postgres://web@pgbouncer.shop.svc:6432/web" }] }] }
//! ```

use crate::base::{Node, Place, Text};
use crate::finding::Severity;
use crate::lower::Object;
use crate::model::{Container, Model, ProbeKind, Service, Workload, addresses, service_of_host};
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "service-port-unknown",
        summary: "an address whose Service has no such port",
        group: Group::Availability,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("service_port_unknown.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    for (_, workload) in context.workloads() {
        for container in workload.all_containers() {
            for (field, text) in texts(container) {
                let found = in_text(model, workload, text, sink);
                for report in found {
                    let report = report.on(workload, workload.container_field(container, field));
                    sink.push(report);
                }
            }
        }
    }
    for object in model.objects.iter().filter(|object| object.kind() == "Ingress" && !object.described) {
        in_ingress(model, object, sink);
    }
}

/// The texts of a container that may hold addresses, with their fields.
fn texts(container: &Container) -> Vec<(&'static str, &Text)> {
    let items = |field: &str| container.node.get(field).map(Node::items).unwrap_or_default().iter();
    let env = items("env").filter_map(|item| Some(("env", item.get("value")?.as_text()?)));
    let words = container.argv().filter_map(|node| Some(("args", node.as_text()?)));
    let mut out: Vec<(&'static str, &Text)> = env.chain(words).collect();
    for kind in [ProbeKind::Liveness, ProbeKind::Readiness, ProbeKind::Startup] {
        let command = container.node.at(&[kind.field(), "exec", "command"]).map(Node::items);
        let texts = command.unwrap_or_default().iter().filter_map(Node::as_text);
        out.extend(texts.map(|text| (kind.field(), text)));
    }
    out
}

fn in_text(model: &Model, workload: &Workload, text: &Text, sink: &Sink<'_>) -> Vec<Report> {
    let mut out = Vec::new();
    for address in addresses(text.as_str()) {
        let Some((name, namespace)) = service_of_host(address.host, workload.namespace.as_deref()) else {
            continue;
        };
        if !address.is_certain && address.port < 80 {
            continue;
        }
        let Some(service) = missing(model, name, namespace, &workload.stack, |port| {
            port.get("port").and_then(Node::as_int_lenient) == Some(address.port)
        }) else {
            continue;
        };
        out.push(report(
            model,
            service,
            text.place(address.port_range.clone()),
            &address.port.to_string(),
            sink,
        ));
    }
    out
}

/// The Service of a name whose ports are all known, where none of that name has the port.
fn missing<'a>(
    model: &'a Model,
    name: &str,
    namespace: &str,
    stack: &str,
    is_port: impl Fn(&Node) -> bool,
) -> Option<&'a Service> {
    let named: Vec<&Service> = model
        .services
        .iter()
        .filter(|service| service.name == name && service.namespace.as_deref() == Some(namespace))
        .collect();
    let judged = named.iter().all(|service| {
        !forwards_all(&model.objects[service.object])
            && !service.ports.is_empty()
            && !service.ports.iter().any(&is_port)
    });
    named.into_iter().filter(|_| judged).min_by_key(|service| *service.stack != *stack)
}

/// Whether any port may answer: the Service is headless, stands for a name outside, or is not wholly known.
fn forwards_all(service: &Object) -> bool {
    let Some(spec) = service.at(&["spec"]) else { return true };
    let text = |field: &str| spec.get(field).and_then(Node::as_str);
    let ports = spec.get("ports");
    let open = |node: &Node| {
        node.open_reason().is_some()
            || node.items().iter().any(|port| {
                port.open_reason().is_some() || port.get("port").and_then(Node::as_int_lenient).is_none()
            })
    };
    text("clusterIP") == Some("None")
        || text("type") == Some("ExternalName")
        || spec.open_reason().is_some()
        || ports.is_none_or(open)
        || service.release.is_some()
        || service.conditional.is_some()
}

fn in_ingress(model: &Model, object: &Object, sink: &mut Sink<'_>) {
    let Some(namespace) = object.namespace() else { return };
    let rules = object.at(&["spec", "rules"]).map(Node::items).unwrap_or_default().iter();
    let paths = rules.flat_map(|rule| rule.at(&["http", "paths"]).map(Node::items).unwrap_or_default());
    let backends = paths.filter_map(|path| path.get("backend")).chain(object.at(&["spec", "defaultBackend"]));
    for service in backends.filter_map(|backend| backend.get("service")) {
        let Some(name) = service.get("name").and_then(Node::as_str) else { continue };
        let Some((field, wanted)) =
            ["number", "name"].into_iter().find_map(|field| Some((field, service.at(&["port", field])?)))
        else {
            continue;
        };
        let Some(shown) = wanted.display() else { continue };
        let own = if field == "number" { "port" } else { "name" };
        let found = missing(model, name, namespace, &object.stack, |port| {
            port.get(own).is_some_and(|node| node.display().as_deref() == Some(shown.as_str()))
        });
        if let Some(service) = found {
            let report = report(model, service, wanted.place, &shown, sink).on_object(object, "spec.rules");
            sink.push(report);
        }
    }
}

fn report(model: &Model, service: &Service, place: Place, port: &str, sink: &Sink<'_>) -> Report {
    let word = |port: &Node| {
        let number = port.get("port").and_then(Node::display).unwrap_or_default();
        match port.get("name").and_then(Node::as_str) {
            Some(name) => format!("{number} ({name})"),
            None => number,
        }
    };
    let ports: Vec<String> = service.ports.iter().map(word).collect();
    let header = model.objects[service.object].header;
    let first = service.ports.first().and_then(|port| port.get("port"));
    let report = sink
        .report(Severity::Warning, place, format!("Service `{}` has no port {port}", service.name))
        .label("nothing answers here")
        .note("a Service forwards only the ports that it lists, whatever its pods listen on")
        .help(format!("use {}, or add the port to the Service", ports.join(" or ")));
    match first.filter(|node| node.is_written()) {
        Some(node) => report.related(node.place, format!("has {}", ports.join(", "))),
        None => report.related(header, format!("has {}", ports.join(", "))),
    }
}
