//! `steadfast rules` and `steadfast explain`.

use super::lint::unknown;
use super::{Ended, terminal};
use crate::rule::{On, RuleMeta};
use crate::rules;
use std::error::Error;

/// Lists the rules: id, severity, where it is on, summary.
pub(super) fn list_rules() -> Result<Ended, Box<dyn Error>> {
    let width = rules::all().map(|rule| rule.meta.id.len()).max().unwrap_or(0);
    terminal::print(|out| {
        for rule in rules::all() {
            let meta = &rule.meta;
            writeln!(out, "{:width$}  {:8} {:9} {}", meta.id, severity(meta), on(meta), meta.summary)?;
        }
        Ok(())
    })?;
    Ok(Ended::Clean)
}

/// Prints a rule's documentation.
pub(super) fn explain(id: &str) -> Result<Ended, Box<dyn Error>> {
    let ids: Vec<&str> = rules::all().map(|rule| rule.meta.id).collect();
    let rule = rules::find(id).ok_or_else(|| unknown("rule", id, &ids))?;
    let meta = &rule.meta;
    let docs = meta.docs();
    terminal::print(|out| {
        writeln!(out, "{}: {}", meta.id, meta.summary)?;
        writeln!(out, "{} · {} · {} · since {}\n", meta.group.word(), severity(meta), on(meta), meta.since)?;
        for (title, text) in &docs.sections {
            writeln!(out, "{title}")?;
            for line in text.trim().lines() {
                writeln!(out, "{}", format!("  {line}").trim_end())?;
            }
            writeln!(out)?;
        }
        for option in meta.options {
            writeln!(out, "Option {} (default {}): {}", option.name, option.default, option.doc)?;
        }
        Ok(())
    })?;
    Ok(Ended::Clean)
}

fn severity(meta: &RuleMeta) -> String {
    format!("{}{}", meta.severity, if meta.softer_elsewhere { "*" } else { "" })
}

fn on(meta: &RuleMeta) -> &'static str {
    match meta.on {
        On::Everywhere => "phase1",
        On::Critical => "critical",
        On::Strict => "strict",
    }
}
