//! Frames: the lines of a file with places underlined. The only file that names miette.

use super::human::Drawing;
use super::masking::Masker;
use super::printable::{is_unseen, printable};
use crate::base::{Place, SourceFile};
use crate::finding::Label;
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    NarratableReportHandler, SourceCode, SourceSpan, SpanContents,
};
use std::fmt;

/// How frames are drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct FrameStyle {
    /// With colours.
    pub(super) colour: bool,
    /// With what lines are drawn.
    pub(super) drawing: Drawing,
    /// Columns.
    pub(super) width: usize,
}

/// The frames of one file: its labels, the lines around them, and nothing secret.
pub(super) fn frames(
    file: &SourceFile,
    prefix: &str,
    labels: &[&Label],
    style: FrameStyle,
    masker: &Masker,
) -> String {
    let source =
        Indexed { file, name: printable(&format!("{prefix}{}", file.path())), text: masked(file, masker) };
    let spans = labels.iter().enumerate().map(|(index, label)| {
        let span = one_line(file, label.place);
        let text = (!label.text.is_empty()).then(|| printable(&label.text));
        let (start, len) = (span.start, span.len());
        if index == 0 {
            LabeledSpan::new_primary_with_span(text, (start, len))
        } else {
            LabeledSpan::new_with_span(text, (start, len))
        }
    });
    let diagnostic = Frames { source, labels: spans.collect() };
    let (rendered, begin) = match style.drawing {
        Drawing::Narrated => (narrated(&diagnostic), &["Begin snippet"][..]),
        _ => (drawn(&diagnostic, style), &["╭─[", ",-["][..]),
    };
    // The handler puts a headline of its own in front of the first frame; ours stands above already.
    let lines = rendered.lines().skip_while(|line| !begin.iter().any(|begin| line.contains(begin)));
    lines.flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn drawn(diagnostic: &Frames<'_>, style: FrameStyle) -> String {
    let theme = match (style.colour, style.drawing) {
        (true, Drawing::Unicode) => GraphicalTheme::unicode(),
        (false, Drawing::Unicode) => GraphicalTheme::unicode_nocolor(),
        _ => GraphicalTheme::none(),
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(style.width)
        .with_context_lines(1)
        .without_cause_chain()
        .without_syntax_highlighting();
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = handler.render_report(&mut out, diagnostic);
    out
}

/// In sentences, for those who hear it.
fn narrated(diagnostic: &Frames<'_>) -> String {
    let handler = NarratableReportHandler::new().with_context_lines(1).without_cause_chain();
    let mut out = String::new();
    let _ = handler.render_report(&mut out, diagnostic);
    out
}

/// The part of a place on its first line; an empty one gets the character behind it.
fn one_line(file: &SourceFile, place: Place) -> std::ops::Range<usize> {
    let text = file.text();
    let range = place.span.range();
    let start = range.start.min(text.len());
    let end = range.end.min(text.len()).max(start);
    let line_end = text[start..].find(['\n', '\r']).map_or(text.len(), |i| start + i);
    start..end.min(line_end)
}

/// The text with every character of a secret replaced, each byte by one asterisk.
fn masked(file: &SourceFile, masker: &Masker) -> String {
    let mut text = file.text().to_owned();
    for range in masker.ranges(file) {
        if text.is_char_boundary(range.start) && text.is_char_boundary(range.end) {
            text.replace_range(range.clone(), &"*".repeat(range.len()));
        }
    }
    // A control character must not reach the terminal; one byte stays one byte.
    text.replace("##[", "##(")
        .chars()
        .map(|c| if is_unseen(c) && !matches!(c, '\n' | '\t') { control_stand_in(c) } else { c })
        .collect()
}

fn control_stand_in(c: char) -> char {
    match c.len_utf8() {
        // At the end of a line it is trimmed away.
        1 if c == '\r' => ' ',
        1 => '?',
        2 => '\u{00BF}',
        _ => '\u{FFFD}',
    }
}

struct Frames<'a> {
    source: Indexed<'a>,
    labels: Vec<LabeledSpan>,
}

struct Indexed<'a> {
    file: &'a SourceFile,
    name: String,
    text: String,
}

impl fmt::Debug for Frames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Frames")
    }
}

impl fmt::Display for Frames<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Frames<'_> {}

impl Diagnostic for Frames<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl SourceCode for Indexed<'_> {
    /// By the line index: miette's own sources scan from the first byte for every frame.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        // Without context it is asked for the position in a frame's header: that of the span itself.
        if (before, after) == (0, 0) {
            let at = self.file.position(span.offset() as u32);
            let (line, column) = (at.line - 1, at.column - 1);
            return Ok(Box::new(MietteSpanContents::new_named(
                self.name.clone(),
                b"",
                *span,
                line,
                column,
                1,
            )));
        }
        let starts = self.file.line_starts();
        let first = self.file.line_of(span.offset() as u32).saturating_sub(before);
        let last = (self.file.line_of((span.offset() + span.len()) as u32) + after).min(starts.len() - 1);
        let from = starts[first] as usize;
        let to = starts.get(last + 1).map_or(self.text.len(), |start| *start as usize);
        let data = self.text.get(from..to).ok_or(MietteError::OutOfBounds)?;
        let contents = MietteSpanContents::new_named(
            self.name.clone(),
            data.as_bytes(),
            (from, to - from).into(),
            first,
            0,
            last - first + 1,
        );
        Ok(Box::new(contents))
    }
}
