//! What pods refer to.

use super::Reference;
use crate::base::Node;
use crate::model::{Container, Workload};

const NO_ACCOUNT: &str = "no pod is created: the API server refuses those whose account is missing";
const NO_CONFIG: &str = "the pod waits and never starts";

/// ConfigMaps that clusters put into every namespace.
const GIVEN: [&str; 2] = ["kube-root-ca.crt", "openshift-service-ca.crt"];

pub(super) fn references(workload: &Workload) -> Vec<Reference<'_>> {
    let Some(pod) = workload.pod() else { return Vec::new() };
    let account = pod.get("serviceAccountName").or_else(|| pod.get("serviceAccount"));
    let account = account.filter(|name| name.as_str() != Some("default")).map(|name| Reference {
        kind: "ServiceAccount",
        name,
        key: None,
        namespace: None,
        field: workload.template_field("spec.serviceAccountName"),
        why: NO_ACCOUNT,
    });
    let volumes = workload.volumes().iter().flat_map(|volume| of_volume(workload, volume));
    let containers = workload.all_containers().flat_map(|container| of_container(workload, container));
    account.into_iter().chain(volumes).chain(containers).filter(|reference| !is_given(reference)).collect()
}

fn is_given(reference: &Reference<'_>) -> bool {
    reference.kind == "ConfigMap" && reference.name.as_str().is_some_and(|name| GIVEN.contains(&name))
}

/// A ConfigMap by the reference that names it; none where it may be missing.
fn config_map<'a>(source: &'a Node, key: Option<&'a Node>, field: String) -> Option<Reference<'a>> {
    let optional = source.get("optional").is_some_and(|node| node.as_bool() != Some(false));
    let name = source.get("name").filter(|_| !optional)?;
    Some(Reference { kind: "ConfigMap", name, key, namespace: None, field, why: NO_CONFIG })
}

fn of_volume<'a>(workload: &Workload, volume: &'a Node) -> Vec<Reference<'a>> {
    let projected = volume.at(&["projected", "sources"]).map(Node::items).unwrap_or_default();
    let sources =
        volume.get("configMap").into_iter().chain(projected.iter().filter_map(|s| s.get("configMap")));
    let of_source = |source: &'a Node| {
        let field = || workload.template_field("spec.volumes");
        let items = source.get("items").map(Node::items).unwrap_or_default();
        let keys = items.iter().filter_map(|item| item.get("key"));
        let mut out: Vec<Reference<'a>> =
            keys.filter_map(|key| config_map(source, Some(key), field())).collect();
        if out.is_empty() {
            out.extend(config_map(source, None, field()));
        }
        out
    };
    sources.flat_map(of_source).collect()
}

fn of_container<'a>(workload: &Workload, container: &'a Container) -> Vec<Reference<'a>> {
    let items = |field: &str| container.node.get(field).map(Node::items).unwrap_or_default().iter();
    let whole = items("envFrom")
        .filter_map(|item| item.get("configMapRef"))
        .filter_map(|source| config_map(source, None, workload.container_field(container, "envFrom")));
    let single =
        items("env").filter_map(|item| item.at(&["valueFrom", "configMapKeyRef"])).filter_map(|source| {
            config_map(source, source.get("key"), workload.container_field(container, "env"))
        });
    whole.chain(single).collect()
}
