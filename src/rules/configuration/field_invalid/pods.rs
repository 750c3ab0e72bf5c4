//! Fields of pods beside their containers.

use super::{Fault, doubled, outside};
use crate::base::Node;
use crate::lower::Object;
use crate::model::Workload;

pub(super) fn faults(workload: &Workload, object: &Object) -> Vec<Fault> {
    let Some(pod) = workload.pod() else { return Vec::new() };
    let names = workload.all_containers().filter_map(|container| container.node.get("name"));
    let twice = doubled(names).into_iter().map(|node| {
        let what = format!("two containers are called `{}`", node.as_str().unwrap_or_default());
        Fault::new(
            node.place,
            workload.template_field("spec.containers"),
            what,
            "give each container a name of its own",
        )
    });
    let volumes = doubled(workload.volumes().iter().filter_map(|volume| volume.get("name")));
    let volumes = volumes.into_iter().map(|node| {
        let what = format!("two volumes are called `{}`", node.as_str().unwrap_or_default());
        Fault::new(
            node.place,
            workload.template_field("spec.volumes"),
            what,
            "give each volume a name of its own",
        )
    });
    let spreads = pod.get("topologySpreadConstraints").map(Node::items).unwrap_or_default();
    restart_policy(workload, object, pod)
        .into_iter()
        .chain(twice)
        .chain(volumes)
        .chain(spreads.iter().flat_map(|term| spread(workload, term)))
        .collect()
}

fn restart_policy(workload: &Workload, object: &Object, pod: &Node) -> Option<Fault> {
    let policy = pod.get("restartPolicy");
    let field = workload.template_field("spec.restartPolicy");
    let help = "write `restartPolicy: OnFailure` or `Never`";
    match (workload.kind.as_str(), policy) {
        ("Job" | "CronJob", Some(node)) => {
            let (node, text) = outside(Some(node), &["OnFailure", "Never"])?;
            Some(Fault::new(
                node.place,
                field,
                format!("pods of a Job cannot have restartPolicy {text}"),
                help,
            ))
        }
        // The default is Always; Terraform's provider and charts have others.
        ("Job" | "CronJob", None) => {
            let written = object.release.is_none() && !object.lenient && pod.open_reason().is_none();
            let place = pod.as_map()?.entry("containers")?.key.place;
            written.then(|| {
                Fault::new(place, field, "no restartPolicy: the default, Always, is refused for a Job", help)
            })
        }
        ("Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet", Some(node)) => {
            let (node, text) = outside(Some(node), &["Always"])?;
            let what = format!("pods that run on cannot have restartPolicy {text}");
            Some(Fault::new(node.place, field, what, "remove it: only `Always` is taken here"))
        }
        _ => None,
    }
}

fn spread(workload: &Workload, term: &Node) -> Vec<Fault> {
    let field = |name: &str| workload.template_field(&format!("spec.topologySpreadConstraints.{name}"));
    let mut out = Vec::new();
    for name in ["maxSkew", "minDomains"] {
        let Some(node) = term.get(name) else { continue };
        if let Some(number) = node.as_int_lenient().filter(|number| *number < 1) {
            out.push(Fault::new(node.place, field(name), format!("{name} is {number}"), "write 1 or more"));
        }
    }
    let when = term.get("whenUnsatisfiable");
    if let Some((node, text)) = outside(when, &["DoNotSchedule", "ScheduleAnyway"]) {
        let what = format!("whenUnsatisfiable cannot be `{text}`");
        let help = "write `DoNotSchedule` or `ScheduleAnyway`";
        out.push(Fault::new(node.place, field("whenUnsatisfiable"), what, help));
    }
    let weak = when.and_then(Node::as_str) == Some("ScheduleAnyway");
    if let Some(node) = term.get("minDomains").filter(|node| weak && !node.is_null()) {
        out.push(Fault::new(
            node.place,
            field("minDomains"),
            "minDomains needs `whenUnsatisfiable: DoNotSchedule`",
            "remove minDomains, or write `DoNotSchedule`",
        ));
    }
    out
}
