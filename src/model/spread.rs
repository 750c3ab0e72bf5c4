//! What keeps the pods of a workload on different nodes.

use super::{LabelValue, Model, Workload, label, selects};
use crate::base::{Entry, Node};
use std::sync::Arc;

/// A term of a pod's anti-affinity, or one of its topology spread constraints.
#[derive(Debug)]
pub struct SpreadTerm<'a> {
    /// The podAffinityTerm or topologySpreadConstraint.
    pub node: &'a Node,
    /// The path of its selector, from the pod template.
    pub field: String,
    /// Whether it is a topology spread constraint.
    pub spread: bool,
}

/// Which pods the selector of a [`SpreadTerm`] takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Takes {
    /// The workload's own, and so it keeps them apart.
    Own,
    /// Only those of other workloads.
    Others,
    /// None.
    Nobody,
    /// It cannot be known, and why.
    Unknown(Arc<str>),
}

const LISTS: [&str; 2] =
    ["requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"];

/// Labels that controllers add to every pod of theirs.
const ADDED: [&str; 8] = [
    "pod-template-hash",
    "controller-revision-hash",
    "pod-template-generation",
    "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index",
    "job-name",
    "controller-uid",
    "batch.kubernetes.io/job-name",
];

impl Workload {
    /// The terms of its anti-affinity and its topology spread constraints, as far as they are known.
    pub fn spread_terms(&self) -> Vec<SpreadTerm<'_>> {
        let Some(pod) = self.pod() else { return Vec::new() };
        let mut out = Vec::new();
        for list in LISTS {
            let items = pod.at(&["affinity", "podAntiAffinity", list]).map(Node::items).unwrap_or_default();
            for (i, item) in items.iter().enumerate() {
                let (node, tail) = match item.get("podAffinityTerm") {
                    Some(node) => (node, ".podAffinityTerm"),
                    None => (item, ""),
                };
                let field = format!("spec.affinity.podAntiAffinity.{list}[{i}]{tail}.labelSelector");
                out.push(SpreadTerm { node, field, spread: false });
            }
        }
        let spreads = pod.get("topologySpreadConstraints").map(Node::items).unwrap_or_default();
        out.extend(spreads.iter().enumerate().map(|(i, node)| {
            let field = format!("spec.topologySpreadConstraints[{i}].labelSelector");
            SpreadTerm { node, field, spread: true }
        }));
        out
    }

    /// Why it may have terms that [`Workload::spread_terms`] does not list.
    pub fn spread_terms_open(&self) -> Option<Arc<str>> {
        let pod = self.pod()?;
        let paths: [&[&str]; 5] = [
            &["affinity"],
            &["affinity", "podAntiAffinity"],
            &["affinity", "podAntiAffinity", LISTS[0]],
            &["affinity", "podAntiAffinity", LISTS[1]],
            &["topologySpreadConstraints"],
        ];
        pod.open_reason().or_else(|| paths.iter().find_map(|path| pod.at(path).and_then(Node::open_reason)))
    }
}

impl Model {
    /// Which pods a term of the workload at `index` takes.
    pub fn takes(&self, index: usize, term: &SpreadTerm<'_>) -> Takes {
        let workload = &self.workloads[index];
        let selector = term.node.get("labelSelector");
        let open = term
            .node
            .unknown_reason()
            .cloned()
            .or_else(|| term.node.open_reason().filter(|_| selector.is_none()));
        if let Some(reason) = open {
            return Takes::Unknown(reason);
        }
        let own = selects(selector, workload.labels());
        // Those leave out what has the same value: they are about other pods by design.
        if term.node.get("mismatchLabelKeys").is_some() {
            return Takes::Others;
        }
        if own == Some(true) || selector.is_some_and(|s| selector_keys(s).iter().any(|key| is_added(key))) {
            return Takes::Own;
        }
        if self.looks_elsewhere(index, term.node) {
            return Takes::Others;
        }
        let others = if term.spread { Some(false) } else { self.takes_another(index, term.node) };
        match (own, others) {
            (_, Some(true)) => Takes::Others,
            (Some(false), Some(false)) => Takes::Nobody,
            _ => Takes::Unknown("the labels that this selector is held against are not all known".into()),
        }
    }

    /// Whether a term looks for pods in other namespaces than its own.
    fn looks_elsewhere(&self, index: usize, term: &Node) -> bool {
        let own = self.workloads[index].namespace.as_deref();
        let is_own = |node: &Node| node.as_str().is_some() && node.as_str() == own;
        let named = term.get("namespaces").map(Node::items).unwrap_or_default();
        term.get("namespaceSelector").is_some() || !named.iter().all(is_own)
    }

    fn takes_another(&self, index: usize, term: &Node) -> Option<bool> {
        let namespace = self.workloads[index].namespace.as_deref();
        let in_reach =
            |other: &Workload| other.namespace.is_none() || other.namespace.as_deref() == namespace;
        let mut result = Some(false);
        for (i, other) in self.workloads.iter().enumerate() {
            if i == index || !in_reach(other) {
                continue;
            }
            match selects(term.get("labelSelector"), other.labels()) {
                Some(true) => return Some(true),
                None => result = None,
                Some(false) => {}
            }
        }
        result
    }
}

fn is_added(key: &str) -> bool {
    ADDED.contains(&key)
}

/// The keys that a selector asks for.
fn selector_keys(selector: &Node) -> Vec<String> {
    let expressions = selector.get("matchExpressions").map(Node::items).unwrap_or_default();
    let named = expressions.iter().filter_map(|e| e.get("key").and_then(Node::as_str).map(str::to_owned));
    pairs(selector).iter().map(|pair| pair.key.name.to_string()).chain(named).collect()
}

fn pairs(selector: &Node) -> &[Entry] {
    selector.get("matchLabels").and_then(Node::as_map).map(|map| &map.entries[..]).unwrap_or_default()
}

/// The pairs of a selector's `matchLabels` that labels do not have.
pub fn unmet_pairs<'a>(selector: &'a Node, labels: Option<&Node>) -> Vec<&'a Entry> {
    let is_met = |pair: &Entry| matches!(label(labels, &pair.key.name), LabelValue::Is(value) if Some(&value) == pair.value.display().as_ref());
    pairs(selector).iter().filter(|pair| !is_met(pair)).collect()
}
