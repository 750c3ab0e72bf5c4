//! A setting under a name that it had before.
//!
//! # What it does
//! Holds authentik's settings, in the environment and in the chart's values, against the renames of its
//! releases up to the version that runs: `worker.concurrency` is `worker.threads` since 2025.8.
//!
//! # Why it matters
//! The old name still works through an alias that a later release will drop, and it may mean something else
//! than it says: concurrency became threads, not processes.
//!
//! # How to fix
//! Use the new name.
//!
//! # Limits
//! Silent where the version is not known, and in values that reach no pod anyway. No fix for `use_pgbouncer`, which sets
//! `conn_max_age` as well.
//!
//! # Fix safety
//! Safe: both names are the same setting. None where both are set.
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
//!         - name: worker
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [worker]
//!           env: [{ name: AUTHENTIK_WORKER__CONCURRENCY, value: "4" }]
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
//!         - name: worker
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [worker]
//!           env: [{ name: AUTHENTIK_WORKER__THREADS, value: "4" }]
//! ```

use crate::finding::{Applicability, Severity};
use crate::lower::{is_under, value_at};
use crate::model::{DeclaredForm, DeclaredSetting, Model};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "setting-renamed",
        summary: "a setting under a name that it had before",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Safe),
        options: &[],
        since: "0.1.0",
        source: include_str!("setting_renamed.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for declared in context.model.declared_settings() {
        let changes = &declared.application.renamed;
        let found =
            changes.iter().find(|c| c.holds_at(declared.version) && is_under(&declared.path, &c.path));
        let Some(change) = found else { continue };
        let (old, new) = (declared.spelling(&change.path), declared.spelling(&change.to));
        let message = format!("`{old}` became `{new}` in {} {}", declared.application.name, change.since);
        let report = sink
            .report(Severity::Warning, declared.place, message)
            .label(format!("{} {} runs here", declared.application.name, declared.version))
            .subject(declared.subject, declared.field.as_str(), declared.header, declared.stack)
            .note(format!("the old name is an alias that a later release may drop; {}", change.why))
            .help(match change.also.as_str() {
                "" => format!("write `{new}`"),
                also => format!(
                    "write `{new}`, and state `{}`, which the old name sets as well",
                    declared.spelling(also)
                ),
            })
            .ignored(declared.ignored);
        // Without what else it sets, the new name alone would not be the same.
        let fix =
            rename(context.model, &declared, &change.path, &change.to).filter(|_| change.also.is_empty());
        sink.push(report.safe_fix(format!("write `{new}`"), fix.into_iter().collect()));
    }
}

/// The new name in the place of the old one, unless that is set too.
fn rename(model: &Model, declared: &DeclaredSetting<'_>, from: &str, to: &str) -> Option<Change> {
    let path = format!("{to}{}", declared.path.strip_prefix(from)?);
    let name = match declared.form {
        DeclaredForm::Variable(_) => declared.spelling(&path),
        DeclaredForm::Key(release) => {
            let full = declared.field.strip_suffix(&declared.path)?;
            let (above, name) = path.rsplit_once('.')?;
            let same = declared.path.rsplit_once('.').is_some_and(|(parent, _)| parent == above);
            let is_set = value_at(&release.values, &format!("{full}{path}")).is_some();
            (same && !is_set).then(|| name.to_owned())?
        }
    };
    let twice =
        model.declared_settings().iter().any(|other| other.subject == declared.subject && other.path == path);
    let old = match declared.form {
        DeclaredForm::Variable(_) => declared.spelling(&declared.path),
        DeclaredForm::Key(_) => declared.path.rsplit('.').next()?.to_owned(),
    };
    (!twice).then_some(Change::Rename { place: declared.place, from: old, to: name })
}
