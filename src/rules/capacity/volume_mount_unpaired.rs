//! A mount without its volume, or a volume that nobody mounts.
//!
//! # What it does
//! Compares the names of `volumeMounts` and `volumeDevices` of all containers with those of the pod's volumes, and of
//! the claim templates of a StatefulSet.
//!
//! # Why it matters
//! The API server rejects a mount of a volume that is not there: the rollout stops. A volume that nobody mounts is most
//! often a half of a change; a `/dev/shm` that was to be larger stays at 64 MiB.
//!
//! # How to fix
//! Write the other half, or correct the name.
//!
//! # Limits
//! A warning for a volume that is not mounted. Silent about objects that a chart makes, whose profile may not state all
//! volumes, about custom resources, whose operator may add some, and where either list is not wholly known.
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
//!           image: "web:1.0.0"
//!           volumeMounts: [{ name: cache, mountPath: /cache }]
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
//!           image: "web:1.0.0"
//!           volumeMounts: [{ name: cache, mountPath: /cache }]
//!       volumes:
//!         - name: cache
//!           emptyDir: {}
//! ```

use crate::base::{Node, Place};
use crate::finding::{Severity, closest};
use crate::lower::Object;
use crate::model::{Container, Workload};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use std::sync::Arc;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "volume-mount-unpaired",
        summary: "a mount without its volume, or a volume that nobody mounts",
        group: Group::Capacity,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("volume_mount_unpaired.rs"),
    },
    check: Some(check),
};

/// The kinds whose pods have the volumes that they state.
const KINDS: [&str; 9] = [
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "CronJob",
    "Pod",
    "Rollout",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads() {
        if workload.release.is_some() || !KINDS.contains(&workload.kind.as_str()) {
            continue;
        }
        if let Some((place, reason)) =
            unknown(workload).or_else(|| unknown_claims(context.model.object(workload)))
        {
            sink.unjudged(place, reason);
            continue;
        }
        let claims = context.model.object(workload).at(&["spec", "volumeClaimTemplates"]);
        let volumes: Vec<&Node> = workload.volumes().iter().filter_map(|volume| volume.get("name")).collect();
        let claimed = claims.map(Node::items).unwrap_or_default();
        let claimed = claimed.iter().filter_map(|claim| claim.at(&["metadata", "name"])?.as_str());
        let mut known: Vec<&str> = volumes.iter().filter_map(|name| name.as_str()).collect();
        known.extend(claimed);
        for container in workload.all_containers() {
            let unknown = |name: &&Node| name.as_str().is_some_and(|name| !known.contains(&name));
            let names: Vec<&Node> = mounts(container).filter(unknown).collect();
            for (index, name) in names.iter().enumerate() {
                let same = |other: &&&Node| other.as_str() == name.as_str();
                if !names[..index].iter().any(|other| same(&other)) {
                    let again = names[index + 1..].iter().filter(same).copied().collect();
                    without_volume(workload, container, (name, again), &known, sink);
                }
            }
        }
        for name in volumes {
            let mounted =
                |container: &Container| mounts(container).any(|mount| mount.as_str() == name.as_str());
            if name.as_str().is_some() && !workload.all_containers().any(mounted) {
                without_mount(workload, name, sink);
            }
        }
    }
}

/// The names of the volumes that a container mounts, or takes as devices.
fn mounts(container: &Container) -> impl Iterator<Item = &Node> {
    let lists = ["volumeMounts", "volumeDevices"].into_iter().filter_map(|list| container.node.get(list));
    lists.flat_map(Node::items).filter_map(|mount| mount.get("name"))
}

/// Why not all volumes or mounts are known.
fn unknown(workload: &Workload) -> Option<(Place, Arc<str>)> {
    let pod = workload.pod()?;
    let open = |node: &Node| Some((node.place, node.open_reason()?));
    let lists = ["volumes", "containers", "initContainers"].into_iter().filter_map(|list| pod.get(list));
    let of_container = |container: &Container| {
        ["volumeMounts", "volumeDevices"]
            .into_iter()
            .filter_map(|list| container.node.get(list))
            .find_map(open)
    };
    let item = |item: &Node| match item.get("name") {
        Some(name) => open(name),
        None => open(item),
    };
    open(pod)
        .or_else(|| lists.into_iter().find_map(open))
        .or_else(|| workload.all_containers().find_map(|c| open(&c.node).or_else(|| of_container(c))))
        .or_else(|| workload.volumes().iter().find_map(item))
        .or_else(|| workload.all_containers().flat_map(mounts).find_map(open))
}

/// Why a claim template may have a name that is not known.
fn unknown_claims(object: &Object) -> Option<(Place, Arc<str>)> {
    let claims = object.at(&["spec", "volumeClaimTemplates"]);
    let spec = object.at(&["spec"]).filter(|_| claims.is_none());
    let open = |node: &Node| Some((node.place, node.open_reason()?));
    let of_claim = |claim: &Node| match claim.at(&["metadata", "name"]) {
        Some(name) => open(name),
        None => open(claim).or_else(|| claim.get("metadata").and_then(open)),
    };
    spec.and_then(open)
        .or_else(|| claims.and_then(open))
        .or_else(|| claims.map(Node::items).unwrap_or_default().iter().find_map(of_claim))
}

fn without_volume(
    workload: &Workload,
    container: &Container,
    (name, again): (&Node, Vec<&Node>),
    known: &[&str],
    sink: &mut Sink<'_>,
) {
    let text = name.as_str().unwrap_or_default();
    let message = format!(
        "container `{}` of {} mounts `{text}`, which is no volume of the pod",
        container.name,
        workload.title()
    );
    let help = match closest(text, known) {
        Some(near) => format!("write `{near}`, or add a volume `{text}`"),
        None => format!("add a volume `{text}` to the pod, or remove the mount"),
    };
    let report = sink
        .report(Severity::Error, name.place, message)
        .label("no volume has this name")
        .on(workload, workload.container_field(container, &format!("volumeMounts[{text}]")))
        .note("the API server rejects the pod template: the change is never rolled out")
        .help(help)
        .through(name);
    sink.push(
        again.into_iter().fold(report, |report, node| report.related_node(node, "mounted here as well")),
    );
}

fn without_mount(workload: &Workload, name: &Node, sink: &mut Sink<'_>) {
    let text = name.as_str().unwrap_or_default();
    let message = format!("no container of {} mounts volume `{text}`", workload.title());
    let report = sink
        .report(Severity::Warning, name.place, message)
        .label("nobody mounts it")
        .on(workload, workload.template_field(&format!("spec.volumes[{text}]")))
        .note(
            "a volume without a mount is of no use to any container: the other half of the change is missing",
        )
        .help(format!("add a `volumeMounts` entry for `{text}`, or remove the volume"))
        .through(name);
    sink.push(report);
}
