//! A sidecar that a patch adds may do more than it must.
//!
//! # What it does
//! Looks at containers that a JSON patch adds: to an outpost, to the objects of a kustomization or of a chart, through
//! Kyverno. Names what they lack: requests for CPU and memory, a memory limit, `runAsNonRoot`,
//! `allowPrivilegeEscalation: false`, `drop: [ALL]`, `readOnlyRootFilesystem`, a pinned image. What later operations and
//! the pod's own securityContext bring counts.
//!
//! # Why it matters
//! What is added beside a program that handles everybody's sessions shares its volumes and its pod. No review of the
//! chart sees it, and without a limit it takes the memory of the program that it is to help.
//!
//! # How to fix
//! Give it resources of its own and the securityContext of the restricted Pod Security Standard, and pin its image.
//!
//! # Limits
//! Silent where its resources or securityContext cannot be known.
//!
//! # Fix safety
//! Unsafe: it adds a securityContext, user 1000 where none is stated, and small resources. It pins no image, of which a
//! finding of its own speaks.
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
//!       config:
//!         kubernetes_json_patches:
//!           deployment:
//!             - op: add
//!               path: /spec/template/spec/containers/-
//!               value:
//!                 name: tidy
//!                 image: busybox:1.37.0
//!                 command: [sh, -c, "sleep 3600"]
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
//!               path: /spec/template/spec/containers/-
//!               value:
//!                 name: tidy
//!                 image: busybox:1.37.0
//!                 command: [sh, -c, "sleep 3600"]
//!                 resources:
//!                   requests: { cpu: 10m, memory: 16Mi }
//!                   limits: { memory: 64Mi }
//!                 securityContext:
//!                   runAsNonRoot: true
//!                   allowPrivilegeEscalation: false
//!                   readOnlyRootFilesystem: true
//!                   capabilities: { drop: [ALL] }
//! ```

use crate::base::{Node, Place};
use crate::compose::{Operation, PatchSet, Verb};
use crate::finding::{Applicability, Severity};
use crate::model::Container;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::{Change, Draft};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "sidecar-unhardened",
        summary: "a sidecar that a patch adds may do more than it must",
        group: Group::Outposts,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("sidecar_unhardened.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for set in &context.model.authored.patches {
        let patched = set.patched().ok();
        for (operation, value) in
            set.operations().flat_map(|(_, o, _)| added(o).into_iter().map(move |v| (o, v)))
        {
            let (node, pod) = match patched.as_ref().and_then(|object| find(object, value.place, None)) {
                Some((node, pod)) => (node, Some(pod)),
                None => (value, None),
            };
            let container = Container::new(node, false);
            if let Some(reason) = opaque(&container) {
                sink.unjudged(container.head(), reason);
                continue;
            }
            let missing = missing(&container, pod);
            if !missing.is_empty() {
                report(set, operation, &container, &missing, sink);
            }
            if floats(&container) {
                floating(set, operation, &container, sink);
            }
        }
    }
}

/// The containers that an operation adds and that run beside the others: one item, or a whole list of native sidecars.
fn added(operation: &Operation) -> Vec<&Node> {
    let Some(value) = operation.value.as_ref().filter(|_| operation.verb == Verb::Add) else {
        return Vec::new();
    };
    let steps: Vec<&str> = operation.path.names().collect();
    let sidecar = |value: &&Node| value.get("restartPolicy").and_then(Node::as_str) == Some("Always");
    match steps[..] {
        [.., "containers", _] if value.get("name").is_some() => vec![value],
        [.., "initContainers", _] if sidecar(&value) => vec![value],
        [.., "initContainers"] => value.items().iter().filter(sidecar).collect(),
        _ => Vec::new(),
    }
}

/// The container that was written at a place, and the pod that it stands in.
fn find<'a>(node: &'a Node, place: Place, pod: Option<&'a Node>) -> Option<(&'a Node, &'a Node)> {
    if let Some(pod) = pod.filter(|_| node.place == place && node.get("name").is_some()) {
        return Some((node, pod));
    }
    if let Some(map) = node.as_map() {
        return map.entries.iter().find_map(|entry| find(&entry.value, place, Some(node)));
    }
    node.items().iter().find_map(|item| find(item, place, pod))
}

fn opaque(container: &Container) -> Option<std::sync::Arc<str>> {
    let context = container.node.get("securityContext");
    container
        .node
        .open_reason()
        .or_else(|| container.resources_open())
        .or_else(|| context.and_then(Node::open_reason))
}

/// What a container lacks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lack {
    CpuRequest,
    MemoryRequest,
    MemoryLimit,
    NonRoot,
    Escalation,
    Capabilities,
    ReadOnlyRoot,
}

impl Lack {
    fn words(self) -> &'static str {
        match self {
            Lack::CpuRequest => "requests.cpu",
            Lack::MemoryRequest => "requests.memory",
            Lack::MemoryLimit => "limits.memory",
            Lack::NonRoot => "runAsNonRoot",
            Lack::Escalation => "allowPrivilegeEscalation: false",
            Lack::Capabilities => "drop: [ALL]",
            Lack::ReadOnlyRoot => "readOnlyRootFilesystem",
        }
    }
}

fn missing(container: &Container, pod: Option<&Node>) -> Vec<Lack> {
    let stated = |side, name| container.resource(side, name).is_some();
    let is = |node: Option<&Node>, wanted: bool| {
        node.is_some_and(|node| node.as_bool().map_or(node.open_reason().is_some(), |value| value == wanted))
    };
    let own = |field: &str| container.node.at(&["securityContext", field]);
    // Of a pod that stands in no file it is not known what it says for all of its containers.
    let non_root = match pod {
        Some(pod) => is(own("runAsNonRoot").or_else(|| pod.at(&["securityContext", "runAsNonRoot"])), true),
        None => own("runAsNonRoot").is_none() || is(own("runAsNonRoot"), true),
    };
    let all = [
        (Lack::CpuRequest, !stated("requests", "cpu") && !stated("limits", "cpu")),
        (Lack::MemoryRequest, !stated("requests", "memory") && !stated("limits", "memory")),
        (Lack::MemoryLimit, !stated("limits", "memory")),
        (Lack::NonRoot, !non_root),
        (Lack::Escalation, !is(own("allowPrivilegeEscalation"), false)),
        (Lack::Capabilities, !drops_all(container)),
        (Lack::ReadOnlyRoot, !is(own("readOnlyRootFilesystem"), true)),
    ];
    all.into_iter().filter(|(_, lacks)| *lacks).map(|(lack, _)| lack).collect()
}

/// Whether its image is whatever is newest.
fn floats(container: &Container) -> bool {
    container.image().is_some_and(|image| image.is_floating())
        && container.node.get("image").is_some_and(|node| node.as_str().is_some())
}

fn floating(set: &PatchSet, operation: &Operation, container: &Container, sink: &mut Sink<'_>) {
    let path = operation.path.head(operation.path.steps.len());
    let place = container.node.get("image").map_or(container.head(), |image| image.place);
    let message = format!("container `{}`, which a patch adds, runs whatever is newest", container.name);
    let report = sink
        .report(Severity::Warning, place, message)
        .label("no version and no digest")
        .on_patches(set, format!("{path}[{}].image", container.name))
        .note("it shares the volumes and the pod of what it is added to, and no review of that sees it")
        .help("pin a version tag or a digest");
    sink.push(report);
}

/// Whether it drops all capabilities, or may.
fn drops_all(container: &Container) -> bool {
    let capabilities = container.node.at(&["securityContext", "capabilities"]);
    let dropped = capabilities.and_then(|node| node.get("drop"));
    let all = |item: &Node| item.as_str().is_none_or(|name| name.eq_ignore_ascii_case("all"));
    let open = dropped.or(capabilities).and_then(Node::open_reason);
    open.is_some() || dropped.is_some_and(|list| list.items().iter().any(all))
}

fn report(
    set: &PatchSet,
    operation: &Operation,
    container: &Container,
    missing: &[Lack],
    sink: &mut Sink<'_>,
) {
    let names: Vec<&str> = missing.iter().map(|lack| lack.words()).collect();
    let message = format!("container `{}`, which a patch adds, lacks {}", container.name, names.join(", "));
    let path = operation.path.head(operation.path.steps.len());
    let report = sink
        .report(Severity::Warning, container.head(), message)
        .label("added by this patch")
        .on_patches(set, format!("{path}[{}]", container.name))
        .note("it shares the volumes and the pod of what it is added to, and no review of that sees it")
        .help(
            "give it resources of its own, and the securityContext of the restricted Pod Security Standard",
        );
    sink.push(report.unsafe_fix("harden it", hardened(container, missing)));
}

/// The user of the images of outposts: most images of tools run as root unless they are told.
const OTHER_USER: i64 = 1000;

fn hardened(container: &Container, missing: &[Lack]) -> Vec<Change> {
    let lacks = |lack: Lack| missing.contains(&lack);
    let user = container.node.at(&["securityContext", "runAsUser"]);
    // The kubelet refuses root that must not be root.
    if lacks(Lack::NonRoot) && user.is_some_and(|user| user.as_int_lenient() == Some(0)) {
        return Vec::new();
    }
    let mut context = Vec::new();
    if lacks(Lack::NonRoot) && user.is_none() {
        context.push(("runAsUser".to_owned(), Draft::Int(OTHER_USER)));
    }
    let mut add = |lack: Lack, name: &str, value: Draft| {
        if lacks(lack) {
            context.push((name.to_owned(), value));
        }
    };
    add(Lack::NonRoot, "runAsNonRoot", true.into());
    add(Lack::Escalation, "allowPrivilegeEscalation", false.into());
    add(Lack::ReadOnlyRoot, "readOnlyRootFilesystem", true.into());
    add(Lack::Capabilities, "capabilities", Draft::map([("drop", Draft::List(vec!["ALL".into()]))]));
    let mut requests = Vec::new();
    for (lack, name, value) in [(Lack::CpuRequest, "cpu", "10m"), (Lack::MemoryRequest, "memory", "16Mi")] {
        if lacks(lack) {
            requests.push((name.to_owned(), value.into()));
        }
    }
    let mut resources = Vec::new();
    if !requests.is_empty() {
        resources.push(("requests".to_owned(), Draft::Map(requests)));
    }
    if lacks(Lack::MemoryLimit) {
        resources.push(("limits".to_owned(), Draft::map([("memory", "64Mi".into())])));
    }
    let put = |name: &str, entries: Vec<(String, Draft)>| {
        (!entries.is_empty()).then(|| Change::put(&container.node, &[name], Draft::Map(entries)))
    };
    [put("resources", resources), put("securityContext", context)].into_iter().flatten().collect()
}
