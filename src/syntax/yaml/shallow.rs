//! Quoted scalars whose further lines stand as far left as their key, or farther: YAML 1.2 refuses them, the
//! reader of Kubernetes and Helm (go-yaml) does not. Spaces at the start of such a line mean nothing, so that
//! some are added, and it is parsed again.

use super::Document;
use super::build::{self, Parsed};
use crate::base::{Text, TextBuilder, Trail};
use crate::syntax::Issue;

/// Lines that are indented, at most: each costs another parse.
const MOST: usize = 100;

/// Bytes beyond which nothing is parsed a second time.
const LARGEST: usize = 1 << 20;

/// Deeper than any indentation that a person writes.
const INDENT: &str = "                                                                ";

pub(super) fn parse(text: &Text) -> (Vec<Document>, Vec<Issue>) {
    let mut parsed = build::parse(text);
    let mut indented = None;
    for _ in 0..MOST {
        let Some(at) = parsed.shallow else { break };
        let text_now = indented.as_ref().unwrap_or(text);
        if is_marker(text_now.as_str(), at) || text_now.as_str().len() > LARGEST {
            break;
        }
        let deeper = with_indent(indented.as_ref().unwrap_or(text), at);
        let next: Parsed = build::parse(&deeper);
        parsed = next;
        indented = Some(deeper);
    }
    (parsed.documents, parsed.issues)
}

/// Whether the line at a byte begins or ends a document, also inside quotes.
fn is_marker(string: &str, at: usize) -> bool {
    let start = string[..at].rfind('\n').map_or(0, |i| i + 1);
    string[start..].starts_with("---") || string[start..].starts_with("...")
}

/// The text with the line at a byte moved to the right.
fn with_indent(text: &Text, at: usize) -> Text {
    let string = text.as_str();
    let start = string[..at].rfind('\n').map_or(0, |i| i + 1);
    let mut out = TextBuilder::new();
    out.push_range(text, 0..start);
    let place = text.place(start..start);
    out.push_made(INDENT, place, Trail::default());
    out.push_range(text, start..string.len());
    out.finish(place)
}
