//! Environment variables that PgBouncer's image ignores beside a mounted ini.
//!
//! # What it does
//! The edoburu/pgbouncer image writes a pgbouncer.ini from DATABASES_* and DB_* variables, unless there is
//! one. It notes such variables on a container that mounts its own.
//!
//! # Why it matters
//! The next person changes the database in the variable, and nothing happens.
//!
//! # How to fix
//! Remove the variables; set the database in the ini.
//!
//! # Limits
//! Only for images of edoburu/pgbouncer; other images read other variables. Silent for DB_USER and DB_PASSWORD,
//! which the image adds to the userlist all the same.
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
//!           env: [{ name: DB_HOST, value: postgres }]
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
//!     [databases]
//!     * = host=postgres
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

use crate::finding::Severity;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "pgbouncer-env-ignored",
        summary: "environment variables that PgBouncer's image ignores beside a mounted ini",
        group: Group::Capacity,
        severity: Severity::Note,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("pgbouncer_env_ignored.rs"),
    },
    check: Some(check),
};

/// The image whose entrypoint is known: it writes an ini only where there is none.
const IMAGE: &str = "edoburu/pgbouncer";

/// The entrypoint adds these two to the userlist whether or not there is an ini.
const STILL_READ: [&str; 2] = ["DB_USER", "DB_PASSWORD"];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for pooler in &context.model.poolers {
        let workload = &context.model.workloads[pooler.workload];
        let container = &workload.containers[pooler.container];
        let known = container.image().is_some_and(|image| image.short_repository() == IMAGE);
        let Some(header) = pooler.header().filter(|_| known) else { continue };
        for (name, item) in container.env_names() {
            let names_database = name.starts_with("DATABASES_") || name.starts_with("DB_");
            if !names_database || STILL_READ.contains(&name) {
                continue;
            }
            let place = item.get("name").map_or(item.place, |node| node.place);
            let report = sink
                .report(Severity::Note, place, format!("the image ignores `{name}`: it has a pgbouncer.ini"))
                .label("has no effect")
                .on(workload, workload.container_field(container, &format!("env[{name}]")))
                .related(header, "this file is mounted and counts")
                .note("the image writes an ini from its environment only where none is mounted")
                .help("remove the variable, and set the database in the ini");
            sink.push(report);
        }
    }
}
