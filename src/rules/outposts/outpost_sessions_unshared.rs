//! An outpost with several replicas that do not share their sessions.
//!
//! # What it does
//! Finds proxy outposts with two or more replicas that keep their sessions in files: no `AUTHENTIK_POSTGRESQL__*` in the
//! environment of their container, after patches.
//!
//! # Why it matters
//! Each pod knows only the sessions that it began. A request that the Service sends to another pod is one of a stranger:
//! users are sent to the login again and again.
//!
//! # How to fix
//! One replica, or a database for the sessions in the outpost's environment, in versions of authentik whose outposts take
//! one. Sticky sessions of the ingress only help as long as no pod goes.
//!
//! # Limits
//! Silent about the outpost inside of authentik's server, and where the environment comes from another object. Whether the version of the outpost reads a database at all
//! cannot be seen offline: up to 2026.2 the proxy does so inside of authentik's server alone.
//!
//! # Example
//! Bad:
//! ```yaml
//! # file: proxy.yaml
//! version: 1
//! metadata: { name: outposts }
//! entries:
//!   - model: authentik_outposts.outpost
//!     identifiers: { name: proxy }
//!     attrs:
//!       type: proxy
//!       config: { kubernetes_replicas: 2 }
//! ```
//! Good:
//! ```yaml
//! # file: proxy.yaml
//! version: 1
//! metadata: { name: outposts }
//! entries:
//!   - model: authentik_outposts.outpost
//!     identifiers: { name: proxy }
//!     attrs:
//!       type: proxy
//!       config: { kubernetes_replicas: 1 }
//! ```

use crate::compose::Outpost;
use crate::finding::{Severity, counted};
use crate::model::{Sessions, sessions};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "outpost-sessions-unshared",
        summary: "an outpost with several replicas that do not share their sessions",
        group: Group::Outposts,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("outpost_sessions_unshared.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let own = |outpost: &&Outpost| outpost.declaration.embedded().is_none();
    for outpost in context.model.authored.outposts.iter().filter(own) {
        let Some((_, workload)) = context.model.workload_of(outpost) else { continue };
        let place = workload.replicas.place(workload.header);
        let Some(count) = workload.replicas.count else {
            if let Some(reason) = &workload.replicas.unknown {
                sink.unjudged(place, reason.clone());
            }
            continue;
        };
        if count < 2 {
            continue;
        }
        match sessions(outpost, workload) {
            Sessions::Files | Sessions::Elsewhere(_) => {}
            Sessions::Unknown(reason) => {
                sink.unjudged(place, reason);
                continue;
            }
            Sessions::Shared(_) | Sessions::None => continue,
        }
        let message =
            format!("the {} of {} do not share their sessions", counted(count, "replica"), workload.title());
        let report = sink
            .report(Severity::Error, place, message)
            .label("each keeps its own sessions in files")
            .on(workload, "spec.replicas")
            .note("a request that reaches another pod is one of a stranger: the user is sent to the login again")
            .help("run one replica, or give the outpost a database for its sessions (`AUTHENTIK_POSTGRESQL__HOST` and the like in its environment)");
        sink.push(match &workload.replicas.node {
            Some(node) => report.through(node),
            None => report,
        });
    }
}
