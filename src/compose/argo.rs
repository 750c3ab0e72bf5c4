//! Argo CD: Applications as releases of charts, and as folders of the repository.

use super::chart::CHART_FILE;
use super::kustomize::{Built, transformed, with_components};
use crate::base::{Files, Key, Map, Node, Text, Value, join_path};
use crate::lower::{Ignored, Release, ReleaseValue};
use crate::syntax::go_template::TemplateReads;
use crate::syntax::yaml::parse_yaml;
use std::sync::Arc;

/// What an Application deploys, as far as the files tell.
#[derive(Debug, Default)]
pub struct Deployment {
    /// Charts.
    pub releases: Vec<Release>,
    /// Folders of the repository whose manifests it applies.
    pub folders: Vec<Folder>,
    /// Whether something stands elsewhere.
    pub elsewhere: bool,
}

/// A folder of manifests.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The folder, from the root.
    pub dir: String,
    /// What the Application lays over the folder's own kustomization.
    pub options: Option<Node>,
}

/// Whether a document is an Application.
pub fn is_application(root: &Node) -> bool {
    let version = root.get("apiVersion").and_then(Node::as_str).unwrap_or_default();
    root.get("kind").and_then(Node::as_str) == Some("Application") && version.starts_with("argoproj.io/")
}

/// The sources of an Application.
pub fn application(root: &Node, files: &dyn Files, stack: &Arc<str>) -> Deployment {
    let mut out = Deployment::default();
    let several = root.at(&["spec", "sources"]).map(Node::items).unwrap_or_default();
    let sources: Vec<&Node> = root.at(&["spec", "source"]).into_iter().chain(several).collect();
    for source in &sources {
        // What a plugin makes of a folder only it knows.
        if source.get("plugin").is_some() {
            out.elsewhere = true;
            continue;
        }
        if source.get("chart").is_some() {
            out.releases.extend(release(root, source, &sources, files, stack));
            continue;
        }
        match source.get("path").map(|path| path.as_str().and_then(|path| join_path("", path))) {
            Some(Some(dir)) if is_chart(files, &dir) => {
                out.releases.extend(release(root, source, &sources, files, stack));
            }
            Some(Some(dir)) if !files.below(&dir).is_empty() => {
                out.folders.push(Folder { dir, options: source.get("kustomize").and_then(options) });
            }
            // A source that only holds values makes nothing.
            None if source.get("ref").is_some() => {}
            _ => out.elsewhere = true,
        }
    }
    out.elsewhere |= sources.is_empty();
    out
}

fn release(
    root: &Node,
    source: &Node,
    sources: &[&Node],
    files: &dyn Files,
    stack: &Arc<str>,
) -> Option<Release> {
    let name = root.at(&["metadata", "name"])?;
    let (mut documents, mut sets) = (Vec::new(), Vec::new());
    let local = source.get("path").and_then(Node::as_str).and_then(|path| join_path("", path));
    if let Some(helm) = source.get("helm") {
        for file in helm.get("valueFiles").map(Node::items).unwrap_or_default() {
            documents.push(value_file(file, local.as_deref(), sources, files));
        }
        let text = helm.get("values").filter(|_| helm.get("valuesObject").is_none());
        documents.extend(text.map(|values| match &values.value {
            Value::Text(text) => parsed(text).unwrap_or_else(|| Node::map(Map::default(), values.place)),
            _ => values.clone(),
        }));
        documents.extend(helm.get("valuesObject").cloned());
        for parameter in helm.get("parameters").map(Node::items).unwrap_or_default() {
            let string = parameter.get("forceString").and_then(Node::as_bool) == Some(true);
            if let (Some(path), Some(value)) = (parameter.get("name"), parameter.get("value")) {
                sets.push(ReleaseValue { path: path.clone(), value: value.clone(), string });
            }
        }
    }
    let helm_name = source.at(&["helm", "releaseName"]);
    Some(Release {
        name: helm_name.or(Some(name)).cloned(),
        chart: source.get("chart").or(source.get("path")).cloned(),
        repository: source.get("repoURL").filter(|_| local.is_none()).map(with_scheme),
        version: source.get("targetRevision").filter(|_| local.is_none()).cloned(),
        namespace: root.at(&["spec", "destination", "namespace"]).cloned(),
        documents,
        sets,
        subject: format!("Application/{}", name.as_str().unwrap_or("?")),
        header: root.get("kind").map_or(root.place, |kind| kind.place),
        stack: Arc::clone(stack),
        conditional: None,
        ignored: Ignored::default(),
        post_renderers: Vec::new(),
        local,
        keys_only: false,
        also_read: TemplateReads::default(),
        depth: 0,
    })
}

/// A registry stands without a scheme.
fn with_scheme(url: &Node) -> Node {
    match url.as_str() {
        Some(text) if !text.contains("://") => {
            Node { value: Value::Text(Text::made(format!("oci://{text}"), url.place)), ..url.clone() }
        }
        _ => url.clone(),
    }
}

/// The options of an Application as kustomize has them; none where they change nothing.
fn options(kustomize: &Node) -> Option<Node> {
    const SAME: [&str; 8] = [
        "namePrefix",
        "nameSuffix",
        "namespace",
        "commonLabels",
        "commonAnnotations",
        "replicas",
        "patches",
        "components",
    ];
    let mut out = Map::default();
    for entry in kustomize.as_map().map(|map| &map.entries[..]).unwrap_or_default() {
        match &*entry.key.name {
            "images" => {
                let images = entry.value.items().iter().filter_map(image).collect();
                out.insert(entry.key.clone(), Node::list(images, entry.value.place));
            }
            "commonLabels" if kustomize.get("labelWithoutSelector").and_then(Node::as_bool) == Some(true) => {
                let mut item = Map::default();
                item.insert(Key { name: "pairs".into(), place: entry.key.place }, entry.value.clone());
                let place = entry.value.place;
                let labels = Node::list(vec![Node::map(item, place)], place);
                out.insert(Key { name: "labels".into(), place: entry.key.place }, labels);
            }
            name if SAME.contains(&name) => out.insert(entry.key.clone(), entry.value.clone()),
            _ => {}
        }
    }
    (!out.entries.is_empty()).then(|| Node::map(out, kustomize.place))
}

/// `[name=]image:tag` or `[name=]image@digest`, as an entry of kustomize's `images`.
fn image(node: &Node) -> Option<Node> {
    let text = node.as_str()?;
    let (name, image) = text.split_once('=').unwrap_or(("", text));
    let start = image.rfind('/').map_or(0, |at| at + 1);
    let (rest, field, version) = match (image.split_once('@'), image[start..].split_once(':')) {
        (Some((rest, digest)), _) => (rest.to_owned(), "digest", digest),
        (None, Some((last, tag))) => (format!("{}{last}", &image[..start]), "newTag", tag),
        (None, None) => (image.to_owned(), "", ""),
    };
    let mut out = Map::default();
    let mut set = |field: &str, value: &str| {
        out.insert(Key { name: field.into(), place: node.place }, Node::made(value, node.place));
    };
    set("name", if name.is_empty() { &rest } else { name });
    if !name.is_empty() {
        set("newName", &rest);
    }
    if !field.is_empty() {
        set(field, version);
    }
    Some(Node::map(out, node.place))
}

/// The documents of a folder with an Application's options carried out.
pub fn with_options(files: &dyn Files, dir: &str, options: &Node, roots: Vec<Node>) -> Built {
    let mut built = Built::default();
    let roots = match options.get("components") {
        Some(components) => with_components(files, dir, components, roots, &mut built),
        None => roots,
    };
    built.roots = transformed(options, dir, files, roots, &mut built);
    built
}

/// Whether a folder is a chart.
fn is_chart(files: &dyn Files, dir: &str) -> bool {
    join_path(dir, CHART_FILE).is_some_and(|path| files.text(&path).is_ok())
}

/// A file of values: `$name/path` stands in another source, which is taken to be this repository where the
/// file is there; other paths begin at the chart's folder, or at the root.
fn value_file(file: &Node, chart: Option<&str>, sources: &[&Node], files: &dyn Files) -> Node {
    let unknown = || Node::unknown("a file of values that stands elsewhere", file.place);
    let Some(text) = file.as_str() else { return unknown() };
    let path = match (text.strip_prefix('$').and_then(|text| text.split_once('/')), chart) {
        (Some((name, path)), _) => {
            let known = sources.iter().any(|source| source.get("ref").and_then(Node::as_str) == Some(name));
            join_path("", path).filter(|_| known)
        }
        (None, Some(_)) if text.starts_with('/') => join_path("", text.trim_start_matches('/')),
        (None, Some(dir)) => join_path(dir, text),
        (None, None) => None,
    };
    let text = path.and_then(|path| files.text(&path).ok());
    text.and_then(|file| parsed(&Text::of_file(&file))).unwrap_or_else(unknown)
}

fn parsed(text: &Text) -> Option<Node> {
    let root = parse_yaml(text).0.into_iter().next().map(|document| document.root);
    root.filter(|root| root.as_map().is_some())
}
