//! An outpost keeps its sessions in a /dev/shm that is too small.
//!
//! # What it does
//! Looks at what a proxy outpost mounts at /dev/shm, after its patches: nothing, which means 64 MiB, or a volume in memory
//! of less than 256 MiB.
//!
//! # Why it matters
//! A proxy outpost writes a file for every session into /dev/shm, and one for many a request without a cookie; each takes
//! a page of 4096 bytes at least. 64 MiB hold 16,384 files: 15 hours at 18 a minute. Then every login fails with
//! `no space left on device`, for all users at once.
//!
//! # How to fix
//! Patch a volume in memory and its mount into the outpost, with a memory limit that holds both. The page [An outpost with
//! a full /dev/shm](outposts.md) has the patches and the arithmetic.
//!
//! # Limits
//! Silent about outposts with a database for their sessions (`AUTHENTIK_POSTGRESQL__*` in their environment), or with
//! another `TMPDIR`, other types than proxy, the outpost inside of authentik's server, other volumes than memory, and where the mounts are not known. A
//! volume without a size is `tmpfs-unbounded`'s matter.
//!
//! # Fix safety
//! Unsafe: the pods of the outpost are replaced. It adds a volume of 512Mi and its mount where there are no others, or
//! raises the size.
//!
//! # Example
//! Bad:
//! ```yaml
//! # file: proxy.yaml
//! version: 1
//! metadata: { name: outposts }
//! entries:
//!   - model: authentik_outposts.outpost
//!     identifiers: { name: proxy }
//!     attrs:
//!       type: proxy
//!       config: { kubernetes_replicas: 1 }
//! ```
//! Good:
//! ```yaml
//! # file: proxy.yaml
//! version: 1
//! metadata: { name: outposts }
//! entries:
//!   - model: authentik_outposts.outpost
//!     identifiers: { name: proxy }
//!     attrs:
//!       type: proxy
//!       config:
//!         kubernetes_json_patches:
//!           deployment:
//!             - op: add
//!               path: /spec/template/spec/volumes
//!               value: [{ name: dshm, emptyDir: { medium: Memory, sizeLimit: 512Mi } }]
//!             - op: add
//!               path: /spec/template/spec/containers/0/volumeMounts
//!               value: [{ name: dshm, mountPath: /dev/shm }]
//! ```

use crate::base::Node;
use crate::compose::Outpost;
use crate::finding::{Applicability, Severity};
use crate::lower::COMPONENT_FIELD;
use crate::model::{
    Container, EffectiveResource, Quantity, SHARED_MEMORY, Sessions, Workload, proxy_container, sessions,
};
use crate::rule::{Context, Group, On, OptionMeta, Rule, RuleMeta, Sink};
use crate::syntax::edit::{Change, Draft};
use std::sync::Arc;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "shm-undersized",
        summary: "an outpost keeps its sessions in a /dev/shm that is too small",
        group: Group::Outposts,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[OptionMeta {
            name: "minimum-mebibytes",
            default: 256,
            doc: "What /dev/shm of a proxy outpost must hold, in MiB.",
        }],
        since: "0.1.0",
        source: include_str!("shm_undersized.rs"),
    },
    check: Some(check),
};

/// The size that a fix gives.
const SIZE: &str = "512Mi";

/// The memory limit that holds it and the outpost, in MiB.
const MEMORY: i64 = 768;

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let own = |outpost: &&Outpost| outpost.declaration.embedded().is_none();
    for outpost in context.model.authored.outposts.iter().filter(own) {
        let Some((_, workload)) = context.model.workload_of(outpost) else { continue };
        match sessions(outpost, workload) {
            Sessions::Files => {}
            Sessions::Unknown(reason) => {
                sink.unjudged(workload.header, reason);
                continue;
            }
            Sessions::Shared(_) | Sessions::Elsewhere(_) | Sessions::None => continue,
        }
        if let Some(container) = proxy_container(outpost, workload) {
            judge(context, outpost, workload, container, sink);
        }
    }
}

fn judge(
    context: &Context<'_>,
    outpost: &Outpost,
    workload: &Workload,
    container: &Container,
    sink: &mut Sink<'_>,
) {
    if let Some(reason) = unknown_mounts(container) {
        sink.unjudged(workload.header, reason);
        return;
    }
    if container.mounted_at(SHARED_MEMORY).is_none() {
        nothing(outpost, workload, container, sink);
        return;
    }
    let minimum = Quantity::mebibytes(context.option("minimum-mebibytes"));
    let Some((tmpfs, mount)) = workload.tmpfs_at(container, SHARED_MEMORY) else { return };
    let Some((node, size)) = tmpfs.limit.as_ref().zip(tmpfs.size()) else { return };
    if size >= minimum {
        return;
    }
    let message = format!("/dev/shm of {} holds {size}: less than {minimum}", workload.title());
    let report = sink
        .report(Severity::Warning, node.place, message)
        .label(files(size))
        .related(mount, "mounted at /dev/shm")
        .on(workload, workload.template_field(&format!("spec.volumes[{}]", tmpfs.name)))
        .note(WHY)
        .help(format!("set `sizeLimit: {SIZE}` or more, and a memory limit above it"))
        .unsafe_fix(format!("raise it to {SIZE}"), raised(context, workload, container, node));
    sink.push(report.through(node));
}

/// Why something may be mounted at a path that is not known.
fn unknown_mounts(container: &Container) -> Option<Arc<str>> {
    let mounts = container.node.get("volumeMounts");
    let of_mount = |mount: &Node| match mount.get("mountPath") {
        Some(path) => path.open_reason(),
        None => mount.open_reason(),
    };
    let items = mounts.map(Node::items).unwrap_or_default();
    mounts
        .and_then(Node::open_reason)
        .or_else(|| container.node.open_reason().filter(|_| mounts.is_none()))
        .or_else(|| items.iter().find_map(of_mount))
}

const WHY: &str =
    "the outpost writes a file there for every session: once it is full, nobody can log in any more";

/// A larger size, where the memory of the container holds it.
fn raised(context: &Context<'_>, workload: &Workload, container: &Container, size: &Node) -> Vec<Change> {
    let limit = context.model.limit(workload, container, "memory");
    let holds = limit.quantity().is_some_and(|limit| limit >= Quantity::mebibytes(MEMORY));
    let without = matches!(limit, EffectiveResource::None);
    if holds || without { vec![Change::set(size, SIZE)] } else { Vec::new() }
}

/// How many sessions fit, each in a page of its own.
fn files(size: Quantity) -> String {
    let pages = size.nanos() / Quantity::whole(4096).nanos();
    format!("room for {pages} sessions, each in a page of 4096 bytes")
}

fn nothing(outpost: &Outpost, workload: &Workload, container: &Container, sink: &mut Sink<'_>) {
    let declaration = &outpost.declaration;
    let map = declaration.config.as_ref().and_then(Node::as_map);
    let patches = map.and_then(|map| map.entry(COMPONENT_FIELD)).filter(|entry| !entry.value.is_null());
    let list = patches.and_then(|entry| entry.value.as_map()?.entry("deployment"));
    let place = list.or(patches).map_or(declaration.header, |entry| entry.key.place);
    let message = format!("{} mounts nothing at /dev/shm, where it keeps its sessions", workload.title());
    let report = sink
        .report(Severity::Warning, place, message)
        .label("64 MiB hold 16384 sessions: 15 hours at 18 a minute")
        .on(workload, workload.container_field(container, "volumeMounts"))
        .note(WHY)
        .help("patch a volume in memory with a size and its mount into the Deployment: docs/outposts.md has the patches");
    let first = workload.containers.first().is_some_and(|first| first.name == container.name);
    let none = first && workload.volumes().is_empty() && container.node.get("volumeMounts").is_none();
    let changes = if none { with_volume(outpost) } else { Vec::new() };
    sink.push(report.unsafe_fix(format!("mount {SIZE} of memory there"), changes));
}

/// Operations that add the volume and its mount, behind those that there are.
fn with_volume(outpost: &Outpost) -> Vec<Change> {
    let Some(config) = outpost.declaration.config.as_ref() else { return Vec::new() };
    let operation = |path: &str, item: Draft| {
        Draft::map([("op", "add".into()), ("path", path.into()), ("value", Draft::List(vec![item]))])
    };
    let memory = Draft::map([("medium", "Memory".into()), ("sizeLimit", SIZE.into())]);
    let volume = Draft::map([("name", "dshm".into()), ("emptyDir", memory)]);
    let mount = Draft::map([("name", "dshm".into()), ("mountPath", SHARED_MEMORY.into())]);
    let operations = [
        operation("/spec/template/spec/volumes", volume),
        operation("/spec/template/spec/containers/0/volumeMounts", mount),
    ];
    let path = [COMPONENT_FIELD, "deployment"];
    match config.at(&path) {
        Some(_) => operations.map(|operation| Change::append(config, &path, operation)).to_vec(),
        None => vec![Change::put(config, &path, Draft::List(operations.to_vec()))],
    }
}
