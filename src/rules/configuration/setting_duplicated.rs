//! An environment variable that is set twice.
//!
//! # What it does
//! Finds names that stand twice in the `env` of one container, and settings that stand in the environment and in the values
//! that the chart renders into its Secret.
//!
//! # Why it matters
//! Of two equal names the last one wins, and the environment wins over the Secret. Whoever edits the other one changes nothing.
//!
//! # How to fix
//! Remove the one that has no effect.
//!
//! # Limits
//! Silent about variables whose names are not known, and about charts without a profile of their settings.
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
//!     spec: { containers: [{ name: web, image: "web:1.0.0", env: [{ name: LEVEL, value: info }, { name: LEVEL, value: warning }] }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0", env: [{ name: LEVEL, value: warning }] }] }
//! ```

use crate::base::Node;
use crate::finding::Severity;
use crate::model::{Container, Workload};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "setting-duplicated",
        summary: "an environment variable that is set twice",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("setting_duplicated.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads() {
        for container in workload.all_containers() {
            in_list(workload, container, sink);
        }
    }
    for twice in context.model.settings_set_twice() {
        let workload = &context.model.workloads[twice.component.workload];
        let container = &workload.containers[twice.component.container];
        let report = sink
            .report(
                Severity::Warning,
                twice.key,
                format!("`{}` has no effect: {} is set in the environment, too", twice.path, twice.name),
            )
            .label("the environment wins over this")
            .related(twice.variable.place, format!("wins in the {}", twice.component.component))
            .on(workload, workload.container_field(container, "env"))
            .note("the chart renders this into its Secret, and a container's own variable goes before the Secret's")
            .help("remove one of the two");
        sink.push(report);
    }
}

fn in_list(workload: &Workload, container: &Container, sink: &mut Sink<'_>) {
    let items: Vec<(&str, &Node)> = container.env_names().collect();
    for (index, (name, item)) in items.iter().enumerate() {
        let Some((_, winner)) = items[index + 1..].iter().rev().find(|(other, _)| other == name) else {
            continue;
        };
        let (Some(key), Some(last)) = (item.get("name"), winner.get("name")) else { continue };
        if !key.is_written() || key.place == last.place {
            continue;
        }
        let report = sink
            .report(
                Severity::Warning,
                key.place,
                format!("`{name}` is set twice in container `{}` of {}", container.name, workload.title()),
            )
            .label("this one has no effect")
            .related_node(last, "the last one wins")
            .on(workload, workload.container_field(container, "env"))
            .note("of equal names the last one wins; an edit of the other changes nothing")
            .help("remove this one");
        sink.push(report);
    }
}
