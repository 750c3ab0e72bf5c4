//! Autoscalers, whose floor replaces a workload's replicas.

use super::budget::prefer_own_stack;
use super::index::ByNamespace;
use super::workload::{Replicas, Workload};
use crate::base::Node;
use crate::lower::Object;

/// A HorizontalPodAutoscaler, or a ScaledObject of KEDA.
#[derive(Clone, Debug)]
pub struct Autoscaler {
    /// The index of its object.
    pub object: usize,
    /// Indices of the workloads that it targets.
    pub targets: Vec<usize>,
    /// Indices of the workloads that it may target.
    pub perhaps: Vec<usize>,
}

impl Autoscaler {
    /// Reads all autoscalers and finds their workloads.
    pub(super) fn read_all(
        objects: &[Object],
        workloads: &[Workload],
        by_namespace: &ByNamespace,
    ) -> Vec<Autoscaler> {
        let is_one = |object: &Object| matches!(object.kind(), "HorizontalPodAutoscaler" | "ScaledObject");
        let read = |(index, object): (usize, &Object)| {
            let (certain, perhaps): (Vec<_>, Vec<_>) =
                targets(object, workloads, by_namespace).into_iter().partition(|(_, certain)| *certain);
            let indices = |found: Vec<(usize, bool)>| found.into_iter().map(|(index, _)| index).collect();
            Autoscaler { object: index, targets: indices(certain), perhaps: indices(perhaps) }
        };
        objects.iter().enumerate().filter(|(_, object)| is_one(object)).map(read).collect()
    }
}

/// Lets each autoscaler's floor replace the replicas of its target.
pub(super) fn apply_floors(autoscalers: &[Autoscaler], objects: &[Object], workloads: &mut [Workload]) {
    for autoscaler in autoscalers {
        let object = &objects[autoscaler.object];
        // HorizontalPodAutoscaler's floor defaults to 1, that of KEDA's ScaledObject to 0.
        let (floor, default) = match object.kind() {
            "ScaledObject" => (object.at(&["spec", "minReplicaCount"]), 0),
            _ => (object.at(&["spec", "minReplicas"]), 1),
        };
        for index in &autoscaler.targets {
            workloads[*index].replicas = floor_of(object, floor, default);
        }
        for index in &autoscaler.perhaps {
            let reason = format!("{} `{}` may target it", object.kind(), object.name().unwrap_or("?"));
            workloads[*index].replicas = Replicas {
                count: None,
                unknown: Some(reason.into()),
                node: floor.cloned(),
                autoscaled: true,
            };
        }
    }
}

/// The workloads that an autoscaler targets, or may where a name is not known.
fn targets(object: &Object, workloads: &[Workload], by_namespace: &ByNamespace) -> Vec<(usize, bool)> {
    let target = object.at(&["spec", "scaleTargetRef"]);
    let kind = target.and_then(|target| target.get("kind")).and_then(Node::as_str).unwrap_or("Deployment");
    let name = target.and_then(|target| target.get("name")).and_then(Node::as_str);
    let of_component =
        |w: &Workload| w.release.is_some() && w.release == object.release && w.component == object.component;
    // A component of the same release has its namespace, or one that is not known.
    let candidates = by_namespace.within(object.namespace()).iter().map(|index| (*index, &workloads[*index]));
    let candidates = candidates.filter(|(_, w)| w.kind == kind);
    let mut found: Vec<(usize, bool)> = candidates
        .filter_map(|(index, workload)| {
            let namespaces = match (workload.namespace.as_deref(), object.namespace()) {
                (Some(a), Some(b)) => Some(a == b),
                _ => None,
            };
            let names = match name {
                Some(name) if workload.name != "?" => Some(workload.name == name),
                _ => None,
            };
            match (of_component(workload), namespaces, names) {
                (true, ..) | (_, Some(true), Some(true)) => Some((index, true)),
                (_, Some(false), _) | (_, _, Some(false)) => None,
                _ => (workload.stack == object.stack).then_some((index, false)),
            }
        })
        .collect();
    let mut certain: Vec<usize> =
        found.iter().filter(|(_, certain)| *certain).map(|(index, _)| *index).collect();
    prefer_own_stack(&mut certain, workloads, &object.stack);
    found
        .retain(|(index, is_certain)| if *is_certain { certain.contains(index) } else { certain.is_empty() });
    found
}

fn floor_of(object: &Object, floor: Option<&Node>, default: i64) -> Replicas {
    if let Some(reason) = &object.conditional {
        return Replicas {
            count: None,
            unknown: Some(reason.clone()),
            node: floor.cloned(),
            autoscaled: true,
        };
    }
    let count = floor.map_or(Some(default), Node::as_int_lenient);
    let unknown = floor.and_then(Node::open_reason);
    Replicas { count, unknown, node: floor.cloned(), autoscaled: true }
}
