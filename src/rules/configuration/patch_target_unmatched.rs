//! A patch whose target is not there.
//!
//! # What it does
//! Finds patches of kustomizations, and of Flux's Kustomizations, that select none of their resources.
//!
//! # Why it matters
//! kustomize passes over a target that matches nothing without a word: the patch is in the repository, and not in the cluster.
//! A patch without a target whose own name matches nothing makes the build fail.
//!
//! # How to fix
//! Name what is there, or remove the patch.
//!
//! # Limits
//! Silent where a resource stands outside of the repository, comes from a chart, or is made in a way that is not followed.
//! Where several kustomizations share a patch, it must meet something in one of them.
//!
//! # Example
//! Bad:
//! ```yaml
//! # file: kustomization.yaml
//! resources: [web.yaml]
//! patches:
//!   - target: { kind: Deployment, name: webb }
//!     patch: |
//!       - { op: add, path: /spec/replicas, value: 3 }
//! # file: web.yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ```
//! Good:
//! ```yaml
//! # file: kustomization.yaml
//! resources: [web.yaml]
//! patches:
//!   - target: { kind: Deployment, name: web }
//!     patch: |
//!       - { op: add, path: /spec/replicas, value: 3 }
//! # file: web.yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ```

use crate::compose::PatchUse;
use crate::finding::{Severity, closest};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "patch-target-unmatched",
        summary: "a patch whose target is not there",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("patch_target_unmatched.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut by_place: BTreeMap<_, Vec<&(Arc<str>, PatchUse)>> = BTreeMap::new();
    for usage in &context.model.authored.uses {
        by_place.entry(usage.1.place).or_default().push(usage);
    }
    for uses in by_place.values().filter(|uses| !uses.iter().any(|(_, usage)| usage.met)) {
        let Some((stack, usage)) = uses.first() else { continue };
        if uses.iter().all(|(_, usage)| usage.all_known) {
            report(stack, usage, sink);
        } else {
            sink.unjudged(usage.place, "whether this patch meets something: not all resources are known");
        }
    }
}

fn report(stack: &Arc<str>, usage: &PatchUse, sink: &mut Sink<'_>) {
    let others: Vec<&str> = usage.others.iter().map(|(name, _)| name.as_str()).collect();
    let same = usage.others.iter().find(|(name, _)| Some(name) == usage.name.as_ref());
    let near = usage.name.as_deref().and_then(|name| closest(name, &others));
    let help = match (same, near, &others[..]) {
        (Some((name, namespace)), ..) => {
            let is = if namespace.is_empty() {
                "no namespace".to_owned()
            } else {
                format!("namespace `{namespace}`")
            };
            format!("`{name}` stands in {is}: name that")
        }
        (None, Some(near), _) => format!("did you mean `{near}`?"),
        (None, None, []) => "name a resource that is there, or remove the patch".to_owned(),
        (None, None, some) => {
            let named: Vec<String> = some.iter().take(5).map(|name| format!("`{name}`")).collect();
            format!("there is {}", named.join(", "))
        }
    };
    let note = match usage.by_own_name {
        true => "kustomize refuses to build: a patch without a target must meet a resource of its own name",
        false => "kustomize passes over it without a word",
    };
    let report = sink
        .report(
            Severity::Warning,
            usage.place,
            format!("this patch meets nothing: there is no {}", usage.wanted),
        )
        .label("selects no resource")
        .subject(if stack.is_empty() { "." } else { stack }, usage.wanted.clone(), usage.place, stack)
        .note(note)
        .help(help);
    sink.push(report);
}
