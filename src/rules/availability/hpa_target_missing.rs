//! An autoscaler whose target is not there.
//!
//! # What it does
//! Looks for the object that `scaleTargetRef` of a HorizontalPodAutoscaler or a ScaledObject names, in a namespace of which
//! everything is known.
//!
//! # Why it matters
//! The autoscaler reports `FailedGetScale` to nobody. The workload that it was written for keeps its replicas under any load.
//!
//! # How to fix
//! Name the kind and name of the workload.
//!
//! # Limits
//! Silent where a release, an operator or anything else that is not known may make the target, and where nothing known makes
//! pods in the namespace.
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
//! apiVersion: autoscaling/v2
//! kind: HorizontalPodAutoscaler
//! metadata: { name: web, namespace: shop }
//! spec:
//!   scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: wbe }
//!   maxReplicas: 5
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
//! apiVersion: autoscaling/v2
//! kind: HorizontalPodAutoscaler
//! metadata: { name: web, namespace: shop }
//! spec:
//!   scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
//!   maxReplicas: 5
//! ```

use crate::base::Node;
use crate::finding::{Severity, closest};
use crate::lower::Object;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "hpa-target-missing",
        summary: "an autoscaler whose target is not there",
        group: Group::Availability,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("hpa_target_missing.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    for autoscaler in &model.autoscalers {
        let object = &model.objects[autoscaler.object];
        let found = !autoscaler.targets.is_empty() || !autoscaler.perhaps.is_empty();
        let Some(namespace) = object.namespace().filter(|_| !found && object.conditional.is_none()) else {
            continue;
        };
        let target = object.at(&["spec", "scaleTargetRef"]);
        let Some(node) = target.and_then(|target| target.get("name")) else { continue };
        let Some(name) = node.as_str() else { continue };
        let kind = target.and_then(|target| target.get("kind")).map_or(Some("Deployment"), Node::as_str);
        let Some(kind) = kind else { continue };
        let named = |other: &&Object| other.kind() == kind && other.namespace() == Some(namespace);
        let names: Vec<&str> = model.objects.iter().filter(named).filter_map(Object::name).collect();
        let is_known =
            model.has_pods(namespace, &object.stack) && model.is_fully_known(namespace, &object.stack);
        if names.contains(&name) || !is_known {
            continue;
        }
        let message = format!(
            "there is no {kind} `{name}` for {} `{}` to scale",
            object.kind(),
            object.name().unwrap_or("?")
        );
        let help = match closest(name, &names) {
            Some(near) => format!("write `{near}`"),
            None => "name the workload that it is to scale".to_owned(),
        };
        let report = sink
            .report(Severity::Warning, node.place, message)
            .label(format!("no {kind} of namespace `{namespace}` has this name"))
            .on_object(object, "spec.scaleTargetRef.name")
            .note("the autoscaler does nothing, and the workload keeps its replicas under any load")
            .help(help);
        sink.push(report.through(node));
    }
}
