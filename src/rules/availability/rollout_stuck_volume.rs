//! A rollout whose new pod waits for the volume that the old one holds.
//!
//! # What it does
//! Finds Deployments that start new pods before old ones end, and mount a claim that one node at a time may use
//! (`ReadWriteOnce`), or one pod (`ReadWriteOncePod`).
//!
//! # Why it matters
//! The old pod keeps the volume until the new one is ready, and the new one waits for the volume: where the scheduler puts it
//! on another node, the rollout hangs until somebody deletes a pod by hand.
//!
//! # How to fix
//! `strategy: { type: Recreate }`, or a rolling update with `maxSurge: 0`; or a StatefulSet; or storage that several nodes
//! may mount.
//!
//! # Limits
//! Where both pods land on one node, a `ReadWriteOnce` claim does not block (storage that is bound to a node sees to that); a
//! `ReadWriteOncePod` claim always does. Silent where the claim does not stand in the repository, or its modes or the strategy
//! are not known.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec:
//!       containers: [{ name: web, image: "web:1.0.0", volumeMounts: [{ name: data, mountPath: /data }] }]
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
//! apiVersion: v1
//! kind: PersistentVolumeClaim
//! metadata: { name: data, namespace: shop }
//! spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
//! ```

use crate::finding::{Severity, counted};
use crate::model::{Rollout, SingleNodeClaim, Workload};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "rollout-stuck-volume",
        summary: "a rollout whose new pod waits for the volume that the old one holds",
        group: Group::Availability,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("rollout_stuck_volume.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads().filter(|(_, w)| w.kind == "Deployment") {
        let claims = context.model.single_node_claims(workload);
        let Some(claim) = claims.iter().max_by_key(|claim| claim.one_pod) else { continue };
        let Some(rollout) = workload.rollout(context.model.object(workload)) else {
            sink.unjudged(workload.header, "how its pods are replaced is not known");
            continue;
        };
        let Some(total) = workload.replicas.count else {
            sink.unjudged(
                workload.replicas.place(workload.header),
                "the number of its replicas is not known",
            );
            continue;
        };
        if total > 0 && rollout.extra(total) > 0 && rollout.missing(total) == 0 {
            report(workload, &rollout, claim, total, sink);
        }
    }
}

fn report(
    workload: &Workload,
    rollout: &Rollout,
    claim: &SingleNodeClaim<'_>,
    total: i64,
    sink: &mut Sink<'_>,
) {
    let stated = [&rollout.unavailable.1, &rollout.surge.1, &rollout.kind].into_iter().flatten().next();
    let message = format!(
        "a rollout of {} waits for claim `{}`, which its old pod holds",
        workload.title(),
        claim.name.as_str().unwrap_or("?")
    );
    let label = format!("{} more before an old one ends", counted(rollout.extra(total), "pod"));
    let (note, who) = match claim.one_pod {
        true => ("one pod at a time may use the claim, so the new one never starts", "one pod at a time"),
        false => (
            "on another node the new pod waits until somebody deletes the old one; where storage keeps both on one node, all is well",
            "one node at a time",
        ),
    };
    let report = sink
        .report(Severity::Warning, stated.map_or(workload.header, |node| node.place), message)
        .label(label)
        .related_node(claim.name, "mounted here")
        .related_node(claim.modes, who)
        .on(workload, "spec.strategy")
        .note(note)
        .help("use `strategy.type: Recreate`, or `maxSurge: 0` with `maxUnavailable: 1`");
    sink.push(report);
}
