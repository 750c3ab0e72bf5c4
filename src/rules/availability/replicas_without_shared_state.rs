//! Several replicas that each keep a state of their own.
//!
//! # What it does
//! Finds components of charts that run more than one replica and lack what the replicas must share, as the profile of the
//! chart says. For CrowdSec's LAPI: `storeCAPICredentialsInSecret` must be true, and there must be no persistent volumes.
//!
//! # Why it matters
//! Each pod registers with the central API by itself and loses what the others know; on one volume they wait for each other.
//! What looks like three replicas is one, or three strangers.
//!
//! # How to fix
//! Set what the message names, or run one replica.
//!
//! # Limits
//! Charts without such facts in their profile, and values that are not known, say nothing.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: helm.toolkit.fluxcd.io/v2
//! kind: HelmRelease
//! metadata: { name: crowdsec, namespace: security }
//! spec:
//!   chart:
//!     spec:
//!       chart: crowdsec
//!       version: 0.22.0
//!       sourceRef: { kind: HelmRepository, name: crowdsec }
//!   values:
//!     lapi:
//!       replicas: 3
//! ---
//! apiVersion: source.toolkit.fluxcd.io/v1
//! kind: HelmRepository
//! metadata: { name: crowdsec, namespace: security }
//! spec: { url: https://crowdsecurity.github.io/helm-charts }
//! ```
//! Good:
//! ```yaml
//! apiVersion: helm.toolkit.fluxcd.io/v2
//! kind: HelmRelease
//! metadata: { name: crowdsec, namespace: security }
//! spec:
//!   chart:
//!     spec:
//!       chart: crowdsec
//!       version: 0.22.0
//!       sourceRef: { kind: HelmRepository, name: crowdsec }
//!   values:
//!     lapi:
//!       replicas: 3
//!       storeCAPICredentialsInSecret: true
//!       persistentVolume: { data: { enabled: false }, config: { enabled: false } }
//! ---
//! apiVersion: source.toolkit.fluxcd.io/v1
//! kind: HelmRepository
//! metadata: { name: crowdsec, namespace: security }
//! spec: { url: https://crowdsecurity.github.io/helm-charts }
//! ```

use crate::base::Node;
use crate::compose::Composed;
use crate::finding::{Severity, counted};
use crate::lower::{SharedState, is_truthy, value_at};
use crate::model::Workload;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "replicas-without-shared-state",
        summary: "several replicas that each keep a state of their own",
        group: Group::Availability,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("replicas_without_shared_state.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads().filter(|(_, w)| w.is_scalable()) {
        let Some(release) = workload.release.map(|index| &context.model.releases[index]) else { continue };
        let Some(profile) = release.profile.as_deref() else { continue };
        let Some(total) = workload.replicas.count.filter(|total| *total > 1) else { continue };
        for state in profile
            .shared_state()
            .iter()
            .filter(|s| Some(s.component.as_str()) == workload.component.as_deref())
        {
            let lacking = lacking(release, state, sink);
            if !lacking.is_empty() {
                report(workload, total, &lacking, sink);
            }
        }
    }
}

/// A value that keeps the replicas apart, with what it should be.
struct Lacking<'a> {
    path: &'a str,
    node: Option<&'a Node>,
    wanted: bool,
}

fn lacking<'a>(release: &'a Composed, state: &'a SharedState, sink: &mut Sink<'_>) -> Vec<Lacking<'a>> {
    let needed = state.needs.iter().map(|path| (path, true));
    let refused = state.refuses.iter().map(|path| (path, false));
    let mut out = Vec::new();
    for (path, wanted) in needed.chain(refused) {
        let node = value_at(&release.effective, path);
        match is_truthy(node) {
            Some(is) if is != wanted => out.push(Lacking { path, node, wanted }),
            None => sink.unjudged(
                node.map_or(release.release.header, |node| node.place),
                format!("whether `{path}` is set is not known"),
            ),
            Some(_) => {}
        }
    }
    out
}

fn report(workload: &Workload, total: i64, lacking: &[Lacking<'_>], sink: &mut Sink<'_>) {
    let wanted: Vec<String> = lacking.iter().map(|l| format!("`{}: {}`", l.path, l.wanted)).collect();
    let mut report = sink
        .report(
            Severity::Error,
            workload.replicas.place(workload.header),
            format!("the {} of {} share no state", counted(total, "replica"), workload.title()),
        )
        .label("each knows only itself")
        .on(workload, "spec.replicas")
        .note("each pod keeps credentials and data of its own, or waits for the volume of another")
        .help(format!("set {}, or run one replica", wanted.join(" and ")));
    for one in lacking {
        if let Some(node) = one.node {
            report = report.related_node(node, format!("`{}` should be {}", one.path, one.wanted));
        }
    }
    sink.push(report);
}
