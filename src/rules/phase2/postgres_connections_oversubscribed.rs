//! Poolers that may open more connections than Postgres should serve.
//!
//! # What it does
//! Adds up the connections that all poolers in front of one Postgres server may open, and compares them with the share of
//! `max_connections` (less the three that Postgres keeps for superusers) that is meant for them: half.
//!
//! # Why it matters
//! A connection costs memory whether it works or not, and the other half is for migrations, backups, monitoring and the second
//! set of pods in a rollout of the pooler itself. When all are taken, «sorry, too many clients already» reaches every login.
//!
//! # How to fix
//! Raise `max_connections` with the memory for it, or make the pools smaller.
//!
//! # Limits
//! Servers are CloudNativePG's clusters, those of Zalando's operator, containers that run Postgres, and what the config states
//! (`postgres`). Poolers that lead to the primary and to replicas are added apart. A pool counts once for each database, with one
//! user. Silent where `max_connections` is not known.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: postgresql.cnpg.io/v1
//! kind: Cluster
//! metadata: { name: db, namespace: auth }
//! spec:
//!   instances: 3
//!   postgresql: { parameters: { max_connections: "100" } }
//! ---
//! apiVersion: postgresql.cnpg.io/v1
//! kind: Pooler
//! metadata: { name: pool, namespace: auth }
//! spec:
//!   cluster: { name: db }
//!   instances: 3
//!   type: rw
//!   pgbouncer: { poolMode: session, parameters: { default_pool_size: "25" } }
//! ```
//! Good:
//! ```yaml
//! apiVersion: postgresql.cnpg.io/v1
//! kind: Cluster
//! metadata: { name: db, namespace: auth }
//! spec:
//!   instances: 3
//!   postgresql: { parameters: { max_connections: "200" } }
//! ---
//! apiVersion: postgresql.cnpg.io/v1
//! kind: Pooler
//! metadata: { name: pool, namespace: auth }
//! spec:
//!   cluster: { name: db }
//!   instances: 3
//!   type: rw
//!   pgbouncer: { poolMode: session, parameters: { default_pool_size: "25" } }
//! ```

use crate::base::Place;
use crate::finding::Severity;
use crate::model::{Parameter, Pool, Pools, Postgres, Role};
use crate::rule::{Context, Group, On, OptionMeta, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "postgres-connections-oversubscribed",
        summary: "poolers that may open more connections than Postgres should serve",
        group: Group::Phase2,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Phase2,
        fix: None,
        options: &OPTIONS,
        since: "0.1.0",
        source: include_str!("postgres_connections_oversubscribed.rs"),
    },
    check: Some(check),
};

const OPTIONS: [OptionMeta; 1] = [OptionMeta {
    name: "share-percent",
    default: 50,
    doc: "the share of the connections that poolers may open, in hundredths",
}];

/// Connections that Postgres keeps for superusers (superuser_reserved_connections).
const RESERVED: i64 = 3;

/// What Postgres serves where nobody says otherwise.
const DEFAULT: i64 = 100;

/// A server's limit, for people.
struct Limit {
    server: String,
    most: i64,
    place: Option<Place>,
    stated: bool,
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for server in context.model.postgres_servers() {
        let pools = context.model.pools_of(&server);
        if pools.known.is_empty() && pools.unknown.is_empty() {
            continue;
        }
        match limit_of(&server) {
            Ok(limit) => judge(context, &limit, &pools, sink),
            Err(reason) => sink.unjudged(server.header, reason),
        }
    }
    for stated in &context.settings.facts.postgres {
        let limit =
            Limit { server: stated.host.clone(), most: stated.max_connections, place: None, stated: true };
        judge(context, &limit, &context.model.pools_to_host(&stated.host), sink);
    }
}

fn limit_of(server: &Postgres) -> Result<Limit, std::sync::Arc<str>> {
    let (most, place) = match server.parameter("max_connections") {
        Parameter::Set(node) => match node.as_int_lenient() {
            Some(most) => (most, node.place),
            None => return Err("max_connections is not a number".into()),
        },
        Parameter::Default => (DEFAULT, server.header),
        Parameter::Unknown(reason) => return Err(reason),
    };
    Ok(Limit { server: server.name.clone(), most, place: Some(place), stated: false })
}

fn judge(context: &Context<'_>, limit: &Limit, pools: &Pools, sink: &mut Sink<'_>) {
    for (place, reason) in &pools.unknown {
        sink.unjudged(*place, reason.clone());
    }
    for role in [Role::Primary, Role::Replica] {
        let all: Vec<&Pool> = pools.of(role).collect();
        let sum = all.iter().map(|pool| pool.connections).fold(0, i64::saturating_add);
        let usable = (limit.most - RESERVED).max(0);
        let allowed = usable.saturating_mul(context.option("share-percent")) / 100;
        if let Some(largest) = all.iter().max_by_key(|pool| pool.connections).filter(|_| sum > allowed) {
            report(context, limit, &all, largest, (sum, usable), sink);
        }
    }
}

fn report(
    context: &Context<'_>,
    limit: &Limit,
    all: &[&Pool],
    largest: &Pool,
    (sum, usable): (i64, i64),
    sink: &mut Sink<'_>,
) {
    let parts: Vec<String> = all.iter().map(|pool| pool.sum.clone()).collect();
    let share = context.option("share-percent");
    let needed = (sum.saturating_mul(100) + share.max(1) - 1) / share.max(1) + RESERVED;
    let how = if limit.stated { " (which the config states)" } else { "" };
    let mut report = sink
        .report(
            Severity::Error,
            largest.place,
            format!("poolers may open {sum} of the {usable} connections of Postgres `{}`{how}: more than {share} %", limit.server),
        )
        .label(format!("{} = {sum}", parts.join(" + ")))
        .subject(&largest.subject, "default_pool_size", largest.header, &largest.stack)
        .note("the rest is for migrations, backups, monitoring, and the second set of poolers in a rollout; when all are taken, every login fails")
        .help(format!("raise max_connections to {needed}, with the memory for it, or make the pools smaller"));
    for pool in all.iter().filter(|pool| pool.place != largest.place) {
        report = report.related(pool.place, format!("{} adds {}", pool.title, pool.connections));
    }
    if let Some(place) = limit.place {
        report = report.related(place, format!("serves {} − {RESERVED} for superusers", limit.most));
    }
    sink.push(report);
}
