//! Values that the chart ignores because its Secret is not rendered.
//!
//! # What it does
//! Some charts turn a tree of values into a Secret of environment variables. Where another Secret stands in
//! for it (authentik's `authentik.existingSecret.secretName`, chart 2025.12.0 and later) or the tree is
//! switched off, nothing in the tree reaches a pod. One finding for each key.
//!
//! # Why it matters
//! The change is reviewed, merged and deployed, and does nothing; nobody is told.
//!
//! # How to fix
//! Move the setting to the environment, under its variable's name, or into the Secret that is read.
//!
//! # Limits
//! Silent for charts that render the Secret all the same, and where chart or version are not known.
//!
//! # Fix safety
//! Unsafe: the setting begins to have an effect. It moves a key to the environment of the components; secrets are never
//! moved.
//!
//! # Example
//! Bad:
//! ```hcl
//! resource "helm_release" "authentik" {
//!   name       = "authentik"
//!   namespace  = "auth"
//!   repository = "https://charts.goauthentik.io"
//!   chart      = "authentik"
//!   version    = "2026.2.2"
//!   values = [<<-EOT
//!     authentik:
//!       existingSecret: { secretName: authentik }
//!       postgresql: { conn_max_age: 60 }
//!   EOT
//!   ]
//! }
//! ```
//! Good:
//! ```hcl
//! resource "helm_release" "authentik" {
//!   name       = "authentik"
//!   namespace  = "auth"
//!   repository = "https://charts.goauthentik.io"
//!   chart      = "authentik"
//!   version    = "2026.2.2"
//!   values = [<<-EOT
//!     authentik:
//!       existingSecret: { secretName: authentik }
//!     server:
//!       env:
//!         - { name: AUTHENTIK_POSTGRESQL__CONN_MAX_AGE, value: "60" }
//!   EOT
//!   ]
//! }
//! ```

use crate::base::{Entry, Node, is_secret_key};
use crate::compose::Composed;
use crate::finding::{Applicability, Severity};
use crate::lower::{Settings, find_application, is_under, leaves, value_at};
use crate::model::{SecretState, secret_state};
use crate::rule::changes::{append_in_values, document_of};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::{Change, Draft};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "values-inert",
        summary: "values that the chart ignores because its Secret is not rendered",
        group: Group::Configuration,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("values_inert.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for release in &context.model.releases {
        let Some(settings) = release.profile.as_deref().and_then(|profile| profile.settings.as_ref()) else {
            continue;
        };
        if release.opaque.is_some() {
            continue;
        }
        let Some(tree) = value_at(&release.values, &settings.root) else { continue };
        match secret_state(release) {
            SecretState::Rendered => {}
            SecretState::Replaced(named) => keys(release, settings, tree, &named, sink),
            SecretState::Disabled(switch) => keys(release, settings, tree, &switch, sink),
            SecretState::Unknown(reason) => sink.unjudged(tree.place, reason),
        }
    }
}

fn keys(release: &Composed, settings: &Settings, tree: &Node, cause: &Node, sink: &mut Sink<'_>) {
    if let Some(reason) = tree.open_reason() {
        sink.unjudged(tree.place, reason);
    }
    for (tail, entry) in leaves(tree) {
        let path = format!("{}.{tail}", settings.root);
        let apart = settings.apart.iter().any(|apart| is_under(&path, apart));
        // The chart leaves empty strings out of the Secret too.
        if apart || entry.value.is_null() || entry.value.as_str() == Some("") {
            continue;
        }
        let application = release.profile.as_deref().and_then(|p| p.application()).and_then(find_application);
        let severity = match application.is_some_and(|a| a.is_reliability(&tail)) {
            true => Severity::Error,
            false => Severity::Warning,
        };
        let variable = format!("{}{}", settings.prefix, tail.replace('.', "__").to_uppercase());
        let help = help(settings, &variable, &tail);
        let message = format!("`{path}` reaches no pod: the chart renders no Secret");
        let report = sink
            .report(severity, entry.key.place, message)
            .label("has no effect")
            .on_release(&release.release, path)
            .related_node(cause, "because of this, the chart leaves the whole block out")
            .note("whatever stands in this block is dropped without a word; review and deployment are green")
            .help(help);
        let fix =
            if is_secret(&tail) { Vec::new() } else { moved(release, settings, &tail, entry, &variable) };
        sink.push(report.unsafe_fix(format!("set {variable} in the environment instead"), fix));
    }
}

/// The key in the environment of the components that take it, where it is not set there already.
fn moved(release: &Composed, settings: &Settings, tail: &str, entry: &Entry, variable: &str) -> Vec<Change> {
    // Copied as it stands: what a variable or a template fills in stays theirs.
    if entry.value.as_map().is_some() || entry.value.as_list().is_some() {
        return Vec::new();
    }
    let value = Draft::CopiedText(entry.value.place);
    let path: Vec<&str> = std::iter::once(settings.root.as_str()).chain(tail.split('.')).collect();
    let Some(from) = document_of(release, &path) else { return Vec::new() };
    let path = path.into_iter().map(str::to_owned).collect();
    let mut changes = vec![Change::Remove { from: from.clone(), path }];
    for component in &settings.components {
        let list = value_at(&release.values, &format!("{component}.env"));
        let named = |item: &Node| item.get("name").and_then(Node::as_str) == Some(variable);
        if list.is_some_and(|list| list.items().iter().any(named)) {
            continue;
        }
        let item = Draft::map([("name", variable.into()), ("value", value.clone())]);
        changes.extend(append_in_values(release, &[component, "env"], item));
    }
    changes
}

/// A secret never goes into the environment in plain text.
fn help(settings: &Settings, variable: &str, path: &str) -> String {
    if is_secret(path) {
        return format!("put {variable} into that Secret, and remove the key here");
    }
    let targets: Vec<String> = settings.components.iter().map(|c| format!("`{c}.env`")).collect();
    format!("set {variable} in {}, or in that Secret, and remove the key here", targets.join(" and "))
}

fn is_secret(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or_default();
    is_secret_key(name) || ["password", "secret", "token", "key"].iter().any(|word| name.contains(word))
}
