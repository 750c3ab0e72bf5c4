//! YAML documents that are objects of Kubernetes.

use super::object::{Ignored, Object};
use crate::base::{Node, Place};
use std::sync::Arc;

/// Where a document stands.
#[derive(Clone, Debug)]
pub struct Located {
    /// The folder of the stack.
    pub stack: Arc<str>,
    /// The Terraform address; none for a file of its own.
    pub subject: Option<String>,
    /// The header to point at; none for the document's kind.
    pub header: Option<Place>,
    /// Why it may not exist.
    pub conditional: Option<Arc<str>>,
    /// Fields that are not kept as declared.
    pub ignored: Ignored,
}

/// The objects that a document holds: itself, or the items of a List kind. A document without apiVersion
/// and kind is none.
pub fn objects_of_documents(root: &Node, located: &Located) -> Vec<Object> {
    let (Some(kind), Some(_)) = (root.get("kind"), root.get("apiVersion")) else { return Vec::new() };
    let is_list = kind.as_str().is_some_and(|kind| kind.ends_with("List"));
    if let Some(items) = root.get("items").filter(|_| is_list) {
        return items.items().iter().flat_map(|item| objects_of_documents(item, located)).collect();
    }
    let mut object = Object {
        root: root.clone(),
        subject: String::new(),
        header: located.header.unwrap_or(kind.place),
        stack: Arc::clone(&located.stack),
        default_namespace: None,
        conditional: located.conditional.clone(),
        ignored: located.ignored.clone(),
        component: None,
        release: None,
        described: false,
        lenient: false,
    };
    object.subject = located.subject.clone().unwrap_or_else(|| subject_of(&object));
    vec![object]
}

fn subject_of(object: &Object) -> String {
    let name = object.name().unwrap_or("?");
    match object.namespace() {
        Some(namespace) if object.at(&["metadata", "namespace"]).is_some() => {
            format!("{}/{namespace}/{name}", object.kind())
        }
        _ => format!("{}/{name}", object.kind()),
    }
}
