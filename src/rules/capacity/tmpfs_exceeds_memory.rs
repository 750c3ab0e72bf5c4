//! A volume in memory does not fit into the memory of the container that writes it.
//!
//! # What it does
//! Adds the sizes of the volumes in memory that a container mounts, and room for the program itself (256 MiB for images
//! of authentik, else a tenth of the limit, at least 16 MiB), and compares that with its memory limit, or with the limit
//! that the namespace's LimitRange gives where it states none.
//!
//! # Why it matters
//! Pages of such a volume count as memory of the container that writes them. A volume of 512Mi under a limit of 256Mi
//! never fills up: the container is killed first, each time that the files have grown.
//!
//! # How to fix
//! Raise the memory limit above the volume and the program, or make the volume smaller.
//!
//! # Limits
//! An error where the limit is not even the size of the volumes, a warning where the program has no room beside them.
//! Silent about volumes without a size (`tmpfs-unbounded` speaks of those), mounts that are read only, containers whose
//! commands only look and delete, and limits that are not known.
//!
//! # Fix safety
//! Unsafe: the container may use more memory of its node.
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
//!           resources: { limits: { memory: 256Mi } }
//!           volumeMounts: [{ name: cache, mountPath: /cache }]
//!       volumes:
//!         - name: cache
//!           emptyDir: { medium: Memory, sizeLimit: 512Mi }
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
//!           resources: { limits: { memory: 1Gi } }
//!           volumeMounts: [{ name: cache, mountPath: /cache }]
//!       volumes:
//!         - name: cache
//!           emptyDir: { medium: Memory, sizeLimit: 512Mi }
//! ```

use super::{headroom, limit_that_holds};
use crate::base::Node;
use crate::finding::{Applicability, Severity};
use crate::model::{Container, EffectiveResource, Quantity, Tmpfs, Workload};
use crate::rule::changes::in_container;
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "tmpfs-exceeds-memory",
        summary: "a volume in memory is larger than its container's memory limit",
        group: Group::Capacity,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("tmpfs_exceeds_memory.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads() {
        let volumes = workload.tmpfs();
        for container in workload.all_containers() {
            let mounted: Vec<(&Tmpfs, Quantity)> = volumes
                .iter()
                .filter(|tmpfs| container.writes_to(&tmpfs.name))
                .filter_map(|tmpfs| Some((tmpfs, tmpfs.size()?)))
                .collect();
            if !mounted.is_empty() {
                judge(context, workload, container, &mounted, sink);
            }
        }
    }
}

fn judge(
    context: &Context<'_>,
    workload: &Workload,
    container: &Container,
    mounted: &[(&Tmpfs, Quantity)],
    sink: &mut Sink<'_>,
) {
    let sizes = mounted.iter().fold(Quantity::default(), |sum, (_, size)| sum.plus(*size));
    let effective = context.model.limit(workload, container, "memory");
    let (limit, limit_node) = match &effective {
        EffectiveResource::Stated(limit, node) => (*limit, node),
        EffectiveResource::Given(given) => (given.quantity, &given.node),
        EffectiveResource::Unknown => {
            let reason = "the memory limit of its container is not known";
            sink.unjudged(size_place(mounted), reason);
            return;
        }
        EffectiveResource::None => return,
    };
    let room = headroom(container, limit);
    if sizes.plus(room) <= limit {
        return;
    }
    let fits = limit > sizes;
    let names: Vec<String> = mounted.iter().map(|(tmpfs, size)| format!("`{}` {size}", tmpfs.name)).collect();
    let message = format!(
        "container `{}` of {} has {limit} of memory for {} of files in memory{}",
        container.name,
        workload.title(),
        sizes,
        if fits { format!(" and {room} of its own") } else { String::new() }
    );
    let severity = if fits { Severity::Warning } else { Severity::Error };
    let report = match &effective {
        EffectiveResource::Stated(..) => sink
            .report(severity, limit_node.place, message)
            .label(format!("the limit; {} count against it", names.join(", "))),
        _ => sink
            .report(severity, size_place(mounted), message)
            .label("more than the limit that the container gets"),
    };
    let report = report
        .on(workload, workload.container_field(container, "resources.limits.memory"))
        .note("files in memory count as memory of the container that writes them: it is killed before they fill the volume")
        .help(format!("set a memory limit of {} or more, or a smaller sizeLimit", limit_that_holds(container, sizes)));
    let report = places(report, &effective, mounted);
    let enough = limit_that_holds(container, sizes).to_string();
    let fix = match &effective {
        EffectiveResource::Stated(_, node) => vec![Change::set(node, enough.as_str())],
        _ => in_container(
            context.model,
            workload,
            container,
            &["resources", "limits", "memory"],
            enough.as_str(),
        ),
    };
    sink.push(report.unsafe_fix(format!("raise the memory limit to {enough}"), fix));
}

fn size_place(mounted: &[(&Tmpfs, Quantity)]) -> crate::base::Place {
    let node = |tmpfs: &Tmpfs| tmpfs.limit.as_ref().map_or(tmpfs.node.place, |node: &Node| node.place);
    node(mounted[0].0)
}

fn places(mut report: Report, effective: &EffectiveResource, mounted: &[(&Tmpfs, Quantity)]) -> Report {
    for (tmpfs, size) in mounted {
        if let Some(node) = &tmpfs.limit {
            report = report.related_node(node, format!("volume `{}` may grow to {size}", tmpfs.name));
        }
    }
    match effective {
        EffectiveResource::Given(given) => {
            let maker = if given.policy { ", which a policy makes" } else { "" };
            report.related_node(&given.node, format!("LimitRange {} gives this limit{maker}", given.name))
        }
        _ => report,
    }
}
