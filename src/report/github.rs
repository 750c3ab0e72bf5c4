//! Annotations of GitHub Actions: workflow commands on standard output
//! (docs.github.com/actions/reference/workflow-commands-for-github-actions).

use super::Run;
use super::changes::weakened_words;
use super::printable::is_unseen;
use crate::finding::{Finding, Severity};
use std::io::{self, Write};

/// Annotations of a level that GitHub shows of one step; further ones it drops without a word.
const SHOWN: usize = 10;

/// Writes the findings as annotations, ten of each level. What is left is told in one more.
pub fn write_github(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let of_level = || run.findings.iter().filter(|finding| finding.severity == severity);
        for finding in of_level().take(SHOWN) {
            annotation(out, run, finding)?;
        }
    }
    for weakened in run.compared.iter().flat_map(|compared| &compared.weakened).take(SHOWN) {
        let file = run.sources.get(weakened.place.file);
        let line = file.position(weakened.place.span.start).line;
        let path = property(&format!("{}{}", run.prefix, file.path()));
        let words = data(&format!("weaker than before: {}", weakened_words(weakened)));
        writeln!(out, "::notice file={path},line={line},title={}::{words}", property(weakened.rule))?;
    }
    let hidden: usize = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| run.count(severity).saturating_sub(SHOWN))
        .sum();
    if hidden > 0 {
        writeln!(out, "::notice title=steadfast::{hidden} more findings stand in the step summary")?;
    }
    Ok(())
}

fn annotation(out: &mut dyn Write, run: &Run<'_>, finding: &Finding) -> io::Result<()> {
    let place = finding.primary.place;
    let file = run.sources.get(place.file);
    let (start, end) = (file.position(place.span.start), file.position(place.span.end));
    let path = format!("{}{}", run.prefix, file.path());
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    write!(out, "::{command} file={},line={},endLine={}", property(&path), start.line, end.line)?;
    // Columns mean something only where the lines are the same.
    if start.line == end.line {
        write!(out, ",col={},endColumn={}", start.column, end.column.max(start.column))?;
    }
    let text = format!("{path}:{}:{}: {}\nhelp: {}", start.line, start.column, finding.message, finding.help);
    writeln!(out, ",title={}::{}", property(finding.rule), data(&text))
}

/// Text behind a command; what could steer the log's terminal is left out.
fn data(text: &str) -> String {
    let text = text.replace('\t', " ");
    let text: String = text.chars().filter(|c| !is_unseen(*c) || matches!(c, '\n' | '\r')).collect();
    text.replace("##[", "##(").replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
