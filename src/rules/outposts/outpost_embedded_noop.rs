//! Patches or replicas of the outpost inside authentik's server.
//!
//! # What it does
//! Finds patches of a Deployment and `kubernetes_replicas` in the configuration of the embedded outpost.
//!
//! # Why it matters
//! That outpost runs inside of authentik's server pods: the controller makes no Deployment for it, reads none of its
//! patches, and says nothing.
//!
//! # How to fix
//! Configure the server through its chart, or move the providers to an outpost of its own.
//!
//! # Limits
//! It is recognised by its name or by `managed`. In a database where `managed` was emptied the controller treats it as
//! any other outpost: that cannot be verified offline.
//!
//! # Example
//! Bad:
//! ```hcl
//! resource "authentik_outpost" "embedded" {
//!   name               = "authentik Embedded Outpost"
//!   protocol_providers = [1]
//!   config             = jsonencode({ kubernetes_replicas = 2 })
//! }
//! ```
//! Good:
//! ```hcl
//! resource "authentik_outpost" "embedded" {
//!   name               = "authentik Embedded Outpost"
//!   protocol_providers = [1]
//!   config             = jsonencode({ authentik_host = "https://login.example.com" })
//! }
//! ```

use crate::base::{Node, Place};
use crate::compose::Outpost;
use crate::finding::Severity;
use crate::lower::COMPONENT_FIELD;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "outpost-embedded-noop",
        summary: "patches or replicas of the outpost inside authentik's server",
        group: Group::Outposts,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("outpost_embedded_noop.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for outpost in &context.model.authored.outposts {
        let Some(reason) = outpost.declaration.embedded() else { continue };
        for (place, what) in without_effect(outpost) {
            let report = sink
                .report(Severity::Warning, place, format!("authentik neither makes nor changes a Deployment for the embedded outpost: {what} no effect"))
                .label("passed over by the controller")
                .related_node(reason, "this is the outpost inside of authentik's server")
                .on_outpost(outpost, "config")
                .note(
                    "only where `managed` is empty in authentik's database does the controller make a Deployment for it, \
                     which cannot be verified offline",
                )
                .help("configure authentik's server through its chart, or give the providers an outpost of their own");
            sink.push(report);
        }
    }
}

fn without_effect(outpost: &Outpost) -> Vec<(Place, &'static str)> {
    let patches = outpost.declaration.setting(COMPONENT_FIELD).and_then(Node::as_map);
    let deployment = patches.and_then(|map| map.entry("deployment"));
    let deployment = deployment.filter(|entry| !entry.value.is_null() && !is_empty(&entry.value));
    let replicas = outpost.declaration.setting("kubernetes_replicas");
    let replicas = replicas.filter(|node| node.is_written() && node.as_int_lenient() != Some(1));
    let patched = deployment.map(|entry| (entry.key.place, "its patches have"));
    patched.into_iter().chain(replicas.map(|node| (node.place, "its replicas have"))).collect()
}

fn is_empty(list: &Node) -> bool {
    list.as_list().is_some_and(|list| list.items.is_empty() && list.open.is_none())
}
