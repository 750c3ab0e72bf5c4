//! `steadfast rules` and `steadfast explain`.

use super::args::Look;
use super::lint::unknown;
use super::{Ended, terminal};
use crate::finding::Applicability;
use crate::report::Style;
use crate::rule::{On, RuleMeta};
use crate::rules;
use anstyle::{AnsiColor, Style as Ansi};
use std::error::Error;
use std::io::{self, Write};

/// Lists the rules: id, severity, where it is on, summary.
pub(super) fn list_rules() -> Result<Ended, Box<dyn Error>> {
    let width = rules::all().map(|rule| rule.meta.id.len()).max().unwrap_or(0);
    terminal::print(|out| {
        for rule in rules::all() {
            let meta = &rule.meta;
            writeln!(out, "{:width$}  {:8} {:9} {}", meta.id, severity(meta), on(meta), meta.summary)?;
        }
        writeln!(
            out,
            "\n* one level lower on workloads that are not critical; critical: on those alone in phase1"
        )
    })?;
    Ok(Ended::Clean)
}

/// Prints a rule's documentation.
pub(super) fn explain(id: &str, look: Look) -> Result<Ended, Box<dyn Error>> {
    let ids: Vec<&str> = rules::all().map(|rule| rule.meta.id).collect();
    let rule = rules::find(id).ok_or_else(|| unknown("rule", id, &ids))?;
    let meta = &rule.meta;
    let docs = meta.docs();
    let page = Page { style: terminal::style(look, false, false) };
    terminal::print(|out| {
        writeln!(out, "{}: {}", page.bold(meta.id), meta.summary)?;
        let fix = meta.fix.map_or("no fix", |fix| match fix {
            Applicability::Safe => "fixed by --fix",
            Applicability::Unsafe => "fixed by --fix --unsafe-fixes",
        });
        let softer = if meta.softer_elsewhere { " (* lower on workloads that are not critical)" } else { "" };
        let (group, severity, on, since) = (meta.group.word(), severity(meta), on(meta), meta.since);
        writeln!(out, "{group} · {severity}{softer} · {on} · {fix} · since {since}\n")?;
        for (title, text) in &docs.sections {
            writeln!(out, "{}", page.bold(title))?;
            page.section(out, text.trim())?;
            writeln!(out)?;
        }
        for option in meta.options {
            writeln!(out, "Option {} (default {}): {}", option.name, option.default, option.doc)?;
        }
        Ok(())
    })?;
    Ok(Ended::Clean)
}

/// Lays out Markdown for a terminal: paragraphs as wide as it is, examples as they stand.
struct Page {
    style: Style,
}

impl Page {
    fn bold(&self, text: &str) -> String {
        self.painted(text, Ansi::new().bold())
    }

    fn painted(&self, text: &str, ansi: Ansi) -> String {
        if self.style.colour { format!("{ansi}{text}{ansi:#}") } else { text.to_owned() }
    }

    fn section(&self, out: &mut dyn Write, text: &str) -> io::Result<()> {
        let (mut paragraph, mut fenced, mut bad) = (String::new(), false, false);
        for line in text.lines() {
            if line.starts_with("```") {
                self.paragraph(out, &mut paragraph)?;
                fenced = !fenced;
            } else if fenced {
                let colour = if bad { AnsiColor::Red } else { AnsiColor::Green };
                writeln!(out, "{}", self.painted(&format!("    {line}"), colour.on_default()).trim_end())?;
            } else if line.trim().is_empty() {
                self.paragraph(out, &mut paragraph)?;
            } else {
                if let "Bad:" | "Good:" = line {
                    bad = line == "Bad:";
                }
                paragraph.push_str(line);
                paragraph.push(' ');
            }
        }
        self.paragraph(out, &mut paragraph)
    }

    fn paragraph(&self, out: &mut dyn Write, text: &mut String) -> io::Result<()> {
        let words = std::mem::take(text);
        if words.is_empty() {
            return Ok(());
        }
        let options = textwrap::Options::new(self.style.width).initial_indent("  ").subsequent_indent("  ");
        // Code is not divided: its spaces are no places to break a line at.
        let parts = words.trim().split('`').enumerate();
        let joined: Vec<String> = parts
            .map(|(index, part)| if index % 2 == 1 { part.replace(' ', "\u{a0}") } else { part.to_owned() })
            .collect();
        writeln!(out, "{}", textwrap::fill(&joined.join("`"), options).replace('\u{a0}', " "))
    }
}

fn severity(meta: &RuleMeta) -> String {
    format!("{}{}", meta.severity, if meta.softer_elsewhere { "*" } else { "" })
}

fn on(meta: &RuleMeta) -> &'static str {
    match meta.on {
        On::Everywhere => "phase1",
        On::Critical => "critical",
        On::Strict => "strict",
        On::Phase2 => "phase2",
        On::All => "all",
    }
}
