//! A selector or command that names the pods of an outpost by a name that they do not have.
//!
//! # What it does
//! Finds `app.kubernetes.io/name` with the value `authentik-proxy-outpost` in selectors, in commands of containers and in
//! fenced blocks of Markdown pages, and `authentik-proxy` as the container that `kubectl` is to use. authentik's controller
//! labels the pods of a proxy outpost `authentik-outpost-proxy`, and calls the container `proxy`.
//!
//! # Why it matters
//! A selector that takes nothing is no error anywhere: the budget protects nobody, the nightly cleanup finds no pods and
//! ends well, and the command in the runbook prints nothing on the day that it is needed.
//!
//! # How to fix
//! Write the name that the controller gives.
//!
//! # Limits
//! Silent where a workload of the repository has that label, or a container of that name.
//!
//! # Fix safety
//! Safe: what is named today does not exist.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: outpost, namespace: authentik }
//! spec:
//!   maxUnavailable: 1
//!   selector: { matchLabels: { app.kubernetes.io/name: authentik-proxy-outpost } }
//! ```
//! Good:
//! ```yaml
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: { name: outpost, namespace: authentik }
//! spec:
//!   maxUnavailable: 1
//!   selector: { matchLabels: { app.kubernetes.io/name: authentik-outpost-proxy } }
//! ```

use crate::base::{Node, Place, Value};
use crate::finding::{Applicability, Severity};
use crate::model::{Container, Interval, LabelValue, Mention, Model, Workload, commands, label};
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "outpost-label-wrong",
        summary: "a selector or command names an outpost's pods by a name that they do not have",
        group: Group::Outposts,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Safe),
        options: &[],
        since: "0.1.0",
        source: include_str!("outpost_label_wrong.rs"),
    },
    check: Some(check),
};

/// Kinds that select pods. A ServiceMonitor selects Services.
const SELECTING: [&str; 12] = [
    "CiliumNetworkPolicy",
    "DaemonSet",
    "Deployment",
    "Job",
    "NetworkPolicy",
    "Pod",
    "PodDisruptionBudget",
    "PodMonitor",
    "ReplicaSet",
    "Rollout",
    "Service",
    "StatefulSet",
];

/// Mappings inside mappings that are looked into.
const DEEPEST: usize = 32;

/// Fields of the API that hold selectors.
const SELECTORS: [&str; 6] =
    ["matchLabels", "selector", "podSelector", "labelSelector", "endpointSelector", "nodeSelector"];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.model;
    if !has_label(model) {
        for (stack, place) in &model.authored.mentions {
            let report = report(Mention::LABEL, *place, sink).subject("", "page", *place, stack);
            sink.push(report);
        }
        for object in model.objects.iter().filter(|object| SELECTING.contains(&object.kind())) {
            let mut places = Vec::new();
            collect(&object.root, false, 0, &mut places);
            for place in places {
                let report = report(Mention::LABEL, place, sink).on_object(object, "spec.selector");
                sink.push(report);
            }
        }
    }
    let known = Known { label: has_label(model), container: has_container(model) };
    for workload in &model.workloads {
        for container in workload.all_containers() {
            in_commands(&known, workload, container, sink);
        }
    }
}

/// Whether the wrong names are those of something in the repository.
struct Known {
    label: bool,
    container: bool,
}

fn has_container(model: &Model) -> bool {
    let named = |w: &Workload| w.all_containers().any(|c| c.name == Mention::CONTAINER.wrong);
    model.workloads.iter().filter(|workload| !workload.described).any(named)
}

fn has_label(model: &Model) -> bool {
    model.workloads.iter().filter(|workload| !workload.described).any(|workload| {
        matches!(label(workload.labels(), Mention::KEY), LabelValue::Is(value) if value == Mention::LABEL.wrong)
    })
}

/// Values of the label in selectors. A pod's own labels are no selector.
fn collect(node: &Node, selects: bool, depth: usize, out: &mut Vec<Place>) {
    if depth > DEEPEST {
        return;
    }
    match &node.value {
        Value::Map(map) => {
            if selects && node.get("key").and_then(Node::as_str) == Some(Mention::KEY) {
                let values = node.get("values").map(Node::items).unwrap_or_default();
                let wrong = values.iter().filter(|value| value.as_str() == Some(Mention::LABEL.wrong));
                out.extend(wrong.map(|value| value.place));
            }
            for entry in &map.entries {
                let name = &*entry.key.name;
                if selects && name == Mention::KEY && entry.value.as_str() == Some(Mention::LABEL.wrong) {
                    out.push(entry.value.place);
                }
                let inner = SELECTORS.contains(&name) || selects && name != "metadata" && name != "template";
                collect(&entry.value, inner, depth + 1, out);
            }
        }
        Value::List(list) => list.items.iter().for_each(|item| collect(item, selects, depth + 1, out)),
        _ => {}
    }
}

fn in_commands(known: &Known, workload: &Workload, container: &Container, sink: &mut Sink<'_>) {
    let field = workload.container_field(container, "command");
    if !known.label {
        for place in container.argv().filter_map(Node::as_text).flat_map(Mention::find) {
            let report = report(Mention::LABEL, place, sink).on(workload, &*field);
            sink.push(report);
        }
    }
    if known.container
        || !container.argv().filter_map(Node::as_text).any(|text| Mention::stands_in(text.as_str()))
    {
        return;
    }
    for command in commands(container, &Interval::Once).commands {
        let program = command.words.first().and_then(|(word, _)| word.as_deref()).unwrap_or_default();
        if program.rsplit('/').next() != Some("kubectl") {
            continue;
        }
        for place in container_argument(&command.words) {
            let report = report(Mention::CONTAINER, place, sink).on(workload, &*field);
            sink.push(report);
        }
    }
}

/// Where a command line of kubectl names the wrong container.
fn container_argument(words: &[(Option<String>, Place)]) -> Vec<Place> {
    let wrong = Mention::CONTAINER.wrong;
    let own = words.iter().take_while(|(word, _)| word.as_deref() != Some("--")).collect::<Vec<_>>();
    let follows = own.windows(2).filter_map(|pair| {
        let flag = matches!(pair[0].0.as_deref(), Some("-c" | "--container"));
        (flag && pair[1].0.as_deref() == Some(wrong)).then_some(pair[1].1)
    });
    let joined = own.iter().filter(|(word, _)| {
        word.as_deref().and_then(|word| word.strip_prefix("--container=")) == Some(wrong)
    });
    follows.chain(joined.map(|(_, place)| *place)).collect()
}

fn report(mention: Mention, place: Place, sink: &Sink<'_>) -> Report {
    let what = if mention == Mention::LABEL { "no pod has the label" } else { "no pod has a container" };
    let change = Change::Rename { place, from: mention.wrong.to_owned(), to: mention.right.to_owned() };
    sink.report(
        Severity::Warning,
        place,
        format!("{what} `{}`: authentik's controller writes `{}`", mention.wrong, mention.right),
    )
    .label("selects nothing")
    .note("what selects nothing is no error anywhere: it ends well, and does nothing")
    .help(format!("write `{}`", mention.right))
    .safe_fix(format!("write `{}`", mention.right), vec![change])
}
