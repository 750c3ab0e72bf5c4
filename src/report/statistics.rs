//! How many findings each rule has, as a table.

use super::Run;
use crate::finding::Severity;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The findings of one rule, counted.
#[derive(Clone, Copy, Default)]
struct Row {
    by_severity: [usize; 3],
    fixable: usize,
}

impl Row {
    fn all(&self) -> usize {
        self.by_severity.iter().sum()
    }
}

const COLUMNS: [&str; 5] = ["rule", "error", "warning", "note", "fixable"];

/// Writes a line for each rule, those with most findings first.
pub fn write_statistics(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    for finding in run.findings {
        let row = rows.entry(finding.rule).or_default();
        let column = match finding.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        };
        row.by_severity[column] += 1;
        row.fixable += usize::from(finding.fix.is_some());
    }
    if rows.is_empty() {
        return writeln!(out, "no findings");
    }
    let mut sorted: Vec<(&str, Row)> = rows.into_iter().collect();
    sorted.sort_by_key(|(rule, row)| (std::cmp::Reverse(row.all()), *rule));
    let width = sorted.iter().map(|(rule, _)| rule.len()).chain([COLUMNS[0].len()]).max().unwrap_or(0);
    let line = |rule: &str, cells: [String; 4]| {
        let [error, warning, note, fixable] = cells;
        format!("{rule:width$}  {error:>5}  {warning:>7}  {note:>4}  {fixable:>7}")
    };
    let head = [1, 2, 3, 4].map(|index| COLUMNS[index].to_owned());
    writeln!(out, "{}", line(COLUMNS[0], head).trim_end())?;
    for (rule, row) in sorted {
        let cell = |count: usize| if count == 0 { String::new() } else { count.to_string() };
        let [error, warning, note] = row.by_severity.map(cell);
        writeln!(out, "{}", line(rule, [error, warning, note, cell(row.fixable)]).trim_end())?;
    }
    Ok(())
}
