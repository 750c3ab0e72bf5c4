//! Fields of objects beside their pods.

use super::{Fault, doubled, outside};
use crate::base::Node;
use crate::lower::Object;

pub(super) fn faults(object: &Object) -> Vec<Fault> {
    let version = object.api_version();
    match (object.kind(), version.split('/').next().unwrap_or_default()) {
        ("Deployment", "apps") => strategy(object),
        ("StatefulSet" | "DaemonSet", "apps") => update_strategy(object),
        ("HorizontalPodAutoscaler", "autoscaling") => bounds(object),
        ("CronJob", "batch") => cron(object),
        ("Ingress", "networking.k8s.io") if version == "networking.k8s.io/v1" => path_types(object),
        ("Service", "v1") => service_ports(object),
        ("PersistentVolumeClaim", "v1") => claim(object),
        _ => Vec::new(),
    }
}

fn strategy(object: &Object) -> Vec<Fault> {
    let Some(strategy) = object.at(&["spec", "strategy"]) else { return Vec::new() };
    let kind = strategy.get("type");
    let mut out: Vec<Fault> = outside(kind, &["RollingUpdate", "Recreate"])
        .map(|(node, text)| {
            let what = format!("there is no strategy `{text}`");
            Fault::new(node.place, "spec.strategy.type", what, "write `RollingUpdate` or `Recreate`")
        })
        .into_iter()
        .collect();
    let rolling = strategy.get("rollingUpdate").filter(|node| !node.is_null());
    if let Some(rolling) = rolling.filter(|_| kind.and_then(Node::as_str) == Some("Recreate")) {
        out.push(Fault::new(
            rolling.place,
            "spec.strategy.rollingUpdate",
            "`rollingUpdate` stands beside type Recreate",
            "remove `rollingUpdate`, or the type",
        ));
    }
    out
}

fn update_strategy(object: &Object) -> Vec<Fault> {
    let kind = object.at(&["spec", "updateStrategy", "type"]);
    let wrong = outside(kind, &["RollingUpdate", "OnDelete"]);
    let fault = wrong.map(|(node, text)| {
        let what = format!("there is no update strategy `{text}`");
        Fault::new(node.place, "spec.updateStrategy.type", what, "write `RollingUpdate` or `OnDelete`")
    });
    fault.into_iter().collect()
}

fn bounds(object: &Object) -> Vec<Fault> {
    let (Some(least), Some(most)) =
        (object.at(&["spec", "minReplicas"]), object.at(&["spec", "maxReplicas"]))
    else {
        return Vec::new();
    };
    match (least.as_int_lenient(), most.as_int_lenient()) {
        (Some(low), Some(high)) if high < low => vec![Fault::new(
            most.place,
            "spec.maxReplicas",
            format!("maxReplicas {high} is below minReplicas {low}"),
            format!("raise maxReplicas to {low} or more, or lower minReplicas"),
        )],
        _ => Vec::new(),
    }
}

fn cron(object: &Object) -> Vec<Fault> {
    let policy = outside(object.at(&["spec", "concurrencyPolicy"]), &["Allow", "Forbid", "Replace"]);
    let mut out: Vec<Fault> = policy
        .map(|(node, text)| {
            let what = format!("there is no concurrency policy `{text}`");
            Fault::new(node.place, "spec.concurrencyPolicy", what, "write `Allow`, `Forbid` or `Replace`")
        })
        .into_iter()
        .collect();
    let Some(node) = object.at(&["spec", "schedule"]) else { return out };
    let Some(text) = node.as_str().filter(|text| !text.contains(['$', '{'])) else { return out };
    if text.contains("TZ=") {
        out.push(Fault::new(
            node.place,
            "spec.schedule",
            "a time zone stands in the schedule",
            "put it into `timeZone`",
        ));
    } else if !text.starts_with('@') && text.split_whitespace().count() != 5 {
        let fields = text.split_whitespace().count();
        let what = format!("the schedule `{text}` has {fields} fields");
        out.push(Fault::new(node.place, "spec.schedule", what, "write minute, hour, day, month and weekday"));
    }
    out
}

fn path_types(object: &Object) -> Vec<Fault> {
    let rules = object.at(&["spec", "rules"]).map(Node::items).unwrap_or_default();
    let paths = rules.iter().filter_map(|rule| rule.at(&["http", "paths"])).flat_map(Node::items);
    let lacks = |path: &&Node| path.get("pathType").is_none() && path.open_reason().is_none();
    let made = object.release.is_some() || object.lenient;
    let missing = paths.clone().filter(lacks).filter(|_| !made).map(|path| {
        let help = "write `pathType: Prefix`, `Exact` or `ImplementationSpecific`";
        Fault::new(head(path), "spec.rules", "a path has no `pathType`", help)
    });
    let wrong = paths.filter_map(|path| {
        let (node, text) = outside(path.get("pathType"), &["Prefix", "Exact", "ImplementationSpecific"])?;
        let what = format!("there is no path type `{text}`");
        Some(Fault::new(
            node.place,
            "spec.rules",
            what,
            "write `Prefix`, `Exact` or `ImplementationSpecific`",
        ))
    });
    missing.chain(wrong).chain(old_backends(object)).collect()
}

/// Backends as v1beta1 had them.
fn old_backends(object: &Object) -> Vec<Fault> {
    let rules = object.at(&["spec", "rules"]).map(Node::items).unwrap_or_default();
    let paths = rules.iter().filter_map(|rule| rule.at(&["http", "paths"])).flat_map(Node::items);
    let backends = paths.filter_map(|path| path.get("backend")).chain(object.at(&["spec", "backend"]));
    let names = backends
        .filter_map(|backend| backend.get("serviceName").filter(|_| backend.get("service").is_none()));
    names
        .map(|name| {
            let help = "write `service: { name: …, port: { number: … } }`";
            Fault::new(
                name.place,
                "spec.rules",
                "`serviceName` is of v1beta1, and the backend names no Service",
                help,
            )
        })
        .collect()
}

fn service_ports(object: &Object) -> Vec<Fault> {
    let Some(ports) = object.at(&["spec", "ports"]) else { return Vec::new() };
    let twice = doubled(ports.items().iter().filter_map(|port| port.get("name")));
    let mut out: Vec<Fault> = twice
        .into_iter()
        .map(|node| {
            let what = format!("two ports are called `{}`", node.as_str().unwrap_or_default());
            Fault::new(node.place, "spec.ports", what, "give each port a name of its own")
        })
        .collect();
    let unnamed = |port: &&Node| port.get("name").is_none() && port.open_reason().is_none();
    let several = ports.items().len() > 1 && ports.open_reason().is_none() && object.release.is_none();
    if let Some(port) = ports.items().iter().find(unnamed).filter(|_| several) {
        let what = "one of several ports has no name";
        out.push(Fault::new(head(port), "spec.ports", what, "give each port a name of its own"));
    }
    out
}

fn claim(object: &Object) -> Vec<Fault> {
    let Some(spec) = object.at(&["spec"]) else { return Vec::new() };
    let given = spec.open_reason().is_none() && object.release.is_none() && spec.as_map().is_some();
    let modes = spec.get("accessModes");
    let none = match modes {
        Some(modes) => {
            modes.items().is_empty() && modes.open_reason().is_none() && modes.unknown_reason().is_none()
        }
        None => given,
    };
    let mut out = Vec::new();
    if none {
        let place = modes.map_or(object.header, |node| node.place);
        out.push(Fault::new(
            place,
            "spec.accessModes",
            "no access mode",
            "write `accessModes: [ReadWriteOnce]`",
        ));
    }
    for mode in modes.map(Node::items).unwrap_or_default() {
        let taken = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];
        if let Some((node, text)) = outside(Some(mode), &taken) {
            let what = format!("there is no access mode `{text}`");
            out.push(Fault::new(
                node.place,
                "spec.accessModes",
                what,
                "write `ReadWriteOnce` or another of the four",
            ));
        }
    }
    out
}

/// The first key of an item, which stands for it.
fn head(item: &Node) -> crate::base::Place {
    let first = item.as_map().and_then(|map| map.entries.first());
    first.map_or(item.place, |entry| entry.key.place)
}
