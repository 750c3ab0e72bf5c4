//! For people: stack by stack a headline, frames, why it matters, what to do; at the end how many each rule has, and a
//! summary.

use super::Run;
use super::changes::{base_name, lines};
use super::frame::{FrameStyle, frames};
use super::printable::{path_at_start, printable};
use super::statistics::write_statistics;
use crate::base::Sources;
use crate::finding::{Applicability, Finding, Label, Severity, counted};
use anstyle::{AnsiColor, Style as Ansi};
use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};

/// With what frames are drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Drawing {
    /// Box-drawing characters.
    #[default]
    Unicode,
    /// Characters of ASCII.
    Ascii,
    /// Nothing: sentences, for screen readers.
    Narrated,
}

/// How the report looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// With colours.
    pub colour: bool,
    /// With what frames are drawn.
    pub drawing: Drawing,
    /// With links to the pages of the rules.
    pub links: bool,
    /// Columns.
    pub width: usize,
    /// Without the summary.
    pub quiet: bool,
}

/// Writes the findings with their frames, and the summary.
pub fn write_human(out: &mut dyn Write, run: &Run<'_>, style: Style) -> io::Result<()> {
    let stacks = by_stack(run.findings);
    let mut said = BTreeSet::new();
    for (stack, findings) in &stacks {
        if stacks.len() > 1 {
            let count = counted(findings.len() as i64, "finding");
            let title = format!("{}: {count}", stack_title(run, stack));
            writeln!(out, "{}\n", paint(style, Ansi::new().bold().underline(), &path_at_start(&title)))?;
        }
        for finding in findings {
            write_finding(out, run, finding, style, &mut said)?;
            writeln!(out)?;
        }
    }
    for line in lines(run) {
        writeln!(out, "{}", printable(&line))?;
    }
    if style.quiet {
        return Ok(());
    }
    if run.findings.len() > 1 {
        write_statistics(out, run)?;
        writeln!(out)?;
    }
    write_summary(out, run, style)
}

/// The findings stack by stack, in the order in which the stacks come first.
fn by_stack(findings: &[Finding]) -> Vec<(&str, Vec<&Finding>)> {
    let mut out: Vec<(&str, Vec<&Finding>)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for finding in findings {
        let stack = &*finding.stack;
        let at = *places.entry(stack).or_insert_with(|| {
            out.push((stack, Vec::new()));
            out.len() - 1
        });
        out[at].1.push(finding);
    }
    out
}

/// A stack's folder as it can be opened; that of the root is the root.
fn stack_title(run: &Run<'_>, stack: &str) -> String {
    match (run.prefix, stack) {
        ("", "") => "./".to_owned(),
        (prefix, stack) => format!("{prefix}{stack}"),
    }
}

fn paint(style: Style, ansi: Ansi, text: &str) -> String {
    if style.colour { format!("{ansi}{text}{ansi:#}") } else { text.to_owned() }
}

fn of_severity(severity: Severity) -> Ansi {
    let colour = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note => AnsiColor::Cyan,
    };
    colour.on_default().bold()
}

/// Why something matters and what to do about it is said once, however many findings say the same. `said` is what was
/// said before.
fn write_finding<'a>(
    out: &mut dyn Write,
    run: &Run<'_>,
    finding: &'a Finding,
    style: Style,
    said: &mut BTreeSet<(&'a str, &'a str)>,
) -> io::Result<()> {
    let head =
        paint(style, of_severity(finding.severity), &format!("{}[{}]", finding.severity, finding.rule));
    let head = match style.links {
        // OSC 8, as terminals agreed on it.
        true => format!("\u{1b}]8;;{}\u{1b}\\{head}\u{1b}]8;;\u{1b}\\", (run.about)(finding.rule).url),
        false => head,
    };
    let message = paint(style, Ansi::new().bold(), &printable(&finding.message));
    writeln!(out, "{head}: {message}")?;
    let frame_style = FrameStyle { colour: style.colour, drawing: style.drawing, width: style.width };
    for labels in framed(finding, run.sources) {
        let file = run.sources.get(labels[0].place.file);
        write!(out, "{}", frames(&file, run.prefix, &labels, frame_style, run.masker))?;
    }
    if finding.instances > 1 {
        write_words(
            out,
            "also: ",
            &format!("the same in {} more uses of this module", finding.instances - 1),
            style,
        )?;
    }
    for (head, text) in [("why:  ", &finding.note), ("help: ", &finding.help)] {
        if said.insert((head, text)) {
            write_words(out, head, text, style)?;
        }
    }
    Ok(())
}

/// Lines between two labels that still share a frame.
const NEAR: usize = 3;

/// The labels of each frame: those of one file that stand near each other. The primary one's frame comes
/// first.
fn framed<'a>(finding: &'a Finding, sources: &Sources) -> Vec<Vec<&'a Label>> {
    let line = |label: &Label| sources.get(label.place.file).line_of(label.place.span.start);
    let mut frames: Vec<Vec<&Label>> = Vec::new();
    for label in std::iter::once(&finding.primary).chain(&finding.related) {
        let near = |other: &&Label| {
            other.place.file == label.place.file && line(other).abs_diff(line(label)) <= NEAR
        };
        let overlaps = |other: &&Label| {
            let (a, b) = (other.place.span, label.place.span);
            other.place.file == label.place.file && a.start < b.end && b.start < a.end
        };
        match frames.iter_mut().find(|frame| frame.iter().any(near) && !frame.iter().any(overlaps)) {
            Some(frame) => frame.push(label),
            None => frames.push(vec![label]),
        }
    }
    frames
}

fn write_words(out: &mut dyn Write, head: &str, text: &str, style: Style) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let options = textwrap::Options::new(style.width).initial_indent("  ").subsequent_indent("        ");
    let wrapped = textwrap::fill(&format!("{head}{}", printable(text)), options);
    writeln!(out, "{}", wrapped.replacen(head, &paint(style, Ansi::new().bold(), head), 1))
}

fn write_summary(out: &mut dyn Write, run: &Run<'_>, style: Style) -> io::Result<()> {
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(severity, _)| run.count(*severity) > 0)
        .map(|(severity, word)| {
            paint(style, of_severity(severity), &counted(run.count(severity) as i64, word))
        })
        .collect();
    let found = if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") };
    let c = run.counts;
    writeln!(
        out,
        "{found} in {}: {} read, {} resolved ({} conditional), {} unresolved, {} skipped, {} suppressed",
        counted(c.stacks as i64, "stack"),
        counted(c.files as i64, "file"),
        counted(c.objects as i64, "object"),
        c.conditional,
        counted(run.unjudged.len() as i64, "value"),
        counted(run.skipped.len() as i64, "file"),
        counted(c.suppressed as i64, "finding"),
    )?;
    if let Some(compared) = run.compared {
        writeln!(
            out,
            "since {}: {} new, {} gone, {} weakened, {} as before",
            base_name(compared),
            run.findings.len(),
            compared.gone.len(),
            compared.weakened.len(),
            compared.same
        )?;
    }
    write_fixable(out, run)
}

/// How many findings can be mended, and how.
fn write_fixable(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    let count = |level| {
        run.findings.iter().filter_map(|f| f.fix.as_ref()).filter(|fix| fix.applicability == level).count()
    };
    let (safe, not) = (count(Applicability::Safe), count(Applicability::Unsafe));
    let options = match (safe, not) {
        (0, 0) => return Ok(()),
        (safe, 0) => format!("{safe} with --fix"),
        (0, not) => format!("{not} with --fix --unsafe-fixes"),
        (safe, not) => format!("{safe} with --fix, {not} more with --unsafe-fixes"),
    };
    writeln!(out, "it can mend {options}; --diff shows how")
}
