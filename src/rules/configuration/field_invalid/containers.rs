//! Fields of containers.

use super::{Fault, doubled, outside};
use crate::base::Node;
use crate::model::{Container, ProbeKind, Workload};

pub(super) fn faults(workload: &Workload, container: &Container) -> Vec<Fault> {
    let mut out = pull_policy(workload, container);
    out.extend(port_names(workload, container));
    out.extend(mount_paths(workload, container));
    for kind in [ProbeKind::Liveness, ProbeKind::Readiness, ProbeKind::Startup] {
        out.extend(probe(workload, container, kind));
    }
    out
}

fn pull_policy(workload: &Workload, container: &Container) -> Vec<Fault> {
    let wrong = outside(container.node.get("imagePullPolicy"), &["Always", "IfNotPresent", "Never"]);
    let fault = wrong.map(|(node, text)| {
        let what = format!("container `{}` has no image pull policy `{text}`", container.name);
        Fault::new(
            node.place,
            workload.container_field(container, "imagePullPolicy"),
            what,
            "write `IfNotPresent`, `Always` or `Never`",
        )
    });
    fault.into_iter().collect()
}

fn port_names(workload: &Workload, container: &Container) -> Vec<Fault> {
    let names = || container.ports().iter().filter_map(|port| port.get("name"));
    let mut out: Vec<Fault> = doubled(names())
        .into_iter()
        .map(|node| {
            let what = format!("two ports of container `{}` are called `{}`", container.name, text(node));
            Fault::new(
                node.place,
                workload.container_field(container, "ports"),
                what,
                "give each port a name of its own",
            )
        })
        .collect();
    out.extend(names().filter(|node| !text(node).contains(['$', '{'])).filter_map(|node| {
        let why = wrong_port_name(text(node))?;
        let what = format!("the port name `{}` of container `{}` {why}", text(node), container.name);
        let help = "use at most 15 lower-case letters, digits and single `-`, one letter at least";
        Some(Fault::new(node.place, workload.container_field(container, "ports"), what, help))
    }));
    out
}

fn text(node: &Node) -> &str {
    node.as_str().unwrap_or_default()
}

/// An IANA service name (IsValidPortName of k8s.io/apimachinery 0.34).
fn wrong_port_name(name: &str) -> Option<&'static str> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match name {
        "" => None,
        _ if name.len() > 15 => Some("has more than 15 characters"),
        _ if !name.chars().all(plain) => Some("has characters that none has"),
        _ if !name.contains(|c: char| c.is_ascii_lowercase()) => Some("has no letter"),
        _ if name.contains("--") || name.starts_with('-') || name.ends_with('-') => {
            Some("has a `-` out of place")
        }
        _ => None,
    }
}

fn mount_paths(workload: &Workload, container: &Container) -> Vec<Fault> {
    let mounts = container.node.get("volumeMounts").map(Node::items).unwrap_or_default();
    let paths = doubled(mounts.iter().filter_map(|mount| mount.get("mountPath")));
    let fault = |node: &Node| {
        let what = format!("container `{}` mounts two volumes at `{}`", container.name, text(node));
        Fault::new(
            node.place,
            workload.container_field(container, "volumeMounts"),
            what,
            "mount one of them elsewhere",
        )
    };
    paths.into_iter().map(fault).collect()
}

const HANDLERS: [&str; 4] = ["httpGet", "tcpSocket", "exec", "grpc"];

fn probe(workload: &Workload, container: &Container, kind: ProbeKind) -> Vec<Fault> {
    let written = |node: &&Node| node.is_written() && !node.is_null();
    let Some(node) = container.node.get(kind.field()).filter(written) else { return Vec::new() };
    let name = format!("the {} probe of container `{}`", kind.word(), container.name);
    let at = workload.container_field(container, kind.field());
    let handlers: Vec<&Node> = HANDLERS
        .iter()
        .filter_map(|handler| node.get(handler))
        .filter(|handler| !handler.is_null())
        .collect();
    let mut out = Vec::new();
    match handlers[..] {
        [] if node.open_reason().is_none() && node.as_map().is_some() => {
            let help = "add `httpGet`, `tcpSocket`, `exec` or `grpc`";
            let entry = container.node.as_map().and_then(|map| map.entry(kind.field()));
            let place = entry.map_or(node.place, |entry| entry.key.place);
            out.push(Fault::new(place, at.clone(), format!("{name} checks nothing"), help));
        }
        [_, second, ..] => {
            let what = format!("{name} has more than one check");
            out.push(Fault::new(second.place, at.clone(), what, "keep one of them"));
        }
        _ => {}
    }
    let successes = node.get("successThreshold").filter(|_| kind != ProbeKind::Readiness);
    if let Some(successes) = successes.filter(|node| node.as_int_lenient().is_some_and(|number| number > 1)) {
        let what = format!("{name} has a successThreshold other than 1");
        out.push(Fault::new(successes.place, at, what, "write `successThreshold: 1`, or leave it out"));
    }
    out
}
