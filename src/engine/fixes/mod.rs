//! Fixes carried out: pass after pass on texts in memory, each pass linted before it counts, and written at the end.

mod apply;
mod shared;
mod write;

pub(super) use shared::weigh_fixes;
pub(super) use write::replace_file;
pub use write::{Written, write_changes};

use super::EngineError;
use super::input::root_of;
use super::pipeline::{Adjust, Outcome, Request, run};
use crate::base::Sources;
use crate::finding::{Applicability, Finding, Fix, Severity};
use apply::applied;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

/// Rounds in which overlapping fixes get their turn, at most.
const MOST_PASSES: usize = 10;

/// Runs that look for the fixes of a round which do harm, at most.
const MOST_TRIALS: usize = 100;

/// What fixes came to.
#[derive(Debug)]
pub struct Fixed {
    /// What is found of the repository as it is then.
    pub outcome: Outcome,
    /// The texts that changed: path from the root, text before and after.
    pub changes: Vec<TextChange>,
    /// How many findings were mended.
    pub mended: usize,
    /// Fixes that were not carried out, in words.
    pub refused: Vec<String>,
    /// Fixes that were not tried, since there were too many.
    pub left: usize,
}

/// A text that fixes changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextChange {
    /// The path from the root.
    pub path: String,
    /// The text as it was.
    pub before: String,
    /// The text as it is to be.
    pub after: String,
}

/// What tells findings apart when they are counted.
type Identity = (&'static str, String, String, String);

/// Fixes with what their findings are called.
type Batch = Vec<(Identity, Fix)>;

/// Mends what can be mended, up to a level of applicability, without writing anything.
pub fn fix(request: &Request, most: Applicability) -> Result<Fixed, EngineError> {
    let mut fixer = Fixer {
        request,
        most,
        texts: BTreeMap::new(),
        before: BTreeMap::new(),
        refused: BTreeMap::new(),
        mended: 0,
        trials: 0,
    };
    let mut whole = fixer.run_whole(&BTreeMap::new())?;
    let all = fixer.asks_for_all()?;
    let (mut passes, mut left) = (0, 0);
    loop {
        let asked = if all { None } else { Some(fixer.run_asked()?) };
        let chosen = fixer.chosen(asked.as_ref().unwrap_or(&whole));
        if chosen.is_empty() {
            break;
        }
        if passes == MOST_PASSES || fixer.trials >= MOST_TRIALS {
            left = chosen.len();
            break;
        }
        let refused = fixer.refused.len();
        let trials = fixer.trials;
        fixer.carry_out(&chosen, asked.as_ref().map(|asked| &asked.sources), &mut whole)?;
        // A round in which harm was looked for is not one that went through.
        passes += usize::from(fixer.refused.len() == refused && fixer.trials == trials + 1);
    }
    let outcome = if all { whole } else { fixer.run_asked()? };
    let changed = fixer.texts.iter().filter(|(path, text)| fixer.before.get(*path) != Some(*text));
    let changes = changed.map(|(path, after)| TextChange {
        path: path.clone(),
        before: fixer.before.get(path).cloned().unwrap_or_default(),
        after: after.clone(),
    });
    Ok(Fixed {
        changes: changes.collect(),
        mended: fixer.mended,
        refused: fixer.refused.into_values().collect(),
        left,
        outcome,
    })
}

struct Fixer<'a> {
    request: &'a Request,
    most: Applicability,
    /// The texts that differ from what is read, by path.
    texts: BTreeMap<String, String>,
    /// The same as they were read.
    before: BTreeMap<String, String>,
    /// Fixes that did harm, by finding and title.
    refused: BTreeMap<(Identity, String), String>,
    mended: usize,
    trials: usize,
}

impl Fixer<'_> {
    fn run_asked(&self) -> Result<Outcome, EngineError> {
        run(&Request { overlay: self.texts.clone(), ..self.request.clone() })
    }

    /// Whether what is asked for is everything, so that it need not be run by itself.
    fn asks_for_all(&self) -> Result<bool, EngineError> {
        let root = root_of(self.request)?;
        let adjust = &self.request.adjust;
        let is_root = |path: &PathBuf| path.canonicalize().is_ok_and(|path| path == root);
        Ok(self.request.paths.iter().all(is_root)
            && self.request.snapshot.is_none()
            && self.request.since.is_none()
            && adjust.select.is_empty()
            && adjust.ignore.is_empty())
    }

    /// Everything that all rules say of the whole repository: a fix may do harm elsewhere, and to a rule that is not
    /// asked for.
    fn run_whole(&self, over: &BTreeMap<String, String>) -> Result<Outcome, EngineError> {
        let root = root_of(self.request)?;
        let mut overlay = self.texts.clone();
        overlay.extend(over.clone());
        let asked = &self.request.adjust;
        let adjust = Adjust { profile: asked.profile, also: asked.select.clone(), ..Adjust::default() };
        run(&Request {
            paths: vec![root.clone()],
            root: Some(root),
            overlay,
            adjust,
            since: None,
            ..self.request.clone()
        })
    }

    /// The fixes of a round: those that touch no place of another, in the order of their findings.
    fn chosen(&self, asked: &Outcome) -> Vec<(Identity, Fix)> {
        let mut chosen: Vec<(Identity, Fix)> = Vec::new();
        for finding in &asked.findings {
            let Some(fix) = finding.fix.as_ref().filter(|fix| fix.applicability <= self.most) else {
                continue;
            };
            let identity = identity(finding, &asked.sources);
            let meets = |other: &Fix| fix.edits.iter().any(|a| other.edits.iter().any(|b| a.meets(b)));
            let refused = self.refused.contains_key(&(identity.clone(), fix.title.clone()));
            if !refused && !chosen.iter().any(|(_, other)| meets(other)) {
                chosen.push((identity, fix.clone()));
            }
        }
        chosen
    }

    /// Carries out fixes that do no harm together; where they do, those of each half.
    fn carry_out(
        &mut self,
        chosen: &[(Identity, Fix)],
        sources: Option<&Sources>,
        whole: &mut Outcome,
    ) -> Result<(), EngineError> {
        let read = sources.unwrap_or(&whole.sources);
        let texts = applied(chosen.iter().map(|(_, fix)| fix), read);
        let then = self.run_whole(&texts)?;
        self.trials += 1;
        match harm(whole, &then, chosen) {
            None => {
                for path in texts.keys() {
                    let text = read.find(path).map(|file| file.text().to_owned());
                    self.before.entry(path.clone()).or_insert(text.unwrap_or_default());
                }
                self.texts.extend(texts);
                self.mended += chosen.len();
                *whole = then;
            }
            Some(why) if chosen.len() == 1 || self.trials > MOST_TRIALS => {
                for (identity, fix) in chosen {
                    let path = fix.edits.first().map(|edit| read.get(edit.place.file).path().to_owned());
                    let (path, rule) = (path.unwrap_or_default(), identity.0);
                    let words = format!("{path}: {rule} is not fixed ({}): {why}", fix.title);
                    self.refused.insert((identity.clone(), fix.title.clone()), words);
                }
            }
            Some(_) => {
                let (first, second) = divided(&then, whole, chosen);
                let (first, second) = (first.as_slice(), second.as_slice());
                let mended = self.mended;
                self.carry_out(first, sources, whole)?;
                // The places of the others hold only while nothing has changed; else they wait for the next round.
                if self.mended == mended {
                    self.carry_out(second, sources, whole)?;
                }
            }
        }
        Ok(())
    }
}

/// Fixes that have nothing to do with what went wrong, and those that may; halves where all may.
fn divided(after: &Outcome, before: &Outcome, chosen: &[(Identity, Fix)]) -> (Batch, Batch) {
    let was = counted(before, Severity::Note);
    let count = |id: &Identity| was.get(id).map_or(0, |(count, _)| *count);
    let is = counted(after, Severity::Note);
    let new: BTreeSet<&str> =
        is.iter().filter(|(id, (now, _))| *now > count(id)).map(|(id, _)| id.2.as_str()).collect();
    let suspect = |(id, _): &&(Identity, Fix)| {
        new.contains(id.2.as_str()) || is.get(id).is_some_and(|(now, _)| *now >= count(id))
    };
    let (suspects, rest): (Vec<_>, Vec<_>) = chosen.iter().partition(suspect);
    if suspects.is_empty() || rest.is_empty() {
        let (first, second) = chosen.split_at(chosen.len() / 2);
        return (first.to_vec(), second.to_vec());
    }
    (rest.into_iter().cloned().collect(), suspects.into_iter().cloned().collect())
}

fn identity(finding: &Finding, sources: &Sources) -> Identity {
    // What has a subject is the same wherever its value stands: a fix may bring a nearer place about.
    let named = !finding.subject.is_empty();
    let path = if named { String::new() } else { sources.get(finding.primary.place.file).path().to_owned() };
    (finding.rule, path, finding.subject.clone(), finding.field.clone())
}

fn counted(outcome: &Outcome, least: Severity) -> HashMap<Identity, (usize, &Finding)> {
    let mut counts: HashMap<Identity, (usize, &Finding)> = HashMap::new();
    for finding in outcome.findings.iter().filter(|finding| finding.severity >= least) {
        counts.entry(identity(finding, &outcome.sources)).or_insert((0, finding)).0 += 1;
    }
    counts
}

/// What speaks against fixes, in words: a finding that stays, or a new one at or above warning.
fn harm(before: &Outcome, after: &Outcome, chosen: &[(Identity, Fix)]) -> Option<String> {
    if let Some(what) = after.internal.first() {
        return Some(format!("an internal error: {what}"));
    }
    let (was, is) = (counted(before, Severity::Note), counted(after, Severity::Note));
    let count =
        |counts: &HashMap<Identity, (usize, &Finding)>, identity| counts.get(identity).map_or(0, |c| c.0);
    let fixed: BTreeSet<&Identity> = chosen.iter().map(|(identity, _)| identity).collect();
    if fixed.iter().any(|identity| count(&is, identity) >= count(&was, identity)) {
        return Some("the finding would stay".to_owned());
    }
    let (was, is) = (counted(before, Severity::Warning), counted(after, Severity::Warning));
    let new = is
        .iter()
        .filter(|(id, (count_now, f))| f.severity >= Severity::Warning && *count_now > count(&was, id));
    let new = new.min_by_key(|(id, _)| (*id).clone())?;
    Some(format!("it would bring {}: {}", new.0.0, new.1.1.message))
}
