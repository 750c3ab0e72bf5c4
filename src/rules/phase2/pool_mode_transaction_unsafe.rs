//! Transaction pooling under a client that keeps state in its session.
//!
//! # What it does
//! Finds authentik behind a pooler in transaction or statement mode without `disable_server_side_cursors`, or with
//! `max_prepared_statements: 0`; and as a note, from authentik 2026.8 on, without a direct way for what needs a session
//! (`postgresql.direct.*`).
//!
//! # Why it matters
//! After each transaction the next one may run on another connection. A cursor that Django opened is gone there («cursor does not
//! exist»), and so is a prepared statement.
//!
//! # How to fix
//! `AUTHENTIK_POSTGRESQL__DISABLE_SERVER_SIDE_CURSORS: "true"`, and leave `max_prepared_statements` at 200.
//!
//! # Limits
//! Poolers are PgBouncers with their ini in the repository, and CloudNativePG's. Settings behind a Secret are not known.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: pgbouncer, namespace: auth }
//! data:
//!   pgbouncer.ini: |
//!     [databases]
//!     * = host=postgres
//!     [pgbouncer]
//!     pool_mode = transaction
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: { name: pgbouncer, namespace: auth }
//! spec: { selector: { app: pgbouncer }, ports: [{ port: 5432, targetPort: 6432 }] }
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
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: server, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: server } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           env: [{ name: AUTHENTIK_POSTGRESQL__HOST, value: pgbouncer }]
//! ```
//! Good:
//! ```yaml
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: pgbouncer, namespace: auth }
//! data:
//!   pgbouncer.ini: |
//!     [databases]
//!     * = host=postgres
//!     [pgbouncer]
//!     pool_mode = transaction
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: { name: pgbouncer, namespace: auth }
//! spec: { selector: { app: pgbouncer }, ports: [{ port: 5432, targetPort: 6432 }] }
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
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: server, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: server } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           env: [{ name: AUTHENTIK_POSTGRESQL__HOST, value: pgbouncer }, { name: AUTHENTIK_POSTGRESQL__DISABLE_SERVER_SIDE_CURSORS, value: "true" }]
//! ```

use crate::base::{Node, Place};
use crate::finding::Severity;
use crate::lower::Version;
use crate::model::{AppComponent, HostSource, Model, Setting, service_of_host};
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "pool-mode-transaction-unsafe",
        summary: "transaction pooling under a client that keeps state in its session",
        group: Group::Phase2,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Phase2,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("pool_mode_transaction_unsafe.rs"),
    },
    check: Some(check),
};

/// A pooler in a mode that gives a connection away after each transaction.
struct Pooling {
    mode: String,
    place: Place,
    /// How many prepared statements it carries over, and where that is said.
    prepared: (Option<i64>, Option<Place>),
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    let mut said: BTreeSet<Place> = BTreeSet::new();
    for component in &model.components {
        let workload = &model.workloads[component.workload];
        let Some((host, source)) = model.database_host(component).filter(|_| workload.conditional.is_none())
        else {
            continue;
        };
        let Some(pooling) = pooling(model, component, &host) else { continue };
        if pooling.mode == "session" {
            continue;
        }
        cursors(model, component, &pooling, &source, sink);
        direct(model, component, &pooling, sink);
        let (prepared, place) = pooling.prepared;
        if prepared == Some(0) && said.insert(place.unwrap_or(pooling.place)) {
            let report = sink
                .report(
                    severity(&source),
                    place.unwrap_or(pooling.place),
                    format!("{} pooling carries over no prepared statements", pooling.mode),
                )
                .label("each one is gone with its transaction")
                .related(pooling.place, "gives the connection away after each transaction")
                .on(workload, "max_prepared_statements")
                .note("«prepared statement does not exist» comes back to the client")
                .help("leave max_prepared_statements at its default of 200");
            sink.push(with_host(report, &source));
        }
    }
}

/// The pooler that a component goes through.
fn pooling(model: &Model, component: &AppComponent, host: &str) -> Option<Pooling> {
    let workload = &model.workloads[component.workload];
    if let Some(pooler) = model.pooler_of(host, workload) {
        let database = component.setting("postgresql.name", &model.workloads);
        let database = database.node().and_then(Node::as_str);
        let (mode, place) = pooler.pool_mode(database)?;
        // (PgBouncer 1.22 and later)
        let prepared = pooler.number("max_prepared_statements", 200);
        return Some(Pooling {
            mode,
            place: place.or_else(|| pooler.header())?,
            prepared: (
                prepared.as_ref().map(|p| p.value),
                prepared.and_then(|p| p.node).map(|node| node.place),
            ),
        });
    }
    let (name, namespace) = service_of_host(host, workload.namespace.as_deref())?;
    let object = model.objects.iter().find(|object| {
        object.kind() == "Pooler"
            && object.api_version().starts_with("postgresql.cnpg.io/")
            && object.name() == Some(name)
            && object.namespace() == Some(namespace)
    })?;
    let mode = object.at(&["spec", "pgbouncer", "poolMode"]);
    let prepared = object.at(&["spec", "pgbouncer", "parameters", "max_prepared_statements"]);
    Some(Pooling {
        mode: mode.map_or(Some("session"), Node::as_str)?.to_owned(),
        place: mode.map_or(object.header, |node| node.place),
        prepared: (prepared.and_then(Node::as_int_lenient), prepared.map(|node| node.place)),
    })
}

/// A host that is only declared is the owner's word, and no more.
fn severity(source: &HostSource) -> Severity {
    match source {
        HostSource::Effective(_) => Severity::Error,
        HostSource::Declared(_) => Severity::Warning,
    }
}

fn cursors(
    model: &Model,
    component: &AppComponent,
    pooling: &Pooling,
    source: &HostSource,
    sink: &mut Sink<'_>,
) {
    let workload = &model.workloads[component.workload];
    let setting = component.setting("postgresql.disable_server_side_cursors", &model.workloads);
    if let Setting::Unknown(reason, place) = &setting {
        return sink.unjudged(*place, reason.clone());
    }
    if setting.bool() != Some(true) {
        let report = sink
            .report(
                severity(source),
                setting.place(),
                format!(
                    "authentik's {} opens server-side cursors through {} pooling",
                    component.component, pooling.mode
                ),
            )
            .label("disable_server_side_cursors is not true")
            .related(pooling.place, "gives the connection away after each transaction")
            .on_setting(workload, "postgresql.disable_server_side_cursors")
            .note("the next statement may run on another connection, where the cursor does not exist")
            .help(format!(
                "set {} to true",
                component.application.variable("postgresql.disable_server_side_cursors")
            ));
        sink.push(with_host(report, source));
    }
}

/// What lets authentik open a way of its own, whichever is set.
const DIRECT: [&str; 10] = [
    "host",
    "port",
    "name",
    "user",
    "password",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "conn_options",
];

/// From authentik 2026.8 on, what listens and locks may go past the pooler.
fn direct(model: &Model, component: &AppComponent, pooling: &Pooling, sink: &mut Sink<'_>) {
    let since = Version::parse("2026.8.0");
    let workload = &model.workloads[component.workload];
    let lacks = |key: &str| {
        let setting = component.setting(&format!("postgresql.direct.{key}"), &model.workloads);
        matches!(setting, Setting::Default(node) if node.is_null())
    };
    if component.version.is_none() || component.version < since || !DIRECT.iter().all(|key| lacks(key)) {
        return;
    }
    let report = sink
        .report(
            Severity::Note,
            pooling.place,
            format!("authentik's {} listens and locks through {} pooling", component.component, pooling.mode),
        )
        .label("gives the connection away after each transaction")
        .on_setting(workload, "postgresql.direct.host")
        .note("LISTEN and session locks need a connection of their own")
        .help(format!("set {} to Postgres itself", component.application.variable("postgresql.direct.host")));
    sink.push(report);
}

fn with_host(report: Report, source: &HostSource) -> Report {
    match source {
        HostSource::Effective(place) => report.related(*place, "connects to this pooler"),
        HostSource::Declared(place) => {
            report.related(*place, "the host is declared here, without effect: taken as the owner's word")
        }
    }
}
