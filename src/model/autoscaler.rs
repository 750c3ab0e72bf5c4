//! Autoscalers, whose floor replaces a workload's replicas.

use super::workload::{Replicas, Workload};
use crate::base::Node;
use crate::lower::Object;

/// Lets each autoscaler's floor replace the replicas of its target.
pub(super) fn apply_floors(objects: &[Object], workloads: &mut [Workload]) {
    for object in objects {
        // HorizontalPodAutoscaler's floor defaults to 1, that of KEDA's ScaledObject to 0.
        let (floor, default) = match object.kind() {
            "HorizontalPodAutoscaler" => (object.at(&["spec", "minReplicas"]), 1),
            "ScaledObject" => (object.at(&["spec", "minReplicaCount"]), 0),
            _ => continue,
        };
        let target = object.at(&["spec", "scaleTargetRef", "name"]).and_then(Node::as_str);
        let kind =
            object.at(&["spec", "scaleTargetRef", "kind"]).and_then(Node::as_str).unwrap_or("Deployment");
        for workload in workloads.iter_mut() {
            let same = Some(workload.name.as_str()) == target
                && workload.kind == kind
                && workload.namespace.as_deref() == object.namespace()
                && workload.stack == object.stack;
            if same {
                workload.replicas = floor_of(object, floor, default);
            }
        }
    }
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
