//! A release of a chart without an exact version.
//!
//! # What it does
//! Finds Helm releases, HelmReleases, Applications and other declarations of a chart whose version is absent or a range. A
//! version that is joined from another file (an OCIRepository's tag, an input of Terragrunt) counts.
//!
//! # Why it matters
//! The next run of the engine may install another major version of the login, at night, because it came out.
//!
//! # How to fix
//! State the version: `2026.2.2`, not `2026.x`, `~1.2` or nothing.
//!
//! # Limits
//! A warning where the release makes no critical workload. Charts that stand in the repository have no version to pin.
//! Silent where it is not known; a digest pins the chart, and is listed as unresolved, since it names no version.
//!
//! # Example
//! Bad:
//! ```hcl
//! resource "helm_release" "authentik" {
//!   name       = "authentik"
//!   namespace  = "authentik"
//!   repository = "https://charts.goauthentik.io"
//!   chart      = "authentik"
//!   version    = "~> 2026.2"
//! }
//! ```
//! Good:
//! ```hcl
//! resource "helm_release" "authentik" {
//!   name       = "authentik"
//!   namespace  = "authentik"
//!   repository = "https://charts.goauthentik.io"
//!   chart      = "authentik"
//!   version    = "2026.2.2"
//! }
//! ```

use crate::compose::Composed;
use crate::finding::Severity;
use crate::lower::Version;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "chart-unpinned",
        summary: "a chart without an exact version",
        group: Group::Configuration,
        severity: Severity::Error,
        softer_elsewhere: true,
        on: On::Critical,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("chart_unpinned.rs"),
    },
    check: Some(check),
};

/// Charts whose workloads are critical, also where their profile does not say what they make.
fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let wide = context.settings.is_wide(context.meta);
    for (index, release) in context.model.releases.iter().enumerate() {
        let critical = is_critical(context, release, index);
        if release.chart.is_some()
            || release.release.depth > 0
            || release.release.keys_only
            || !(wide || critical)
        {
            continue;
        }
        let source = &release.release;
        let Some(chart) = source.chart.as_ref().and_then(|node| sink.known(node)) else { continue };
        let place = match &source.version {
            Some(version) => match sink.known(version).and_then(crate::base::Node::display) {
                Some(text) if Version::exact(&text).is_none() && !is_prerelease(&text) => version.place,
                _ => continue,
            },
            None => chart.place,
        };
        let severity = if critical { Severity::Error } else { Severity::Warning };
        let name = chart.as_str().unwrap_or("?");
        let message = match source.version.as_ref().and_then(crate::base::Node::display) {
            Some(range) => format!("chart `{name}` is installed in any version that `{range}` takes"),
            None => format!("chart `{name}` is installed in whatever version is the newest"),
        };
        let report = sink
            .report(severity, place, message)
            .label("no exact version")
            .on_release(source, "version")
            .note("the next run may install another version than the one that was reviewed")
            .help("state one version, and let a bot propose the next");
        sink.push(report);
    }
}

fn is_critical(context: &Context<'_>, release: &Composed, index: usize) -> bool {
    let mut made = context.model.workloads.iter().enumerate().filter(|(_, w)| w.release == Some(index));
    let name = release.release.chart.as_ref().and_then(|node| node.as_str()).unwrap_or_default();
    let last = name.rsplit('/').next().unwrap_or_default();
    let namespace = release.release.namespace.as_ref().and_then(|node| node.as_str());
    made.any(|(index, workload)| context.critical(index, workload).is_some())
        || context.settings.critical.entries.iter().any(|entry| entry.matches_release(last, namespace))
}

/// One version that came before a release: `1.2.0-rc.1`.
fn is_prerelease(text: &str) -> bool {
    text.split_once('-').is_some_and(|(version, _)| Version::exact(version).is_some())
}
