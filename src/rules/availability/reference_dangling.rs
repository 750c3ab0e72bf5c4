//! A reference to an object that is not there.
//!
//! # What it does
//! Looks for the Services behind Ingresses, HTTPRoutes and IngressRoutes and the one that a StatefulSet names, for the
//! ServiceAccounts of pods, and for the ConfigMaps and their keys that pods mount or read, in namespaces that the repository makes
//! and knows whole.
//!
//! # Why it matters
//! Pods whose ServiceAccount or ConfigMap is missing never start; a route without its Service answers with an error; the pods of
//! a StatefulSet have no names without it.
//!
//! # How to fix
//! Correct the name, or add the object.
//!
//! # Limits
//! Silent in namespaces where something that is not known could make objects: charts, operators, policies that generate them,
//! remote bases; and in stacks that install what is not known anywhere, such as the chart of an operator. Silent where another namespace has an object of that name, since controllers copy them, and about Secrets, which
//! are mostly made elsewhere. What is optional may be missing.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { serviceAccountName: web, containers: [{ name: web, image: "web:1.0.0" }] }
//! ---
//! apiVersion: v1
//! kind: ServiceAccount
//! metadata: { name: webb, namespace: shop }
//! ---
//! apiVersion: v1
//! kind: Namespace
//! metadata: { name: shop }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { serviceAccountName: web, containers: [{ name: web, image: "web:1.0.0" }] }
//! ---
//! apiVersion: v1
//! kind: ServiceAccount
//! metadata: { name: web, namespace: shop }
//! ---
//! apiVersion: v1
//! kind: Namespace
//! metadata: { name: shop }
//! ```

mod pods;
mod routes;

use crate::base::Node;
use crate::finding::{Severity, closest};
use crate::lower::Object;
use crate::model::Model;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "reference-dangling",
        summary: "a reference to an object that is not there",
        group: Group::Availability,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Strict,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("reference_dangling.rs"),
    },
    check: Some(check),
};

/// A name that an object of the same namespace must have.
struct Reference<'a> {
    kind: &'static str,
    name: &'a Node,
    /// A key of its data that must be there.
    key: Option<&'a Node>,
    /// The namespace, where it is not that of whoever refers.
    namespace: Option<&'a Node>,
    field: String,
    why: &'static str,
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    for object in model.objects.iter().filter(|object| !object.described && object.release.is_none()) {
        for reference in routes::references(object) {
            judge(model, object, &reference, sink);
        }
    }
    for (_, workload) in context.workloads().filter(|(_, workload)| workload.release.is_none()) {
        for reference in pods::references(workload) {
            judge(model, model.object(workload), &reference, sink);
        }
    }
}

fn judge(model: &Model, from: &Object, reference: &Reference<'_>, sink: &mut Sink<'_>) {
    let namespace = match reference.namespace {
        Some(node) => node.as_str(),
        None => from.namespace(),
    };
    let (Some(namespace), Some(name)) = (namespace, plain(reference.name)) else { return };
    let named: Vec<&Object> = model.named(reference.kind, name).filter(|object| !object.described).collect();
    let there = !named.is_empty() && reference.key.is_none();
    if there || !is_closed(model, namespace, &from.stack, reference.kind) {
        return;
    }
    let of_kind =
        || model.objects.iter().filter(|object| object.kind() == reference.kind && !object.described);
    if of_kind().any(|object| object.name().is_none()) {
        return;
    }
    if named.is_empty() {
        let others: Vec<&str> = of_kind()
            .filter(|object| object.namespace() == Some(namespace))
            .filter_map(Object::name)
            .collect();
        return missing(from, reference, name, namespace, &others, sink);
    }
    let Some(key) = reference.key.filter(|_| named.len() == 1) else { return };
    if let Some(text) = plain(key).filter(|text| lacks(named[0], text)) {
        let message = format!("{} `{name}` has no key `{text}`", reference.kind);
        let report = sink
            .report(Severity::Warning, key.place, message)
            .label("no such key")
            .related(named[0].header, "what it has is written here")
            .on_object(from, reference.field.as_str())
            .note(reference.why)
            .help("correct the key, or add it");
        sink.push(report.through(key));
    }
}

fn missing(
    from: &Object,
    reference: &Reference<'_>,
    name: &str,
    namespace: &str,
    others: &[&str],
    sink: &mut Sink<'_>,
) {
    let help = match closest(name, others) {
        Some(near) => format!("write `{near}`, or add {} `{name}`", reference.kind),
        None => format!("correct the name, or add {} `{name}`", reference.kind),
    };
    let report = sink
        .report(
            Severity::Warning,
            reference.name.place,
            format!("there is no {} `{name}` in namespace `{namespace}`", reference.kind),
        )
        .label("nothing has this name")
        .on_object(from, reference.field.as_str())
        .note(reference.why)
        .help(help);
    sink.push(report.through(reference.name));
}

/// A name that is known and not filled in by an engine.
fn plain(node: &Node) -> Option<&str> {
    node.as_str().filter(|text| !text.is_empty() && !text.contains(['$', '{']))
}

/// Whether a ConfigMap is known whole and has no such key.
fn lacks(object: &Object, key: &str) -> bool {
    let fields = ["data", "binaryData"].map(|field| object.at(&[field]));
    let open = object.root.open_reason().is_some()
        || fields.into_iter().flatten().any(|node| node.open_reason().is_some());
    !open && !fields.into_iter().flatten().any(|node| node.get(key).is_some())
}

/// Whether all objects of a kind in a namespace are known.
fn is_closed(model: &Model, namespace: &str, stack: &str, kind: &str) -> bool {
    let of_release = |namespaced: Option<&str>| namespaced.is_none_or(|named| named == namespace);
    let charts = model
        .releases
        .iter()
        .any(|release| of_release(release.release.namespace.as_ref().and_then(Node::as_str)));
    // An operator that a chart of the same stack installs may work in any namespace.
    let operator = model.opaque.iter().any(|opaque| *opaque.stack == *stack);
    // What makes a namespace mostly fills it, too.
    let own = model.namespaces.iter().any(|own| own.name == namespace);
    let generated = model.objects.iter().any(|object| generates(object, kind));
    own && !operator
        && model.has_pods(namespace, stack)
        && model.is_fully_known(namespace, stack)
        && !charts
        && !generated
}

/// Whether a policy of Kyverno's, or a bundle of trust-manager's, makes objects of a kind.
fn generates(object: &Object, kind: &str) -> bool {
    if object.kind() == "Bundle" {
        return kind == "ConfigMap";
    }
    let rules = object.at(&["spec", "rules"]).filter(|_| matches!(object.kind(), "ClusterPolicy" | "Policy"));
    let made = |rule: &Node| rule.at(&["generate", "kind"]).and_then(Node::as_str) == Some(kind);
    rules.map(Node::items).unwrap_or_default().iter().any(made)
}
