//! `--write-baseline`.

use super::{Ended, terminal};
use crate::base::Sources;
use crate::config::{BASELINE_NAME, Known, read_baseline, write_baseline};
use crate::engine::{BaselineUse, EngineError, Outcome, Request, replace_file, run};
use crate::finding::counted;
use std::error::Error;
use std::path::{Path, PathBuf};

/// Rules about the tool's own files, which nobody wants to get used to.
const NEVER_KNOWN: [&str; 3] = ["config-invalid", "internal-error", "baseline-obsolete"];

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
    if inside.is_some_and(|root| path.canonicalize().is_ok_and(|path| !path.starts_with(root))) {
        return Err(Box::new(EngineError(format!("`{}` lies outside of the root", path.display()))));
    }
    let count = write_to(&outcome, &path, inside)?;
    terminal::complain(&format!("{} to {}", counted(count as i64, "finding"), path.display()));
    if outcome.baseline.is_none() {
        let words = "name it in .steadfast.yaml, as `baseline: FILE`, or with --baseline";
        terminal::complain(words);
    }
    Ok(Ended::Clean)
}

/// Writes the findings of an outcome, and says how many. What the file lists of other files, or of rules that did not
/// run, stays in it.
fn write_to(outcome: &Outcome, path: &Path, inside: Option<&Path>) -> Result<usize, Box<dyn Error>> {
    let findings = outcome.findings.iter().filter(|finding| !NEVER_KNOWN.contains(&finding.rule));
    let known: Vec<Known> = findings
        .map(|finding| Known::of(finding, outcome.sources.get(finding.primary.place.file).path()))
        .collect();
    let kept: Vec<Known> = match std::fs::read_to_string(path) {
        Ok(text) => {
            let before = read_baseline(&Sources::default().add(&path.to_string_lossy(), text));
            before.known().filter(|known| !outcome.judged(&known.rule, &known.path)).collect()
        }
        Err(_) => Vec::new(),
    };
    if !kept.is_empty() {
        let words = counted(kept.len() as i64, "finding");
        terminal::complain(&format!("{words} of what was not asked for stay in it"));
    }
    replace_file(path, &write_baseline(known.iter().chain(&kept).cloned()), inside)?;
    Ok(known.len())
}
