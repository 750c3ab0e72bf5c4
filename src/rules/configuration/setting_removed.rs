//! A setting that does nothing any more.
//!
//! # What it does
//! Holds authentik's settings, in the environment and in the chart's values, against what its releases have
//! dropped up to the version that runs: everything of Redis since 2025.10, the broker since 2025.8.
//!
//! # Why it matters
//! It suggests a moving part that is not there: people look for the cache in a Redis that nobody asks.
//!
//! # How to fix
//! Remove it.
//!
//! # Limits
//! Silent where the version is not known, and in values that reach no pod anyway.
//!
//! # Fix safety
//! Safe: nothing reads the setting any more.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: authentik, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: authentik } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           env: [{ name: AUTHENTIK_REDIS__HOST, value: redis }]
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: authentik, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: authentik } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           env: []
//! ```

use crate::compose::Composed;
use crate::finding::{Applicability, Severity};
use crate::lower::{Change, find_application, is_under, value_at};
use crate::model::DeclaredForm;
use crate::rule::changes::document_of;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "setting-removed",
        summary: "a setting that does nothing any more",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Safe),
        options: &[],
        since: "0.1.0",
        source: include_str!("setting_removed.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for declared in context.model.declared_settings() {
        let application = declared.application;
        let covers =
            |change: &&Change| change.holds_at(declared.version) && is_under(&declared.path, &change.path);
        // An old name of a setting that lives on is setting-renamed's.
        let renamed = application.renamed.iter().find(covers).is_some();
        let Some(change) = application.removed.iter().find(covers).filter(|_| !renamed) else { continue };
        let spelling = declared.spelling(&declared.path);
        let message = format!("`{spelling}` does nothing since {} {}", application.name, change.since);
        let report = sink
            .report(Severity::Warning, declared.place, message)
            .label(format!("{} {} runs here", application.name, declared.version))
            .subject(declared.subject, declared.field.as_str(), declared.header, declared.stack)
            .ignored(declared.ignored)
            .note(change.why.as_str())
            .help("remove it");
        let fix = match declared.form {
            DeclaredForm::Variable(item) => Some(edit::Change::RemoveItem { item: item.clone() }),
            DeclaredForm::Key(release) => removal(release, &declared.field),
        };
        sink.push(report.safe_fix("remove it", fix.into_iter().collect()));
    }
    for release in &context.model.releases {
        chart_keys(release, sink);
    }
}

/// Keys of the chart beside its settings tree.
fn chart_keys(release: &Composed, sink: &mut Sink<'_>) {
    let (Some(profile), Some(version), None) = (release.profile.as_deref(), release.version, &release.opaque)
    else {
        return;
    };
    let Some(application) = profile.application().and_then(find_application) else { return };
    for change in application.removed_values.iter().filter(|change| change.since <= version) {
        let (parent, name) = change.path.rsplit_once('.').unwrap_or(("", &change.path));
        let parent =
            if parent.is_empty() { Some(&release.values) } else { value_at(&release.values, parent) };
        let Some(entry) = parent.and_then(|node| node.as_map()).and_then(|map| map.entry(name)) else {
            continue;
        };
        let source = &release.release;
        let message =
            format!("`{}` does nothing since chart {} {}", change.path, profile.chart, change.since);
        let report = sink
            .report(Severity::Warning, entry.key.place, message)
            .label(format!("chart {version} is installed here"))
            .on_release(source, change.path.as_str())
            .note(change.why.as_str())
            .help("remove it");
        sink.push(report.safe_fix("remove it", removal(release, &change.path).into_iter().collect()));
    }
}

/// The end of a key of the values.
fn removal(release: &Composed, path: &str) -> Option<edit::Change> {
    let path: Vec<&str> = path.split('.').collect();
    let from = document_of(release, &path)?.clone();
    Some(edit::Change::Remove { from, path: path.into_iter().map(str::to_owned).collect() })
}
