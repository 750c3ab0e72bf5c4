//! What the baseline says of the findings of a run.

use super::EngineError;
use super::files::RepositoryFiles;
use super::pipeline::{BaselineUse, Request};
use super::report_filter::{is_asked, order};
use crate::base::{Files, Sources, join_path};
use crate::config::{Baseline, Config, Known, read_baseline};
use crate::finding::{Finding, Suppressed};
use crate::rule::Settings;
use crate::rules::{self, tool};

/// What is said of findings that the baseline lists.
const REASON: &str = "in the baseline";

/// The baseline that the command line or the config names.
pub(super) fn load_baseline(
    request: &Request,
    config: &Config,
    files: &RepositoryFiles,
    findings: &mut Vec<Finding>,
) -> Result<Option<Baseline>, EngineError> {
    let file = match (&request.baseline, &config.baseline) {
        (BaselineUse::Off, _) | (BaselineUse::Configured, None) => return Ok(None),
        (BaselineUse::File(path), _) => {
            let text = std::fs::read_to_string(path);
            let text =
                text.map_err(|error| EngineError(format!("cannot read `{}`: {error}", path.display())))?;
            files.sources().add(&path.to_string_lossy(), text)
        }
        (BaselineUse::Configured, Some((path, place))) => {
            match files.text(&join_path("", path).unwrap_or_default()) {
                Ok(file) => file,
                Err(_) => {
                    findings.push(tool::config_invalid(*place, &format!("there is no baseline `{path}`")));
                    return Ok(None);
                }
            }
        }
    };
    let baseline = read_baseline(&file);
    findings.extend(baseline.mistakes.iter().map(|(place, words)| tool::config_invalid(*place, words)));
    Ok(Some(baseline))
}

/// Divides findings into those that are new and those that are known, with a note for each entry of the baseline that
/// none took.
pub(super) fn divide(
    mut findings: Vec<Finding>,
    baseline: &mut Baseline,
    asked: &[String],
    settings: &Settings,
    sources: &Sources,
) -> (Vec<Finding>, Vec<Suppressed>, Vec<Finding>) {
    findings.sort_by_cached_key(|finding| order(finding, sources));
    // The same finding of several callers of a module is one.
    let same = |a: &Finding, b: &Finding| {
        a.rule == b.rule && a.primary.place == b.primary.place && a.message == b.message
    };
    let groups: Vec<&[Finding]> = findings.chunk_by(same).collect();
    let identity = |group: &&[Finding]| Known::of(&group[0], sources.get(group[0].primary.place.file).path());
    let known: Vec<Known> = groups.iter().map(identity).collect();
    let taken: Vec<bool> = baseline
        .take(&known)
        .into_iter()
        .zip(&groups)
        .flat_map(|(known, group)| vec![known; group.len()])
        .collect();
    let (mut new, mut suppressed) = (Vec::new(), Vec::new());
    for (finding, known) in findings.into_iter().zip(taken) {
        match known {
            true => suppressed.push(Suppressed { finding, in_source: false, reason: REASON.to_owned() }),
            false => new.push(finding),
        }
    }
    (new, suppressed, obsolete(baseline, asked, settings))
}

/// A note for each entry that nothing took, of what was asked for and of rules that ran.
fn obsolete(baseline: &Baseline, asked: &[String], settings: &Settings) -> Vec<Finding> {
    let on = |id: &str| rules::find(id).is_none_or(|rule| settings.is_on(&rule.meta));
    let entries = baseline.obsolete().filter(|(known, _)| is_asked(asked, &known.path) && on(&known.rule));
    let entries = entries.filter(|_| on("baseline-obsolete"));
    entries.map(|(known, place)| tool::baseline_obsolete(&known.rule, &known.path, place)).collect()
}
