//! A Service that selects no pods.
//!
//! # What it does
//! Finds Services with a selector that takes the pods of no workload, in a namespace of which everything is known.
//!
//! # Why it matters
//! It resolves and refuses every connection. Nothing else says that its pods carry other labels.
//!
//! # How to fix
//! Select labels of the pod template.
//!
//! # Limits
//! Silent where a release, an operator or anything else that is not known may make pods in the namespace, and where nothing
//! known does.
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
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: { name: web, namespace: shop }
//! spec: { selector: { app: wbe }, ports: [{ port: 80 }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: { name: web, namespace: shop }
//! spec: { selector: { app: web }, ports: [{ port: 80 }] }
//! ```

use crate::base::{Entry, Node};
use crate::finding::Severity;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "service-selector-dead",
        summary: "a Service that selects no pods",
        group: Group::Availability,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("service_selector_dead.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    for service in &model.services {
        let object = &model.objects[service.object];
        let selector =
            service.selector.as_ref().filter(|node| node.is_written() && node.open_reason().is_none());
        let (Some(selector), Some(namespace)) = (selector, service.namespace.as_deref()) else { continue };
        let entries = selector.as_map().map(|map| &map.entries[..]).unwrap_or_default();
        let is_known = entries.iter().all(|entry| entry.value.display().is_some());
        let external = object.at(&["spec", "type"]).and_then(Node::as_str) == Some("ExternalName");
        let selects_none = service.selected.is_empty() && service.perhaps.is_empty();
        if entries.is_empty()
            || !is_known
            || external
            || !selects_none
            || object.conditional.is_some()
            || object.described
        {
            continue;
        }
        if !model.has_pods(namespace, &service.stack) || !model.is_fully_known(namespace, &service.stack) {
            continue;
        }
        let message = format!("Service `{}` selects no pods", service.name);
        let report = sink
            .report(Severity::Warning, selector.place, message)
            .label(format!("no pod of namespace `{namespace}` has {}", shown(entries)))
            .on_object(object, "spec.selector")
            .note("its name resolves, and every connection to it is refused")
            .help("select labels of the pod template that it is for");
        sink.push(report.through(selector));
    }
}

fn shown(entries: &[Entry]) -> String {
    let pairs = entries
        .iter()
        .map(|entry| format!("`{}: {}`", entry.key.name, entry.value.display().unwrap_or_default()));
    pairs.collect::<Vec<_>>().join(" and ")
}
