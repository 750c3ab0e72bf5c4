//! A command whose document may change without it.
//!
//! # What it does
//! Finds `null_resource` and `terraform_data` whose `local-exec` applies a document that it holds, where nothing among the
//! `triggers` (or `triggers_replace`) depends on the text of the document; and triggers that repeat a value of the document
//! by hand, and differ from it.
//!
//! # Why it matters
//! Terraform runs the command once, and again only when a trigger changes. Edits of the document plan as «no changes» and
//! never reach the cluster.
//!
//! # How to fix
//! Put the document into a local, and its hash into the triggers: `triggers = { manifest = sha256(local.manifest) }`.
//!
//! # Limits
//! Commands that apply files, and triggers whose origin is not known (`timestamp()`), say nothing.
//!
//! # Example
//! Bad:
//! ```hcl
//! locals {
//!   manifest = <<-YAML
//!     apiVersion: v1
//!     kind: ConfigMap
//!     metadata: { name: web, namespace: shop }
//!     data: { size: 512Mi }
//!   YAML
//! }
//!
//! resource "null_resource" "web" {
//!   provisioner "local-exec" {
//!     command = <<-SH
//!       kubectl apply -f - <<'YAML'
//!       ${local.manifest}
//!       YAML
//!     SH
//!   }
//! }
//! ```
//! Good:
//! ```hcl
//! locals {
//!   manifest = <<-YAML
//!     apiVersion: v1
//!     kind: ConfigMap
//!     metadata: { name: web, namespace: shop }
//!     data: { size: 512Mi }
//!   YAML
//! }
//!
//! resource "null_resource" "web" {
//!   triggers = { manifest = sha256(local.manifest) }
//!   provisioner "local-exec" {
//!     command = <<-SH
//!       kubectl apply -f - <<'YAML'
//!       ${local.manifest}
//!       YAML
//!     SH
//!   }
//! }
//! ```

use crate::base::{Entry, Node, Place, Text, Value, is_secret_key, provenance};
use crate::finding::Severity;
use crate::lower::Provisioned;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "provisioner-trigger-stale",
        summary: "a command whose document may change without it",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("provisioner_trigger_stale.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for provisioned in &context.model.authored.provisioned {
        // Not the place of the whole, which may reach from a local to the command.
        let texts = provisioned.texts.iter().filter_map(Node::as_text);
        let content: Vec<Place> = texts.flat_map(Text::sources).collect();
        let triggers = triggers(provisioned);
        let open = provisioned.triggers.as_ref().and_then(Node::open_reason).filter(|_| triggers.is_empty());
        if let (Some(reason), Some(node)) = (open, &provisioned.triggers) {
            sink.unjudged(node.place, reason);
        } else if !triggers.iter().any(|(_, value)| may_cover(value, &content)) {
            report(provisioned, &triggers, sink);
        }
    }
}

/// The triggers with their names; a single value has none.
fn triggers(provisioned: &Provisioned) -> Vec<(&str, &Node)> {
    match provisioned.triggers.as_ref().map(|node| (&node.value, node)) {
        Some((Value::Map(map), _)) => map.entries.iter().map(|e| (&*e.key.name, &e.value)).collect(),
        Some((Value::List(list), _)) => list.items.iter().map(|item| ("", item)).collect(),
        Some((Value::Null | Value::Unknown(_), node)) if provenance(node).len() < 2 => Vec::new(),
        Some((_, node)) => vec![("", node)],
        None => Vec::new(),
    }
}

/// Whether a trigger changes with the document: by where its value comes from. Of one that cannot be told, it may.
fn may_cover(trigger: &Node, content: &[Place]) -> bool {
    let from = provenance(trigger);
    let overlaps = |a: &Place| content.iter().any(|b| a.contains(*b) || b.contains(*a));
    let untold = trigger.unknown_reason().is_some() && trigger.trail.places().next().is_none();
    untold || from.iter().any(overlaps)
}

fn report(provisioned: &Provisioned, triggers: &[(&str, &Node)], sink: &mut Sink<'_>) {
    let repeated =
        triggers.iter().find_map(|(name, value)| Some((*name, *value, differs(provisioned, name, value)?)));
    let place =
        repeated.map(|(_, value, _)| value.place).or_else(|| triggers.first().map(|(_, value)| value.place));
    let message = match repeated {
        Some((name, _, _)) if is_secret_key(name) => {
            format!("trigger `{name}` is not what the document says")
        }
        Some((name, value, document)) => format!(
            "trigger `{name}` is `{}`, and the document says `{}`",
            value.display().unwrap_or_default(),
            document.value.display().unwrap_or_default()
        ),
        None => format!("edits of the document in `{}` are never applied", provisioned.subject),
    };
    let label = if triggers.is_empty() {
        "no trigger: the command runs once"
    } else {
        "does not change with the document"
    };
    let (if_created, text) = (provisioned.conditional.is_some(), provisioned.texts.first());
    let mut report = sink
        .report(Severity::Warning, place.unwrap_or(provisioned.header), if if_created { format!("if created: {message}") } else { message })
        .label(label)
        .subject(&provisioned.subject, "triggers", provisioned.header, &provisioned.stack)
        .note("Terraform runs the command again only when a trigger changes; an edit of the document plans as no change")
        .help("put the document into a local, and `sha256(local.…)` of it into the triggers");
    report = match (repeated, text) {
        (Some((_, _, entry)), _) => report.related(entry.value.place, "the document says this"),
        (None, Some(text)) => report.related(text.place.start(), "the document begins here"),
        (None, None) => report,
    };
    sink.push(report);
}

/// The only value of the document under the name of a trigger, where the two differ.
fn differs<'a>(provisioned: &'a Provisioned, name: &str, trigger: &Node) -> Option<&'a Entry> {
    let shown = trigger.display()?;
    let mut found = Vec::new();
    provisioned.roots.iter().for_each(|root| named(root, &plain(name), 0, &mut found));
    match found[..] {
        [entry] if entry.value.display().is_some_and(|value| value != shown) => Some(entry),
        _ => None,
    }
}

/// Values inside values that are looked into.
const DEEPEST: usize = 32;

fn named<'a>(node: &'a Node, name: &str, depth: usize, out: &mut Vec<&'a Entry>) {
    if depth > DEEPEST {
        return;
    }
    for entry in node.as_map().map(|map| &map.entries[..]).unwrap_or_default() {
        if plain(&entry.key.name) == name && entry.value.display().is_some() {
            out.push(entry);
        }
        named(&entry.value, name, depth + 1, out);
    }
    node.items().iter().for_each(|item| named(item, name, depth + 1, out));
}

/// `size_limit` and `sizeLimit` are the same name.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
