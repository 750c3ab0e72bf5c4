//! An object of an API that Kubernetes no longer serves.
//!
//! # What it does
//! Holds apiVersion and kind of each object, and the types of Terraform's provider that stand for them, against the releases of
//! Kubernetes that stopped serving them.
//!
//! # Why it matters
//! The API server refuses the object, and everything that is applied after it may wait. What ran before keeps running, and can
//! no longer be changed.
//!
//! # How to fix
//! Write the version that serves the kind now; where the shape changed, the fields too.
//!
//! # Limits
//! An error where the release in the config (`cluster: { kubernetes: "1.34" }`) no longer serves it, or without one, where no
//! release that is supported does. A warning where only later releases stop. Custom resources are not judged.
//!
//! # Fix safety
//! Safe: where the shape is the same, only the version is exchanged, and the API refuses the object today.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: policy/v1beta1
//! kind: PodDisruptionBudget
//! metadata: { name: web, namespace: shop }
//! spec:
//!   maxUnavailable: 1
//!   selector: { matchLabels: { app: web } }
//! ```
//! Good:
//! ```yaml
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: web, namespace: shop }
//! spec:
//!   maxUnavailable: 1
//!   selector: { matchLabels: { app: web } }
//! ```

use crate::base::Node;
use crate::finding::{Applicability, Severity};
use crate::lower::{Object, RemovedApi, Version, oldest_supported, removed_api};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "api-removed",
        summary: "an object of an API that Kubernetes no longer serves",
        group: Group::Configuration,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Safe),
        options: &[],
        since: "0.1.0",
        source: include_str!("api_removed.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let target = context.settings.facts.kubernetes;
    for object in context.model.objects.iter().filter(|object| !object.described) {
        let Some(api) = object.at(&["apiVersion"]) else { continue };
        if let Some(removed) = api.as_str().and_then(|text| removed_api(text, object.kind())) {
            judge(object, api, removed, target, sink);
        }
    }
}

fn judge(object: &Object, api: &Node, removed: &RemovedApi, target: Option<Version>, sink: &mut Sink<'_>) {
    let (gone, since) = match target {
        Some(target) => {
            (target >= removed.removed_in, format!("the config names Kubernetes {}", release(target)))
        }
        None => (
            oldest_supported().is_some_and(|oldest| oldest >= removed.removed_in),
            "no release that is supported serves it".to_owned(),
        ),
    };
    let severity = if gone { Severity::Error } else { Severity::Warning };
    let ends = if gone { "no longer serves since" } else { "stops serving in" };
    let message = format!(
        "{} `{}` is of {}, which Kubernetes {ends} {}",
        object.kind(),
        object.name().unwrap_or("?"),
        removed.api,
        release(removed.removed_in)
    );
    // A typed resource of Terraform has no apiVersion: its type says it.
    let typed = api.place == object.root.place;
    let help = match (&removed.to, typed) {
        (Some(to), false) if keeps_shape(object, removed) => format!("write `{to}`"),
        (Some(to), false) if removed.same => format!(
            "move to `{to}`, and state `{}`, which it needs",
            removed.given.as_deref().unwrap_or("what it needs")
        ),
        (Some(to), false) => format!("move to `{to}`, whose fields differ"),
        (Some(to), true) => match typed_name(&object.subject, to) {
            Some(name) => format!("use `{name}`, the resource of `{to}`"),
            None => format!("use the resource type for `{to}` (with the suffix of its version)"),
        },
        (None, _) => "nothing serves this kind any more: remove it".to_owned(),
    };
    let place = if typed { object.header } else { api.place };
    let report = sink
        .report(severity, place, message)
        .label(since)
        .on_object(object, "apiVersion")
        .note(format!(
            "an API server of {} or later refuses it; what is applied after it may wait",
            release(removed.removed_in)
        ))
        .help(help);
    let fix = removed.to.as_ref().filter(|_| gone && !typed && keeps_shape(object, removed));
    let fix = fix.map(|to| vec![Change::set(api, to.as_str())]);
    sink.push(report.safe_fix("write the version that is served", fix.unwrap_or_default()));
}

/// The type of Terraform's provider for another version: `kubernetes_ingress` of v1 is `kubernetes_ingress_v1`.
fn typed_name(subject: &str, to: &str) -> Option<String> {
    let kind = subject.split('.').find(|part| part.starts_with("kubernetes_"))?;
    let version = to.rsplit('/').next()?;
    let base = kind.rsplit_once("_v").filter(|(_, tail)| tail.starts_with(|c: char| c.is_ascii_digit()));
    Some(format!("{}_{version}", base.map_or(kind, |(base, _)| base)))
}

fn release(version: Version) -> String {
    let text = version.to_string();
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// Whether the object means the same under the version that serves it.
fn keeps_shape(object: &Object, removed: &RemovedApi) -> bool {
    let given = removed.given.as_ref().is_none_or(|path| {
        let path: Vec<&str> = path.split('.').collect();
        object.at(&path).and_then(Node::as_map).is_some_and(|map| !map.entries.is_empty())
    });
    removed.same && given && object.release.is_none()
}
