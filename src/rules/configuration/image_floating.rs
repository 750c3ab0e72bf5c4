//! A critical workload runs whatever `latest` is.
//!
//! # What it does
//! Finds images without a tag, or with the tag `latest`, and without a digest.
//!
//! # Why it matters
//! The next pod that starts, after a drain at night, may run another version than the ones beside it, and
//! nothing in the repository says which.
//!
//! # How to fix
//! Pin a version, or a digest.
//!
//! # Limits
//! A note where `lifecycle.ignore_changes` covers the image, since something else sets it. Silent where the
//! image cannot be known offline.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: db }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: pgbouncer } }
//!     spec: { containers: [{ name: pgbouncer, image: "edoburu/pgbouncer:latest" }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: pgbouncer, namespace: db }
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: { labels: { app: pgbouncer } }
//!     spec: { containers: [{ name: pgbouncer, image: "edoburu/pgbouncer:v1.24.1-p1" }] }
//! ```

use crate::finding::Severity;
use crate::model::{Container, Image, Workload};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "image-floating",
        summary: "a critical workload runs whatever `latest` is",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Critical,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("image_floating.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads() {
        for container in workload.all_containers() {
            let Some(node) = container.node.get("image").and_then(|node| sink.known(node)) else { continue };
            // Flux and other engines fill in such variables when they apply.
            let named =
                |image: &Image| !image.repository.contains("${") && !image.repository.starts_with('/');
            let Some(image) = container.image().filter(named) else {
                continue;
            };
            if image.is_floating() {
                let message = message(workload, container, &image);
                let report = sink
                    .report(Severity::Warning, node.place, message)
                    .label(if image.tag.is_some() { "a tag that moves" } else { "no tag means `latest`" })
                    .on(workload, workload.container_field(container, "image"))
                    .note("the next pod that starts may run another version than the one that was tested")
                    .help("pin a version tag or a digest")
                    .through(node);
                sink.push(report);
            }
        }
    }
}

fn message(workload: &Workload, container: &Container, image: &Image) -> String {
    let tag = image.tag.as_ref().map_or_else(String::new, |tag| format!(":{tag}"));
    format!(
        "container `{}` of {} has no fixed image version: {}{tag}",
        container.name,
        workload.title(),
        image.repository
    )
}
