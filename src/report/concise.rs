//! One line a finding: `path:line:col: severity[rule] message`.

use super::Run;
use super::printable::{path_at_start, printable};
use std::io::{self, Write};

/// Writes the findings, one a line.
pub fn write_concise(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    for finding in run.findings {
        let place = finding.primary.place;
        let file = run.sources.get(place.file);
        let at = file.position(place.span.start);
        let path = path_at_start(&format!("{}{}", run.prefix, file.path()));
        let (line, column) = (at.line, at.column);
        writeln!(
            out,
            "{path}:{line}:{column}: {}[{}] {}",
            finding.severity,
            finding.rule,
            printable(&finding.message)
        )?;
    }
    for line in super::changes::lines(run) {
        writeln!(out, "{}", printable(&line))?;
    }
    Ok(())
}
