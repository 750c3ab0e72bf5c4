//! `helmCharts`: charts that a kustomization renders (HelmChartInflationGenerator of kustomize 5).

use crate::base::{Files, Node, Text, Value, join_path};
use crate::lower::{Ignored, Release, merge_values};
use crate::syntax::go_template::TemplateReads;
use crate::syntax::yaml::parse_yaml;
use std::sync::Arc;

/// The releases that a kustomization's charts are.
pub(super) fn releases(kustomization: &Node, dir: &str, files: &dyn Files) -> Vec<Release> {
    let home = kustomization.at(&["helmGlobals", "chartHome"]).and_then(Node::as_str).unwrap_or("charts");
    let items = kustomization.get("helmCharts").map(Node::items).unwrap_or_default();
    items.iter().filter_map(|item| release(item, dir, home, files)).collect()
}

fn release(item: &Node, dir: &str, home: &str, files: &dyn Files) -> Option<Release> {
    let chart = item.get("name")?;
    let repository = item.get("repo").cloned();
    let local = match &repository {
        Some(_) => None,
        None => join_path(dir, &format!("{home}/{}", chart.as_str()?)),
    };
    let generated = || Node::unknown("kustomize generates the release's name", chart.place);
    Some(Release {
        name: item.get("releaseName").cloned().or_else(|| Some(generated())),
        chart: Some(chart.clone()),
        repository,
        version: item.get("version").cloned(),
        namespace: item.get("namespace").cloned(),
        documents: documents(item, dir, files),
        sets: Vec::new(),
        subject: format!("HelmChart/{}", chart.as_str().unwrap_or("?")),
        header: chart.place,
        stack: Arc::from(dir),
        conditional: None,
        ignored: Ignored::default(),
        post_renderers: Vec::new(),
        local,
        keys_only: false,
        also_read: TemplateReads::default(),
        depth: 0,
    })
}

/// The values: a file and values beside it, in the order that `valuesMerge` says, and further files over them.
fn documents(item: &Node, dir: &str, files: &dyn Files) -> Vec<Node> {
    let file = |path: &Node| {
        let text =
            path.as_str().and_then(|path| join_path(dir, path)).and_then(|path| files.text(&path).ok());
        let document = text.and_then(|file| parse_yaml(&Text::of_file(&file)).0.into_iter().next());
        let root = document.map(|document| document.root).filter(|root| root.as_map().is_some());
        root.unwrap_or_else(|| Node::unknown("a file of values that cannot be read", path.place))
    };
    let own = item.get("valuesFile").map(file);
    let inline = item.get("valuesInline").filter(|node| matches!(node.value, Value::Map(_))).cloned();
    let first = match (own, inline, item.get("valuesMerge").and_then(Node::as_str)) {
        (Some(_), Some(inline), Some("replace")) => Some(inline),
        (Some(own), Some(inline), Some("merge")) => Some(merge_values(&inline, &own)),
        (Some(own), Some(inline), _) => Some(merge_values(&own, &inline)),
        (own, inline, _) => own.or(inline),
    };
    let further = item.get("additionalValuesFiles").map(Node::items).unwrap_or_default();
    first.into_iter().chain(further.iter().map(file)).collect()
}
