//! Edits of a mounted ConfigMap or Secret that never reach the pods.
//!
//! # What it does
//! Finds ConfigMaps and Secrets of the repository that are mounted with `subPath`, which are never updated in
//! a running pod, or as a folder into a program that reads its configuration once (PgBouncer, nginx,
//! HAProxy), where no annotation of the pod template is a hash of their content.
//!
//! # Why it matters
//! The edit is applied and everything is green, and the pods go on with the old file until they happen to
//! restart, perhaps months later and all at once.
//!
//! # How to fix
//! Annotate the pod template with a hash of the content, such as `checksum/config = sha256(...)`, or let a
//! reloader restart the pods.
//!
//! # Limits
//! Silent where a reloader's annotation stands on the workload or a Reloader of the repository reloads all, and for hashes whose content cannot be told.
//! Objects that are not in the repository are not judged.
//!
//! # Fix safety
//! Unsafe: an edit of the content rolls the pods out. It adds a hash to their annotations where Terraform makes both in
//! one module; in YAML there is nothing that could compute one.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: web, namespace: shop }
//! data: { web.conf: "mode = safe" }
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec:
//!       containers:
//!         - name: web
//!           image: web:1.0.0
//!           volumeMounts: [{ name: config, mountPath: /etc/web.conf, subPath: web.conf }]
//!       volumes: [{ name: config, configMap: { name: web } }]
//! ```
//! Good:
//! ```yaml
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: web, namespace: shop }
//! data: { web.conf: "mode = safe" }
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata:
//!   name: web
//!   namespace: shop
//!   annotations: { reloader.stakater.com/auto: "true" }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec:
//!       containers:
//!         - name: web
//!           image: web:1.0.0
//!           volumeMounts: [{ name: config, mountPath: /etc/web.conf, subPath: web.conf }]
//!       volumes: [{ name: config, configMap: { name: web } }]
//! ```

use crate::base::{Node, Place, provenance};
use crate::finding::{Applicability, Severity};
use crate::lower::Object;
use crate::model::{Container, Model, Reload, Workload};
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::{Change, Draft};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "config-change-unnoticed",
        summary: "edits of a mounted ConfigMap or Secret that never reach the pods",
        group: Group::Capacity,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("config_change_unnoticed.rs"),
    },
    check: Some(check),
};

/// Programs that read their configuration once, by the last part of their image's repository, and the
/// folders that it stands in. Other folders hold content, which is read again.
const READ_ONCE: [(&str, &[&str]); 5] = [
    ("pgbouncer", &["/etc/pgbouncer", "/bitnami/pgbouncer", "/opt/bitnami/pgbouncer"]),
    ("docker-pgbouncer", &["/etc/pgbouncer"]),
    ("nginx-unprivileged", &["/etc/nginx"]),
    ("nginx", &["/etc/nginx", "/opt/bitnami/nginx/conf"]),
    ("haproxy", &["/usr/local/etc/haproxy", "/etc/haproxy"]),
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads().filter(|(_, w)| w.is_long_running()) {
        if workload.replicas.count == Some(0) && !workload.replicas.autoscaled {
            continue;
        }
        let mut judged: Vec<&str> = Vec::new();
        for container in &workload.containers {
            for mount in container.node.get("volumeMounts").map(Node::items).unwrap_or_default() {
                let Some(volume) = mount.get("name").and_then(Node::as_str) else { continue };
                if judged.contains(&volume) || !is_never_updated(mount, container) {
                    continue;
                }
                judged.push(volume);
                for object in context.model.mounted_objects(workload, volume) {
                    if !is_reloaded(context.model, workload, object) {
                        judge(sink, workload, container, mount, object);
                    }
                }
            }
        }
    }
}

/// Whether a controller restarts the pods when an object changes, or looks for a mark to do so.
fn is_reloaded(model: &Model, workload: &Workload, object: &Object) -> bool {
    let marks = object.at(&["metadata", "annotations"]);
    let reload = model.reload(workload, object.kind(), object.name().unwrap_or_default(), marks);
    matches!(reload, Reload::Happens | Reload::SearchInVain)
}

fn is_never_updated(mount: &Node, container: &Container) -> bool {
    let by_path = mount.get("subPath").or_else(|| mount.get("subPathExpr"));
    if by_path.is_some_and(|path| path.as_str() != Some("")) {
        return true;
    }
    let image = container.image();
    let folders =
        READ_ONCE.iter().find(|(name, _)| image.as_ref().is_some_and(|image| image.name() == *name));
    let path = mount.get("mountPath").and_then(Node::as_str).unwrap_or_default();
    let below = |folder: &&str| {
        path.strip_prefix(*folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let named = || {
        let args = container.node.get("args").map(Node::items).unwrap_or_default();
        args.iter()
            .filter_map(Node::as_str)
            .any(|arg| arg.rsplit_once('/').is_some_and(|(dir, _)| dir == path))
    };
    folders.is_some_and(|(name, folders)| folders.iter().any(below) || name.contains("pgbouncer") && named())
}

fn judge(sink: &mut Sink<'_>, workload: &Workload, container: &Container, mount: &Node, object: &Object) {
    if object.at(&["immutable"]).and_then(Node::as_bool) == Some(true) {
        return;
    }
    let annotations = workload.annotations();
    if let Some(reason) = annotations.and_then(Node::open_reason) {
        sink.unjudged(mount.place, reason);
        return;
    }
    let entries = annotations.and_then(Node::as_map).map(|map| &map.entries[..]).unwrap_or_default();
    let content: Vec<Place> =
        CONTENT.iter().filter_map(|field| object.at(&[*field])).flat_map(provenance).collect();
    if entries.iter().any(|entry| covers(&entry.key.name, &entry.value, &content)) {
        return;
    }
    let by_path = mount.get("subPath");
    let place = by_path.or_else(|| mount.get("mountPath")).map_or(mount.place, |node| node.place);
    let what = format!("{} `{}`", object.kind(), object.name().unwrap_or("?"));
    let report = sink.report(
        Severity::Warning,
        place,
        format!("edits of {what} do not reach the pods of {}", workload.title()),
    );
    let fix = hashed(workload, object).into_iter().collect();
    let report = words(report, workload, container, object, by_path.is_some());
    sink.push(report.unsafe_fix("put a hash of its content into an annotation of the pods", fix));
}

/// An annotation with a hash of the content, where Terraform makes both in one module.
fn hashed(workload: &Workload, object: &Object) -> Option<Change> {
    let module = |subject: &str| {
        let mut parts = subject.rsplitn(3, '.');
        let (name, kind, module) = (parts.next()?.to_owned(), parts.next()?.to_owned(), parts.next());
        let known = kind.starts_with("kubernetes_") && kind != "kubernetes_manifest" && !name.contains('[');
        known.then(|| (format!("{kind}.{name}"), module.map(str::to_owned)))
    };
    let ((_, own), (address, other)) = (module(&workload.subject)?, module(&object.subject)?);
    let key = format!("checksum/{}", object.name()?);
    let hash = Draft::Raw(format!("sha256(jsonencode({address}.data))"));
    let whole = CONTENT.iter().all(|field| *field == "data" || object.at(&[*field]).is_none());
    (own == other && whole)
        .then(|| Change::put(&workload.template, &["metadata", "annotations"], Draft::Map(vec![(key, hash)])))
}

/// The fields that hold the content of a ConfigMap or Secret.
const CONTENT: [&str; 3] = ["data", "stringData", "binaryData"];

/// Whether an annotation is a hash of the content: by where the hashed text comes from. One whose text
/// cannot be told may be, and a literal is by its name.
fn covers(name: &str, value: &Node, content: &[Place]) -> bool {
    // What the chart itself writes is a hash of the chart's own objects.
    if !value.is_written() {
        return false;
    }
    if value.open_reason().is_none() {
        let name = name.to_lowercase();
        return ["checksum", "hash", "sha256"].iter().any(|word| name.contains(word));
    }
    let mut hashed = value.trail.places().peekable();
    hashed.peek().is_none() || hashed.any(|a| content.iter().any(|b| a.contains(*b) || b.contains(a)))
}

fn words(
    report: Report,
    workload: &Workload,
    container: &Container,
    object: &Object,
    by_path: bool,
) -> Report {
    let label = match by_path {
        true => "a file mounted by subPath is never updated in a running pod".to_owned(),
        false => format!(
            "{} reads its configuration once",
            container.image().map_or("the program".into(), |i| i.name().to_owned())
        ),
    };
    let annotation = format!("checksum/{}", if object.kind() == "Secret" { "secret" } else { "config" });
    report
        .label(label)
        .on(workload, workload.container_field(container, "volumeMounts"))
        .related(object.header, "its content changes here")
        .note("the edit is applied and all is green; the pods keep the old file until they happen to restart")
        .help(format!("add an annotation `{annotation}` with a hash of its content to the pod template"))
}
