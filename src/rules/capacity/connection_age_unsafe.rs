//! Persistent connections that outlive what PgBouncer keeps.
//!
//! # What it does
//! Follows authentik's database host to a PgBouncer of the repository, and holds the connections' age T
//! (`conn_max_age`) against its ini, under session pooling. An error where T is unlimited, or not below
//! `client_idle_timeout`; a warning where it is not below `server_idle_timeout` (600 s) or
//! `server_lifetime` (3600 s).
//!
//! # Why it matters
//! A client that holds a connection which the pooler has closed gets an error in the middle of a login; one
//! that never lets go pins a server connection for ever.
//!
//! # How to fix
//! Set an age below PgBouncer's timeouts, 60 s for example, or 0.
//!
//! # Limits
//! Silent for T = 0, for transaction pooling, and where a setting is not in the repository. `null` and
//! nothing mean without limit, in the environment too.
//!
//! # Fix safety
//! Unsafe: connections end sooner.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: authentik, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: authentik } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           env:
//!             - { name: AUTHENTIK_POSTGRESQL__HOST, value: pgbouncer }
//!             - { name: AUTHENTIK_POSTGRESQL__CONN_MAX_AGE, value: "null" }
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
//!     pool_mode = session
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: auth }
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
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: authentik, namespace: auth }
//! spec:
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
//!     pool_mode = session
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: auth }
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

use super::{by_host, with_host};
use crate::finding::{Applicability, Severity};
use crate::model::{ClientSide, ConnectionPath, Seconds};
use crate::rule::changes::set_setting;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "connection-age-unsafe",
        summary: "persistent connections that outlive what PgBouncer keeps",
        group: Group::Capacity,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("connection_age_unsafe.rs"),
    },
    check: Some(check),
};

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
        for client in &path.clients {
            if let Some(age) = client.max_age.filter(|age| *age != Seconds::Finite(0)) {
                judge(sink, &path, client, age);
            }
        }
    }
}

/// PgBouncer's timeouts in seconds with their defaults, the severity of outliving each, and why.
const TIMEOUTS: [(&str, i64, Severity, &str); 3] = [
    (
        "client_idle_timeout",
        0,
        Severity::Error,
        "PgBouncer closes the connection under the client, which finds out in the middle of a login",
    ),
    ("server_idle_timeout", 600, Severity::Warning, "the age should end before PgBouncer's own timeouts do"),
    ("server_lifetime", 3600, Severity::Warning, "the age should end before PgBouncer's own timeouts do"),
];

/// An age that ends before all timeouts that are on, in seconds.
fn advised(path: &ConnectionPath<'_>) -> i64 {
    let on = TIMEOUTS.iter().filter_map(|(key, default, ..)| path.pooler.number(key, *default));
    let shortest = on.map(|set| set.value).filter(|value| *value > 0).min();
    shortest.map_or(60, |shortest| if shortest > 60 { 60 } else { shortest / 2 })
}

fn judge(sink: &mut Sink<'_>, path: &ConnectionPath<'_>, client: &ClientSide<'_>, age: Seconds) {
    let begin = |severity, message: String| {
        sink.report(by_host(path, severity), client.max_age_setting.place(), message)
            .on_setting(client.workload, "postgresql.conn_max_age")
            .help(format!("set conn_max_age to {}, or to 0", advised(path)))
            .unsafe_fix(
                format!("keep connections for {} s", advised(path)),
                set_setting(&client.max_age_setting, &advised(path).to_string()),
            )
    };
    let Seconds::Finite(seconds) = age else {
        let message =
            format!("authentik's {} keeps database connections without limit", client.component.component);
        let report = begin(Severity::Error, message).label("no limit");
        let mode = path.pooler.pool_mode(path.database.as_deref()).and_then(|(_, place)| place);
        let report = match mode {
            Some(place) => report.related(place, "pins one server connection to each client"),
            None => report,
        };
        sink.push(
            with_host(report, path)
                .note("under session pooling each thread keeps a server connection for ever"),
        );
        return;
    };
    let outlived = TIMEOUTS.into_iter().find_map(|(key, default, severity, why)| {
        let set = path.pooler.number(key, default)?;
        (set.value > 0 && seconds >= set.value).then_some((key, set, severity, why))
    });
    let Some((key, set, severity, why)) = outlived else { return };
    let name = &client.component.component;
    let message =
        format!("authentik's {name} keeps connections for {seconds} s, PgBouncer's {key} is {} s", set.value);
    let report =
        begin(severity, message).label(format!("{seconds} s, not below {key} = {}", set.value)).note(why);
    let report = match &set.node {
        Some(node) => report.related_node(node, format!("{key} is {} s", set.value)),
        None => report,
    };
    sink.push(with_host(report, path));
}
