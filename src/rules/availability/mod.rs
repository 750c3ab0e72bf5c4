//! Replicas, disruption budgets, placement.

mod affinity_selector_dead;
mod affinity_term_malformed;
mod critical_underreplicated;
mod hpa_fights_replicas;
mod hpa_target_missing;
mod hpa_without_requests;
mod pdb_blocks_drain;
mod pdb_fields_conflict;
mod pdb_missing;
mod pdb_overlap;
mod pdb_selector_dead;
mod pdb_too_weak;
mod pdb_without_effect;
mod reference_dangling;
mod replicas_without_shared_state;
mod rollout_deadlock;
mod rollout_interrupts;
mod rollout_needs_spare_node;
mod rollout_stuck_volume;
mod selector_mismatch;
mod service_port_unknown;
mod service_selector_dead;
mod spread_missing;
mod spread_selector_broad;
mod volume_claim_shared;

use crate::model::{Budget, Demand, IntOrPercent, Model};
use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &critical_underreplicated::RULE,
    &pdb_missing::RULE,
    &pdb_blocks_drain::RULE,
    &pdb_too_weak::RULE,
    &pdb_fields_conflict::RULE,
    &affinity_selector_dead::RULE,
    &spread_selector_broad::RULE,
    &pdb_without_effect::RULE,
    &pdb_overlap::RULE,
    &pdb_selector_dead::RULE,
    &service_selector_dead::RULE,
    &selector_mismatch::RULE,
    &rollout_deadlock::RULE,
    &rollout_interrupts::RULE,
    &spread_missing::RULE,
    &hpa_target_missing::RULE,
    &hpa_fights_replicas::RULE,
    &hpa_without_requests::RULE,
    &rollout_stuck_volume::RULE,
    &volume_claim_shared::RULE,
    &affinity_term_malformed::RULE,
    &service_port_unknown::RULE,
    &replicas_without_shared_state::RULE,
    &rollout_needs_spare_node::RULE,
    &reference_dangling::RULE,
];

/// The pods that a budget selects when all are healthy; none where that is not known.
fn selected_pods(budget: &Budget, model: &Model) -> Option<i64> {
    if !budget.perhaps.is_empty() || budget.selected.is_empty() {
        return None;
    }
    let counts = budget.selected.iter().map(|index| {
        let workload = &model.workloads[*index];
        workload.replicas.count.filter(|_| workload.is_scalable() && workload.conditional.is_none())
    });
    counts.sum()
}

/// The demand of a budget with its sum, as in `minAvailable 67% of 3 is 3, 3 − 3 = 0 may go`.
fn sum(demand: Demand, total: i64) -> String {
    let allowed = demand.allowed(total);
    let share = |value: IntOrPercent| match value {
        IntOrPercent::Int(int) => int.to_string(),
        IntOrPercent::Percent(percent) => format!("{percent}% of {total} is {}", value.rounded_up(total)),
    };
    match demand {
        Demand::MinAvailable(min) => {
            format!("minAvailable {}: {total} − {} = {allowed} may go", share(min), min.rounded_up(total))
        }
        Demand::MaxUnavailable(max) => format!("maxUnavailable {}: {allowed} may go", share(max)),
    }
}

/// The API field of a demand.
fn field(demand: Demand) -> &'static str {
    match demand {
        Demand::MinAvailable(_) => "spec.minAvailable",
        Demand::MaxUnavailable(_) => "spec.maxUnavailable",
    }
}
