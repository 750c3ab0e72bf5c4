//! `configMapGenerator` and `secretGenerator`.

use super::Built;
use crate::base::{Files, Key, Map, Node, Place, Text, Value, join_path};
use std::sync::Arc;

/// The documents with the ConfigMaps and Secrets that a kustomization generates. Their names get the hash of
/// their content unless that is switched off: a change makes new names, and the pods roll.
pub(super) fn with_generated(
    kustomization: &Node,
    dir: &str,
    files: &dyn Files,
    mut roots: Vec<Node>,
    built: &Built,
) -> Vec<Node> {
    for (list, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
        for item in kustomization.get(list).map(Node::items).unwrap_or_default() {
            let Some(name) = item.get("name") else { continue };
            let known = roots.iter().position(|root| is_meant(root, kind, item, built));
            match (item.get("behavior").and_then(Node::as_str), known) {
                (Some("merge"), Some(at)) => {
                    let base = roots[at].clone();
                    let data = data(item, dir, files);
                    roots[at] = generated(kustomization, item, kind, name, data, Some(&base));
                }
                (Some("replace"), Some(at)) => {
                    let base = without_data(&roots[at]);
                    let data = data(item, dir, files);
                    roots[at] = generated(kustomization, item, kind, name, data, Some(&base));
                }
                _ => roots.push(generated(kustomization, item, kind, name, data(item, dir, files), None)),
            }
        }
    }
    roots
}

/// Whether a document is what a generator changes: of its name, also of one that it had, and its namespace.
fn is_meant(root: &Node, kind: &str, item: &Node, built: &Built) -> bool {
    let text = |node: &Node, path: &[&str]| node.at(path).and_then(Node::as_str).map(str::to_owned);
    let namespace = text(item, &["namespace"]);
    text(root, &["kind"]).as_deref() == Some(kind)
        && text(item, &["name"]).is_some_and(|name| built.is_named(root, &name))
        && (namespace.is_none() || text(root, &["metadata", "namespace"]) == namespace)
}

fn generated(
    kustomization: &Node,
    item: &Node,
    kind: &str,
    name: &Node,
    data: Map,
    base: Option<&Node>,
) -> Node {
    let place = item.place;
    let options = [kustomization.get("generatorOptions"), item.get("options")];
    let off = |node: &Node| node.get("disableNameSuffixHash").and_then(Node::as_bool) == Some(true);
    let hashed = !options.iter().flatten().any(|node| off(node));
    let mut metadata = base.and_then(|base| base.get("metadata")?.as_map()).cloned().unwrap_or_default();
    if metadata.get("name").is_none() {
        metadata.insert(key("name", name.place), name.clone());
    }
    if let Some(namespace) = item.get("namespace") {
        metadata.insert(key("namespace", namespace.place), namespace.clone());
    }
    for field in ["labels", "annotations"] {
        for pairs in options.iter().flatten().filter_map(|options| options.get(field)) {
            let old = metadata.get(field).cloned();
            metadata.insert(key(field, pairs.place), over(old.as_ref(), pairs));
        }
    }
    let mut root = base.and_then(Node::as_map).cloned().unwrap_or_default();
    root.insert(key("apiVersion", place), Node::made("v1", place));
    root.insert(key("kind", place), Node::made(kind, name.place));
    root.insert(key("metadata", place), Node::map(metadata, place));
    let new = Node::map(data, place);
    let old = root.get("data").cloned();
    root.insert(key("data", place), over(old.as_ref(), &new));
    if hashed {
        // The name changes with the content, as if it were immutable.
        root.insert(key("immutable", place), Node::bool(true, place));
    }
    Node::map(root, place)
}

/// What is replaced keeps its name, labels and annotations.
fn without_data(root: &Node) -> Node {
    let Some(map) = root.as_map() else { return root.clone() };
    let kept =
        map.entries.iter().filter(|entry| matches!(&*entry.key.name, "apiVersion" | "kind" | "metadata"));
    Node::map(Map { entries: kept.cloned().collect(), open: None }, root.place)
}

/// A mapping with the entries of another over its own.
fn over(old: Option<&Node>, new: &Node) -> Node {
    let (Some(old), Some(wanted)) = (old.and_then(Node::as_map), new.as_map()) else { return new.clone() };
    let mut map = old.clone();
    for entry in &wanted.entries {
        map.insert(entry.key.clone(), entry.value.clone());
    }
    map.open = map.open.take().or_else(|| wanted.open.clone());
    Node { value: Value::Map(Arc::new(map)), ..new.clone() }
}

fn data(item: &Node, dir: &str, files: &dyn Files) -> Map {
    let mut data = Map::default();
    for literal in item.get("literals").map(Node::items).unwrap_or_default() {
        if let Some((name, value)) = literal.as_str().and_then(|text| text.split_once('=')) {
            data.insert(key(name, literal.place), Node::made(unquoted(value), literal.place));
        }
    }
    for entry in item.get("files").map(Node::items).unwrap_or_default() {
        let Some(text) = entry.as_str() else { continue };
        let (name, path) = text.split_once('=').unwrap_or((text.rsplit('/').next().unwrap_or(text), text));
        let value = match join_path(dir, path).and_then(|path| files.text(&path).ok()) {
            Some(file) => Node::text(Text::of_file(&file), Place::new(file.id(), 0, 0)),
            None => Node::unknown(format!("`{path}` is not read"), entry.place),
        };
        data.insert(key(name, entry.place), value);
    }
    let several = item.get("envs").map(Node::items).unwrap_or_default();
    for entry in item.get("env").into_iter().chain(several) {
        variables(entry, dir, files, &mut data);
    }
    data
}

/// A value may stand in quotes, which do not belong to it.
fn unquoted(value: &str) -> &str {
    let inside = |quote| value.strip_prefix(quote).and_then(|value: &str| value.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

/// A file of `NAME=value` lines; a name alone takes its value from where kustomize runs.
fn variables(entry: &Node, dir: &str, files: &dyn Files, data: &mut Map) {
    let path = entry.as_str().and_then(|path| join_path(dir, path));
    let Some(file) = path.and_then(|path| files.text(&path).ok()) else {
        data.open = Some("a file of environment variables that is not read".into());
        return;
    };
    let mut at = 0;
    for line in file.text().split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = line.split_once('=').map_or((line, None), |(name, value)| (name, Some(value)));
        let place = Place::new(file.id(), start, start + name.len());
        let node = match value {
            Some(value) => {
                let from = start + name.len() + 1;
                let text = Text::copied(value.into(), Place::new(file.id(), from, from + value.len()));
                Node::text(text, Place::new(file.id(), from, from + value.len()))
            }
            None => Node::unknown("an environment variable where kustomize runs", place),
        };
        data.insert(key(name, place), node);
    }
}

fn key(name: &str, place: Place) -> Key {
    Key { name: Arc::from(name), place }
}
