//! PgBouncer keeps the transactions of clients that are gone.
//!
//! # What it does
//! Finds a pgbouncer.ini with session pooling and no `idle_transaction_timeout`, or 0.
//!
//! # Why it matters
//! A client that is killed in a transaction leaves it open: its locks stay until someone finds them.
//!
//! # How to fix
//! Set `idle_transaction_timeout = 300`.
//!
//! # Limits
//! Silent where the ini is not in the repository.
//!
//! # Fix safety
//! Unsafe: PgBouncer ends what stands idle in a transaction for 300 s.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: pgbouncer, namespace: db }
//! data:
//!   pgbouncer.ini: |
//!     [pgbouncer]
//!     pool_mode = session
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: db }
//! spec:
//!   template:
//!     metadata: { labels: { app: pgbouncer } }
//!     spec:
//!       containers:
//!         - name: pgbouncer
//!           image: edoburu/pgbouncer:v1.24.1-p1
//!           volumeMounts: [{ name: config, mountPath: /etc/pgbouncer }]
//!       volumes: [{ name: config, configMap: { name: pgbouncer } }]
//! ```
//! Good:
//! ```yaml
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: pgbouncer, namespace: db }
//! data:
//!   pgbouncer.ini: |
//!     [pgbouncer]
//!     pool_mode = session
//!     idle_transaction_timeout = 300
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: db }
//! spec:
//!   template:
//!     metadata: { labels: { app: pgbouncer } }
//!     spec:
//!       containers:
//!         - name: pgbouncer
//!           image: edoburu/pgbouncer:v1.24.1-p1
//!           volumeMounts: [{ name: config, mountPath: /etc/pgbouncer }]
//!       volumes: [{ name: config, configMap: { name: pgbouncer } }]
//! ```

use crate::finding::{Applicability, Severity};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "pgbouncer-ghost-transactions",
        summary: "PgBouncer keeps the transactions of clients that are gone",
        group: Group::Capacity,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("pgbouncer_ghost_transactions.rs"),
    },
    check: Some(check),
};

const KEY: &str = "idle_transaction_timeout";

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for pooler in &context.model.poolers {
        let workload = &context.model.workloads[pooler.workload];
        let Some(header) = pooler.header() else {
            sink.unjudged(workload.header, "the pgbouncer.ini that it mounts is not in the repository");
            continue;
        };
        let (Some(modes), Some(timeout)) = (pooler.pool_modes(), pooler.number(KEY, 0)) else {
            let place = pooler.includes().or(pooler.entry(KEY).map(|entry| entry.value.place));
            sink.unjudged(place.unwrap_or(header), "the settings of this ini are not all known");
            continue;
        };
        let session = modes.into_iter().find(|(mode, _)| mode == "session");
        let Some((_, mode_place)) = session.filter(|_| timeout.value == 0) else { continue };
        let set = pooler.entry(KEY).map(|entry| entry.whole);
        let label = if set.is_some() { "0 means never" } else { "no idle_transaction_timeout" };
        let message = format!("{} never ends idle transactions", workload.title());
        let report = sink
            .report(Severity::Warning, set.unwrap_or(header), message)
            .label(label)
            .on(workload, KEY)
            .note("a client that is killed in a transaction leaves it open, with its locks, until someone finds it")
            .help("set `idle_transaction_timeout = 300` in [pgbouncer]");
        let fix = match pooler.entry(KEY) {
            Some(entry) => Change::set(&entry.value, 300),
            None => Change::Line {
                after: pooler.entry("pool_mode").map_or(header, |entry| entry.whole),
                text: format!("{KEY} = 300"),
            },
        };
        let report = report.unsafe_fix("end idle transactions after 300 s", vec![fix]);
        let report = match mode_place {
            Some(place) => report.related(place, "session pooling"),
            None => report,
        };
        sink.push(report);
    }
}
