//! `--fix` and `--diff`.

use super::args::{Lint, Look};
use super::lint::prefix;
use super::terminal;
use crate::engine::{Fixed, Outcome, Request, fix, run, write_changes};
use crate::finding::{Applicability, counted};
use crate::report::{Changed, Masker, write_diff};
use std::error::Error;

/// The outcome that is to be reported: where fixes are carried out, that behind them.
pub(super) fn outcome(args: &Lint, look: Look, request: &Request) -> Result<Outcome, Box<dyn Error>> {
    if !args.fix && !args.diff {
        return Ok(run(request)?);
    }
    let most = if args.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let fixed = fix(request, most)?;
    for refused in &fixed.refused {
        terminal::complain(refused);
    }
    if args.diff {
        show(&fixed, look)?;
        return Ok(run(request)?);
    }
    write(fixed, request)
}

fn show(fixed: &Fixed, look: Look) -> Result<(), Box<dyn Error>> {
    let changed = |c: &crate::engine::TextChange| (c.path.clone(), c.before.clone(), c.after.clone());
    let texts: Vec<(String, String, String)> = fixed.changes.iter().map(changed).collect();
    let changes: Vec<Changed<'_>> =
        texts.iter().map(|(path, before, after)| Changed { path, before, after }).collect();
    let masker = Masker::new(&fixed.outcome.sources);
    let colour = terminal::style(look, false, false).colour;
    terminal::print(|out| write_diff(out, &changes, &masker, &prefix(&fixed.outcome), colour))?;
    Ok(())
}

fn write(fixed: Fixed, request: &Request) -> Result<Outcome, Box<dyn Error>> {
    let written = write_changes(&fixed.outcome.root, &fixed.changes)?;
    if !written.left.is_empty() {
        let paths = written.left.join(", ");
        terminal::complain(&format!("nothing was fixed: on disk these are not what was linted: {paths}"));
        return Ok(run(request)?);
    }
    if fixed.mended > 0 {
        let (findings, files) = (counted(fixed.mended as i64, "finding"), written.files.len() as i64);
        terminal::complain(&format!("fixed {findings} in {}", counted(files, "file")));
    }
    Ok(fixed.outcome)
}
