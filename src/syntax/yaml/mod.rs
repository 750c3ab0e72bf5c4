//! YAML into placed trees: documents, anchors, aliases, merge keys, duplicate keys, block scalars.

mod build;
mod holes;
mod scalar;
mod shallow;

use super::issue::Issue;
use crate::base::{Node, Place, SourceFile, Text, TextBuilder, Trail};
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
    match with_line_breaks(text) {
        Some(text) => shallow::parse(&text),
        None => shallow::parse(text),
    }
}

/// The text with a line feed for each carriage return that stands alone: to YAML 1.2.2 (§5.4) both break a line, to the
/// parser below only one does. None where there is nothing to change.
fn with_line_breaks(text: &Text) -> Option<Text> {
    let string = text.as_str();
    let is_alone = |at: &usize| string.as_bytes().get(at + 1) != Some(&b'\n');
    let mut alone = string.match_indices('\r').map(|(at, _)| at).filter(is_alone).peekable();
    alone.peek()?;
    let (mut out, mut from) = (TextBuilder::new(), 0);
    for at in alone {
        out.push_range(text, from..at);
        out.push_made("\n", text.place(at..at + 1), Trail::default());
        from = at + 1;
    }
    out.push_range(text, from..string.len());
    Some(out.finish(text.place(0..0)))
}
