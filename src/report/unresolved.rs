//! What could not be judged, and files that were not parsed, one a line, for people.

use super::Run;
use super::printable::{path_at_start, printable};
use std::io::{self, Write};

/// Writes `path:line:col: unresolved[rule] reason`, and `path: skipped[reason] message`.
pub fn write_unresolved(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    let prefix = run.prefix;
    for unjudged in run.unjudged {
        let file = run.sources.get(unjudged.place.file);
        let at = file.position(unjudged.place.span.start);
        let rule = unjudged.rule.map_or_else(String::new, |rule| format!("[{rule}]"));
        let (path, reason) =
            (path_at_start(&format!("{prefix}{}", file.path())), printable(&unjudged.reason));
        writeln!(out, "{path}:{}:{}: unresolved{rule} {reason}", at.line, at.column)?;
    }
    for skipped in run.skipped {
        let path = path_at_start(&format!("{prefix}{}", skipped.path));
        writeln!(out, "{path}: skipped[{}] {}", skipped.reason, printable(&skipped.message))?;
    }
    Ok(())
}
