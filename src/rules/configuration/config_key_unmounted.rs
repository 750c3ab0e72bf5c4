//! A file of a ConfigMap that no container sees.
//!
//! # What it does
//! Finds keys of ConfigMaps that are mounted file by file (`subPath`) where no mount takes the key.
//!
//! # Why it matters
//! Someone added a file to the ConfigMap and believes that it is read.
//!
//! # How to fix
//! Mount it, or remove it.
//!
//! # Limits
//! Silent where anything takes the whole ConfigMap (a mount without `subPath`, `envFrom`) or something may use it that is not known.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: web, namespace: shop }
//! data:
//!   main.conf: "a = 1"
//!   extra.conf: "b = 2"
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
//!           volumeMounts:
//!             - { name: config, mountPath: /etc/web/main.conf, subPath: main.conf }
//!       volumes: [{ name: config, configMap: { name: web } }]
//! ```
//! Good:
//! ```yaml
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: { name: web, namespace: shop }
//! data:
//!   main.conf: "a = 1"
//!   extra.conf: "b = 2"
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
//!           volumeMounts:
//!             - { name: config, mountPath: /etc/web/main.conf, subPath: main.conf }
//!             - { name: config, mountPath: /etc/web/extra.conf, subPath: extra.conf }
//!       volumes: [{ name: config, configMap: { name: web } }]
//! ```

use crate::base::{Entry, Node};
use crate::finding::Severity;
use crate::lower::Object;
use crate::model::Workload;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "config-key-unmounted",
        summary: "a file of a ConfigMap that no container sees",
        group: Group::Configuration,
        severity: Severity::Note,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("config_key_unmounted.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for object in context.model.objects.iter().filter(|object| object.kind() == "ConfigMap") {
        let (Some(name), Some(namespace), Some(data)) =
            (object.name(), object.namespace(), object.at(&["data"]))
        else {
            continue;
        };
        if object.described
            || object.release.is_some()
            || !context.model.is_fully_known(namespace, &object.stack)
        {
            continue;
        }
        let entries = data.as_map().map(|map| &map.entries[..]).unwrap_or_default();
        let Some(uses) = Uses::of(name, namespace, object, &context.model.workloads) else { continue };
        for entry in entries.iter().filter(|entry| !uses.keys.contains(&*entry.key.name)) {
            report(object, name, entry, &uses, sink);
        }
    }
}

/// The keys of a ConfigMap that are used, and who mounts it file by file.
struct Uses<'a> {
    keys: BTreeSet<&'a str>,
    mounts: Vec<(&'a Workload, &'a Node)>,
}

impl<'a> Uses<'a> {
    /// None where something takes all keys, or is not known, or nothing mounts it at all.
    fn of(name: &str, namespace: &str, object: &Object, workloads: &'a [Workload]) -> Option<Uses<'a>> {
        let mut uses = Uses { keys: BTreeSet::new(), mounts: Vec::new() };
        let near = workloads.iter().filter(|workload| {
            !workload.described
                && workload.namespace.as_deref().is_none_or(|own| own == namespace)
                && workload.stack == object.stack
        });
        for workload in near {
            uses.add(workload, name)?;
        }
        (!uses.mounts.is_empty()).then_some(uses)
    }

    fn add(&mut self, workload: &'a Workload, name: &str) -> Option<()> {
        let pod = workload.pod()?;
        let volumes = pod.get("volumes").map(Node::items).unwrap_or_default();
        for volume in volumes {
            let sources = volume.at(&["projected", "sources"]).map(Node::items).unwrap_or_default();
            let projected = sources.iter().any(|source| is_named(source.get("configMap"), name));
            let own = volume.get("configMap").filter(|source| is_named(Some(source), name));
            if projected {
                return None;
            }
            if let Some(source) = own {
                self.mounted(workload, volume.get("name").and_then(Node::as_str)?, source)?;
            }
        }
        for container in workload.all_containers() {
            let items = |field: &str| container.node.get(field).map(Node::items).unwrap_or_default().iter();
            if items("envFrom").any(|item| is_named(item.get("configMapRef"), name)) {
                return None;
            }
            let single = items("env").filter_map(|item| item.at(&["valueFrom", "configMapKeyRef"]));
            let keys = single.filter(|reference| is_named(Some(reference), name));
            self.keys.extend(keys.filter_map(|reference| reference.get("key")?.as_str()));
        }
        Some(())
    }

    fn mounted(&mut self, workload: &'a Workload, volume: &str, source: &'a Node) -> Option<()> {
        // Only these keys are there, under these paths.
        let items = source.get("items").map(Node::items);
        let containers = workload.all_containers();
        let mounts = containers.flat_map(|c| c.node.get("volumeMounts").map(Node::items).unwrap_or_default());
        for mount in mounts.filter(|mount| mount.get("name").and_then(Node::as_str) == Some(volume)) {
            let path = mount.get("subPath")?;
            let text = path.as_str().filter(|text| !text.is_empty())?;
            let key = items.and_then(|items| {
                let item = items.iter().find(|item| item.get("path").and_then(Node::as_str) == Some(text))?;
                item.get("key")?.as_str()
            });
            self.keys.insert(if items.is_some() { key? } else { text });
            self.mounts.push((workload, path));
        }
        Some(())
    }
}

/// Whether a reference names a ConfigMap, or may.
fn is_named(reference: Option<&Node>, name: &str) -> bool {
    let Some(reference) = reference else { return false };
    reference.get("name").is_some_and(|node| node.as_str().is_none_or(|named| named == name))
}

fn report(object: &Object, name: &str, entry: &Entry, uses: &Uses<'_>, sink: &mut Sink<'_>) {
    let Some((workload, mount)) = uses.mounts.first() else { return };
    let report = sink
        .report(
            Severity::Note,
            entry.key.place,
            format!("nothing mounts `{}` of ConfigMap `{name}`", entry.key.name),
        )
        .label("no container sees this file")
        .related_node(mount, format!("{} mounts it file by file", workload.title()))
        .on_object(object, format!("data.{}", entry.key.name))
        .note("with subPath each file is mounted by itself, and this one is not")
        .help("mount it, or remove it");
    sink.push(report);
}
