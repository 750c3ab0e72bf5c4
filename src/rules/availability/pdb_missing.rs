//! Several replicas, and no PodDisruptionBudget that selects them.
//!
//! # What it does
//! Looks for a PodDisruptionBudget that is really rendered and whose selector takes the labels of the pod
//! template, in the same namespace, for each workload with two or more effective replicas.
//!
//! # Why it matters
//! Without a budget a node drain may evict every replica at once: more replicas alone do not help.
//!
//! # How to fix
//! Add a PodDisruptionBudget with the pods' labels. `maxUnavailable: 1` holds for any number of replicas.
//!
//! # Limits
//! Silent for one replica or none, for DaemonSets, and where a budget that may exist could select the pods.
//!
//! # Fix safety
//! Unsafe: it adds a budget beside the workload, or switches the chart's own on, and drains wait for it from then on.
//! None where the pods carry no labels that are known, or the resource has a `count` or `for_each`.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   replicas: 2
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   replicas: 2
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ---
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: web, namespace: shop }
//! spec:
//!   maxUnavailable: 1
//!   selector: { matchLabels: { app: web } }
//! ```

use crate::base::{Entry, Map, Node, Place};
use crate::finding::{Applicability, Severity, counted};
use crate::lower::{KeyStatus, Object, value_at};
use crate::model::{Model, Workload};
use crate::rule::changes::in_values;
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::{Change, Draft};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "pdb-missing",
        summary: "several replicas and no disruption budget that selects them",
        group: Group::Availability,
        severity: Severity::Error,
        softer_elsewhere: true,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("pdb_missing.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    for (index, workload) in context.workloads().filter(|(_, w)| w.is_scalable() && !w.described) {
        let place = workload.replicas.place(workload.header);
        let count = match (workload.replicas.count, &workload.replicas.unknown) {
            (Some(count), _) => count,
            (None, reason) => {
                if let Some(reason) = reason {
                    sink.unjudged(place, reason.clone());
                }
                continue;
            }
        };
        if count < 2 || model.budgets.iter().any(|b| b.selected.contains(&index) && b.conditional.is_none()) {
            continue;
        }
        let perhaps =
            model.budgets.iter().find(|b| b.perhaps.contains(&index) || b.selected.contains(&index));
        if let Some(budget) = perhaps {
            sink.unjudged(
                budget.header,
                format!("whether budget `{}` selects {} is not known", budget.name, workload.title()),
            );
            continue;
        }
        let message = format!(
            "no PodDisruptionBudget selects the {} of {}",
            counted(count, "replica"),
            workload.title()
        );
        let report = sink.report(context.severity(index, workload), place, message);
        let report = words(report, workload, model);
        sink.push(report.unsafe_fix("add a budget that lets one pod go", fix(workload, model)));
    }
}

fn words(report: Report, workload: &Workload, model: &Model) -> Report {
    let report = report
        .label("drains may evict all of them at once")
        .on(workload, "spec.replicas")
        .note("drains respect budgets only: without one they may take every replica in the same moment")
        .help(help(workload, model));
    match &workload.replicas.node {
        Some(node) => report.through(node),
        None => report,
    }
}

/// Where charts switch a budget on, below a component or at the top.
const SWITCHES: [[&str; 2]; 4] = [
    ["pdb", "enabled"],
    ["podDisruptionBudget", "enabled"],
    ["pdb", "create"],
    ["podDisruptionBudget", "create"],
];

/// The key of the chart where there is one, else the object to add.
fn help(workload: &Workload, model: &Model) -> String {
    if let Some([budget, switch]) = key_of_chart(workload, model) {
        return format!(
            "set `{budget}.{switch}: true` and `{budget}.maxUnavailable: 1` in the chart's values"
        );
    }
    match selector(workload, model) {
        Some(selector) => {
            format!("add a PodDisruptionBudget with `maxUnavailable: 1` whose selector takes `{selector}`")
        }
        None => {
            "label the pods and add a PodDisruptionBudget with `maxUnavailable: 1` that selects them".into()
        }
    }
}

/// The key of a budget that the workload's chart reads, and that of its switch.
fn key_of_chart(workload: &Workload, model: &Model) -> Option<[String; 2]> {
    let keys = model.releases[workload.release?].keys()?;
    let component = workload.component.as_deref()?;
    let is_read = |names: &[&str]| matches!(keys.status(names), KeyStatus::Read { .. });
    SWITCHES.iter().find_map(|[budget, switch]| {
        let below = is_read(&[component, budget, switch]) && is_read(&[component, budget, "maxUnavailable"]);
        let top = is_read(&[budget, switch]) && is_read(&[budget, "maxUnavailable"]);
        let budget = if below { format!("{component}.{budget}") } else { (*budget).to_owned() };
        (below || top).then(|| [budget, (*switch).to_owned()])
    })
}

/// The key of the chart, else a budget beside the workload.
fn fix(workload: &Workload, model: &Model) -> Vec<Change> {
    if let Some(release) = workload.release.and_then(|release| model.releases.get(release)) {
        let Some([budget, switch]) = key_of_chart(workload, model) else { return Vec::new() };
        let path: Vec<&str> = budget.split('.').collect();
        let is_set = |name: &str| {
            value_at(&release.effective, &format!("{budget}.{name}"))
                .is_some_and(|node| !node.is_null() && node.as_str() != Some(""))
        };
        let mut entries = vec![(switch, Draft::Bool(true))];
        if !is_set("minAvailable") && !is_set("maxUnavailable") {
            entries.push(("maxUnavailable".to_owned(), Draft::Int(1)));
        }
        return in_values(release, &path, Draft::Map(entries));
    }
    let (block, document) = (as_resource(workload, model), as_document(workload, model));
    vec![Change::Beside { after: workload.header, block, document }]
}

/// A resource beside a typed one, which takes name, namespace and labels from it: the header and the body.
fn as_resource(workload: &Workload, model: &Model) -> Option<(String, Draft)> {
    let mut parts = workload.subject.rsplitn(3, '.');
    let (name, kind, module) = (parts.next()?, parts.next()?, parts.next());
    let typed = kind.starts_with("kubernetes_") && kind != "kubernetes_manifest";
    let address = format!("{BUDGET}.{name}");
    let taken = module.map_or(address.clone(), |module| format!("{module}.{address}"));
    if !typed || workload.subject.contains('[') || model.objects.iter().any(|o| o.subject == taken) {
        return None;
    }
    let of_workload = |field: &str| Draft::Raw(format!("{kind}.{name}.metadata[0].{field}"));
    let header = format!("resource \"{BUDGET}\" \"{name}\"");
    let metadata = Draft::map([("name", of_workload("name")), ("namespace", of_workload("namespace"))]);
    let labels = own_labels(workload, model)?;
    let map = labels.as_map()?;
    // As they are written: a variable stays one.
    let labels = match labels.trail.source() {
        Some(_) => Draft::Copied(labels.place),
        None => Draft::Map(
            map.entries.iter().map(|e| (e.key.name.to_string(), Draft::Copied(e.value.place))).collect(),
        ),
    };
    Some((header, Draft::map([("metadata", metadata), ("spec", spec(Draft::Text("1".to_owned()), labels))])))
}

/// The type of the resource that is added.
const BUDGET: &str = "kubernetes_pod_disruption_budget_v1";

/// A document beside the workload's, of what is written there: a kustomization adds the rest to both.
fn as_document(workload: &Workload, model: &Model) -> Option<Draft> {
    let object = model.object(workload);
    let here = |place: Place| place.file == workload.header.file;
    // A name that is taken, or that another workload would take for its own budget.
    let others = ["PodDisruptionBudget", "Deployment", "StatefulSet"];
    let taken = |other: &Object| {
        let same = other.name() == object.name() && other.namespace() == object.namespace();
        same && other.subject != object.subject && others.contains(&other.kind())
    };
    if model.objects.iter().any(taken) {
        return None;
    }
    let name = object.at(&["metadata", "name"]).filter(|node| here(node.place))?;
    let mut metadata = vec![("name".to_owned(), Draft::Copied(name.place))];
    let namespace = object.at(&["metadata", "namespace"]).filter(|node| here(node.place));
    metadata.extend(namespace.map(|node| ("namespace".to_owned(), Draft::Copied(node.place))));
    let labels = own_labels(workload, model)?.as_map()?;
    let written = labels.entries.iter().filter(|entry| here(entry.key.place) && here(entry.value.place));
    let labels: Vec<(String, Draft)> =
        written.map(|entry| (entry.key.name.to_string(), Draft::Copied(entry.value.place))).collect();
    (!labels.is_empty()).then(|| {
        Draft::map([
            ("apiVersion", "policy/v1".into()),
            ("kind", "PodDisruptionBudget".into()),
            ("metadata", Draft::Map(metadata)),
            ("spec", spec(Draft::Int(1), Draft::Map(labels))),
        ])
    })
}

fn spec(one: Draft, labels: Draft) -> Draft {
    let selector = Draft::map([("matchLabels", labels)]);
    Draft::map([("maxUnavailable", one), ("selector", selector)])
}

/// The labels that the workload selects its pods by, else all of theirs.
fn own_labels<'a>(workload: &'a Workload, model: &'a Model) -> Option<&'a Node> {
    let known = |node: &&Node| node.as_map().is_some_and(|map| map.open.is_none() && !map.entries.is_empty());
    let own = model.object(workload).at(&["spec", "selector", "matchLabels"]);
    own.filter(known).or_else(|| workload.labels().filter(known))
}

/// The labels that the workload selects its own pods by, else the first of theirs.
fn selector(workload: &Workload, model: &Model) -> Option<String> {
    let known = |entry: &Entry| Some(format!("{}: {}", entry.key.name, entry.value.display()?));
    let all = |map: &Map| map.entries.iter().map(known).collect::<Option<Vec<String>>>();
    let own = model.object(workload).at(&["spec", "selector", "matchLabels"]).and_then(Node::as_map);
    let pairs = own.and_then(all).filter(|pairs| !pairs.is_empty()).map(|pairs| pairs.join(", "));
    pairs.or_else(|| workload.labels()?.as_map()?.entries.first().and_then(known))
}
