//! A tag that moves, on pods that hold data.
//!
//! # What it does
//! Finds containers of pods that mount a claim whose tag names a line of releases rather than one (`8-alpine`, `11`, `edge`),
//! without a digest, where a node keeps the image that it once pulled (`imagePullPolicy: IfNotPresent`, the default).
//!
//! # Why it matters
//! Each node runs what the tag meant when it pulled it. A pod that moves to another node may start a newer version on the same
//! data, or an older one that cannot read it any more.
//!
//! # How to fix
//! Name the whole version, or add the digest.
//!
//! # Limits
//! Tags with two numbers are taken for whole versions: of some images they are. `latest` is the matter of `image-floating`.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: StatefulSet
//! metadata: { name: redis, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: redis } }
//!     spec:
//!       containers: [{ name: redis, image: "redis:8-alpine" }]
//!   volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce] } }]
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: StatefulSet
//! metadata: { name: redis, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: redis } }
//!     spec:
//!       containers: [{ name: redis, image: "redis:8.0.3-alpine" }]
//!   volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce] } }]
//! ```

use crate::base::Node;
use crate::finding::Severity;
use crate::lower::Object;
use crate::model::Workload;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "image-tag-moving",
        summary: "a tag that moves, on pods that hold data",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Strict,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("image_tag_moving.rs"),
    },
    check: Some(check),
};

/// Tags that follow a branch or a channel.
const CHANNELS: [&str; 9] =
    ["beta", "dev", "edge", "main", "master", "nightly", "rolling", "stable", "unstable"];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads().filter(|(_, w)| w.is_long_running()) {
        if !holds_data(workload, context.model.object(workload)) {
            continue;
        }
        for container in &workload.containers {
            let Some(node) = container.node.get("image") else { continue };
            let Some(image) = container.image().filter(|image| image.digest.is_none()) else { continue };
            let Some(tag) = image.tag.as_deref().filter(|tag| is_moving(tag)) else { continue };
            let policy = container.node.get("imagePullPolicy");
            if policy.or(Some(&container.node)).is_some_and(|node| node.open_reason().is_some())
                || policy.is_some_and(|policy| policy.as_str() != Some("IfNotPresent"))
            {
                continue;
            }
            let report = sink
                .report(
                    Severity::Warning,
                    node.place,
                    format!(
                        "tag `{tag}` of container `{}` of {} moves, and the pod holds data",
                        container.name,
                        workload.title()
                    ),
                )
                .label("whatever the node pulled first")
                .on(workload, workload.container_field(container, "image"))
                .note("a pod that moves to another node may start another version on the same data")
                .help("name the whole version, or add the digest");
            sink.push(report);
        }
    }
}

fn holds_data(workload: &Workload, object: &Object) -> bool {
    let volumes = workload.pod().and_then(|pod| pod.get("volumes")).map(Node::items).unwrap_or_default();
    let templates = object.at(&["spec", "volumeClaimTemplates"]).map(Node::items).unwrap_or_default();
    !templates.is_empty() || volumes.iter().any(|volume| volume.get("persistentVolumeClaim").is_some())
}

/// Whether a tag names a line of releases: one number at its start, or the name of a channel.
fn is_moving(tag: &str) -> bool {
    let first = tag.split(['-', '_']).next().unwrap_or_default();
    let number = first.strip_prefix('v').unwrap_or(first);
    // A long number is a date or a build.
    let line = !number.is_empty() && number.len() < 4 && number.bytes().all(|b| b.is_ascii_digit());
    let revision = |part: &str| part.bytes().all(|b| b.is_ascii_digit()) && !part.is_empty();
    let rest = tag.split(['-', '_']).skip(1);
    CHANNELS.contains(&first) && tag == first || line && !rest.into_iter().any(revision)
}
