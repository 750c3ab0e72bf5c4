//! What the baseline says of the findings of a run.

use super::EngineError;
use super::files::RepositoryFiles;
use super::fixes::replace_file;
use super::pipeline::{BaselineUse, Outcome, Request};
use super::report_filter::{is_asked, order};
use crate::base::{Files, Sources, join_path};
use crate::config::{Baseline, Config, Known, read_baseline, write_baseline};
use crate::finding::{Finding, Suppressed, closest};
use crate::rule::Settings;
use crate::rules::{self, tool};
use std::path::Path;

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
    let ids: Vec<&str> = rules::all().map(|rule| rule.meta.id).collect();
    for (known, place) in baseline.obsolete().filter(|(known, _)| rules::find(&known.rule).is_none()) {
        let hint =
            closest(&known.rule, &ids).map_or_else(String::new, |id| format!("; did you mean `{id}`?"));
        findings.push(tool::config_invalid(place, &format!("there is no rule `{}`{hint}", known.rule)));
    }
    Ok(Some(baseline))
}

/// What a run looked at.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The paths that were asked for.
    pub(super) asked: &'a [String],
    /// Whether a file could be read.
    pub(super) is_read: &'a dyn Fn(&str) -> bool,
}

/// Divides findings into those that are new and those that are known, with a note for each entry of the baseline that
/// none took.
pub(super) fn divide(
    mut findings: Vec<Finding>,
    baseline: &mut Baseline,
    scope: Scope<'_>,
    settings: &Settings,
    sources: &Sources,
) -> (Vec<Finding>, Vec<Suppressed>, Vec<Finding>) {
    findings.sort_by_cached_key(|finding| order(finding, sources));
    // The same finding of several callers of a module is one.
    let same = |a: &Finding, b: &Finding| {
        a.rule == b.rule && a.primary.place == b.primary.place && a.message == b.message
    };
    let groups: Vec<&[Finding]> = findings.chunk_by(same).collect();
    let known = |finding: &Finding| Known::of(finding, sources.get(finding.primary.place.file).path());
    // Any of the callers may be the one that is listed: a new one may come before it.
    let identity = |group: &&[Finding]| {
        let listed = group.iter().map(known).find(|known| baseline.lists(known));
        listed.unwrap_or_else(|| known(&group[0]))
    };
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
    (new, suppressed, obsolete(baseline, scope, settings))
}

/// A note for each entry that nothing took, of what was asked for and of rules that ran.
fn obsolete(baseline: &Baseline, Scope { asked, is_read }: Scope<'_>, settings: &Settings) -> Vec<Finding> {
    let on = |id: &str| rules::find(id).is_some_and(|rule| settings.is_on(&rule.meta));
    let judged = |known: &Known| is_asked(asked, &known.path) && is_read(&known.path) && on(&known.rule);
    let entries = baseline.obsolete().filter(|(known, _)| judged(known));
    let entries = entries.filter(|_| on("baseline-obsolete"));
    entries.map(|(known, place)| tool::baseline_obsolete(&known.rule, &known.path, place)).collect()
}

/// Rules about the tool's own files, which nobody wants to get used to.
const NEVER_KNOWN: [&str; 3] = ["config-invalid", "internal-error", "baseline-obsolete"];

/// How many findings a baseline lists, once it is written.
#[derive(Clone, Copy, Debug)]
pub struct Recorded {
    /// Those of the run.
    pub known: usize,
    /// Those that it listed before of what the run did not look at.
    pub kept: usize,
}

/// Writes the findings of a run to a baseline. What that lists of other files, or of rules that did not run, stays in
/// it. `inside` is the root that it must not leave, if it must not.
pub fn record(outcome: &Outcome, path: &Path, inside: Option<&Path>) -> Result<Recorded, EngineError> {
    if inside.is_some_and(|root| path.canonicalize().is_ok_and(|path| !path.starts_with(root))) {
        return Err(EngineError(format!("`{}` lies outside of the root", path.display())));
    }
    let findings = outcome.findings.iter().filter(|finding| !NEVER_KNOWN.contains(&finding.rule));
    let of = |finding: &Finding| Known::of(finding, outcome.sources.get(finding.primary.place.file).path());
    let known: Vec<Known> = findings.map(of).collect();
    let before = std::fs::read_to_string(path).unwrap_or_default();
    let before = read_baseline(&Sources::default().add(&path.to_string_lossy(), before));
    let unasked = |known: &Known| !outcome.judged(&known.rule, &known.path);
    let kept: Vec<Known> = before.known().filter(unasked).collect();
    replace_file(path, &write_baseline(known.iter().chain(&kept).cloned()), inside)?;
    Ok(Recorded { known: known.len(), kept: kept.len() })
}
