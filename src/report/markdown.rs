//! Markdown, for a comment on a pull request or a step summary.

use super::Run;
use super::changes::{base_name, position, weakened_words};
use super::printable::is_unseen;
use crate::finding::{Finding, Severity, Weakened, counted};
use std::io::{self, Write};

/// Characters that a comment may have: GitHub takes 65,536.
const LONGEST: usize = 60_000;

/// Writes a line with the counts, a table of the findings, and what to do about each. Findings that do not fit
/// are counted.
pub fn write_markdown(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    writeln!(out, "### steadfast: {}\n", headline(run))?;
    if run.findings.is_empty() {
        changes(out, run)?;
        return summary(out, run);
    }
    writeln!(out, "| | Finding | Where |\n|---|---|---|")?;
    let (mut rows, mut details, mut shown) = (String::new(), String::new(), 0);
    for finding in run.findings {
        let (row, detail) = (row(run, finding), detail(run, finding));
        if rows.len() + details.len() + row.len() + detail.len() > LONGEST {
            break;
        }
        rows.push_str(&row);
        details.push_str(&detail);
        shown += 1;
    }
    write!(out, "{rows}")?;
    if shown < run.findings.len() {
        writeln!(out, "\n… and {} more.", run.findings.len() - shown)?;
    }
    writeln!(out, "\n<details><summary>Why, and what to do</summary>\n\n{details}</details>\n")?;
    changes(out, run)?;
    summary(out, run)
}

/// What is gone or weaker since the other state, as far as a comment takes it.
fn changes(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    let Some(compared) = run.compared else { return Ok(()) };
    writeln!(
        out,
        "Since `{}`: {} gone, {} weakened.\n",
        base_name(compared),
        compared.gone.len(),
        compared.weakened.len()
    )?;
    let weaker = |w: &Weakened| {
        format!(
            "- weakened **{}**: {} {}\n",
            w.rule,
            text(&weakened_words(w)),
            code(&position(run.sources, w.place, ""))
        )
    };
    let gone = |f: &Finding| {
        format!(
            "- gone **{}**: {} {}\n",
            f.rule,
            text(&f.message),
            code(&position(&compared.sources, f.primary.place, ""))
        )
    };
    let mut left = LONGEST / 12;
    for line in compared.weakened.iter().map(weaker).chain(compared.gone.iter().map(gone)) {
        left = left.saturating_sub(line.len());
        if left == 0 {
            return writeln!(out, "- …\n");
        }
        write!(out, "{line}")?;
    }
    writeln!(out)
}

fn headline(run: &Run<'_>) -> String {
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(severity, _)| run.count(*severity) > 0)
        .map(|(severity, word)| counted(run.count(severity) as i64, word))
        .collect();
    let found = if parts.is_empty() { "no findings".into() } else { parts.join(", ") };
    match run.compared.map_or(0, |compared| compared.weakened.len()) {
        0 => found,
        count => format!("{found}, {count} weakened"),
    }
}

fn summary(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    let c = run.counts;
    writeln!(
        out,
        "{}, {} resolved ({} conditional), {} unresolved, {} skipped, {} suppressed.",
        counted(c.stacks as i64, "stack"),
        counted(c.objects as i64, "object"),
        c.conditional,
        counted(run.unjudged.len() as i64, "value"),
        counted(run.skipped.len() as i64, "file"),
        counted(c.suppressed as i64, "finding"),
    )
}

fn place(run: &Run<'_>, finding: &Finding) -> String {
    let file = run.sources.get(finding.primary.place.file);
    let at = file.position(finding.primary.place.span.start);
    format!("{}:{}:{}", file.path(), at.line, at.column)
}

fn row(run: &Run<'_>, finding: &Finding) -> String {
    // In a table a bar divides cells, also in code.
    let cell = |words: String| words.replace('|', "\\|");
    let (word, rule) = (finding.severity.word(), finding.rule);
    let (message, place) = (cell(text(&finding.message)), cell(code(&place(run, finding))));
    format!("| {word} | **{rule}**: {message} | {place} |\n")
}

fn detail(run: &Run<'_>, finding: &Finding) -> String {
    let mut out = format!("- {} {}\n", code(&place(run, finding)), text(&finding.message));
    for label in &finding.related {
        let file = run.sources.get(label.place.file);
        let at = file.position(label.place.span.start);
        let where_ = format!("{}:{}:{}", file.path(), at.line, at.column);
        out.push_str(&format!("  - {} {}\n", code(&where_), text(&label.text)));
    }
    if !finding.note.is_empty() {
        out.push_str(&format!("  - why: {}\n", text(&finding.note)));
    }
    out.push_str(&format!("  - help: {}\n", text(&finding.help)));
    out
}

/// Words as they are: what is Markdown or HTML in them is no markup, a name behind `@` calls nobody, and parts in
/// backticks stay code.
fn text(words: &str) -> String {
    let parts: Vec<&str> = words.split('`').collect();
    let closed = parts.len() % 2 == 1;
    let part = |(index, part): (usize, &&str)| match closed && index % 2 == 1 {
        true => code(part),
        false => escaped(part),
    };
    parts.iter().enumerate().map(part).collect()
}

fn escaped(part: &str) -> String {
    let mut out = String::new();
    // What GitHub would make a link of.
    let part = part.replace("://", ":\u{200B}//").replace("www.", "www\u{200B}.");
    for c in part.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("@\u{200B}"),
            '\\' | '*' | '_' | '[' | ']' | '#' | '`' | '~' | '!' => out.extend(['\\', c]),
            c if is_unseen(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// A span of code. Backticks in it are left out: they cannot be escaped there.
fn code(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !is_unseen(*c) && *c != '`').collect();
    if plain.trim().is_empty() { String::new() } else { format!("`{plain}`") }
}
