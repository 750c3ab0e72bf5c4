//! Something that is no Kubernetes quantity, or an absurd one.
//!
//! # What it does
//! Reads requests, limits, volume sizes and LimitRanges by the grammar of the API: a number, then one of
//! Ki to Ei, n u m k M G T P E, or an exponent. It also finds memory below one kibibyte, such as `400m`,
//! which is 0.4 byte.
//!
//! # Why it matters
//! The API server rejects the object; an absurd amount is accepted, and the container never starts.
//!
//! # How to fix
//! Write the unit as Kubernetes knows it: `512Mi`, `1.5Gi`, `500m` of CPU.
//!
//! # Limits
//! Silent for values with template placeholders in them.
//!
//! # Fix safety
//! Safe: the API rejects the object today. Only where the unit that is meant is clear.
//!
//! # Example
//! Bad:
//! ```yaml
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
//!           resources: { limits: { memory: 512MB } }
//! ```
//! Good:
//! ```yaml
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
//!           resources: { limits: { memory: 512Mi } }
//! ```

use crate::base::{Entry, Node, Value};
use crate::finding::{Applicability, Severity};
use crate::lower::Object;
use crate::model::{Quantity, Workload};
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "quantity-invalid",
        summary: "something that is no Kubernetes quantity, or an absurd one",
        group: Group::Capacity,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Safe),
        options: &[],
        since: "0.1.0",
        source: include_str!("quantity_invalid.rs"),
    },
    check: Some(check),
};

/// A quantity somewhere in an object.
struct Candidate<'a> {
    node: &'a Node,
    field: String,
    memory: bool,
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for workload in &context.model.workloads {
        for candidate in in_pod(workload) {
            let report = judge(sink, &candidate);
            sink.extend(report.map(|report| report.on(workload, candidate.field)));
        }
    }
    for object in &context.model.objects {
        for candidate in in_object(object) {
            let report = judge(sink, &candidate);
            sink.extend(report.map(|report| report.on_object(object, candidate.field)));
        }
    }
}

fn in_pod(workload: &Workload) -> Vec<Candidate<'_>> {
    let mut out = Vec::new();
    let Some(pod) = workload.pod() else { return out };
    for list in ["containers", "initContainers"] {
        for container in pod.get(list).map(Node::items).unwrap_or_default() {
            let name = container.get("name").and_then(Node::as_str).unwrap_or("?");
            for side in ["requests", "limits"] {
                let field = workload.template_field(&format!("spec.{list}[{name}].resources.{side}"));
                resources(container.at(&["resources", side]), &field, &mut out);
            }
        }
    }
    for volume in pod.get("volumes").map(Node::items).unwrap_or_default() {
        let name = volume.get("name").and_then(Node::as_str).unwrap_or("?");
        if let Some(node) = volume.at(&["emptyDir", "sizeLimit"]) {
            let field = workload.template_field(&format!("spec.volumes[{name}].emptyDir.sizeLimit"));
            out.push(Candidate { node, field, memory: true });
        }
    }
    out
}

fn in_object(object: &Object) -> Vec<Candidate<'_>> {
    let mut out = Vec::new();
    match object.kind() {
        "LimitRange" => {
            for (index, item) in
                object.at(&["spec", "limits"]).map(Node::items).unwrap_or_default().iter().enumerate()
            {
                for side in ["default", "defaultRequest", "max", "min"] {
                    resources(item.get(side), &format!("spec.limits[{index}].{side}"), &mut out);
                }
            }
        }
        "ResourceQuota" => resources(object.at(&["spec", "hard"]), "spec.hard", &mut out),
        "PersistentVolumeClaim" => {
            resources(object.at(&["spec", "resources", "requests"]), "spec.resources.requests", &mut out);
        }
        "StatefulSet" => {
            for (index, claim) in object
                .at(&["spec", "volumeClaimTemplates"])
                .map(Node::items)
                .unwrap_or_default()
                .iter()
                .enumerate()
            {
                let field = format!("spec.volumeClaimTemplates[{index}].spec.resources.requests");
                resources(claim.at(&["spec", "resources", "requests"]), &field, &mut out);
            }
        }
        _ => {}
    }
    out
}

fn resources<'a>(node: Option<&'a Node>, field: &str, out: &mut Vec<Candidate<'a>>) {
    let entries = node.and_then(Node::as_map).map(|map| &map.entries[..]).unwrap_or_default();
    out.extend(entries.iter().filter(|entry| !entry.value.is_null()).map(|entry: &Entry| Candidate {
        node: &entry.value,
        field: format!("{field}.{}", entry.key.name),
        memory: ["memory", "storage", "ephemeral-storage"].iter().any(|name| entry.key.name.ends_with(name)),
    }));
}

fn judge(sink: &mut Sink<'_>, candidate: &Candidate<'_>) -> Option<Report> {
    let node = sink.known(candidate.node)?;
    let text = node.display().unwrap_or_else(|| "this".to_owned());
    if text.contains("{{") || text.contains("${") {
        sink.unjudged(node.place, "another program fills in this value");
        return None;
    }
    if text.is_empty() {
        return None;
    }
    match Quantity::of(node) {
        None => {
            let meant = suggestion(&text);
            let known = meant.as_ref().map(|s| format!("write {s}"));
            let help = known
                .unwrap_or_else(|| "write a number and a unit, such as 512Mi, 1.5Gi or 500m of CPU".into());
            let scalar = !matches!(node.value, Value::Map(_) | Value::List(_));
            let what = if scalar {
                format!("`{text}` is no quantity")
            } else {
                "a quantity is a number or a string".into()
            };
            let report = sink.report(Severity::Error, node.place, what).label("not a Kubernetes quantity");
            let report = report.note("the API server rejects the object").help(help).through(node);
            Some(match meant {
                Some(meant) => {
                    report.safe_fix(format!("write {meant}"), vec![Change::set(node, meant.as_str())])
                }
                None => report,
            })
        }
        Some(quantity)
            if candidate.memory && Quantity::default() < quantity && quantity < Quantity::whole(1024) =>
        {
            Some(absurd(sink, node, &text, quantity))
        }
        Some(_) => None,
    }
}

/// An amount of memory or storage that is a quantity, and too small for anything.
fn absurd(sink: &Sink<'_>, node: &Node, text: &str, quantity: Quantity) -> Report {
    let bytes = quantity.nanos() as f64 / 1e9;
    let unit = if quantity == Quantity::whole(1) { "byte" } else { "bytes" };
    let message = format!("`{text}` of memory or storage is {bytes} {unit}");
    let (note, number) = match text.strip_suffix('m') {
        Some(number) => ("`m` means thousandths: the API accepts it, and no container fits into it", number),
        None => ("without a unit these are bytes: the API accepts it, and no container fits into it", text),
    };
    let report = sink.report(Severity::Error, node.place, message).label("less than a kibibyte").note(note);
    report.help(format!("write the unit that is meant: {number}Mi")).through(node)
}

/// The quantity that is meant, where that is clear.
fn suggestion(text: &str) -> Option<String> {
    let text = text.trim().replace(',', ".");
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
    let (number, unit) = text.split_at(end);
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "mb" | "mib" | "mi" => "Mi",
        "gb" | "gib" | "gi" => "Gi",
        "kb" | "kib" | "ki" => "Ki",
        "tb" | "tib" | "ti" => "Ti",
        _ => return None,
    };
    let fixed = format!("{number}{unit}");
    Quantity::parse(&fixed).map(|_| fixed)
}
