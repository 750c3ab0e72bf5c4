//! `namespace`, `namePrefix`, `nameSuffix`, `labels`, `commonLabels`, `commonAnnotations`, `images`,
//! `replicas`.

use super::Built;
use super::labels;
use super::references::{Renames, follow};
use crate::base::{Key, List, Map, Node, Value};
use std::sync::Arc;

/// Kinds without a namespace, as far as configurations hold them.
const CLUSTER_KINDS: [&str; 15] = [
    "APIService",
    "ClusterIssuer",
    "ClusterPolicy",
    "ClusterRole",
    "ClusterRoleBinding",
    "ClusterSecretStore",
    "CustomResourceDefinition",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "StorageClass",
    "ValidatingWebhookConfiguration",
];

/// Kinds whose replicas can be set.
const SCALED: [&str; 4] = ["Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"];

/// Carries out a kustomization's transformations.
pub(super) fn apply_all(kustomization: &Node, roots: Vec<Node>, built: &mut Built) -> Vec<Node> {
    let name = |root: &Node| root.at(&["metadata", "name"]).and_then(Node::as_str).map(str::to_owned);
    let mut renames = Renames::new();
    let roots: Vec<Node> = roots
        .into_iter()
        .map(|root| {
            let (kind, old) =
                (root.get("kind").and_then(Node::as_str).unwrap_or_default().to_owned(), name(&root));
            let names: Vec<String> = built.names(&root).into_iter().map(str::to_owned).collect();
            let namespace =
                |root: &Node| root.at(&["metadata", "namespace"]).and_then(Node::as_str).map(str::to_owned);
            let before = namespace(&root).unwrap_or_default();
            let root = transformed(kustomization, root, &names);
            if namespace(&root).unwrap_or_default() != before {
                built.moved.entry(root.place).or_insert(before);
            }
            if let (Some(old), Some(new)) = (old, name(&root))
                && old != new
            {
                built.renamed.push((kind.clone(), old.clone(), new.clone()));
                renames.insert((kind, old), new);
            }
            root
        })
        .collect();
    if renames.is_empty() {
        return roots;
    }
    roots.iter().map(|root| follow(root, &renames)).collect()
}

/// `names` are those that the object has, and had before it was renamed.
fn transformed(kustomization: &Node, mut root: Node, names: &[String]) -> Node {
    if let Some(namespace) = kustomization.get("namespace") {
        root = with_namespace(root, namespace);
    }
    root = renamed(kustomization, root);
    for item in kustomization.get("labels").map(Node::items).unwrap_or_default() {
        let Some(pairs) = item.get("pairs") else { continue };
        let yes = |name: &str| item.get(name).and_then(Node::as_bool) == Some(true);
        root = labels::labelled(root, pairs, yes("includeSelectors"), yes("includeTemplates"));
    }
    if let Some(pairs) = kustomization.get("commonLabels") {
        root = labels::labelled(root, pairs, true, true);
    }
    if let Some(pairs) = kustomization.get("commonAnnotations") {
        root = labels::annotated(root, pairs);
    }
    for item in kustomization.get("images").map(Node::items).unwrap_or_default() {
        root = with_images(&root, item);
    }
    for item in kustomization.get("replicas").map(Node::items).unwrap_or_default() {
        let wanted = item.get("name").and_then(Node::as_str).unwrap_or_default();
        let named = names.iter().any(|name| name == wanted);
        let scaled = root.get("kind").and_then(Node::as_str).is_some_and(|kind| SCALED.contains(&kind));
        if let Some(count) = item.get("count").filter(|_| named && scaled) {
            root = set(root, &["spec", "replicas"], count.clone());
        }
    }
    root
}

/// Whether an object stands in no namespace, as far as its kind is known.
pub(super) fn is_of_cluster(root: &Node) -> bool {
    let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
    kind == "Namespace"
        || CLUSTER_KINDS.contains(&kind)
        || kind.starts_with("Cluster") && root.at(&["metadata", "namespace"]).is_none()
}

/// The document in another namespace.
fn with_namespace(root: Node, namespace: &Node) -> Node {
    let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
    // What all others are moved to is what a Namespace is called.
    if kind == "Namespace" {
        return set(root, &["metadata", "name"], namespace.clone());
    }
    if is_of_cluster(&root) {
        return root;
    }
    set(root, &["metadata", "namespace"], namespace.clone())
}

fn renamed(kustomization: &Node, root: Node) -> Node {
    let affix = |name: &str| kustomization.get(name).and_then(Node::as_str).unwrap_or_default();
    let (prefix, suffix) = (affix("namePrefix"), affix("nameSuffix"));
    let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
    if prefix.is_empty() && suffix.is_empty() || matches!(kind, "Namespace" | "CustomResourceDefinition") {
        return root;
    }
    match root.at(&["metadata", "name"]).map(|name| (name.as_str().map(str::to_owned), name.clone())) {
        Some((Some(text), node)) => {
            let name = Node {
                value: Value::Text(crate::base::Text::made(format!("{prefix}{text}{suffix}"), node.place)),
                ..node
            };
            set(root, &["metadata", "name"], name)
        }
        _ => root,
    }
}

/// Sets the value at a path; mappings on the way are made where they are missing.
fn set(node: Node, path: &[&str], value: Node) -> Node {
    let Some((first, rest)) = path.split_first() else { return value };
    let place = value.place;
    let mut map = node.as_map().cloned().unwrap_or_default();
    let old = map.entry(first).cloned();
    let inner = old.as_ref().map_or_else(|| Node::map(Map::default(), place), |entry| entry.value.clone());
    let key = old.map_or_else(|| Key { name: Arc::from(*first), place }, |entry| entry.key);
    map.insert(key, set(inner, rest, value));
    Node { value: Value::Map(Arc::new(map)), ..node }
}

/// Replaces name, tag and digest of images in every list of containers.
fn with_images(node: &Node, item: &Node) -> Node {
    let value = match &node.value {
        Value::Map(map) => {
            let mut out = Map::clone(map);
            for entry in &mut out.entries {
                let is_list = matches!(&*entry.key.name, "containers" | "initContainers");
                entry.value = match &entry.value.value {
                    Value::List(list) if is_list => {
                        let items = list.items.iter().map(|container| with_image(container, item)).collect();
                        Node {
                            value: Value::List(Arc::new(List { items, open: list.open.clone(), set: false })),
                            ..entry.value.clone()
                        }
                    }
                    Value::Map(_) => with_images(&entry.value, item),
                    _ => continue,
                };
            }
            Value::Map(Arc::new(out))
        }
        other => other.clone(),
    };
    Node { value, ..node.clone() }
}

fn with_image(container: &Node, item: &Node) -> Node {
    let text = |name: &str| item.get(name).and_then(Node::display);
    let (Some(image), Some(name)) = (container.get("image").and_then(Node::as_str), text("name")) else {
        return container.clone();
    };
    let tail = image.find('@').or_else(|| image.rfind(':').filter(|at| !image[*at..].contains('/')));
    let repository = tail.map_or(image, |at| &image[..at]);
    if repository != name {
        return container.clone();
    }
    let repository = text("newName").unwrap_or_else(|| repository.to_owned());
    let behind = match (text("digest"), text("newTag")) {
        (Some(digest), _) => format!("@{digest}"),
        (None, Some(tag)) => format!(":{tag}"),
        (None, None) => tail.map_or_else(String::new, |at| image[at..].to_owned()),
    };
    let place = ["newTag", "digest", "newName"]
        .iter()
        .find_map(|field| item.get(field))
        .map_or(item.place, |node| node.place);
    set(container.clone(), &["image"], Node::made(format!("{repository}{behind}"), place))
}
