//! Changes of texts as a unified diff. Secrets in it are masked, as in every report.

use super::masking::{MASK, Masker};
use super::printable::printable;
use crate::base::Sources;
use anstyle::AnsiColor;
use similar::{ChangeTag, TextDiff};
use std::io::{self, Write};

/// A text before and after a change.
#[derive(Clone, Copy, Debug)]
pub struct Changed<'a> {
    /// The path from the root, with forward slashes.
    pub path: &'a str,
    /// The text before.
    pub before: &'a str,
    /// The text after.
    pub after: &'a str,
}

/// Lines around a change.
const CONTEXT: usize = 3;

/// Writes changes as a unified diff.
pub fn write_diff(
    out: &mut dyn Write,
    changes: &[Changed<'_>],
    masker: &Masker,
    prefix: &str,
    colour: bool,
) -> io::Result<()> {
    for change in changes {
        let (before, after) = (masked(change, change.before, masker), masked(change, change.after, masker));
        let path = printable(&format!("{prefix}{}", change.path));
        writeln!(out, "--- {path}\n+++ {path}")?;
        let diff = TextDiff::from_lines(&before, &after);
        for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
            write!(out, "{}", hunk.header())?;
            writeln!(out)?;
            for line in hunk.iter_changes() {
                write_line(out, line.tag(), line.value(), colour)?;
            }
        }
    }
    Ok(())
}

fn write_line(out: &mut dyn Write, tag: ChangeTag, line: &str, colour: bool) -> io::Result<()> {
    let parts: Vec<String> = line.trim_end_matches(['\n', '\r']).split('\t').map(printable).collect();
    let text = parts.join("\t");
    let (sign, ansi) = match tag {
        ChangeTag::Equal => (' ', None),
        ChangeTag::Delete => ('-', Some(AnsiColor::Red)),
        ChangeTag::Insert => ('+', Some(AnsiColor::Green)),
    };
    match ansi.filter(|_| colour).map(AnsiColor::on_default) {
        Some(ansi) => writeln!(out, "{ansi}{sign}{text}{ansi:#}")?,
        None => writeln!(out, "{sign}{text}")?,
    }
    if line.ends_with('\n') { Ok(()) } else { writeln!(out, "\\ No newline at end of file") }
}

fn masked(change: &Changed<'_>, text: &str, masker: &Masker) -> String {
    let file = Sources::default().add(change.path, text);
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for range in masker.ranges(&file) {
        out.push_str(&text[at..range.start]);
        out.push_str(MASK);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}
