//! `configMapGenerator` and `secretGenerator`.

use crate::base::{Files, Key, Map, Node, Place, Text, join_path};
use std::sync::Arc;

/// The ConfigMaps and Secrets that a kustomization generates. Their names get the hash of their content
/// unless that is switched off: a change makes new names, and the pods roll.
pub(super) fn config_maps(kustomization: &Node, dir: &str, files: &dyn Files) -> Vec<Node> {
    let mut out = Vec::new();
    for (list, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
        for item in kustomization.get(list).map(Node::items).unwrap_or_default() {
            out.extend(generated(kustomization, item, kind, dir, files));
        }
    }
    out
}

fn generated(kustomization: &Node, item: &Node, kind: &str, dir: &str, files: &dyn Files) -> Option<Node> {
    let place = item.place;
    let name = item.get("name")?;
    let off =
        |node: &Node| node.at(&["options", "disableNameSuffixHash"]).and_then(Node::as_bool) == Some(true);
    let options = kustomization.at(&["generatorOptions", "disableNameSuffixHash"]).and_then(Node::as_bool);
    let hashed = !(off(item) || options == Some(true));
    let mut metadata = Map::default();
    metadata.insert(key("name", name.place), name.clone());
    if let Some(namespace) = item.get("namespace") {
        metadata.insert(key("namespace", namespace.place), namespace.clone());
    }
    let mut root = Map::default();
    root.insert(key("apiVersion", place), Node::made("v1", place));
    root.insert(key("kind", place), Node::made(kind, name.place));
    root.insert(key("metadata", place), Node::map(metadata, place));
    root.insert(key("data", place), Node::map(data(item, dir, files), place));
    if hashed {
        // The name changes with the content, as if it were immutable.
        root.insert(key("immutable", place), Node::bool(true, place));
    }
    Some(Node::map(root, place))
}

fn data(item: &Node, dir: &str, files: &dyn Files) -> Map {
    let mut data = Map::default();
    for literal in item.get("literals").map(Node::items).unwrap_or_default() {
        if let Some((name, value)) = literal.as_str().and_then(|text| text.split_once('=')) {
            data.insert(key(name, literal.place), Node::made(value, literal.place));
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
    if item.get("envs").or_else(|| item.get("env")).is_some() {
        data.open = Some("a file of environment variables".into());
    }
    data
}

fn key(name: &str, place: Place) -> Key {
    Key { name: Arc::from(name), place }
}
