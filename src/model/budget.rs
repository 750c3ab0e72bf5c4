//! Disruption budgets and the pods that they select.

use super::disruption::{Demand, IntOrPercent};
use super::index::ByNamespace;
use super::selector::selects;
use super::workload::Workload;
use crate::base::{Node, Place};
use crate::lower::{Ignored, Object};
use std::sync::Arc;

/// A PodDisruptionBudget.
#[derive(Clone, Debug)]
pub struct Budget {
    /// The index of its object.
    pub object: usize,
    /// The name; `?` when it is unknown.
    pub name: String,
    /// The address that findings give.
    pub subject: String,
    /// The folder of the stack.
    pub stack: Arc<str>,
    /// The header of what declares it.
    pub header: Place,
    /// Why it may not exist.
    pub conditional: Option<Arc<str>>,
    /// Fields that are not kept as declared.
    pub ignored: Ignored,
    /// `minAvailable`.
    pub min_available: Option<Node>,
    /// `maxUnavailable`.
    pub max_unavailable: Option<Node>,
    /// Indices of the workloads that it selects.
    pub selected: Vec<usize>,
    /// Indices of the workloads that it may select.
    pub perhaps: Vec<usize>,
    pub(crate) lenient: bool,
}

impl Budget {
    /// Reads a budget and finds its workloads: those of its own stack where it selects any there, since
    /// another stack of the same repository may be another cluster.
    pub(super) fn read(
        object: &Object,
        index: usize,
        workloads: &[Workload],
        by_namespace: &ByNamespace,
    ) -> Option<Budget> {
        if object.kind() != "PodDisruptionBudget" {
            return None;
        }
        let (mut selected, mut perhaps) = (Vec::new(), Vec::new());
        let equalities = object.at(&["spec", "selector", "matchLabels"]);
        for i in by_namespace.selectable(object.namespace(), equalities) {
            let workload = &workloads[i];
            let taken = match (object.namespace(), workload.namespace.as_deref()) {
                (Some(a), Some(b)) if a != b => Some(false),
                (Some(_), Some(_)) => selects(object.at(&["spec", "selector"]), workload.labels()),
                _ => selects(object.at(&["spec", "selector"]), workload.labels()).filter(|taken| !taken),
            };
            match taken {
                Some(true) => selected.push(i),
                None => perhaps.push(i),
                Some(false) => {}
            }
        }
        prefer_own_stack(&mut selected, workloads, &object.stack);
        prefer_own_stack(&mut perhaps, workloads, &object.stack);
        Some(Budget {
            object: index,
            name: object.name().unwrap_or("?").to_owned(),
            subject: object.subject.clone(),
            stack: Arc::clone(&object.stack),
            header: object.header,
            conditional: object.conditional.clone(),
            ignored: object.ignored.clone(),
            min_available: object.at(&["spec", "minAvailable"]).cloned(),
            max_unavailable: object.at(&["spec", "maxUnavailable"]).cloned(),
            selected,
            perhaps,
            lenient: object.lenient || object.release.is_some(),
        })
    }

    /// What it demands, with the field that says so; none when it is unknown, absent or in conflict.
    pub fn demand(&self) -> Option<(Demand, &Node)> {
        match (&self.min_available, &self.max_unavailable) {
            (Some(min), None) => Some((Demand::MinAvailable(IntOrPercent::of(min, self.lenient)?), min)),
            (None, Some(max)) => Some((Demand::MaxUnavailable(IntOrPercent::of(max, self.lenient)?), max)),
            _ => None,
        }
    }
}

/// Keeps the workloads of a stack where there are any among those found.
pub fn prefer_own_stack(found: &mut Vec<usize>, workloads: &[Workload], stack: &Arc<str>) {
    if found.iter().any(|i| workloads[*i].stack == *stack) {
        found.retain(|i| workloads[*i].stack == *stack);
    }
}
