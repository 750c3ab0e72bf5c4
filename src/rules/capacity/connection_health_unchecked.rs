//! Persistent connections that nobody checks before use.
//!
//! # What it does
//! Wants `conn_health_checks` to be true where authentik keeps its database connections (`conn_max_age`
//! above 0, or without limit).
//!
//! # Why it matters
//! After a restart of the database or the pooler each kept connection is dead, and the first request on each
//! fails.
//!
//! # How to fix
//! Set AUTHENTIK_POSTGRESQL__CONN_HEALTH_CHECKS to true.
//!
//! # Limits
//! Silent where a setting is not in the repository.
//!
//! # Fix safety
//! Unsafe: each use of a kept connection begins with a check.
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
//!           env: [{ name: AUTHENTIK_POSTGRESQL__CONN_MAX_AGE, value: "60" }]
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
//!             - { name: AUTHENTIK_POSTGRESQL__CONN_MAX_AGE, value: "60" }
//!             - { name: AUTHENTIK_POSTGRESQL__CONN_HEALTH_CHECKS, value: "true" }
//! ```

use crate::finding::{Applicability, Severity};
use crate::model::{Seconds, Setting};
use crate::rule::changes::{beside_setting, set_setting};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "connection-health-unchecked",
        summary: "persistent connections that nobody checks before use",
        group: Group::Capacity,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("connection_health_unchecked.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for component in &context.model.components {
        let setting = |path: &str| component.setting(path, &context.model.workloads);
        let age = setting("postgresql.conn_max_age");
        let checks = setting("postgresql.conn_health_checks");
        if let Setting::Unknown(reason, place) = &age {
            sink.unjudged(*place, reason.clone());
        }
        let Some(kept) = age.seconds().filter(|kept| *kept != Seconds::Finite(0)) else { continue };
        if let Setting::Unknown(reason, place) = &checks {
            sink.unjudged(*place, reason.clone());
            continue;
        }
        if checks.bool() != Some(false) {
            continue;
        }
        let kept = match kept {
            Seconds::Finite(seconds) => format!("for {seconds} s"),
            Seconds::Unlimited => "without limit".to_owned(),
        };
        let workload = &context.model.workloads[component.workload];
        let message = format!(
            "authentik's {} keeps connections {kept} and does not check them before use",
            component.component
        );
        let report = sink
            .report(Severity::Warning, age.place(), message)
            .label(format!("kept {kept}"))
            .on_setting(workload, "postgresql.conn_health_checks")
            .note("after a restart of the database or the pooler the first request on each kept connection fails")
            .help("set conn_health_checks to true beside it");
        let path = "postgresql.conn_health_checks";
        let fix = match checks.is_set() {
            true => set_setting(&checks, "true"),
            false => beside_setting(context.model, component, &age, path, "true"),
        };
        let report = report.unsafe_fix("check connections before use", fix);
        sink.push(match checks.node().filter(|_| checks.is_set()) {
            Some(node) => report.related_node(node, "switched off here"),
            None => report,
        });
    }
}
