//! Pods that a quota has no room for.
//!
//! # What it does
//! Adds up what the pods of a namespace request and may use (with the defaults of its LimitRange, and the larger of init and
//! main containers), and compares it with the ResourceQuota; then once more with the pods that one rollout starts beside the
//! old ones.
//!
//! # Why it matters
//! The API server refuses the pod that does not fit: a replica is missing, or a rollout starts no new pod and never ends.
//!
//! # How to fix
//! Raise the quota, or lower requests, limits or replicas. For a rollout, `maxUnavailable: 1`.
//!
//! # Limits
//! An error where a rollout must start a pod before one ends; where it may take one away first, the quota only slows it: a
//! note. A note, too, where other pods of the namespace cannot be known, or DaemonSets and scopes make the sum uncertain.
//! Jobs are not counted. Quotas with other scopes than `NotTerminating` are listed as unresolved. A quota of another stack counts
//! where that stack has no pods in the namespace itself: one that has may be another cluster.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: v1
//! kind: ResourceQuota
//! metadata: { name: shop, namespace: shop }
//! spec: { hard: { limits.memory: 2Gi } }
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0", resources: { limits: { memory: 1Gi } } }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: v1
//! kind: ResourceQuota
//! metadata: { name: shop, namespace: shop }
//! spec: { hard: { limits.memory: 4Gi } }
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0", resources: { limits: { memory: 1Gi } } }] }
//! ```

use crate::base::Entry;
use crate::finding::Severity;
use crate::model::{Counted, Model, Quantity, Quota, Workload};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "quota-exceeded",
        summary: "pods that a quota has no room for",
        group: Group::Capacity,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("quota_exceeded.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for object in context.model.objects.iter().filter(|object| Quota::is_of_other_pods(object)) {
        sink.unjudged(object.header, "which pods its scopes count is not followed");
    }
    for quota in context.model.objects.iter().filter_map(Quota::read) {
        for (counted, entry) in quota.limits() {
            match Quantity::of(&entry.value) {
                Some(most) => Need::of(context.model, quota, counted, entry, most).judge(sink),
                None => sink.unjudged(entry.value.place, "what the quota allows is not known"),
            }
        }
    }
}

/// What a workload counts: each pod, all of them, and those that a rollout adds.
struct Share<'a> {
    workload: &'a Workload,
    each: Quantity,
    pods: i64,
    /// Pods that a rollout adds before it takes one away; with whether it must.
    surge: (i64, bool),
}

impl Share<'_> {
    fn all(&self) -> Quantity {
        self.each.times(self.pods)
    }

    fn extra(&self) -> Quantity {
        self.each.times(self.surge.0)
    }
}

/// What the pods of a namespace need of something that a quota counts.
struct Need<'a> {
    quota: Quota<'a>,
    counted: Counted,
    entry: &'a Entry,
    most: Quantity,
    shares: Vec<Share<'a>>,
    /// Whether other pods may count, too.
    doubt: bool,
}

impl<'a> Need<'a> {
    fn of(
        model: &'a Model,
        quota: Quota<'a>,
        counted: Counted,
        entry: &'a Entry,
        most: Quantity,
    ) -> Need<'a> {
        let doubt = quota.scoped || !model.is_fully_known(quota.namespace, &quota.object.stack);
        let mut need = Need { quota, counted, entry, most, shares: Vec::new(), doubt };
        let in_namespace = model.workloads.iter().filter(|workload| {
            !workload.described
                && workload.namespace.as_deref() == Some(quota.namespace)
                && model.reaches(&quota.object.stack, quota.namespace, &workload.stack)
        });
        for workload in in_namespace {
            match (
                model.counted(workload, counted),
                workload.replicas.count.filter(|_| workload.is_scalable()),
            ) {
                (Some(each), Some(pods)) if workload.conditional.is_none() => {
                    need.shares.push(Share { workload, each, pods, surge: surge(model, workload, pods) });
                }
                // How many pods a DaemonSet has depends on the nodes; Jobs come and go.
                _ => need.doubt |= workload.kind != "Job" && workload.kind != "CronJob",
            }
        }
        need
    }

    fn sum(&self) -> Quantity {
        self.shares.iter().fold(Quantity::default(), |sum, share| sum.plus(share.all()))
    }

    fn severity(&self) -> Severity {
        if self.doubt { Severity::Note } else { Severity::Error }
    }

    fn judge(&self, sink: &mut Sink<'_>) {
        let sum = self.sum();
        if sum > self.most {
            return self.report(sum, None, self.severity(), sink);
        }
        let adding = self.shares.iter().filter(|share| share.surge.0 > 0);
        let largest = adding.max_by_key(|share| (share.surge.1, share.extra()));
        let Some(rolling) = largest.filter(|share| sum.plus(share.extra()) > self.most) else { return };
        let severity = if rolling.surge.1 { self.severity() } else { Severity::Note };
        self.report(sum.plus(rolling.extra()), Some(rolling), severity, sink);
    }

    /// The sum in words, with the workloads that count most.
    fn parts(&self, largest: &[&Share<'_>], rolling: Option<&Share<'_>>) -> String {
        let part = |share: &&Share<'_>| match self.counted {
            Counted::Pods => format!("{} ({})", share.pods, share.workload.name),
            Counted::Resource(..) => format!("{} × {} ({})", share.pods, share.each, share.workload.name),
        };
        let mut parts: Vec<String> = largest.iter().take(MOST_NAMED).map(part).collect();
        if largest.len() > MOST_NAMED {
            parts.push(format!("{} more", largest.len() - MOST_NAMED));
        }
        if let Some(share) = rolling {
            parts.push(format!("{} × {} while {} rolls out", share.surge.0, share.each, share.workload.name));
        }
        parts.join(" + ")
    }

    fn report(&self, needed: Quantity, rolling: Option<&Share<'_>>, severity: Severity, sink: &mut Sink<'_>) {
        let (name, most) = (&self.entry.key.name, self.most);
        let mut largest: Vec<&Share<'_>> =
            self.shares.iter().filter(|share| share.all() > Quantity::default()).collect();
        largest.sort_by_key(|share| std::cmp::Reverse(share.all()));
        let when = if rolling.is_some() { " in a rollout" } else { "" };
        let namespace = self.quota.namespace;
        let message = match self.counted {
            Counted::Pods => {
                format!("namespace `{namespace}` needs {needed} pods{when}, and the quota allows {most}")
            }
            Counted::Resource(..) => format!(
                "the pods of namespace `{namespace}` need {needed} of {name}{when}, and the quota allows {most}"
            ),
        };
        let mut report = sink
            .report(severity, self.entry.value.place, message)
            .label(self.parts(&largest, rolling))
            .on_object(self.quota.object, format!("spec.hard.{name}"))
            .note(match rolling {
                Some(share) if share.surge.1 => "the rollout must start a pod before one ends, and the API server refuses it: it never goes on",
                Some(_) => "the rollout goes on with fewer pods at a time",
                None => "the API server refuses the pods that do not fit",
            })
            .help(match rolling {
                Some(_) => "raise the quota, or let the rollout take a pod away first (`maxUnavailable: 1`, `maxSurge: 0`)".to_owned(),
                None => format!("raise the quota to {needed} and room for a rollout, or ask for less"),
            });
        for share in largest.iter().take(MOST_NAMED) {
            report = report.related(share.workload.header, format!("counts {}", share.all()));
        }
        sink.push(report);
    }
}

fn surge(model: &Model, workload: &Workload, pods: i64) -> (i64, bool) {
    match workload.rollout(model.object(workload)).filter(|_| pods > 0) {
        Some(rollout) => (rollout.extra(pods), rollout.missing(pods) == 0),
        None => (0, false),
    }
}

/// Workloads that a message names, at most.
const MOST_NAMED: usize = 4;
