//! An object in the shape of the Kubernetes API.

use super::typed::api_path;
use crate::base::{Node, Place};
use std::sync::Arc;

/// An object, wherever it was declared.
#[derive(Clone, Debug)]
pub struct Object {
    /// The object: apiVersion, kind, metadata, spec, …
    pub root: Node,
    /// Its Terraform address, `Kind/namespace/name`, or `release:Kind/name`.
    pub subject: String,
    /// The header of what declares it: a block's header, a document's kind, a chart's key.
    pub header: Place,
    /// The folder of the stack that it belongs to.
    pub stack: Arc<str>,
    /// The namespace where the object itself names none: that of its release.
    pub default_namespace: Option<Node>,
    /// Why it may not exist.
    pub conditional: Option<Arc<str>>,
    /// Fields under `lifecycle.ignore_changes`.
    pub ignored: Ignored,
    /// The chart component that it belongs to.
    pub component: Option<Arc<str>>,
    /// The index of the release that made it.
    pub release: Option<usize>,
    /// Whether only a document describes it that nobody is known to apply: it is judged by itself, and joins nothing.
    pub described: bool,
    /// Whether the declaring form converts strings to numbers (the Terraform provider does).
    pub lenient: bool,
}

impl Object {
    /// The kind.
    pub fn kind(&self) -> &str {
        self.root.get("kind").and_then(Node::as_str).unwrap_or_default()
    }

    /// The group and version.
    pub fn api_version(&self) -> &str {
        self.root.get("apiVersion").and_then(Node::as_str).unwrap_or_default()
    }

    /// The name, if it is known.
    pub fn name(&self) -> Option<&str> {
        self.root.at(&["metadata", "name"]).and_then(Node::as_str)
    }

    /// The namespace: its own, its release's, or `default`; none when it is unknown.
    pub fn namespace(&self) -> Option<&str> {
        match self.root.at(&["metadata", "namespace"]).or(self.default_namespace.as_ref()) {
            Some(node) => node.as_str(),
            None if self.root.get("metadata").is_some_and(|m| m.open_reason().is_some()) => None,
            None => Some("default"),
        }
    }

    /// The value at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        self.root.at(path)
    }
}

/// The paths of a `lifecycle.ignore_changes`, in the shape of the API and without indices.
#[derive(Clone, Debug, Default)]
pub struct Ignored(Vec<String>);

impl Ignored {
    /// From references as Terraform writes them: `spec[0].template[0].spec[0].dns_config`.
    pub fn from_references(references: &[String]) -> Ignored {
        Ignored(references.iter().map(|reference| api_path(reference)).collect())
    }

    /// Of a manifest: `manifest.spec.replicas`, or all of it.
    pub fn of_manifest(references: &[String]) -> Ignored {
        let field = |reference: &String| match reference.split_once('.') {
            Some(("manifest" | "yaml_body" | "object", field)) => field.to_owned(),
            _ => "all".to_owned(),
        };
        let manifest = references
            .iter()
            .filter(|r| ["all", "manifest", "yaml_body", "object"].iter().any(|p| r.starts_with(p)));
        Ignored(manifest.map(field).collect())
    }

    /// Of a Helm release: whatever its values or version decide.
    pub fn of_release(references: &[String]) -> Ignored {
        let live = |reference: &&String| {
            let name = reference.split(['.', '[']).next().unwrap_or_default();
            matches!(name, "all" | "values" | "set" | "set_list" | "set_sensitive" | "version" | "chart")
        };
        Ignored(references.iter().find(live).map(|_| "all".to_owned()).into_iter().collect())
    }

    /// Whether a field of the API, without indices, is declared but not live.
    pub fn covers(&self, field: &str) -> bool {
        let field = without_indices(field);
        self.0.iter().any(|path| {
            path == "all"
                || field == *path
                || field.strip_prefix(path.as_str()).is_some_and(|r| r.starts_with('.'))
        })
    }
}

/// A path without the parts in brackets.
pub fn without_indices(path: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for c in path.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}
