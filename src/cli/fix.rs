//! `--fix` and `--diff`.

use super::args::{Lint, Look};
use super::lint::prefix;
use super::terminal;
use crate::engine::{Fixed, Outcome, Request, fix, run, write_changes};
use crate::finding::{Applicability, counted};
use crate::report::{Changed, Masker, write_diff};
use std::error::Error;

/// The outcome that is to be reported, and whether files were changed: then it is that behind the fixes.
pub(super) fn outcome(args: &Lint, look: Look, request: &Request) -> Result<(Outcome, bool), Box<dyn Error>> {
    if !args.fix && !args.diff {
        return Ok((run(request)?, false));
    }
    let most = if args.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let fixed = fix(request, most)?;
    let masker = Masker::new(&fixed.outcome.sources);
    for refused in &fixed.refused {
        terminal::complain(&masker.hide(refused));
    }
    if fixed.left > 0 {
        terminal::complain(&format!(
            "{} left to mend: run it again",
            counted(fixed.left as i64, "fix").replace("fixs", "fixes")
        ));
    }
    if args.diff {
        show(&fixed, look)?;
        if fixed.changes.is_empty() {
            nothing_to_show(args, &fixed);
        }
        return Ok((run(request)?, false));
    }
    write(args, fixed, request)
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

/// Says why a diff is empty.
fn nothing_to_show(args: &Lint, fixed: &Fixed) {
    let more = fixed.outcome.findings.iter().filter(|finding| finding.fix.is_some()).count();
    let words = match (more, args.unsafe_fixes) {
        (0, _) | (_, true) => "there is nothing to mend".to_owned(),
        (more, false) => format!("there is nothing to mend safely; {more} with --unsafe-fixes"),
    };
    terminal::complain(&words);
}

fn write(args: &Lint, fixed: Fixed, request: &Request) -> Result<(Outcome, bool), Box<dyn Error>> {
    let written = write_changes(&fixed.outcome.root, &fixed.changes)?;
    if !written.left.is_empty() {
        let paths = written.left.join(", ");
        terminal::complain(&format!("nothing was fixed: on disk these are not what was linted: {paths}"));
        return Ok((run(request)?, false));
    }
    let changed = !written.files.is_empty();
    if changed {
        let (findings, files) = (counted(fixed.mended as i64, "finding"), written.files.len() as i64);
        let then = if args.staged { ": stage what changed" } else { "" };
        terminal::complain(&format!("fixed {findings} in {}{then}", counted(files, "file")));
    }
    Ok((fixed.outcome, changed))
}
