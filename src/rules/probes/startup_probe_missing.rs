//! A database that is restarted while it recovers.
//!
//! # What it does
//! Finds containers of databases with a liveness probe that have less than five minutes to start: by `initialDelaySeconds`,
//! `failureThreshold` and `periodSeconds` of the startup probe, or of the liveness probe where there is no other.
//!
//! # Why it matters
//! After a crash a database replays its log before it answers. A liveness probe of half a minute kills it, and the replay
//! begins anew, for ever.
//!
//! # How to fix
//! A startup probe with the same check: `periodSeconds: 10`, `failureThreshold: 60`.
//!
//! # Limits
//! Databases are recognised by the last part of their image's name. Silent about probes that are not known.
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
//!     spec: { containers: [{ name: db, image: "postgres:17.2", livenessProbe: { tcpSocket: { port: 5432 } } }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: db, image: "postgres:17.2", livenessProbe: { tcpSocket: { port: 5432 } }, startupProbe: { tcpSocket: { port: 5432 }, failureThreshold: 60 } }] }
//! ```

use crate::finding::Severity;
use crate::model::{Container, Probe, ProbeKind};
use crate::rule::{Context, Group, On, OptionMeta, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "startup-probe-missing",
        summary: "a database that is restarted while it recovers",
        group: Group::Probes,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Strict,
        fix: None,
        options: &OPTIONS,
        since: "0.1.0",
        source: include_str!("startup_probe_missing.rs"),
    },
    check: Some(check),
};

/// The last parts of the names of images that hold a database.
const DATABASES: [&str; 14] = [
    "cassandra",
    "clickhouse-server",
    "cockroach",
    "elasticsearch",
    "mariadb",
    "mongo",
    "mongodb",
    "mysql",
    "opensearch",
    "percona-server-mongodb",
    "postgis",
    "postgres",
    "postgresql",
    "timescaledb",
];

const OPTIONS: [OptionMeta; 1] = [OptionMeta {
    name: "minimum-seconds",
    default: 300,
    doc: "What a database may take until its startup probe gives up, in seconds.",
}];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let least = context.option("minimum-seconds");
    for (_, workload) in context.workloads().filter(|(_, w)| w.is_long_running()) {
        for container in workload.containers.iter().filter(|container| is_database(container)) {
            let Some(liveness) = container.probe(ProbeKind::Liveness) else { continue };
            let startup = container.probe(ProbeKind::Startup);
            let probe = startup.as_ref().unwrap_or(&liveness);
            let Some(allowed) = time_to_start(probe) else { continue };
            if allowed >= least || container.node.open_reason().is_some() {
                continue;
            }
            let message = format!(
                "database container `{}` of {} has {allowed} s to start until it is killed",
                container.name,
                workload.title()
            );
            let report = sink
                .report(Severity::Warning, probe.node.place, message)
                .label(if startup.is_some() { "too short for a recovery" } else { "no startup probe goes before it" })
                .on(workload, workload.container_field(container, "startupProbe"))
                .note("a recovery after a crash takes minutes: a liveness probe that ends it begins it anew, for ever")
                .help(format!("add a startupProbe with the same check that allows {least} s or more"));
            sink.push(report);
        }
    }
}

/// Seconds from the start of the container until failures of this probe end it; none when unknown.
fn time_to_start(probe: &Probe) -> Option<i64> {
    Some(probe.initial_delay()?.saturating_add(probe.budget()?))
}

fn is_database(container: &Container) -> bool {
    container.image().is_some_and(|image| DATABASES.contains(&image.name()))
}
