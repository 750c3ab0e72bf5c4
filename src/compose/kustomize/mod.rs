//! Kustomize: what a folder's kustomization makes of the manifests that it names.

mod charts;
mod generate;
mod labels;
mod patches;
mod references;
mod transform;

use super::json_patch::PatchSet;
use crate::base::limit::PATCHES;
use crate::base::{Files, Node, Place, Value, join_path, parent_dir};
use crate::lower::{PostRenderer, Release};
use crate::syntax::yaml::parse_yaml_file;
use crate::syntax::{Issue, skip_reason};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The names that a kustomization's file may have.
pub const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Kustomizations inside kustomizations, at most.
const MAX_DEPTH: usize = 32;

/// What a kustomization makes.
#[derive(Debug, Default)]
pub struct Built {
    /// Documents in the shape of the API.
    pub roots: Vec<Node>,
    /// What could not be known: place, reason, and whether it may make further objects.
    pub unresolved: Vec<(Place, Arc<str>, bool)>,
    /// What the parsers met.
    pub issues: Vec<Issue>,
    /// Files that took part.
    pub files: BTreeSet<String>,
    /// Names that objects had before a prefix or suffix: kind, old and new name, in order.
    pub renamed: Vec<(String, String, String)>,
    /// The namespace that an object had before it was moved, by its place; empty where it named none.
    pub moved: BTreeMap<Place, String>,
    /// Releases of charts; who deploys them is said by whoever builds.
    pub releases: Vec<Release>,
    /// JSON patches, each with every object that it is applied to.
    pub patches: Vec<PatchSet>,
    /// The patches of both kinds, and whether they met anything.
    pub uses: Vec<PatchUse>,
    /// Objects that patches were held against.
    held: usize,
}

impl Built {
    /// Whether a patch may be held against so many objects more; says once that it may not.
    fn may_patch(&mut self, objects: usize, place: Place) -> bool {
        let was_within = self.held <= PATCHES.len();
        self.held = self.held.saturating_add(objects);
        if self.held > PATCHES.len() && was_within {
            let reason = format!("more than {} pairs of a patch and an object {PATCHES}", PATCHES.number());
            self.unresolved.push((place, reason.into(), false));
        }
        self.held <= PATCHES.len()
    }
}

/// A patch that a kustomization lays over its resources.
#[derive(Clone, Debug)]
pub struct PatchUse {
    /// Where the name stands that it selects by, else what else it selects by.
    pub place: Place,
    /// What it selects, in words.
    pub wanted: String,
    /// The name that it selects by, if it is one.
    pub name: Option<String>,
    /// Whether it names no target: kustomize fails where its own name meets nothing.
    pub by_own_name: bool,
    /// Whether it met a resource.
    pub met: bool,
    /// Whether all resources are known.
    pub all_known: bool,
    /// The names and namespaces of the resources of its kind.
    pub others: Vec<(String, String)>,
}

/// The path of a folder's kustomization.
pub fn kustomization_of(files: &dyn Files, dir: &str) -> Option<String> {
    let names = FILE_NAMES.iter().filter_map(|name| join_path(dir, name));
    names.into_iter().find(|path| files.text(path).is_ok())
}

/// The folders and files that a kustomization names as resources, bases or components, as far as they
/// stand in the repository.
pub fn references(files: &dyn Files, path: &str) -> Vec<String> {
    let Some(root) = read(files, path, &mut Built::default()) else { return Vec::new() };
    let lists = ["resources", "bases", "components"].into_iter().filter_map(|list| root.get(list));
    let named = lists.flat_map(Node::items).filter_map(Node::as_str);
    named.filter(|name| !is_remote(name)).filter_map(|name| join_path(parent_dir(path), name)).collect()
}

/// Builds the kustomization of a folder.
pub fn build_kustomization(files: &dyn Files, path: &str) -> Built {
    let mut built = Built::default();
    let mut builder = Builder { files, open: Vec::new(), releases_from: 0 };
    built.roots = builder.build(path, Vec::new(), &mut built);
    built
}

/// Documents with a kustomization's patches and transformations carried out.
pub(super) fn transformed(
    kustomization: &Node,
    dir: &str,
    files: &dyn Files,
    roots: Vec<Node>,
    built: &mut Built,
) -> Vec<Node> {
    let patched = patches::apply_all(kustomization, dir, files, roots, built);
    transform::apply_all(kustomization, patched, built)
}

/// The documents with components laid over them, whose paths start at a folder.
pub(super) fn with_components(
    files: &dyn Files,
    dir: &str,
    components: &Node,
    mut roots: Vec<Node>,
    built: &mut Built,
) -> Vec<Node> {
    let mut builder = Builder { files, open: Vec::new(), releases_from: 0 };
    for item in components.items() {
        roots = builder.component(dir, item, roots, built);
    }
    roots
}

/// Whether a kustomization is a component, which makes nothing by itself.
pub(super) fn is_component(files: &dyn Files, path: &str) -> bool {
    let root = read(files, path, &mut Built::default());
    root.is_some_and(|root| root.get("kind").and_then(Node::as_str) == Some("Component"))
}

/// The documents of a file as they stand.
pub(super) fn plain_file(files: &dyn Files, path: &str) -> Built {
    let mut built = Built::default();
    let Ok(file) = files.text(path) else { return built };
    if skip_reason(path, file.text()).is_none() {
        let item = Node::null(Place::new(file.id(), 0, 0));
        built.roots = documents(files, path, &item, &mut built);
    }
    built
}

impl Built {
    /// Adds what another makes.
    pub(super) fn join(&mut self, other: Built) {
        self.roots.extend(other.roots);
        self.unresolved.extend(other.unresolved);
        self.issues.extend(other.issues);
        self.files.extend(other.files);
        self.releases.extend(other.releases);
        self.renamed.extend(other.renamed);
        self.moved.extend(other.moved);
        self.patches.extend(other.patches);
        self.uses.extend(other.uses);
    }
}

impl Built {
    /// The namespaces that an object has and first had, as kustomize compares them.
    pub(super) fn namespaces<'a>(&'a self, root: &'a Node) -> impl Iterator<Item = &'a str> {
        let current = root.at(&["metadata", "namespace"]).and_then(Node::as_str).unwrap_or_default();
        let original = self.moved.get(&root.place).map(String::as_str);
        let cluster = transform::is_of_cluster(root);
        original.into_iter().chain([current]).map(move |namespace| match (cluster, namespace) {
            // resid.TotallyNotANamespace and resid.DefaultNamespace of kustomize 5.7.
            (true, _) => "_non_namespaceable_",
            (false, "") => "default",
            (false, named) => named,
        })
    }

    /// Whether an object has a name, or had it before it was renamed.
    pub(super) fn is_named(&self, root: &Node, name: &str) -> bool {
        let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
        let mut current = root.at(&["metadata", "name"]).and_then(Node::as_str).unwrap_or_default();
        for (of, old, new) in self.renamed.iter().rev() {
            if current == name {
                return true;
            }
            if of == kind && new == current {
                current = old;
            }
        }
        current == name
    }

    /// The names that an object had, the one that it has first.
    pub(super) fn names<'a>(&'a self, root: &'a Node) -> Vec<&'a str> {
        let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
        let mut out = vec![root.at(&["metadata", "name"]).and_then(Node::as_str).unwrap_or_default()];
        for (of, old, new) in self.renamed.iter().rev() {
            if of == kind && out.last() == Some(&new.as_str()) {
                out.push(old);
            }
        }
        out
    }
}

struct Builder<'f> {
    files: &'f dyn Files,
    open: Vec<String>,
    /// The first of the releases that the kustomization which is being built has made.
    releases_from: usize,
}

impl Builder<'_> {
    /// The documents of a kustomization; those `given` come from whoever includes it as a component.
    fn build(&mut self, path: &str, given: Vec<Node>, built: &mut Built) -> Vec<Node> {
        if self.open.iter().any(|open| open == path) || self.open.len() >= MAX_DEPTH {
            return given;
        }
        let Some(kustomization) = read(self.files, path, built) else { return given };
        self.open.push(path.to_owned());
        let dir = parent_dir(path);
        // A component changes what whoever includes it has made so far.
        let is_component = kustomization.get("kind").and_then(Node::as_str) == Some("Component");
        let inner = if is_component { self.releases_from } else { built.releases.len() };
        let outer = std::mem::replace(&mut self.releases_from, inner);
        let mut roots = given;
        for list in ["resources", "bases"] {
            for item in kustomization.get(list).map(Node::items).unwrap_or_default() {
                roots.extend(self.resource(dir, item, built));
            }
        }
        roots = generate::with_generated(&kustomization, dir, self.files, roots, built);
        built.releases.extend(charts::releases(&kustomization, dir, self.files));
        for item in kustomization.get("components").map(Node::items).unwrap_or_default() {
            roots = self.component(dir, item, roots, built);
        }
        for unknown in ["transformers", "generators", "replacements", "vars"] {
            if let Some(node) = kustomization.get(unknown) {
                built.unresolved.push((
                    node.place,
                    format!("`{unknown}` of a kustomization are not carried out").into(),
                    false,
                ));
                let renderer = PostRenderer::Unknown(
                    format!("`{unknown}` of a kustomization are not carried out").into(),
                );
                built.releases[inner..]
                    .iter_mut()
                    .for_each(|release| release.post_renderers.push(renderer.clone()));
            }
        }
        for release in &mut built.releases[inner..] {
            release.post_renderers.push(PostRenderer::Kustomize(kustomization.clone(), dir.into()));
        }
        let roots = transformed(&kustomization, dir, self.files, roots, built);
        self.releases_from = outer;
        self.open.pop();
        roots
    }

    fn resource(&mut self, dir: &str, item: &Node, built: &mut Built) -> Vec<Node> {
        let Some(path) = local(dir, item, built) else { return Vec::new() };
        if let Some(inner) = kustomization_of(self.files, &path) {
            return self.build(&inner, Vec::new(), built);
        }
        documents(self.files, &path, item, built)
    }

    fn component(&mut self, dir: &str, item: &Node, roots: Vec<Node>, built: &mut Built) -> Vec<Node> {
        match local(dir, item, built).and_then(|path| kustomization_of(self.files, &path)) {
            Some(inner) => self.build(&inner, roots, built),
            None => roots,
        }
    }
}

/// The path that an item names; what stands elsewhere is unresolved.
fn local(dir: &str, item: &Node, built: &mut Built) -> Option<String> {
    let name = item.as_str();
    let path = name.filter(|name| !is_remote(name)).and_then(|name| join_path(dir, name));
    if path.is_none() {
        let reason = match name {
            Some(name) => format!("`{name}` stands outside of the repository").into(),
            None => item.open_reason().unwrap_or_else(|| "a resource that is no path".into()),
        };
        built.unresolved.push((item.place, reason, true));
    }
    path
}

fn is_remote(name: &str) -> bool {
    name.contains("://")
        || name.starts_with("git@")
        || name.starts_with("github.com/")
        || name.contains("?ref=")
}

fn read(files: &dyn Files, path: &str, built: &mut Built) -> Option<Node> {
    let file = files.text(path).ok()?;
    built.files.insert(path.to_owned());
    let parsed = parse_yaml_file(&file);
    let (documents, issues) = &*parsed;
    built.issues.extend(issues.iter().cloned());
    let mut roots = documents.iter().map(|document| &document.root);
    roots.find(|root| matches!(root.value, Value::Map(_))).cloned()
}

/// The documents of a file of manifests.
fn documents(files: &dyn Files, path: &str, item: &Node, built: &mut Built) -> Vec<Node> {
    let file = match files.text(path) {
        Ok(file) => file,
        Err(error) => {
            built.unresolved.push((item.place, format!("`{path}`: {error}").into(), true));
            return Vec::new();
        }
    };
    if let Some((_, message)) = skip_reason(path, file.text()) {
        built.unresolved.push((item.place, format!("`{path}` is not read: {message}").into(), true));
        return Vec::new();
    }
    built.files.insert(path.to_owned());
    let parsed = parse_yaml_file(&file);
    let (documents, issues) = &*parsed;
    built.issues.extend(issues.iter().cloned());
    if documents.iter().all(|document| document.root.is_null()) {
        // A placeholder for what somebody generates.
        built.unresolved.push((item.place, format!("`{path}` holds nothing").into(), false));
    }
    let roots = documents.iter().map(|document| document.root.clone());
    let local = |root: &Node| {
        let path = ["metadata", "annotations", "config.kubernetes.io/local-config"];
        root.at(&path).and_then(Node::as_str) == Some("true")
    };
    roots
        .filter(|root| root.get("kind").is_some() && root.get("apiVersion").is_some() && !local(root))
        .collect()
}
