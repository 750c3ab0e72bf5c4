//! Flux: what its Kustomizations make, and HelmReleases as releases.

use super::kustomize::{
    Built, build_kustomization, kustomization_of, plain_file, transformed, with_components,
};
use super::substitute::{Variables, substitute};
use crate::base::{Files, Key, Map, Node, Text, Value, is_below, join_path};
use crate::lower::{Ignored, PostRenderer, Release, ReleaseValue};
use crate::syntax::go_template::TemplateReads;
use crate::syntax::yaml::parse_yaml;
use std::sync::Arc;

/// Whether a document is a Kustomization of Flux, which is another thing than one of kustomize.
pub fn is_flux_kustomization(root: &Node) -> bool {
    is(root, "Kustomization", "kustomize.toolkit.fluxcd.io/")
}

/// Whether a document is a HelmRelease of Flux.
pub fn is_helm_release(root: &Node) -> bool {
    is(root, "HelmRelease", "helm.toolkit.fluxcd.io/")
}

fn is(root: &Node, kind: &str, group: &str) -> bool {
    root.get("kind").and_then(Node::as_str) == Some(kind)
        && root.get("apiVersion").and_then(Node::as_str).is_some_and(|version| version.starts_with(group))
}

/// The folder that a Kustomization deploys, from the root of the repository.
pub fn flux_path(root: &Node) -> Option<String> {
    let path = root.at(&["spec", "path"]).map_or(Some("./"), Node::as_str)?;
    join_path("", path.trim_start_matches('/'))
}

/// What a Kustomization makes of its folder.
pub fn build_flux(files: &dyn Files, root: &Node) -> Option<Built> {
    let dir = flux_path(root).filter(|dir| !files.below(dir).is_empty())?;
    let mut built = match kustomization_of(files, &dir) {
        Some(path) => build_kustomization(files, &path),
        None => generated(files, &dir),
    };
    let mut roots = std::mem::take(&mut built.roots);
    if let Some(components) = root.at(&["spec", "components"]) {
        roots = with_components(files, &dir, components, roots, &mut built);
    }
    let own = as_kustomization(root);
    roots = transformed(&own, &dir, files, roots, &mut built);
    if let Some(post_build) = root.at(&["spec", "postBuild"]) {
        let from = post_build.get("substituteFrom").filter(|from| !from.items().is_empty());
        let variables = Variables {
            known: post_build.get("substitute").and_then(Node::as_map),
            open: from.map(|_| "a variable that another object may hold".into()),
        };
        roots = roots.iter().map(|document| substitute(document, &variables)).collect();
    }
    built.roots = roots;
    for release in &mut built.releases {
        release.post_renderers.extend(of_kustomization(root));
    }
    Some(built)
}

/// What a Kustomization of Flux changes in the objects of charts that its folder renders.
fn of_kustomization(root: &Node) -> Vec<PostRenderer> {
    let mut out = vec![PostRenderer::Kustomize(as_kustomization(root), "".into())];
    if root.at(&["spec", "postBuild"]).is_some() {
        out.push(PostRenderer::Unknown("Flux replaces variables in what the chart makes".into()));
    }
    out
}

/// What a Kustomization of Flux lays over its folder, as kustomize says it.
fn as_kustomization(root: &Node) -> Node {
    const FIELDS: [(&str, &str); 5] = [
        ("targetNamespace", "namespace"),
        ("patches", "patches"),
        ("images", "images"),
        ("namePrefix", "namePrefix"),
        ("nameSuffix", "nameSuffix"),
    ];
    let mut map = Map::default();
    let spec = root.get("spec").and_then(Node::as_map);
    for (flux, kustomize) in FIELDS {
        if let Some(entry) = spec.and_then(|spec| spec.entry(flux)).filter(|entry| !entry.value.is_null()) {
            map.insert(Key { name: kustomize.into(), ..entry.key.clone() }, entry.value.clone());
        }
    }
    if let Some(labels) = root.at(&["spec", "commonMetadata", "labels"]) {
        let mut item = Map::default();
        item.insert(Key { name: "pairs".into(), place: labels.place }, labels.clone());
        let list = Node::list(vec![Node::map(item, labels.place)], labels.place);
        map.insert(Key { name: "labels".into(), place: labels.place }, list);
    }
    Node::map(map, root.place)
}

/// The kustomization that Flux makes for a folder without one: every folder below it that has one, and the
/// manifests of the others.
fn generated(files: &dyn Files, dir: &str) -> Built {
    let mut built = Built::default();
    let mut covered: Vec<String> = Vec::new();
    for path in files.below(dir) {
        if covered.iter().any(|known| is_below(&path, known)) {
            continue;
        }
        if let Some(folder) =
            folders_between(dir, &path).find(|folder| kustomization_of(files, folder).is_some())
        {
            built.join(
                kustomization_of(files, &folder)
                    .map_or_else(Built::default, |path| build_kustomization(files, &path)),
            );
            covered.push(folder);
        } else if path.ends_with(".yaml") || path.ends_with(".yml") {
            built.join(plain_file(files, &path));
        }
    }
    built
}

/// The folders below `dir` on the way to a path, the outermost first.
fn folders_between<'a>(dir: &'a str, path: &'a str) -> impl Iterator<Item = String> + 'a {
    let from = if dir.is_empty() { 0 } else { dir.len() + 1 };
    path[from..].match_indices('/').map(move |(at, _)| path[..from + at].to_owned())
}

/// A HelmRelease as a release. `others` are the documents among which its chart's source stands.
pub fn helm_release(root: &Node, others: &[&Node], stack: &Arc<str>) -> Option<Release> {
    let name = root.at(&["metadata", "name"])?;
    let namespace = root.at(&["metadata", "namespace"]).cloned();
    let target = root.at(&["spec", "targetNamespace"]);
    let source = chart_source(root, others, namespace.as_ref());
    let default_name = match target.and_then(Node::as_str).zip(name.as_str()) {
        Some((target, name)) => Node::made(format!("{target}-{name}"), root.at(&["metadata", "name"])?.place),
        None => name.clone(),
    };
    let (mut documents, mut sets) = (Vec::new(), Vec::new());
    for file in root.at(&["spec", "chart", "spec", "valuesFiles"]).map(Node::items).unwrap_or_default() {
        documents.push(Node::unknown("a file of values that the chart's source holds", file.place));
    }
    for from in root.at(&["spec", "valuesFrom"]).map(Node::items).unwrap_or_default() {
        match from.get("targetPath") {
            Some(path) => {
                let value = Node::unknown("a value that another object holds", from.place);
                sets.push(ReleaseValue { path: path.clone(), value, string: false });
            }
            None => documents.push(values_of(from, others, namespace.as_ref())),
        }
    }
    documents.extend(root.at(&["spec", "values"]).cloned());
    let header = root.get("kind").map_or(root.place, |kind| kind.place);
    let title =
        [namespace.as_ref().and_then(Node::as_str), name.as_str()].into_iter().flatten().collect::<Vec<_>>();
    Some(Release {
        name: root.at(&["spec", "releaseName"]).cloned().or(Some(default_name)),
        chart: source.chart,
        repository: source.repository,
        version: source.version,
        namespace: target.cloned().or(namespace.clone()),
        documents,
        sets,
        subject: format!("HelmRelease/{}", title.join("/")),
        header,
        stack: Arc::clone(stack),
        conditional: None,
        ignored: Ignored::default(),
        post_renderers: post_renderers(root),
        local: local_chart(root),
        keys_only: false,
        also_read: TemplateReads::default(),
        depth: 0,
    })
}

/// A post-renderer of Flux is a kustomization of patches and images.
fn post_renderers(root: &Node) -> Vec<PostRenderer> {
    let renderers = root.at(&["spec", "postRenderers"]).map(Node::items).unwrap_or_default();
    let renderer = |item: &Node| match item.get("kustomize") {
        Some(kustomize) => PostRenderer::Kustomize(kustomize.clone(), "".into()),
        None => PostRenderer::Unknown("a post-renderer that is not known".into()),
    };
    renderers.iter().map(renderer).collect()
}

/// The folder of a chart that comes out of a Git repository, which is taken to be this one where it is there.
fn local_chart(root: &Node) -> Option<String> {
    let spec = root.at(&["spec", "chart", "spec"])?;
    let kind = spec.at(&["sourceRef", "kind"]).and_then(Node::as_str)?;
    let path = spec.get("chart")?.as_str()?;
    matches!(kind, "GitRepository" | "Bucket").then(|| join_path("", path.trim_start_matches('/'))).flatten()
}

#[derive(Default)]
struct ChartSource {
    chart: Option<Node>,
    repository: Option<Node>,
    version: Option<Node>,
}

/// Where a HelmRelease's chart comes from: a chart template with its repository, or an object that names it.
fn chart_source(root: &Node, others: &[&Node], namespace: Option<&Node>) -> ChartSource {
    if let Some(spec) = root.at(&["spec", "chart", "spec"]) {
        return chart_spec(spec, others, namespace);
    }
    let Some(reference) = root.at(&["spec", "chartRef"]) else { return ChartSource::default() };
    let unknown = || Node::unknown("the object that names the chart is not in the files", reference.place);
    let Some(object) = find(reference, others, namespace) else {
        return ChartSource { chart: Some(unknown()), ..ChartSource::default() };
    };
    match reference.get("kind").and_then(Node::as_str) {
        Some("HelmChart") => {
            object.get("spec").map(|spec| chart_spec(spec, others, namespace)).unwrap_or_default()
        }
        _ => ChartSource {
            // The whole address names chart and repository.
            chart: object.at(&["spec", "url"]).cloned(),
            repository: None,
            version: version_of(object),
        },
    }
}

/// The version that an OCIRepository names: a digest goes before a range, and a range before a tag.
fn version_of(repository: &Node) -> Option<Node> {
    let reference = repository.at(&["spec", "ref"])?;
    match reference.get("digest") {
        Some(digest) => {
            Some(Node::unknown("a digest pins the chart: which version that is, no file says", digest.place))
        }
        None => reference.get("semver").or_else(|| reference.get("tag")).cloned(),
    }
}

fn chart_spec(spec: &Node, others: &[&Node], namespace: Option<&Node>) -> ChartSource {
    let reference = spec.get("sourceRef");
    let unknown = |place| Node::unknown("the chart's repository is not in the files", place);
    let repository = reference.map(|reference| match find(reference, others, namespace) {
        Some(object) => object.at(&["spec", "url"]).cloned().unwrap_or_else(|| unknown(reference.place)),
        None => unknown(reference.place),
    });
    ChartSource { chart: spec.get("chart").cloned(), repository, version: spec.get("version").cloned() }
}

/// The object that a reference names; its namespace is that of whoever refers, unless it says another.
fn find<'a>(reference: &Node, others: &[&'a Node], namespace: Option<&Node>) -> Option<&'a Node> {
    let text = |node: &Node, path: &[&str]| node.at(path).and_then(Node::as_str).map(str::to_owned);
    let wanted = reference.get("namespace").or(namespace).and_then(Node::as_str);
    others.iter().copied().find(|object| {
        text(object, &["kind"]) == text(reference, &["kind"])
            && text(object, &["metadata", "name"]) == text(reference, &["name"])
            && (text(object, &["metadata", "namespace"]).as_deref() == wanted
                || object.at(&["metadata", "namespace"]).is_none())
    })
}

/// Values that a ConfigMap of the files holds; those of Secrets and of other objects are not known.
fn values_of(from: &Node, others: &[&Node], namespace: Option<&Node>) -> Node {
    let unknown = Node::unknown("values that another object holds", from.place);
    if from.get("kind").and_then(Node::as_str) != Some("ConfigMap") {
        return unknown;
    }
    let key = from.get("valuesKey").and_then(Node::as_str).unwrap_or("values.yaml");
    let text = find(from, others, namespace).and_then(|object| object.at(&["data", key]));
    match text.map(|node| &node.value) {
        Some(Value::Text(text)) => parsed(text).unwrap_or(unknown),
        _ => unknown,
    }
}

fn parsed(text: &Text) -> Option<Node> {
    parse_yaml(text).0.into_iter().next().map(|document| document.root)
}
