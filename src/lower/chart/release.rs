//! Helm releases, as Terraform or a GitOps engine declares them.

use crate::base::{Node, Place};
use crate::lower::object::Ignored;
use crate::syntax::go_template::TemplateReads;
use std::sync::Arc;

/// A release before its values are merged.
#[derive(Clone, Debug)]
pub struct Release {
    /// The release's name.
    pub name: Option<Node>,
    /// The chart's name, without repository.
    pub chart: Option<Node>,
    /// The repository, if one is named.
    pub repository: Option<Node>,
    /// The chart's version.
    pub version: Option<Node>,
    /// The namespace.
    pub namespace: Option<Node>,
    /// Values documents in the order in which they are merged.
    pub documents: Vec<Node>,
    /// Single values that are set over the documents.
    pub sets: Vec<ReleaseValue>,
    /// The address or name of the declaration.
    pub subject: String,
    /// The header of the declaration.
    pub header: Place,
    /// The folder of the stack.
    pub stack: Arc<str>,
    /// Why it may not exist.
    pub conditional: Option<Arc<str>>,
    /// Fields of its objects that are not kept as declared.
    pub ignored: Ignored,
    /// What changes the objects that the chart makes, in order.
    pub post_renderers: Vec<PostRenderer>,
    /// The folder of the repository that its chart would stand in.
    pub local: Option<String>,
    /// Whether only its keys are judged, since it is a test of its chart.
    pub keys_only: bool,
    /// What others than its chart read of its values: the chart that depends on it.
    pub also_read: TemplateReads,
    /// How many charts lead to it by depending on one another; 0 where it is declared.
    pub depth: usize,
}

/// A `set` block.
#[derive(Clone, Debug)]
pub struct ReleaseValue {
    /// The path, with dots and indices as `--set` takes them.
    pub path: Node,
    /// The value.
    pub value: Node,
    /// Whether the value stays a string.
    pub string: bool,
}

/// Something that changes the objects of a chart before they are applied.
#[derive(Clone, Debug)]
pub enum PostRenderer {
    /// A kustomization with its folder: its patches and transformations.
    Kustomize(Node, Arc<str>),
    /// Another program, or something that is not known; in words.
    Unknown(Arc<str>),
}
