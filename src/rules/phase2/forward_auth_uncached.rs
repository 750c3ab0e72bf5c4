//! Every request waits for an outpost.
//!
//! # What it does
//! Finds forwardAuth middlewares of Traefik that ask an outpost of authentik, where no middleware that caches answers stands
//! before it: in each list of an IngressRoute, of a chain, or of an Ingress' annotation that names it.
//!
//! # Why it matters
//! Each request to each service is one to the outpost too, pictures and scripts among them: when the outpost is slow, so is
//! everything, and its log and sessions grow with every click.
//!
//! # How to fix
//! A plugin that caches the answers for a few seconds, before the middleware; or routes without it for what needs no login.
//!
//! # Limits
//! A plugin counts as a cache by its name. Where no use of the middleware is known, any cache of the repository counts.
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
use crate::model::Model;
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

/// The annotation by which an Ingress names middlewares (Traefik 3).
const ROUTER: &str = "traefik.ingress.kubernetes.io/router.middlewares";

const OUTPOST: &str = "/outpost.goauthentik.io/";

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let middlewares: Vec<&Object> = context
        .model
        .objects
        .iter()
        .filter(|object| object.kind() == "Middleware" && object.api_version().starts_with("traefik."))
        .collect();
    let lists = lists(context.model);
    for object in &middlewares {
        let Some(address) = object.at(&["spec", "forwardAuth", "address"]) else { continue };
        if !address.as_text().is_some_and(|text| text.as_str().contains(OUTPOST))
            || is_cached(object, &middlewares, &lists)
        {
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

/// A middleware by namespace and name.
type Name = (String, String);

/// The middlewares of each route and chain, in order.
fn lists(model: &Model) -> Vec<Vec<Name>> {
    let mut out = Vec::new();
    for object in model.objects.iter().filter(|object| object.api_version().starts_with("traefik.")) {
        let namespace = object.namespace().unwrap_or_default();
        let routes = object.at(&["spec", "routes"]).map(Node::items).unwrap_or_default();
        let of_routes = routes.iter().filter_map(|route| route.get("middlewares"));
        for list in of_routes.chain(object.at(&["spec", "chain", "middlewares"])) {
            out.push(list.items().iter().filter_map(|item| name_of(item, namespace)).collect());
        }
    }
    for object in model.objects.iter().filter(|object| object.kind() == "Ingress") {
        let list = object.at(&["metadata", "annotations", ROUTER]).and_then(Node::as_str);
        out.extend(list.map(|list| list.split(',').filter_map(of_annotation).collect()));
    }
    out
}

fn name_of(item: &Node, namespace: &str) -> Option<Name> {
    let other = item.get("namespace").and_then(Node::as_str);
    Some((other.unwrap_or(namespace).to_owned(), item.get("name")?.as_str()?.to_owned()))
}

/// `auth-authentik@kubernetescrd`: where the namespace ends is not said, so that both parts stand in the name.
fn of_annotation(text: &str) -> Option<Name> {
    Some((String::new(), text.trim().strip_suffix("@kubernetescrd")?.to_owned()))
}

fn is_named(object: &Object, (namespace, name): &Name) -> bool {
    let (own, called) = (object.namespace().unwrap_or_default(), object.name().unwrap_or_default());
    match namespace.as_str() {
        "" => *name == format!("{own}-{called}"),
        namespace => own == namespace && called == name,
    }
}

/// Whether a cache stands before a middleware wherever it is used; where no use of it is known, whether there is one.
fn is_cached(object: &Object, middlewares: &[&Object], lists: &[Vec<Name>]) -> bool {
    let caching = |name: &Name| middlewares.iter().any(|other| is_named(other, name) && caches(other));
    let mut uses = lists.iter().filter_map(|list| {
        let at = list.iter().position(|name| is_named(object, name))?;
        Some(list[..at].iter().any(caching))
    });
    match uses.next() {
        Some(first) => first && uses.all(|cached| cached),
        None => middlewares.iter().any(|other| caches(other)),
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
