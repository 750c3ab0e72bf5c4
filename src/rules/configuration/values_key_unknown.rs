//! A key of the values that the chart does not read.
//!
//! # What it does
//! Holds each key of a release's values against the keys that the chart's templates read at that version:
//! those of its profile, or, for a chart in the repository, the `.Values` paths of its templates and its
//! dependencies'. Helm drops the others without a word, or refuses them where the chart's schema lists all
//! keys. An error for what is refused, and for keys that reliability hangs on: replicas, budgets, strategy,
//! probes, resources, affinity; a warning where the value is empty, and in the values.yaml of the chart itself.
//!
//! # Why it matters
//! A misspelt rollout strategy looks like one, passes review, and leaves the default in place.
//!
//! # How to fix
//! Use the key that the chart reads; where it is known, the finding names it.
//!
//! # Limits
//! Silent below free-form maps (env, annotations, labels), for charts elsewhere without a profile, and for
//! versions that the profile does not cover; for top-level keys that hold anchors (`x-…`, `_…`, `.…`); for
//! a chart in the repository that calls templates which stand elsewhere, or passes all its values on.
//!
//! # Fix safety
//! Unsafe: the key begins to have an effect. Only where the name that the chart reads is known.
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

use crate::base::{Entry, Node, Value};
use crate::compose::{Composed, Keys};
use crate::finding::{Applicability, Severity};
use crate::lower::{KeyStatus, find_application, is_under, value_at};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "values-key-unknown",
        summary: "a key of the values that the chart does not read",
        group: Group::Configuration,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
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
    let mut judged: BTreeSet<&str> = BTreeSet::new();
    for release in &context.model.releases {
        let Some(keys) = release.keys().filter(|_| release.profile.is_none() || release.opaque.is_none())
        else {
            continue;
        };
        let reader = Reader { release, keys, own: false };
        reader.walk(&release.values, &mut Vec::new(), sink);
        let Some(chart) = release.chart.as_ref().filter(|_| release.profile.is_none()) else { continue };
        // What a chart's own values.yaml offers is the chart's matter, once.
        if judged.insert(&chart.dir) {
            Reader { own: true, ..reader }.walk(&chart.defaults, &mut Vec::new(), sink);
        }
    }
}

struct Reader<'a> {
    release: &'a Composed,
    keys: Keys<'a>,
    /// Whether the values are those that the chart itself brings.
    own: bool,
}

/// What is known of a key that is not read.
struct Unread {
    instead: Option<String>,
    documented: bool,
    refused: bool,
}

impl Reader<'_> {
    /// Reports the outermost keys that are not read.
    fn walk<'n>(&self, node: &'n Node, parents: &mut Vec<&'n str>, sink: &mut Sink<'_>) {
        let Some(map) = node.as_map() else { return };
        for entry in &map.entries {
            if parents.is_empty() && HOLDERS.iter().any(|begin| entry.key.name.starts_with(begin)) {
                continue;
            }
            parents.push(&entry.key.name);
            match self.keys.status(parents) {
                KeyStatus::Unknown { instead, documented, refused } => {
                    let path = parents.join(".");
                    self.report(entry, &path, &Unread { instead, documented, refused }, sink);
                }
                KeyStatus::Read { free_form } if !free_form => self.walk(&entry.value, parents, sink),
                KeyStatus::Read { .. } => {}
            }
            parents.pop();
        }
    }

    fn report(&self, entry: &Entry, path: &str, unread: &Unread, sink: &mut Sink<'_>) {
        // setting-removed tells more about these.
        if self.is_removed(path) {
            return;
        }
        let chart = self.release.chart_title();
        let does = if unread.refused { "refuses" } else { "does not read" };
        let message = match &unread.instead {
            Some(instead) => format!("chart {chart} {does} `{path}`: it reads `{instead}`"),
            None => format!("chart {chart} {does} `{path}`"),
        };
        let label = if unread.refused {
            "its values.schema.json allows no such key"
        } else {
            "no template reads this"
        };
        let source = &self.release.release;
        let report = sink
            .report(self.severity(entry, path, unread), entry.key.place, message)
            .label(label)
            .on_release(source, path)
            .note(self.note(unread))
            .help(self.help(unread));
        let fix = unread.instead.as_ref().and_then(|instead| self.rename(entry, path, instead));
        sink.push(report.unsafe_fix("write the key that the chart reads", fix.into_iter().collect()));
    }

    /// The other name, where it stands beside this one and is not set too.
    fn rename(&self, entry: &Entry, path: &str, instead: &str) -> Option<Change> {
        let (parent, _) = path.rsplit_once('.').unwrap_or(("", path));
        let (other, name) = instead.rsplit_once('.').unwrap_or(("", instead));
        let is_set = value_at(&self.release.values, instead).is_some();
        (parent == other && !is_set).then(|| Change::Rename {
            place: entry.key.place,
            from: entry.key.name.to_string(),
            to: name.to_owned(),
        })
    }

    fn severity(&self, entry: &Entry, path: &str, unread: &Unread) -> Severity {
        let lower = path.to_lowercase();
        let severe = RELIABILITY.iter().any(|word| lower.contains(word)) && !sets_nothing(&entry.value);
        match unread.refused || severe && !self.own {
            true => Severity::Error,
            false => Severity::Warning,
        }
    }

    fn note(&self, unread: &Unread) -> &'static str {
        match (unread.refused, unread.documented) {
            (true, _) => "Helm stops with an error: nothing of the release is installed or upgraded",
            _ if self.own => "whoever sets it changes nothing, and is not told",
            (_, true) => "the chart lists the key for its users, but no template reads it",
            _ => "Helm drops a key that no template reads without a word; the default stays in place",
        }
    }

    fn help(&self, unread: &Unread) -> String {
        match &unread.instead {
            Some(instead) => format!("write `{instead}`"),
            None if self.own => "remove it from values.yaml, or read it in a template".to_owned(),
            None => "remove it, or find the key that the chart reads in its values.yaml".to_owned(),
        }
    }

    fn is_removed(&self, path: &str) -> bool {
        let (Some(profile), Some(version)) = (&self.release.profile, self.release.version) else {
            return false;
        };
        let application = profile.application().and_then(find_application);
        application.is_some_and(|application| {
            application.removed_values.iter().any(|c| is_under(path, &c.path) && c.since <= version)
        })
    }
}

/// An empty value, which changes nothing wherever it stands.
fn sets_nothing(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Text(text) => text.as_str().is_empty(),
        Value::List(list) => list.items.is_empty() && list.open.is_none(),
        Value::Map(map) => map.entries.is_empty() && map.open.is_none(),
        _ => false,
    }
}
