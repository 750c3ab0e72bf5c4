//! `--write-baseline`.

use super::{Ended, terminal};
use crate::config::BASELINE_NAME;
use crate::engine::{BaselineUse, Request, record, run};
use crate::finding::counted;
use std::error::Error;
use std::path::{Path, PathBuf};

/// Writes the findings of a run to a file: the one that is given, else the config's, else one of the usual name in the
/// root.
pub(super) fn write(request: &Request, path_given: Option<&Path>) -> Result<Ended, Box<dyn Error>> {
    let outcome = run(&Request { baseline: BaselineUse::Off, ..request.clone() })?;
    let path = match path_given {
        Some(path) => PathBuf::from(path),
        None => outcome.root.join(outcome.baseline.as_deref().unwrap_or(BASELINE_NAME)),
    };
    // A path that the config names does not lead out of the root.
    let inside = path_given.is_none().then_some(outcome.root.as_path());
    let recorded = record(&outcome, &path, inside)?;
    if recorded.kept > 0 {
        let words = counted(recorded.kept as i64, "finding");
        terminal::complain(&format!("{words} of what was not asked for stay in it"));
    }
    terminal::complain(&format!("{} to {}", counted(recorded.known as i64, "finding"), path.display()));
    if outcome.baseline.is_none() {
        let words = "name it in .steadfast.yaml, as `baseline: FILE`, or with --baseline";
        terminal::complain(words);
    }
    Ok(Ended::Clean)
}
