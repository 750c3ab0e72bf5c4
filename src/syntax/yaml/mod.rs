//! YAML into placed trees: documents, anchors, aliases, merge keys, duplicate keys, block scalars.

mod build;
mod holes;
mod scalar;
mod shallow;

use super::issue::Issue;
use crate::base::{Node, Place, SourceFile, Text};
use std::sync::Arc;

pub use scalar::plain_scalar;

/// One document of a YAML stream.
#[derive(Clone, Debug)]
pub struct Document {
    /// The document's value.
    pub root: Node,
    /// From its first to its last node.
    pub place: Place,
}

/// What a file of YAML holds.
pub type YamlFile = (Vec<Document>, Vec<Issue>);

/// The documents of a whole file, parsed once however often they are asked for.
pub fn parse_yaml_file(file: &Arc<SourceFile>) -> Arc<YamlFile> {
    file.parsed(|| parse_yaml(&Text::of_file(file)))
}

/// Parses a stream of documents. A document that does not parse is an issue, and the next one goes on.
pub fn parse_yaml(text: &Text) -> (Vec<Document>, Vec<Issue>) {
    shallow::parse(text)
}
