//! A key of the values that the chart does not read.
//!
//! # What it does
//! Holds each key of a release's values against the keys that the chart's templates read at that version.
//! Helm drops the others without a word. An error for keys that reliability hangs on: replicas, budgets,
//! strategy, probes, resources, affinity.
//!
//! # Why it matters
//! A misspelt rollout strategy looks like one, passes review, and leaves the default in place.
//!
//! # How to fix
//! Use the key that the chart reads; where it is known, the finding names it.
//!
//! # Limits
//! Silent below free-form maps (env, annotations, labels), for charts without a profile, and for versions
//! that the profile does not cover; for top-level keys that hold anchors (`x-…`, `_…`, `.…`).
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
//!   values     = [yamlencode({ server = { strategy = { type = "RollingUpdate" } } })]
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
//!   values     = [yamlencode({ server = { deploymentStrategy = { type = "RollingUpdate" } } })]
//! }
//! ```

use crate::base::{Entry, Node};
use crate::compose::Composed;
use crate::finding::Severity;
use crate::lower::{KeyStatus, Profile, Version};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "values-key-unknown",
        summary: "a key of the values that the chart does not read",
        group: Group::Configuration,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        options: &[],
        since: "0.1.0",
        source: include_str!("values_key_unknown.rs"),
    },
    check: Some(check),
};

/// Words in keys that reliability hangs on, in lower case.
const RELIABILITY: [&str; 10] = [
    "replica",
    "pdb",
    "disruption",
    "strategy",
    "probe",
    "resources",
    "affinity",
    "topologyspread",
    "autoscaling",
    "hpa",
];

/// What the names of top-level keys begin with that only hold anchors for other keys.
const HOLDERS: [&str; 3] = ["x-", "_", "."];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for release in &context.model.releases {
        if let (Some(profile), Some(version), None) =
            (release.profile.as_deref(), release.version, &release.opaque)
        {
            let reader = Reader { release, profile, version };
            reader.walk(&release.values, "", sink);
        }
    }
}

struct Reader<'a> {
    release: &'a Composed,
    profile: &'a Profile,
    version: Version,
}

impl Reader<'_> {
    /// Reports the outermost keys that are not read.
    fn walk(&self, node: &Node, parent: &str, sink: &mut Sink<'_>) {
        let Some(map) = node.as_map() else { return };
        for entry in &map.entries {
            if parent.is_empty() && HOLDERS.iter().any(|begin| entry.key.name.starts_with(begin)) {
                continue;
            }
            let path = if parent.is_empty() {
                entry.key.name.to_string()
            } else {
                format!("{parent}.{}", entry.key.name)
            };
            match self.profile.key_status(&path, self.version) {
                KeyStatus::Unknown { instead, documented, .. } => {
                    self.report(entry, &path, instead, documented, sink);
                }
                KeyStatus::Read { free_form } if !free_form => self.walk(&entry.value, &path, sink),
                KeyStatus::Read { .. } => {}
            }
        }
    }

    fn report(
        &self,
        entry: &Entry,
        path: &str,
        instead: Option<String>,
        documented: bool,
        sink: &mut Sink<'_>,
    ) {
        let removed =
            self.profile.application().and_then(crate::lower::find_application).is_some_and(|application| {
                application
                    .removed_values
                    .iter()
                    .any(|c| crate::lower::is_under(path, &c.path) && c.since <= self.version)
            });
        // setting-removed tells more about these.
        if removed {
            return;
        }
        let lower = path.to_lowercase();
        let severe = RELIABILITY.iter().any(|word| lower.contains(word));
        let severity = if severe { Severity::Error } else { Severity::Warning };
        let chart = format!("{} {}", self.profile.chart, self.version);
        let message = match &instead {
            Some(instead) => format!("chart {chart} does not read `{path}`: it reads `{instead}`"),
            None => format!("chart {chart} does not read `{path}`"),
        };
        let note = match documented {
            true => "the chart's documentation lists the key, but no template reads it",
            false => "Helm drops a key that no template reads without a word; the default stays in place",
        };
        let help = match instead {
            Some(instead) => format!("write `{instead}`"),
            None => "remove it, or find the key that the chart reads in its values.yaml".to_owned(),
        };
        let source = &self.release.release;
        let report = sink
            .report(severity, entry.key.place, message)
            .label("no template reads this")
            .on_release(source, path)
            .note(note)
            .help(help);
        sink.push(report);
    }
}
