//! A Postgres server that does not say what its queries cost.
//!
//! # What it does
//! Finds Postgres servers that do not load `pg_stat_statements`: neither in `shared_preload_libraries`, nor by a parameter of it,
//! which makes CloudNativePG load it.
//!
//! # Why it matters
//! Without it nobody can tell which query is slow, or which release made it so: after the outage there is nothing to read.
//!
//! # How to fix
//! `shared_preload_libraries: [pg_stat_statements]`, and `CREATE EXTENSION pg_stat_statements` in the database.
//!
//! # Limits
//! Whether the extension was created is not known offline. Zalando's operator loads it by itself. Silent where the parameters are
//! not known.
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
//! ```
//! Good:
//! ```yaml
//! apiVersion: postgresql.cnpg.io/v1
//! kind: Cluster
//! metadata: { name: db, namespace: auth }
//! spec:
//!   instances: 3
//!   postgresql: { parameters: { pg_stat_statements.max: "10000" } }
//! ```

use crate::base::Node;
use crate::finding::Severity;
use crate::model::{Parameter, Postgres};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "postgres-statements-untracked",
        summary: "a Postgres server that does not say what its queries cost",
        group: Group::Phase2,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Phase2,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("postgres_statements_untracked.rs"),
    },
    check: Some(check),
};

const LIBRARY: &str = "pg_stat_statements";

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for server in context.model.postgres_servers() {
        if server.sets_any_of("pg_stat_statements.") {
            continue;
        }
        let parameter = server.parameter("shared_preload_libraries");
        match &parameter {
            Parameter::Unknown(reason) => sink.unjudged(server.header, reason.clone()),
            Parameter::Set(node) if loads(node) => {}
            Parameter::Set(node) => report(&server, Some(node), sink),
            Parameter::Default => report(&server, None, sink),
        }
    }
}

/// Whether a list of libraries, or a text of them with commas between, has the library.
fn loads(node: &Node) -> bool {
    let names = |text: &str| text.split(',').any(|name| name.trim() == LIBRARY);
    node.as_str().is_some_and(names) || node.items().iter().filter_map(Node::as_str).any(names)
}

fn report(server: &Postgres, libraries: Option<&Node>, sink: &mut Sink<'_>) {
    let report = sink
        .report(
            Severity::Warning,
            libraries.map_or(server.header, |node| node.place),
            format!("Postgres `{}` does not load {LIBRARY}", server.name),
        )
        .label(if libraries.is_some() { "loads other libraries" } else { "loads no libraries" })
        .subject(&server.subject, "shared_preload_libraries", server.header, &server.stack)
        .note("nobody can tell which query is slow, or which release made it so")
        .help("add pg_stat_statements to shared_preload_libraries, and create the extension");
    sink.push(report);
}
