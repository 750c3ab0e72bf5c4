//! A secret that is renewed and never reaches the pods.
//!
//! # What it does
//! Finds workloads that take their environment from a Secret which an ExternalSecret renews, where nothing restarts the pods
//! when it changes: no annotation of Reloader or Wave, and no hash of the Secret on the pods.
//!
//! # Why it matters
//! A container reads its environment once. The password is rotated in the vault, the Secret follows, the pods keep the old one,
//! and the next restart of the database or of one pod is the outage.
//!
//! # How to fix
//! `reloader.stakater.com/auto: "true"` on the workload, or mount the Secret as files and read them again.
//!
//! # Limits
//! Silent where an ExternalSecret does not renew (`refreshInterval: "0"`, `refreshPolicy: CreatedOnce`), where annotations are not known, and
//! where a Reloader of the repository reloads all (`reloader.autoReloadAll`, `--auto-reload-all`) and does not spare the
//! namespace.
//!
//! # Fix safety
//! Unsafe: adds the annotation of Reloader, which must be installed, to a workload that no chart makes.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: external-secrets.io/v1
//! kind: ExternalSecret
//! metadata: { name: web, namespace: shop }
//! spec:
//!   refreshInterval: 1h
//!   secretStoreRef: { kind: ClusterSecretStore, name: vault }
//!   target: { name: web }
//!   dataFrom: [{ extract: { key: web } }]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec:
//!       containers: [{ name: web, image: "web:1.0.0", envFrom: [{ secretRef: { name: web } }] }]
//! ```
//! Good:
//! ```yaml
//! apiVersion: external-secrets.io/v1
//! kind: ExternalSecret
//! metadata: { name: web, namespace: shop }
//! spec:
//!   refreshInterval: 1h
//!   secretStoreRef: { kind: ClusterSecretStore, name: vault }
//!   target: { name: web }
//!   dataFrom: [{ extract: { key: web } }]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop, annotations: { reloader.stakater.com/auto: "true" } }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec:
//!       containers: [{ name: web, image: "web:1.0.0", envFrom: [{ secretRef: { name: web } }] }]
//! ```

use crate::base::Node;
use crate::finding::{Applicability, Severity};
use crate::lower::Object;
use crate::model::{Container, Reload, Workload};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::{Change, Draft};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "secret-rotation-unnoticed",
        summary: "a secret that is renewed and never reaches the pods",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Strict,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("secret_rotation_unnoticed.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let secrets: Vec<Rotating<'_>> = context.model.objects.iter().filter_map(Rotating::of).collect();
    if secrets.is_empty() {
        return;
    }
    for (_, workload) in context.workloads().filter(|(_, w)| w.is_long_running()) {
        let own = |secret: &&Rotating<'_>| {
            let namespace = secret.namespace.unwrap_or_default();
            secret.namespace == workload.namespace.as_deref()
                && context.model.reaches(&secret.object.stack, namespace, &workload.stack)
        };
        for secret in secrets.iter().filter(own) {
            let used = workload
                .all_containers()
                .find_map(|container| Some((container, use_of(container, secret.name)?)));
            if let Some((container, place)) = used {
                judge(context, workload, container, place, secret, sink);
            }
        }
    }
}

/// A Secret that an ExternalSecret renews.
struct Rotating<'a> {
    object: &'a Object,
    name: &'a str,
    namespace: Option<&'a str>,
    /// How often, as written; nothing where the operator's default of an hour holds.
    interval: Option<&'a Node>,
}

impl Rotating<'_> {
    fn of(object: &Object) -> Option<Rotating<'_>> {
        let is_one =
            object.kind() == "ExternalSecret" && object.api_version().starts_with("external-secrets.io/");
        let spec = object.at(&["spec"]).filter(|spec| is_one && spec.open_reason().is_none())?;
        let interval = spec.get("refreshInterval");
        let shown = interval.map(Node::display);
        let never = matches!(shown, Some(None))
            || shown.flatten().is_some_and(|text| text.trim_end_matches(['s', 'm', 'h']) == "0");
        if never
            || matches!(spec.get("refreshPolicy").and_then(Node::as_str), Some("CreatedOnce" | "OnChange"))
        {
            return None;
        }
        let name = spec.at(&["target", "name"]).map_or_else(|| object.name(), Node::as_str)?;
        Some(Rotating { object, name, namespace: Some(object.namespace()?), interval })
    }
}

/// Whether an annotation of the pods changes with what they use, by its name.
fn has_hash(workload: &Workload) -> bool {
    let annotations = workload.annotations().and_then(Node::as_map).map(|map| &map.entries[..]);
    annotations.unwrap_or_default().iter().any(|entry| {
        let name = entry.key.name.to_lowercase();
        ["checksum", "hash", "sha256"].iter().any(|word| name.contains(word))
    })
}

/// Where a container takes its environment from a Secret.
fn use_of<'a>(container: &'a Container, name: &str) -> Option<&'a Node> {
    let items = |field: &str| container.node.get(field).map(Node::items).unwrap_or_default().iter();
    let whole = items("envFrom").filter_map(|item| item.at(&["secretRef", "name"]));
    let single = items("env").filter_map(|item| item.at(&["valueFrom", "secretKeyRef", "name"]));
    whole.chain(single).find(|node| node.as_str() == Some(name))
}

fn judge(
    context: &Context<'_>,
    workload: &Workload,
    container: &Container,
    place: &Node,
    secret: &Rotating<'_>,
    sink: &mut Sink<'_>,
) {
    let marked = secret.object.at(&["spec", "target", "template", "metadata", "annotations"]);
    let message = match context.model.reload(workload, "Secret", secret.name, marked) {
        Reload::Happens | Reload::Unknown => return,
        _ if has_hash(workload) => return,
        Reload::SearchInVain => {
            format!("Reloader searches, and Secret `{}` is not marked for it", secret.name)
        }
        Reload::Nothing => {
            format!("a new Secret `{}` does not reach the pods of {}", secret.name, workload.title())
        }
    };
    let label = match secret.interval.and_then(Node::display) {
        Some(interval) => format!("looked up every {interval}"),
        None => "looked up every hour, by default".to_owned(),
    };
    let report = sink
        .report(Severity::Warning, place.place, message)
        .label("read once, when the container starts")
        .related(secret.interval.map_or(secret.object.header, |node| node.place), label)
        .on(workload, workload.container_field(container, "env"))
        .note("the pods keep the old values until they restart for another reason")
        .help("annotate the workload with `reloader.stakater.com/auto: \"true\"` where Reloader runs, or read the Secret from a mounted file");
    let annotation = Draft::Map(vec![("reloader.stakater.com/auto".to_owned(), "true".into())]);
    let object = context.model.object(workload);
    let fix = match object.release {
        None => vec![Change::put(&object.root, &["metadata", "annotations"], annotation)],
        Some(_) => Vec::new(),
    };
    sink.push(report.unsafe_fix("let Reloader restart the pods", fix));
}
