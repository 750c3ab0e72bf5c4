//! Shared buffers that do not fit the memory.
//!
//! # What it does
//! Compares `shared_buffers` of a Postgres server, or the default of 128 MB, with the memory limit of its pods.
//!
//! # Why it matters
//! Below 15 % Postgres reads from disk what would fit into memory. Above 40 % too little is left for connections, sorts and the
//! page cache, and the container is killed under load.
//!
//! # How to fix
//! About a quarter of the memory limit.
//!
//! # Limits
//! Silent where the limit, or what sets the parameter, is not known.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: postgresql.cnpg.io/v1
//! kind: Cluster
//! metadata: { name: db, namespace: auth }
//! spec:
//!   instances: 3
//!   resources: { limits: { memory: 4Gi } }
//!   postgresql: { parameters: { shared_buffers: 128MB } }
//! ```
//! Good:
//! ```yaml
//! apiVersion: postgresql.cnpg.io/v1
//! kind: Cluster
//! metadata: { name: db, namespace: auth }
//! spec:
//!   instances: 3
//!   resources: { limits: { memory: 4Gi } }
//!   postgresql: { parameters: { shared_buffers: 1GB } }
//! ```

use crate::finding::Severity;
use crate::model::{Parameter, Postgres, Quantity, postgres_size};
use crate::rule::{Context, Group, On, OptionMeta, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "postgres-buffers-misfit",
        summary: "shared buffers that do not fit the memory",
        group: Group::Phase2,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Phase2,
        fix: None,
        options: &OPTIONS,
        since: "0.1.0",
        source: include_str!("postgres_buffers_misfit.rs"),
    },
    check: Some(check),
};

const OPTIONS: [OptionMeta; 2] = [
    OptionMeta {
        name: "least-percent",
        default: 15,
        doc: "the least share of the memory limit, in hundredths",
    },
    OptionMeta {
        name: "most-percent",
        default: 40,
        doc: "the largest share of the memory limit, in hundredths",
    },
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for server in context.model.postgres_servers() {
        match server.parameter("shared_buffers") {
            Parameter::Set(node) => match node.display().as_deref().and_then(postgres_size) {
                Some(size) => judge(context, &server, size, node.place, true, sink),
                None => sink.unjudged(node.place, "shared_buffers is not a size that is known"),
            },
            // (Postgres 18: guc_tables.c)
            Parameter::Default => {
                judge(context, &server, Quantity::mebibytes(128), server.header, false, sink);
            }
            Parameter::Unknown(reason) => sink.unjudged(server.header, reason),
        }
    }
}

fn judge(
    context: &Context<'_>,
    server: &Postgres,
    size: Quantity,
    place: crate::base::Place,
    stated: bool,
    sink: &mut Sink<'_>,
) {
    let Some((limit, node)) = &server.memory else { return };
    let percent = size.nanos().saturating_mul(100) / limit.nanos().max(1);
    let (least, most) = (context.option("least-percent"), context.option("most-percent"));
    if (i128::from(least)..=i128::from(most)).contains(&percent) {
        return;
    }
    let how = if stated { "" } else { " by default" };
    let quarter = limit.nanos() / 4 / Quantity::mebibytes(1).nanos();
    let report = sink
        .report(
            Severity::Warning,
            place,
            format!("shared_buffers of Postgres `{}` is {size}{how}: {percent} % of its memory", server.name),
        )
        .label(format!("it should be {least} to {most} % of {limit}"))
        .related_node(node, "the memory limit of its pods")
        .subject(&server.subject, "shared_buffers", server.header, &server.stack)
        .note(match percent < i128::from(least) {
            true => "Postgres reads from disk what would fit into memory",
            false => "too little is left for connections, sorts and the page cache: the container is killed under load",
        })
        .help(format!("set shared_buffers to {quarter}MB, a quarter of the limit"));
    sink.push(report);
}
