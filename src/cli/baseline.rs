//! `--write-baseline`.

use super::{Ended, terminal};
use crate::config::{BASELINE_NAME, Known, write_baseline};
use crate::engine::{BaselineUse, Outcome, Request, replace_file, run};
use crate::finding::counted;
use std::error::Error;
use std::path::{Path, PathBuf};

/// Rules about the tool's own files, which nobody wants to get used to.
const NEVER_KNOWN: [&str; 3] = ["config-invalid", "internal-error", "baseline-obsolete"];

/// Writes the findings of a run to a file: the one that is given, else the config's, else one of the usual name in the
/// root.
pub(super) fn write(request: &Request, path: Option<&Path>) -> Result<Ended, Box<dyn Error>> {
    let outcome = run(&Request { baseline: BaselineUse::Off, ..request.clone() })?;
    let path = match path {
        Some(path) => PathBuf::from(path),
        None => outcome.root.join(outcome.baseline.as_deref().unwrap_or(BASELINE_NAME)),
    };
    let count = write_to(&outcome, &path)?;
    terminal::complain(&format!("{} to {}", counted(count as i64, "finding"), path.display()));
    if outcome.baseline.is_none() {
        let words = "name it in .steadfast.yaml, as `baseline: FILE`, or with --baseline";
        terminal::complain(words);
    }
    Ok(Ended::Clean)
}

/// Writes the findings of an outcome, and says how many.
pub(super) fn write_to(outcome: &Outcome, path: &Path) -> Result<usize, Box<dyn Error>> {
    let findings = outcome.findings.iter().filter(|finding| !NEVER_KNOWN.contains(&finding.rule));
    let known: Vec<Known> = findings
        .map(|finding| Known::of(finding, outcome.sources.get(finding.primary.place.file).path()))
        .collect();
    replace_file(path, &write_baseline(known.iter().cloned()))?;
    Ok(known.len())
}
