//! An image that is older than its chart, or that the next apply takes back.
//!
//! # What it does
//! Compares the tag of an image with the appVersion of its chart, where the chart's profile says that both belong together;
//! and finds workloads whose tag is the chart's default while an updater (Keel, the image automation of Flux 1) may raise it
//! in the cluster.
//!
//! # Why it matters
//! Templates set what the newer version reads. An image that an updater has raised is put back by the next apply of values
//! alone: the old version then starts on a database that the new one has migrated.
//!
//! # How to fix
//! Leave the tag to the chart and update the chart; or pin the tag at or above the appVersion. With an updater, write the tag
//! that runs into the values.
//!
//! # Limits
//! An older tag is a warning, an updater over a default tag an error. Only leading numbers count (`2026.8.0-patch3` is
//! 2026.8.0); tags without numbers, and charts without a profile or a known version, say nothing.
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
//!   values = [yamlencode({
//!     global = { image = { tag = "2025.12.4" } }
//!   })]
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
//!   values = [yamlencode({
//!     global = { image = { tag = "2026.2.2" } }
//!   })]
//! }
//! ```

use crate::base::Node;
use crate::compose::Composed;
use crate::finding::Severity;
use crate::lower::{Profile, Version, value_at};
use crate::model::{Container, Model, Workload};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "image-chart-skew",
        summary: "an image that is older than its chart, or that the next apply takes back",
        group: Group::Configuration,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("image_chart_skew.rs"),
    },
    check: Some(check),
};

/// What lets a controller raise the tags of a workload: a label or annotation, and the values that switch it off.
/// (Keel 0.20; Flux 1.25)
const UPDATERS: [(&str, &str, &[&str]); 3] = [
    ("keel.sh/policy", "Keel", &["never"]),
    ("fluxcd.io/automated", "Flux", &["false"]),
    ("flux.weave.works/automated", "Flux", &["false"]),
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads().filter(|(_, w)| w.is_long_running()) {
        let Some(release) = workload.release.map(|index| &context.model.releases[index]) else { continue };
        let Some(container) = workload.containers.first() else { continue };
        let Some(node) = container.node.get("image").filter(|node| node.open_reason().is_none()) else {
            continue;
        };
        let Some(wanted) = app_version(release) else { continue };
        if node.is_written() && has_own_tag(container, &wanted) {
            older(workload, container, node, release, &wanted, sink);
        } else if !has_own_tag(container, &wanted) {
            taken_back(context.model, workload, container, node, release, sink);
        }
    }
}

/// The appVersion of a release's chart.
fn app_version(release: &Composed) -> Option<String> {
    let written = release.release.version.as_ref().and_then(Node::as_str)?;
    release.profile.as_deref()?.app_version(release.version?, written)
}

/// Whether the tag differs from what the chart gives by default.
fn has_own_tag(container: &Container, default: &str) -> bool {
    container.image().and_then(|image| image.tag).is_some_and(|tag| tag != default)
}

fn older(
    workload: &Workload,
    container: &Container,
    node: &Node,
    release: &Composed,
    wanted: &str,
    sink: &mut Sink<'_>,
) {
    let tag = container.image().and_then(|image| image.tag).unwrap_or_default();
    let (Some(is), Some(should)) = (Version::parse(&tag), Version::parse(wanted)) else { return };
    let belongs = release.profile.as_deref().map(Profile::wants_its_image);
    if is >= should || belongs != Some(true) {
        return;
    }
    let report = sink
        .report(
            Severity::Warning,
            node.place,
            format!("{} runs {tag} under a chart for {wanted}", workload.title()),
        )
        .label("older than the chart expects");
    let report = match &release.release.version {
        Some(version) => report.related_node(version, format!("the chart belongs to {wanted}")),
        None => report,
    };
    let report = report
        .on(workload, workload.container_field(container, "image"))
        .note("the chart sets what the newer version reads: settings, commands and probes may mean nothing to the older one")
        .help(format!("remove the tag, or raise it to {wanted}; or take the chart of {is}"));
    sink.push(report);
}

/// The label or annotation that lets a controller raise the tags of a workload, or the values of its chart.
fn updater<'a>(
    model: &'a Model,
    workload: &'a Workload,
    release: &'a Composed,
) -> Option<(&'static str, &'a Node)> {
    let named = workload.namespace.as_deref().map(|namespace| model.named("Namespace", namespace));
    let namespace = named.into_iter().flatten().min_by_key(|object| object.stack != workload.stack);
    let objects = std::iter::once(model.object(workload)).chain(namespace);
    let of_keel = value_at(&release.values, "keel.policy").map(|node| ("Keel", node, &["never"][..]));
    let marked = objects.flat_map(|object| {
        UPDATERS.iter().flat_map(move |(key, name, off)| {
            let marks = ["annotations", "labels"]
                .into_iter()
                .filter_map(move |field| object.at(&["metadata", field, key]));
            marks.map(move |node| (*name, node, *off))
        })
    });
    let on = marked
        .chain(of_keel)
        .find(|(_, node, off)| node.display().is_some_and(|value| !off.contains(&value.as_str())));
    on.map(|(name, node, _)| (name, node))
}

fn taken_back(
    model: &Model,
    workload: &Workload,
    container: &Container,
    node: &Node,
    release: &Composed,
    sink: &mut Sink<'_>,
) {
    let Some((name, mark)) = updater(model, workload, release) else { return };
    if node.is_written() && container.image().is_some_and(|image| image.digest.is_some()) {
        return;
    }
    // The tag is written, and happens to be the default.
    let written =
        ["image.tag", "global.image.tag"].iter().any(|path| value_at(&release.values, path).is_some());
    let of_component = workload.component.as_deref().map(|component| format!("{component}.image.tag"));
    if written || of_component.is_some_and(|path| value_at(&release.values, &path).is_some()) {
        return;
    }
    let report = sink
        .report(
            Severity::Error,
            node.place,
            format!("{name} may raise the tag of {}, and the next apply takes it back", workload.title()),
        )
        .label("no tag: the chart's own version comes back with each apply")
        .related_node(mark, format!("lets {name} raise it"))
        .on(workload, workload.container_field(container, "image"))
        .note("the older version then starts on what the newer one has migrated")
        .help("write the tag that runs into the values, or take the updater away");
    sink.push(report);
}
