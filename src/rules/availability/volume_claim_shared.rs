//! Two workloads that want one volume on two nodes.
//!
//! # What it does
//! Finds claims that one node at a time may use (`ReadWriteOnce`, or one pod: `ReadWriteOncePod`) and that several workloads
//! mount, with nothing that brings them to the same node.
//!
//! # Why it matters
//! The pods of the second workload wait for the volume as long as those of the first hold it: it works while the scheduler
//! happens to choose the same node, and stops with the next drain.
//!
//! # How to fix
//! Let one of them require the other's node (`podAffinity`), give both the same `nodeSelector`, or use storage that several
//! nodes may mount.
//!
//! # Limits
//! Silent where the claim does not stand in the repository, or where a required affinity is not known. Of preferred affinities
//! nothing is said: they promise nothing.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   strategy: { type: Recreate }
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec:
//!       containers: [{ name: web, image: "web:1.0.0", volumeMounts: [{ name: data, mountPath: /data }] }]
//!       volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: backup, namespace: shop }
//! spec:
//!   strategy: { type: Recreate }
//!   template:
//!     metadata: { labels: { app: backup } }
//!     spec:
//!       containers: [{ name: backup, image: "backup:1.0.0", volumeMounts: [{ name: data, mountPath: /data }] }]
//!       volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
//! ---
//! apiVersion: v1
//! kind: PersistentVolumeClaim
//! metadata: { name: data, namespace: shop }
//! spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   strategy: { type: Recreate }
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec:
//!       containers: [{ name: web, image: "web:1.0.0", volumeMounts: [{ name: data, mountPath: /data }] }]
//!       volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: backup, namespace: shop }
//! spec:
//!   strategy: { type: Recreate }
//!   template:
//!     metadata: { labels: { app: backup } }
//!     spec:
//!       affinity:
//!         podAffinity:
//!           requiredDuringSchedulingIgnoredDuringExecution:
//!             - { labelSelector: { matchLabels: { app: web } }, topologyKey: kubernetes.io/hostname }
//!       containers: [{ name: backup, image: "backup:1.0.0", volumeMounts: [{ name: data, mountPath: /data }] }]
//!       volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
//! ---
//! apiVersion: v1
//! kind: PersistentVolumeClaim
//! metadata: { name: data, namespace: shop }
//! spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
//! ```

use crate::base::Node;
use crate::finding::Severity;
use crate::model::{SingleNodeClaim, Workload, selects};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use std::collections::BTreeMap;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "volume-claim-shared",
        summary: "two workloads that want one volume on two nodes",
        group: Group::Availability,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("volume_claim_shared.rs"),
    },
    check: Some(check),
};

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";

/// A workload with the claim that it mounts.
type User<'a> = (&'a Workload, SingleNodeClaim<'a>);

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut users: BTreeMap<usize, Vec<User<'_>>> = BTreeMap::new();
    for (_, workload) in context.workloads().filter(|(_, w)| is_there(w)) {
        for claim in context.model.single_node_claims(workload) {
            let of_claim = users.entry(claim.object).or_default();
            if of_claim.iter().all(|(other, _)| other.object != workload.object) {
                of_claim.push((workload, claim));
            }
        }
    }
    for of_claim in users.values().filter(|of_claim| of_claim.len() > 1) {
        let near = brought_together(of_claim);
        let apart = near.iter().position(|group| *group != near[0]);
        let apart = apart.map(|at| (&of_claim[0], &of_claim[at]));
        if let Some((first, second)) = apart {
            report(first, second, sink);
        }
    }
}

fn is_there(workload: &Workload) -> bool {
    workload.conditional.is_none() && !workload.described && workload.replicas.count != Some(0)
}

/// For each user a number that those share whom something brings to one node, one after the other.
fn brought_together(users: &[User<'_>]) -> Vec<usize> {
    let mut groups: Vec<usize> = (0..users.len()).collect();
    for a in 0..users.len() {
        for b in a + 1..users.len() {
            if are_together(users[a].0, users[b].0) {
                let (from, to) = (groups[b], groups[a]);
                groups.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
            }
        }
    }
    groups
}

/// Whether something brings the pods of both to one node, or may.
fn are_together(a: &Workload, b: &Workload) -> bool {
    let (Some(pod_a), Some(pod_b)) = (a.pod(), b.pod()) else { return true };
    let open = |pod: &Node| pod.open_reason().is_some();
    let same = |path: &[&str]| match (pod_a.at(path), pod_b.at(path)) {
        (Some(a), Some(b)) => a.reads_like(b),
        _ => false,
    };
    let pinned =
        same(&["nodeSelector"]) || same(&["nodeName"]) || same(&["affinity", "nodeAffinity", REQUIRED]);
    open(pod_a) || open(pod_b) || pinned || follows(pod_a, b) || follows(pod_b, a)
}

/// Whether a pod must stand where those of another workload stand, or may have to.
fn follows(pod: &Node, other: &Workload) -> bool {
    let Some(affinity) = pod.get("affinity") else { return false };
    let terms = affinity.at(&["podAffinity", REQUIRED]);
    let open = [Some(affinity), affinity.get("podAffinity"), terms].into_iter().flatten();
    open.into_iter().any(|node| node.open_reason().is_some())
        || terms
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .filter(|term| one_node(term))
            .any(|term| selects(term.get("labelSelector"), other.labels()) != Some(false))
}

/// Whether a term is about single nodes, or may be.
fn one_node(term: &Node) -> bool {
    term.get("topologyKey").and_then(Node::as_str).is_none_or(|key| key == "kubernetes.io/hostname")
}

fn report(first: &User<'_>, second: &User<'_>, sink: &mut Sink<'_>) {
    let (other, held) = first;
    let (workload, claim) = second;
    let who = if claim.one_pod { "one pod" } else { "one node" };
    let message = format!(
        "{} and {} mount claim `{}`, which {who} at a time may use",
        other.title(),
        workload.title(),
        claim.name.as_str().unwrap_or("?")
    );
    let help = match claim.one_pod {
        true => "let one workload mount it, or use a claim with mode ReadWriteMany",
        false => {
            "let one require the other's node (podAffinity over kubernetes.io/hostname), or use a claim with mode ReadWriteMany"
        }
    };
    let report = sink
        .report(Severity::Warning, claim.name.place, message)
        .label("nothing brings both to one node")
        .related_node(held.name, format!("{} mounts it, too", other.title()))
        .related_node(claim.modes, format!("{who} at a time"))
        .on(workload, workload.template_field("spec.volumes"))
        .note("the pods of one wait for the volume as long as the other's hold it on another node")
        .help(help);
    sink.push(report);
}
