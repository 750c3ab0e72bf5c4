//! What remains of a template's literal characters: strip markers take white space away, and a flush heredoc
//! (`<<-`) the indent that its lines share.
//!
//! HashiCorp's parser makes one token of each line of a heredoc or template file, and of a quoted string. A
//! marker trims the one token beside it; then a flush heredoc loses, at the start of its lines, the indent of
//! the least indented (`parseTemplateParts` and `flushHeredocTemplateParts` of hashicorp/hcl 2.24).

use super::strings::Style;
use std::collections::HashMap;
use std::ops::Range;

/// A token of a template as written.
pub(super) enum Token {
    /// Characters, by their bytes.
    Literal(Range<usize>),
    /// An interpolation, or a part of a directive, with whether its markers trim what stands before and behind.
    Sequence { before: bool, after: bool },
}

/// By the start of a literal the ranges that remain of it.
pub(super) type Kept = HashMap<usize, Vec<Range<usize>>>;

/// What remains of a template's literals.
pub(super) fn kept(text: &str, tokens: Vec<Token>, style: Style, flush: bool) -> Kept {
    let mut lines = lines(text, tokens, style);
    if flush {
        cut_indent(text, &mut lines);
    }
    let mut kept = Kept::new();
    for line in lines.into_iter().flatten() {
        kept.entry(line.literal).or_default().push(line.kept);
    }
    kept
}

/// One line of a literal.
struct Line {
    /// Where its literal starts.
    literal: usize,
    kept: Range<usize>,
}

/// The lines of literals after trimming, `None` for each sequence.
fn lines(text: &str, tokens: Vec<Token>, style: Style) -> Vec<Option<Line>> {
    let mut out: Vec<Option<Line>> = Vec::new();
    let mut trims_next = false;
    for token in tokens {
        match token {
            Token::Literal(range) => {
                let literal = range.start;
                for mut kept in split(text, range, style) {
                    if std::mem::take(&mut trims_next) {
                        kept.start += leading_space(&text[kept.clone()], style);
                    }
                    out.push(Some(Line { literal, kept }));
                }
            }
            Token::Sequence { before, after } => {
                if let Some(Some(line)) = out.last_mut().filter(|_| before) {
                    line.kept.end -= trailing_space(&text[line.kept.clone()], style);
                }
                out.push(None);
                trims_next = after;
            }
        }
    }
    out
}

fn split(text: &str, range: Range<usize>, style: Style) -> Vec<Range<usize>> {
    if style == Style::Quoted {
        return vec![range];
    }
    let mut at = range.start;
    let lines = text[range].split_inclusive('\n').map(|line| {
        at += line.len();
        at - line.len()..at
    });
    lines.collect()
}

/// Escapes of white space, which is trimmed after they are read.
const ESCAPED_SPACE: [&str; 3] = ["\\n", "\\r", "\\t"];

fn leading_space(text: &str, style: Style) -> usize {
    let mut rest = text.trim_start();
    while let Some(behind) = ESCAPED_SPACE.iter().find_map(|escape| rest.strip_prefix(escape))
        && style == Style::Quoted
    {
        rest = behind.trim_start();
    }
    text.len() - rest.len()
}

fn trailing_space(text: &str, style: Style) -> usize {
    let mut rest = text.trim_end();
    while let Some(before) = ESCAPED_SPACE.iter().find_map(|escape| rest.strip_suffix(escape))
        && style == Style::Quoted
        && !is_escaped(before)
    {
        rest = before.trim_end();
    }
    text.len() - rest.len()
}

/// Whether a text ends with a backslash that takes the next one's meaning.
fn is_escaped(text: &str) -> bool {
    (text.len() - text.trim_end_matches('\\').len()) % 2 == 1
}

/// Cuts the indent of the least indented line off every line that begins one. A line of nothing but white
/// space neither counts nor is cut; a sequence at the start of a line counts as no indent.
fn cut_indent(text: &str, lines: &mut [Option<Line>]) {
    let mut least = usize::MAX;
    let mut begins = true;
    let mut indented = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let literal = line.as_ref().map(|line| &text[line.kept.clone()]);
        if std::mem::take(&mut begins) {
            let indent = literal.map_or(Some(0), indent);
            if literal.is_some() && indent.is_some() {
                indented.push(index);
            }
            least = least.min(indent.unwrap_or(usize::MAX));
        }
        begins = literal.is_some_and(|literal| literal.ends_with('\n'));
    }
    for index in indented {
        if let Some(line) = &mut lines[index] {
            let cut = text[line.kept.clone()].chars().take(least).map(char::len_utf8).sum::<usize>();
            line.kept.start += cut;
        }
    }
}

/// The characters of white space that a line starts with; none where it is blank.
fn indent(line: &str) -> Option<usize> {
    let rest = line.trim_start();
    let blank = rest.is_empty() && line.ends_with('\n');
    (!blank).then(|| line[..line.len() - rest.len()].chars().count())
}
