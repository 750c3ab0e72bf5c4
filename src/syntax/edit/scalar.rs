//! One value in the place of another.

use super::Editor;
use super::draft::{Draft, hcl_text, yaml_quoted, yaml_text};
use super::layout::is_hcl;
use crate::base::{Node, Place, SourceFile};

impl Editor<'_> {
    /// Replaces a value where it is written: behind a variable, its default or argument; an alias by the value.
    pub(super) fn scalar(&mut self, node: &Node, draft: &Draft) -> Option<()> {
        let place = self.written(node)?;
        let file = self.sources.get(place.file);
        let raw = file.text().get(place.span.range())?;
        let text = written_like(raw, draft, &file)?;
        self.edit(&file, (place.span.range(), text))
    }

    fn written(&self, node: &Node) -> Option<Place> {
        let at = |place: Place| {
            let file = self.sources.get(place.file);
            file.text().get(place.span.range()).map(str::to_owned)
        };
        let is_alias = at(node.place)?.starts_with('*');
        let place = if is_alias { node.place } else { node.trail.source().unwrap_or(node.place) };
        (is_alias || is_literal(&at(place)?)).then_some(place)
    }
}

/// Whether characters are one value, and not an expression that makes it.
fn is_literal(raw: &str) -> bool {
    let quoted = |quote: char| raw.len() >= 2 && raw.starts_with(quote) && raw.ends_with(quote);
    let inner = if quoted('"') || quoted('\'') { &raw[1..raw.len() - 1] } else { raw };
    let bare = inner.len() == raw.len();
    !raw.is_empty()
        && !["${", "%{", "{{", "\n"].iter().any(|sign| inner.contains(sign))
        && !(bare
            && (raw.starts_with(['{', '[', '|', '>', '&', '!', '<'])
                || raw.contains(['(', '"'])
                || is_reference(raw)))
}

/// `var.replicas`: letters, a dot, letters.
fn is_reference(raw: &str) -> bool {
    let (first, rest) = raw.split_once('.').unwrap_or((raw, ""));
    ["var", "local", "module", "each", "data", "path", "count", "self"].contains(&first) && !rest.is_empty()
}

/// A value with the quotes of the one that stood there.
fn written_like(raw: &str, draft: &Draft, file: &SourceFile) -> Option<String> {
    let quote = raw.chars().next().filter(|c| matches!(c, '"' | '\''));
    // A number in quotes is a string that is meant to be one.
    let number = raw.trim_matches(['"', '\'']).parse::<i64>().is_ok();
    let hcl_string = quote == Some('"') && (is_hcl(file) || number);
    Some(match draft {
        Draft::Bool(value) if hcl_string => format!("\"{value}\""),
        Draft::Int(value) if hcl_string => format!("\"{value}\""),
        Draft::Bool(value) => value.to_string(),
        Draft::Int(value) => value.to_string(),
        Draft::Raw(raw) => raw.clone(),
        Draft::Text(text) => match quote {
            Some('\'') => format!("'{}'", text.replace('\'', "''")),
            Some(_) if is_hcl(file) => hcl_text(text),
            Some(_) => yaml_quoted(text),
            None => yaml_text(text),
        },
        Draft::List(_) | Draft::Map(_) | Draft::Copied(_) | Draft::CopiedText(_) => return None,
    })
}
