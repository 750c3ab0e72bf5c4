//! Every request waits for an outpost.
//!
//! # What it does
//! Finds forwardAuth middlewares of Traefik that ask an outpost of authentik, where no middleware of the repository caches
//! answers.
//!
//! # Why it matters
//! Each request to each service is one to the outpost too, pictures and scripts among them: when the outpost is slow, so is
//! everything, and its log and sessions grow with every click.
//!
//! # How to fix
//! A plugin that caches the answers for a few seconds, before the middleware; or routes without it for what needs no login.
//!
//! # Limits
//! A plugin counts as a cache by its name.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: traefik.io/v1alpha1
//! kind: Middleware
//! metadata: { name: authentik, namespace: edge }
//! spec:
//!   forwardAuth:
//!     address: http://ak-outpost-edge.auth:9000/outpost.goauthentik.io/auth/traefik
//! ```
//! Good:
//! ```yaml
//! apiVersion: traefik.io/v1alpha1
//! kind: Middleware
//! metadata: { name: authentik, namespace: edge }
//! spec:
//!   forwardAuth:
//!     address: http://ak-outpost-edge.auth:9000/outpost.goauthentik.io/auth/traefik
//! ---
//! apiVersion: traefik.io/v1alpha1
//! kind: Middleware
//! metadata: { name: cached, namespace: edge }
//! spec: { plugin: { forward-auth-cache: { ttl: 30 } } }
//! ```

use crate::base::Node;
use crate::finding::Severity;
use crate::lower::Object;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "forward-auth-uncached",
        summary: "every request waits for an outpost",
        group: Group::Phase2,
        severity: Severity::Note,
        softer_elsewhere: false,
        on: On::Phase2,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("forward_auth_uncached.rs"),
    },
    check: Some(check),
};

const OUTPOST: &str = "/outpost.goauthentik.io/";

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let middlewares: Vec<&Object> = context
        .model
        .objects
        .iter()
        .filter(|object| object.kind() == "Middleware" && object.api_version().starts_with("traefik."))
        .collect();
    if middlewares.iter().any(|object| caches(object)) {
        return;
    }
    for object in middlewares {
        let Some(address) = object.at(&["spec", "forwardAuth", "address"]) else { continue };
        if !address.as_text().is_some_and(|text| text.as_str().contains(OUTPOST)) {
            continue;
        }
        let report = sink
            .report(
                Severity::Note,
                address.place,
                format!("every request through `{}` waits for the outpost", object.name().unwrap_or("?")),
            )
            .label("asked for pictures and scripts, too")
            .on_object(object, "spec.forwardAuth.address")
            .note("when the outpost is slow, so is everything behind it; its log grows with every click")
            .help("cache the answers for a few seconds with a plugin before it");
        sink.push(report);
    }
}

/// Whether a middleware is a plugin that caches, by its name.
fn caches(object: &Object) -> bool {
    let plugins = object.at(&["spec", "plugin"]).and_then(Node::as_map).map(|map| &map.entries[..]);
    plugins.unwrap_or_default().iter().any(|entry| {
        let name = entry.key.name.to_lowercase();
        name.contains("cache") || name.contains("souin")
    })
}
