//! What comments and the config silence.

use super::report_filter::{concerns, order};
use crate::base::{FileId, Place, Sources};
use crate::config::Config;
use crate::finding::{Finding, Suppressed};
use crate::rules::{self, tool};
use crate::suppress::Suppressions;
use std::collections::HashMap;

/// What is suppressed of what was asked for, in order.
pub(super) fn asked_for(
    suppressed: Vec<Suppressed>,
    asked: &[String],
    asked_stacks: &[String],
    sources: &Sources,
) -> Vec<Suppressed> {
    let mut out: Vec<Suppressed> =
        suppressed.into_iter().filter(|s| concerns(&s.finding, asked, asked_stacks, sources)).collect();
    out.sort_by_cached_key(|s| order(&s.finding, sources));
    out
}

/// Takes out what comments and the config silence, and adds what is wrong with the comments.
pub(super) fn silence(
    findings: Vec<Finding>,
    config: &Config,
    sources: &Sources,
) -> (Vec<Finding>, Vec<Suppressed>) {
    let ids: Vec<&str> = rules::all().map(|rule| rule.meta.id).collect();
    let mut by_file: HashMap<FileId, Suppressions> = HashMap::new();
    for index in 0..sources.len() {
        let file = sources.get(FileId(index as u32));
        if file.text().contains("steadfast:") {
            by_file.insert(file.id(), Suppressions::read(&file, &ids));
        }
    }
    let (mut kept, mut suppressed) = (Vec::new(), Vec::new());
    for finding in findings {
        let places: [Option<Place>; 2] = [Some(finding.primary.place), finding.header];
        let mut reason = None;
        for place in places.into_iter().flatten() {
            let own = by_file.get_mut(&place.file).and_then(|s| s.silences(&finding, place));
            reason = reason.or(own);
        }
        let path = sources.get(finding.primary.place.file);
        let ignored = config.ignores.iter().find(|i| i.covers(finding.rule, path.path(), &finding.subject));
        match (reason, ignored) {
            (Some(reason), _) => suppressed.push(Suppressed { finding, in_source: true, reason }),
            (None, Some(ignore)) => {
                suppressed.push(Suppressed { finding, in_source: false, reason: ignore.reason.clone() });
            }
            (None, None) => kept.push(finding),
        }
    }
    let ran = |id: &str| rules::all().any(|rule| rule.meta.id == id && config.settings.is_on(&rule.meta));
    for suppressions in by_file.values_mut() {
        suppressions.note_unused(&ran);
        let mistakes = suppressions.mistakes.iter().map(tool::suppression_mistake);
        kept.extend(
            mistakes.filter(|f| rules::find(f.rule).is_some_and(|rule| config.settings.is_on(&rule.meta))),
        );
    }
    (kept, suppressed)
}
