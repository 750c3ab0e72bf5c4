//! Comments that speak to this tool, found in the text of any file.
//!
//! A comment may stand in a document inside a string, where no parser of the outer language sees it, so
//! the text itself is searched for a comment sign that is followed by `steadfast:`.

use crate::base::Span;

/// One `steadfast:` comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From the comment sign to the end of the line.
    pub span: Span,
    /// What stands behind `steadfast:`, trimmed, and where.
    pub body: String,
    /// The bytes of the body.
    pub body_span: Span,
    /// Whether it stands on a line of its own.
    pub reach: CommentReach,
    /// The bytes that it speaks of.
    pub covers: Span,
}

/// What a comment speaks of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CommentReach {
    /// The line that it ends.
    Line,
    /// The node or block that begins behind it.
    Next,
}

const MARKER: &str = "steadfast:";

/// Finds the comments of a text, in order.
pub fn find_comments(text: &str) -> impl Iterator<Item = Comment> {
    text.match_indices(MARKER).filter_map(|(at, _)| comment_at(text, at))
}

fn comment_at(text: &str, marker: usize) -> Option<Comment> {
    let line_start = text[..marker].rfind('\n').map_or(0, |i| i + 1);
    let line_end = text[marker..].find('\n').map_or(text.len(), |i| marker + i);
    let before = text[line_start..marker].trim_end();
    let sign = before
        .strip_suffix('#')
        .or_else(|| before.strip_suffix("//"))
        .or_else(|| before.strip_suffix(';'))?;
    if !sign.is_empty() && !sign.ends_with([' ', '\t']) {
        return None;
    }
    let own_line = sign.trim().is_empty();
    let raw = &text[marker + MARKER.len()..line_end];
    let body_start = marker + MARKER.len() + (raw.len() - raw.trim_start().len());
    let body = raw.trim();
    let (reach, covers) = if own_line {
        (CommentReach::Next, next_block(text, line_end))
    } else {
        (CommentReach::Line, Span::new(line_start, line_end))
    };
    Some(Comment {
        span: Span::new(line_start + sign.len(), marker + MARKER.len() + raw.trim_end().len()),
        body: body.to_owned(),
        body_span: Span::new(body_start, body_start + body.len()),
        reach,
        covers,
    })
}

/// Blank lines and comments between a comment and what it speaks of, at most.
const MOST_BETWEEN: usize = 1_000;

/// The next line that is neither blank nor a comment, with all lines that belong to it: those indented
/// further, the items of a YAML list at the same indent, and a closing bracket.
fn next_block(text: &str, from: usize) -> Span {
    let mut between = 0;
    let mut lines = lines_from(text, from).skip_while(|(_, line)| {
        between += 1;
        let line = line.trim();
        let passed = line.is_empty() || line.starts_with(['#', ';']) || line.starts_with("//");
        passed && between <= MOST_BETWEEN
    });
    let Some((start, first)) = lines.next() else { return Span::new(from, from) };
    if first.starts_with("apiVersion:") || first.starts_with("kind:") {
        return Span::new(start, document_end(text, start));
    }
    let indent = indent_of(first);
    let is_item = first.trim_start().starts_with("- ");
    let mut end = start + first.trim_end().len();
    for (at, line) in lines {
        let content = line.trim();
        let closes = content.starts_with(['}', ']', ')']);
        let item_of_key = !is_item && first.trim_end().ends_with(':') && content.starts_with("- ");
        let belongs = indent_of(line) > indent || (indent_of(line) == indent && (closes || item_of_key));
        if !content.is_empty() && !belongs {
            break;
        }
        if !content.is_empty() {
            end = at + line.trim_end().len();
        }
    }
    Span::new(start, end)
}

/// The end of the YAML document that begins at a place.
fn document_end(text: &str, start: usize) -> usize {
    let mut later = lines_from(text, start).skip(1);
    let next = later.find(|(_, line)| line.starts_with("---") || line.starts_with("..."));
    next.map_or(text.len(), |(at, _)| at)
}

fn lines_from(text: &str, from: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut at = from;
    text[from..].split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}
