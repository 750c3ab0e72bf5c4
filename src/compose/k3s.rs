//! The Helm controller of k3s: HelmChart as a release, HelmChartConfig as values over it (helm.cattle.io/v1 of
//! k3s-io/helm-controller v0.17.7).

use crate::base::{Node, Value};
use crate::lower::{Ignored, Release, ReleaseValue};
use crate::syntax::go_template::TemplateReads;
use crate::syntax::yaml::parse_yaml;
use std::sync::Arc;

const GROUP: &str = "helm.cattle.io/";

/// Whether a document is a HelmChart of k3s, which is another thing than one of Flux.
pub fn is_k3s_chart(root: &Node) -> bool {
    is(root, "HelmChart")
}

/// Whether a document brings values for a HelmChart.
pub fn is_k3s_config(root: &Node) -> bool {
    is(root, "HelmChartConfig")
}

fn is(root: &Node, kind: &str) -> bool {
    root.get("kind").and_then(Node::as_str) == Some(kind)
        && root.get("apiVersion").and_then(Node::as_str).is_some_and(|version| version.starts_with(GROUP))
}

/// A HelmChart as a release; `configs` are the HelmChartConfigs among which its own stands.
pub fn k3s_release(root: &Node, configs: &[(&Node, &Arc<str>)], stack: &Arc<str>) -> Option<Release> {
    let name = root.at(&["metadata", "name"])?;
    let spec = root.get("spec")?;
    let text =
        |node: &Node, field: &str| node.at(&["metadata", field]).and_then(Node::as_str).map(str::to_owned);
    let same = |(config, _): &&(&Node, &Arc<str>)| {
        ["name", "namespace"].iter().all(|field| text(config, field) == text(root, field))
    };
    let named: Vec<&(&Node, &Arc<str>)> = configs.iter().filter(same).collect();
    // Two stacks may be two clusters: the own one goes first.
    let config = named
        .iter()
        .find(|(_, of)| *of == stack)
        .or(named.first())
        .and_then(|(config, _)| config.get("spec"));
    let elsewhere = named.len() > 1 && named.iter().all(|(_, of)| *of != stack);
    let mut sets = Vec::new();
    for entry in spec.get("set").and_then(Node::as_map).map(|map| &map.entries[..]).unwrap_or_default() {
        let path = Node::made(Arc::clone(&entry.key.name), entry.key.place);
        // Strings stay strings, except the words of JSON.
        let string = entry.value.as_str().is_some_and(|text| !matches!(text, "true" | "false" | "null"));
        sets.push(ReleaseValue { path, value: entry.value.clone(), string });
    }
    Some(Release {
        name: Some(name.clone()),
        chart: spec.get("chart").cloned(),
        repository: spec.get("repo").cloned(),
        version: spec.get("version").cloned(),
        namespace: spec.get("targetNamespace").or(root.at(&["metadata", "namespace"])).cloned(),
        documents: match config {
            Some(config) if elsewhere => {
                let unknown =
                    Node::unknown("several HelmChartConfigs of this name stand elsewhere", config.place);
                documents(spec).into_iter().chain([unknown]).collect()
            }
            config => [Some(spec), config].into_iter().flatten().flat_map(documents).collect(),
        },
        sets,
        subject: format!("HelmChart/{}", name.as_str().unwrap_or("?")),
        header: root.get("kind").map_or(root.place, |kind| kind.place),
        stack: Arc::clone(stack),
        conditional: None,
        ignored: Ignored::default(),
        post_renderers: Vec::new(),
        local: None,
        keys_only: false,
        also_read: TemplateReads::default(),
        depth: 0,
    })
}

/// The values of a spec: as a text, and as a mapping over it; those of Secrets are not known.
fn documents(spec: &Node) -> Vec<Node> {
    let content = spec.get("valuesContent").map(|content| match &content.value {
        Value::Text(text) => {
            let root = parse_yaml(text).0.into_iter().next().map(|document| document.root);
            root.unwrap_or_else(|| Node::null(content.place))
        }
        _ => content.clone(),
    });
    let secrets = spec.get("valuesSecrets").filter(|node| !node.items().is_empty());
    let secrets = secrets.map(|node| Node::unknown("values that a Secret holds", node.place));
    content.into_iter().chain(spec.get("values").cloned()).chain(secrets).collect()
}
