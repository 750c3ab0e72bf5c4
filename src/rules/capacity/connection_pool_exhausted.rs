//! A rollout of authentik needs more connections than PgBouncer's pools have.
//!
//! # What it does
//! Under session pooling a client that keeps its connection pins a server connection. With persistent
//! connections (`conn_max_age` above 0) every thread of every pod does: P = server replicas × workers ×
//! threads + worker replicas × processes × threads. In a rollout the pods that end keep theirs beside the
//! new ones, so 2·P must fit into the pools: pods × min(pool_size + reserve_pool_size, max_db_connections,
//! max_user_connections), summed over the PgBouncers behind the Service.
//!
//! # Why it matters
//! When the pool is full, logins wait for query_wait_timeout (120 s); readiness, which asks the database,
//! fails first and takes every pod away.
//!
//! # How to fix
//! Set `conn_max_age` to 0, or make the pools large enough, and check Postgres' max_connections.
//!
//! # Limits
//! Silent where the settings come from a Secret that is not in the repository. A factor that is only known
//! to be at least something counts as that; the message then says "at least".
//!
//! # Fix safety
//! Unsafe: it sets `conn_max_age` to 0, so that connections end with their requests. Larger pools need a look at
//! Postgres first.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: authentik, namespace: auth }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: authentik } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           env:
//!             - { name: AUTHENTIK_POSTGRESQL__HOST, value: pgbouncer }
//!             - { name: AUTHENTIK_POSTGRESQL__CONN_MAX_AGE, value: "60" }
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: { name: pgbouncer, namespace: auth }
//! spec:
//!   selector: { app: pgbouncer }
//!   ports: [{ port: 6432 }]
//! ---
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: pgbouncer, namespace: auth }
//! data:
//!   pgbouncer.ini: |
//!     [pgbouncer]
//!     default_pool_size = 20
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: auth }
//! spec:
//!   replicas: 2
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
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: authentik, namespace: auth }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: authentik } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           env:
//!             - { name: AUTHENTIK_POSTGRESQL__HOST, value: pgbouncer }
//!             - { name: AUTHENTIK_POSTGRESQL__CONN_MAX_AGE, value: "60" }
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: { name: pgbouncer, namespace: auth }
//! spec:
//!   selector: { app: pgbouncer }
//!   ports: [{ port: 6432 }]
//! ---
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: pgbouncer, namespace: auth }
//! data:
//!   pgbouncer.ini: |
//!     [pgbouncer]
//!     default_pool_size = 24
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: auth }
//! spec:
//!   replicas: 2
//!   template:
//!     metadata: { labels: { app: pgbouncer } }
//!     spec:
//!       containers:
//!         - name: pgbouncer
//!           image: edoburu/pgbouncer:v1.24.1-p1
//!           volumeMounts: [{ name: config, mountPath: /etc/pgbouncer }]
//!       volumes: [{ name: config, configMap: { name: pgbouncer } }]
//! ```

use super::{by_host, with_host};
use crate::finding::{Applicability, Severity};
use crate::model::{ClientSide, ConnectionPath, PoolSize, Seconds, Threads};
use crate::rule::changes::set_setting;
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "connection-pool-exhausted",
        summary: "a rollout needs more connections than PgBouncer's pools have",
        group: Group::Capacity,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("connection_pool_exhausted.rs"),
    },
    check: Some(check),
};

/// Both sides of the sum.
struct Sum<'a> {
    /// The clients that keep connections.
    clients: Vec<&'a ClientSide<'a>>,
    threads: i64,
    at_least: bool,
    /// The pods of each PgBouncer, and the pool of one.
    pools: Vec<(i64, PoolSize)>,
}

impl Sum<'_> {
    /// Connections in a rollout: the pods that end keep theirs beside the new ones.
    fn rollout(&self) -> i64 {
        self.threads.saturating_mul(2)
    }

    /// Server connections that the pools have together.
    fn slots(&self) -> i64 {
        self.pools.iter().map(|(pods, pool)| pods.saturating_mul(pool.total)).fold(0, i64::saturating_add)
    }

    fn pods(&self) -> i64 {
        self.pools.iter().map(|(pods, _)| *pods).fold(0, i64::saturating_add)
    }
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for path in context.model.connection_paths() {
        if let Some((reason, place)) = path.unknown_age() {
            sink.unjudged(place, reason);
        }
        let mode = path.pooler.pool_mode(path.database.as_deref());
        if mode.is_none() {
            sink.unjudged(
                path.pooler.includes().unwrap_or(path.pooler_workload.header),
                "how PgBouncer pools is not known",
            );
        }
        if mode.is_none_or(|(mode, _)| mode != "session") {
            continue;
        }
        let keeps = |client: &&ClientSide<'_>| client.max_age.is_some_and(|age| age != Seconds::Finite(0));
        let clients: Vec<&ClientSide<'_>> = path.clients.iter().filter(keeps).collect();
        let Some(first) = clients.first().copied() else { continue };
        let Some(pools) = path.capacity() else {
            sink.unjudged(
                path.pooler_workload.header,
                "the number of connections that PgBouncer may open is not known",
            );
            continue;
        };
        let known = clients.iter().filter_map(|client| client.threads);
        let sum = Sum {
            threads: known.clone().map(Threads::total).fold(0, i64::saturating_add),
            at_least: known.clone().any(|threads| threads.at_least)
                || known.count() < path.clients.len()
                || path.unknown_age().is_some(),
            clients,
            pools,
        };
        if sum.pods() > 0 && sum.rollout() > sum.slots() {
            let severity = by_host(&path, Severity::Error);
            let report = sink.report(severity, first.max_age_setting.place(), message(&sum));
            let report = words(report.on_setting(first.workload, "postgresql.conn_max_age"), &path, &sum);
            sink.push(report.unsafe_fix("keep no connections", keeping_none(&sum)));
        }
    }
}

/// Components may share the place of the setting.
fn keeping_none(sum: &Sum<'_>) -> Vec<Change> {
    let mut clients: Vec<&ClientSide<'_>> = sum.clients.clone();
    clients.sort_by_key(|client| client.max_age_setting.place());
    clients.dedup_by_key(|client| client.max_age_setting.place());
    clients.iter().flat_map(|client| set_setting(&client.max_age_setting, "0")).collect()
}

fn least(sum: &Sum<'_>) -> &'static str {
    if sum.at_least { "at least" } else { "up to" }
}

fn message(sum: &Sum<'_>) -> String {
    format!(
        "{} {} connections on {} pool slots while authentik rolls out",
        least(sum),
        sum.rollout(),
        sum.slots()
    )
}

fn words<'a>(report: Report, path: &ConnectionPath<'a>, sum: &Sum<'a>) -> Report {
    let sides: Vec<String> = sum
        .clients
        .iter()
        .filter_map(|client| {
            let t = client.threads?;
            Some(format!(
                "{} {} threads ({} × {} × {})",
                t.total(),
                client.component.component,
                t.replicas,
                t.processes,
                t.each
            ))
        })
        .collect();
    let label = format!(
        "each of {} keeps a connection; a rollout doubles them: {}",
        sides.join(" and "),
        sum.rollout()
    );
    let counted = if sum.at_least { " (what is not known counts as the least that it can be)" } else { "" };
    let mut report = report
        .label(label)
        .note(format!(
            "2 × {} = {} > {}{counted}: when the pools are full, logins wait for query_wait_timeout (120 s); readiness fails first and takes every pod away",
            sum.threads,
            sum.rollout(),
            sum.slots()
        ))
        .help(help(sum));
    for client in &sum.clients {
        report = report
            .related(client.max_age_setting.place(), format!("and the {} here", client.component.component));
    }
    if let Some((_, Some(place))) = path.pooler.pool_mode(path.database.as_deref()) {
        report = report.related(place, "pins one server connection to each client");
    }
    let place = sum.pools.iter().find_map(|(_, pool)| pool.place).or_else(|| path.pooler.header());
    if let Some(place) = place {
        report = report.related(place, format!("{} server connections", share_of_each(sum)));
    }
    with_host(report, path)
}

/// The sum of the pools, as people would write it.
fn share_of_each(sum: &Sum<'_>) -> String {
    let share = |(pods, pool): &(i64, PoolSize)| {
        let capped = match is_capped(pool) {
            true => format!(", capped at {}", pool.total),
            false => String::new(),
        };
        format!("{pods} × ({} + {} reserve{capped})", pool.pool, pool.reserve)
    };
    let shares: Vec<String> = sum.pools.iter().map(share).collect();
    format!("{} = {}", shares.join(" + "), sum.slots())
}

fn is_capped(pool: &PoolSize) -> bool {
    pool.total < pool.pool + pool.reserve
}

fn help(sum: &Sum<'_>) -> String {
    if sum.pools.iter().any(|(_, pool)| is_capped(pool)) {
        return ("remove conn_max_age, or raise max_db_connections and max_user_connections").to_owned();
    }
    let pods = sum.pods().max(1);
    let each = sum.rollout() / pods + i64::from(sum.rollout() % pods > 0);
    let reserve = sum.pools.iter().map(|(_, pool)| pool.reserve).min().unwrap_or_default();
    format!(
        "remove conn_max_age, or raise default_pool_size to {} and check Postgres' max_connections",
        each.saturating_sub(reserve)
    )
}
