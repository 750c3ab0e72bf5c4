//! A volume in memory without a size.
//!
//! # What it does
//! Finds volumes `emptyDir: { medium: Memory }` without `sizeLimit`, wherever a pod template stands: workloads, custom
//! resources, charts, and what patches add. Says what bounds them all the same: the memory limits of the pod's
//! containers, those of the namespace's LimitRange among them.
//!
//! # Why it matters
//! Its pages count as memory of the container that writes them. Without any limit it grows until the node has none left;
//! with one, the container is killed when the files and the program together reach it.
//!
//! # How to fix
//! Set `sizeLimit`, and the memory limit of the containers that write there so that it holds the volume and the program.
//!
//! # Limits
//! Silent where it cannot be known whether there is a size.
//!
//! # Fix safety
//! Unsafe: what was written beyond the size until now is refused then. It sets the size that the container's memory limit
//! leaves room for; none where there is no limit.
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
//!       volumes:
//!         - name: cache
//!           emptyDir: { medium: Memory }
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
//!           resources: { limits: { memory: 512Mi } }
//!           volumeMounts: [{ name: cache, mountPath: /cache }]
//!       volumes:
//!         - name: cache
//!           emptyDir: { medium: Memory, sizeLimit: 256Mi }
//! ```

use super::headroom;
use crate::finding::{Applicability, Severity};
use crate::model::{Container, EffectiveResource, Model, Quantity, Tmpfs, Workload};
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "tmpfs-unbounded",
        summary: "a volume in memory without a size",
        group: Group::Capacity,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("tmpfs_unbounded.rs"),
    },
    check: Some(check),
};

/// What bounds a volume that nothing bounds by itself.
enum Bound<'a> {
    /// The sum of the memory limits of the pod.
    Limits(Quantity),
    /// Nothing: this container has no memory limit.
    Nothing(&'a Container),
    /// That is not known.
    Unknown,
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads() {
        for tmpfs in workload.tmpfs() {
            if let Some(reason) = tmpfs.node.open_reason().filter(|_| tmpfs.limit.is_none()) {
                sink.unjudged(tmpfs.node.place, reason);
            } else if tmpfs.is_unbounded() && !is_unused(workload, &tmpfs.name) {
                sink.push(report(context.model, workload, &tmpfs, sink));
            }
        }
    }
}

/// Whether no container mounts a volume, of which another rule speaks.
fn is_unused(workload: &Workload, volume: &str) -> bool {
    let mounts = |container: &Container| {
        container.node.open_reason().is_some()
            || container.mounts().any(|mount| mount.name.as_str().is_none_or(|name| name == volume))
    };
    workload.release.is_none() && !workload.all_containers().any(mounts)
}

fn report(model: &Model, workload: &Workload, tmpfs: &Tmpfs, sink: &Sink<'_>) -> Report {
    let message = format!("volume `{}` of {} is memory without a size", tmpfs.name, workload.title());
    let (severity, label, note) = match bound(model, workload, &tmpfs.name) {
        Bound::Nothing(container) => (
            Severity::Error,
            "grows as long as the node has memory".to_owned(),
            format!(
                "container `{}` has no memory limit, so nothing stops the files but the memory of the node",
                container.name
            ),
        ),
        Bound::Limits(total) => (
            Severity::Warning,
            format!("only the memory limits of its containers bound it: {total}"),
            "the files count as memory of the container that writes them: it is killed before the volume is full"
                .to_owned(),
        ),
        Bound::Unknown => (
            Severity::Warning,
            "only memory limits may bound it".to_owned(),
            "the files count as memory of the container that writes them".to_owned(),
        ),
    };
    let room = room(model, workload, tmpfs);
    let help = match room {
        Some(room) => format!(
            "set a `sizeLimit` of {room} at most, and less where the program needs more of the memory limit"
        ),
        None => "set `sizeLimit`, and a memory limit that holds it and the program".to_owned(),
    };
    let report = sink
        .report(severity, tmpfs.medium.place, message)
        .label(label)
        .on(workload, workload.template_field(&format!("spec.volumes[{}].emptyDir", tmpfs.name)))
        .note(note)
        .help(help)
        .through(&tmpfs.medium);
    match room {
        Some(room) => {
            let change = Change::put(&tmpfs.node, &["sizeLimit"], room.to_string().as_str());
            report.unsafe_fix(format!("limit it to {room}"), vec![change])
        }
        None => report,
    }
}

fn bound<'a>(model: &Model, workload: &'a Workload, volume: &str) -> Bound<'a> {
    let listed = workload.pod().and_then(|pod| pod.get("containers"));
    if listed.is_none_or(|list| list.open_reason().is_some()) {
        return Bound::Unknown;
    }
    // The pod's own limit, of Kubernetes 1.34, is that of all containers together.
    let of_pod = workload.pod().and_then(|pod| pod.at(&["resources", "limits", "memory"]));
    if let Some(node) = of_pod {
        return Quantity::of(node).map_or(Bound::Unknown, Bound::Limits);
    }
    // Who writes a page pays for it. What ends before the others start may have filled it by then.
    let mut writers = workload.all_containers().filter(|container| container.writes_to(volume)).peekable();
    if writers.peek().is_none() {
        return Bound::Unknown;
    }
    let mut total = Quantity::default();
    for container in writers {
        match model.limit(workload, container, "memory") {
            EffectiveResource::None => return Bound::Nothing(container),
            EffectiveResource::Unknown => return Bound::Unknown,
            limit => total = total.plus(limit.quantity().unwrap_or_default()),
        }
    }
    Bound::Limits(total)
}

/// What the tightest memory limit of the containers that mount it leaves room for, in whole mebibytes.
fn room(model: &Model, workload: &Workload, tmpfs: &Tmpfs) -> Option<Quantity> {
    let others = |container: &Container| {
        let all = workload.tmpfs();
        let mounted = all.iter().filter(|other| {
            other.name != tmpfs.name
                && container.mounts().any(|mount| mount.name.as_str() == Some(&other.name))
        });
        mounted.fold(Quantity::default(), |sum, other| sum.plus(other.size().unwrap_or_default()))
    };
    let left =
        workload.containers.iter().filter(|container| container.writes_to(&tmpfs.name)).map(|container| {
            let limit = model.limit(workload, container, "memory").quantity()?;
            let taken = others(container).plus(headroom(container, limit));
            Some((limit.nanos() - taken.nanos()) / Quantity::mebibytes(1).nanos())
        });
    let least = left.collect::<Option<Vec<i128>>>()?.into_iter().min()?;
    i64::try_from(least).ok().filter(|mebibytes| *mebibytes >= 1).map(Quantity::mebibytes)
}
