//! What a repository keeps up, as amounts that can be held against those of another state.

use super::container::{Container, ProbeKind};
use super::resources::EffectiveResource;
use super::workload::Workload;
use super::{Budget, Model, Pooler};
use crate::base::Place;
use crate::finding::counted;

/// Something that is kept up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Guarantee {
    /// The rule that asks for it.
    pub rule: &'static str,
    /// What it is about.
    pub subject: String,
    /// The field.
    pub field: String,
    /// How much: less is weaker. 0 is nothing.
    pub amount: i64,
    /// The same in words.
    pub words: String,
    /// Where it stands, or would.
    pub place: Place,
}

impl Guarantee {
    /// Whether nothing is to run there, on purpose.
    pub fn is_parked(&self) -> bool {
        self.rule == "critical-underreplicated" && self.amount == 0
    }
}

impl Model {
    /// What is kept up and known.
    pub fn guarantees(&self) -> Vec<Guarantee> {
        let mut out = Vec::new();
        for (index, workload) in self.workloads.iter().enumerate().filter(|(_, w)| w.is_long_running()) {
            out.extend(Model::replicas(workload));
            if workload.is_scalable() {
                out.extend(self.budgets_of(index, workload));
            }
            for container in &workload.containers {
                out.extend(probes(workload, container));
                out.extend(self.resources_of(workload, container));
            }
        }
        out.extend(self.budgets.iter().filter_map(|budget| self.kept_by(budget)));
        out.extend(self.poolers.iter().flat_map(|pooler| self.pool(pooler)));
        out.extend(self.caches());
        out
    }

    fn replicas(workload: &Workload) -> Option<Guarantee> {
        let count = workload.replicas.count?;
        Some(Guarantee {
            rule: "critical-underreplicated",
            subject: workload.subject.clone(),
            field: "spec.replicas".to_owned(),
            amount: count,
            words: counted(count, "replica"),
            place: workload.replicas.place(workload.header),
        })
    }

    /// Whether a budget selects a workload, where that is known.
    fn budgets_of(&self, index: usize, workload: &Workload) -> Option<Guarantee> {
        if self.budgets.iter().any(|budget| budget.perhaps.contains(&index)) {
            return None;
        }
        let selected = self.budgets.iter().any(|budget| budget.selected.contains(&index));
        Some(Guarantee {
            rule: "pdb-missing",
            subject: workload.subject.clone(),
            field: "PodDisruptionBudget".to_owned(),
            amount: i64::from(selected),
            words: if selected { "a disruption budget" } else { "none" }.to_owned(),
            place: workload.replicas.place(workload.header),
        })
    }

    /// The pods that stay while others are drained.
    fn kept_by(&self, budget: &Budget) -> Option<Guarantee> {
        let (demand, node) = budget.demand()?;
        let known = budget.perhaps.is_empty() && !budget.selected.is_empty();
        let counts = budget.selected.iter().map(|index| self.workloads[*index].replicas.count);
        let total = counts.sum::<Option<i64>>().filter(|total| known && *total > 0)?;
        let kept = (total - demand.allowed(total)).clamp(0, total);
        Some(Guarantee {
            rule: "pdb-too-weak",
            subject: budget.subject.clone(),
            field: "spec".to_owned(),
            amount: kept,
            words: format!("{kept} of {} stay", counted(total, "pod")),
            place: node.place,
        })
    }

    fn resources_of(&self, workload: &Workload, container: &Container) -> Vec<Guarantee> {
        let all = [("requests", "cpu"), ("requests", "memory"), ("limits", "memory")];
        let effective = |(side, resource): (&str, &str)| match side {
            "requests" => self.request(workload, container, resource),
            _ => self.limit(workload, container, resource),
        };
        let known = all.into_iter().filter_map(|(side, resource)| {
            let amount = match effective((side, resource)) {
                EffectiveResource::Unknown => return None,
                EffectiveResource::None => None,
                other => other.quantity(),
            };
            Some(Guarantee {
                rule: "resources-missing",
                subject: workload.subject.clone(),
                field: workload.container_field(container, &format!("resources.{side}.{resource}")),
                amount: i64::from(amount.is_some()),
                words: amount.map_or_else(|| "none".to_owned(), |amount| amount.to_string()),
                place: container.resources_place(),
            })
        });
        known.collect()
    }

    fn pool(&self, pooler: &Pooler) -> Vec<Guarantee> {
        let workload = &self.workloads[pooler.workload];
        let Some(header) = pooler.header() else { return Vec::new() };
        let make = |rule, field: &str, amount, words, place: Option<Place>| Guarantee {
            rule,
            subject: workload.subject.clone(),
            field: field.to_owned(),
            amount,
            words,
            place: place.unwrap_or(header),
        };
        let size = pooler.connections_per_pod(None);
        let slots =
            size.and_then(|size| Some((size.total.saturating_mul(workload.replicas.count?), size.place)));
        let slots = slots.map(|(slots, place)| {
            make("connection-pool-exhausted", "pool", slots, counted(slots, "pool slot"), place)
        });
        let timeout = pooler.number("idle_transaction_timeout", 0).map(|timeout| {
            let words =
                if timeout.value == 0 { "never".to_owned() } else { format!("after {} s", timeout.value) };
            let place = timeout.node.map(|node| node.place);
            let ends = i64::from(timeout.value > 0);
            make("pgbouncer-ghost-transactions", "idle_transaction_timeout", ends, words, place)
        });
        slots.into_iter().chain(timeout).collect()
    }

    /// How long authentik's server keeps what it has computed.
    fn caches(&self) -> Vec<Guarantee> {
        let servers =
            self.components.iter().filter(|c| c.application.name == "authentik" && c.component == "server");
        let all = servers.flat_map(|server| {
            ["cache.timeout_flows", "cache.timeout_policies"].into_iter().filter_map(move |path| {
                let setting = server.setting(path, &self.workloads);
                let seconds = setting.int()?;
                Some(Guarantee {
                    rule: "cache-ttl-short",
                    subject: self.workloads[server.workload].subject.clone(),
                    field: path.to_owned(),
                    amount: seconds,
                    words: format!("{seconds} s"),
                    place: setting.place(),
                })
            })
        });
        all.collect()
    }
}

/// Which probes a container has, and how long they bear failure.
fn probes(workload: &Workload, container: &Container) -> Vec<Guarantee> {
    if container.node.open_reason().is_some() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for kind in [ProbeKind::Readiness, ProbeKind::Liveness] {
        let probe = container.probe(kind);
        let guarantee = |rule, amount, words: String| Guarantee {
            rule,
            subject: workload.subject.clone(),
            field: workload.container_field(container, kind.field()),
            amount,
            words,
            place: probe.as_ref().map_or(container.head(), |probe| probe.node.place),
        };
        let word = kind.word();
        let has = if probe.is_some() { format!("a {word} probe") } else { "none".to_owned() };
        out.push(guarantee("probe-missing", i64::from(probe.is_some()), has));
        let rule = if kind == ProbeKind::Liveness { "liveness-hasty" } else { "readiness-brittle" };
        let budget = probe.as_ref().and_then(super::Probe::budget);
        out.extend(budget.map(|seconds| guarantee(rule, seconds, format!("{seconds} s of failure"))));
    }
    out
}
