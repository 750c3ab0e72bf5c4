//! Words about a repository without its secrets.

use super::lines::url_passwords;
use super::values::{bare_lines, is_word};
use super::{MASK, Masker, inline};
use crate::base::{FileId, SourceFile, Sources};
use crate::finding::{Edit, Finding, Suppressed, Unjudged};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// The secrets of each file that are plain words.
type Words = HashMap<FileId, BTreeSet<String>>;

impl Masker {
    /// A text without the secrets of any file but plain words, and without passwords in URLs.
    pub fn hide(&self, text: &str) -> String {
        let hidden = self.secrets().hide(text);
        let passwords = url_passwords(&hidden);
        without(&hidden, passwords)
    }

    /// The findings, with secrets replaced in their words.
    pub fn redact(&self, findings: &[Finding], sources: &Sources) -> Vec<Finding> {
        let mut words = HashMap::new();
        findings.iter().map(|finding| self.redact_one(finding, sources, &mut words)).collect()
    }

    /// Silenced findings, likewise; so is the reason that somebody gave.
    pub fn redact_suppressed(&self, suppressed: &[Suppressed], sources: &Sources) -> Vec<Suppressed> {
        let mut words = HashMap::new();
        let one = |s: &Suppressed| Suppressed {
            finding: self.redact_one(&s.finding, sources, &mut words),
            reason: self.hide(&without(&s.reason, inline::in_lines(&s.reason))),
            ..s.clone()
        };
        suppressed.iter().map(one).collect()
    }

    /// What could not be judged, likewise.
    pub fn redact_unjudged(&self, unjudged: &[Unjudged]) -> Vec<Unjudged> {
        let one = |u: &Unjudged| Unjudged { reason: self.hide(&u.reason).into(), ..u.clone() };
        unjudged.iter().map(one).collect()
    }

    /// One finding, with secrets replaced in its words: a plain word only where it stands quoted by itself, and is a secret
    /// of a file that the finding shows. A fix that would write one is left out.
    fn redact_one(&self, finding: &Finding, sources: &Sources, known: &mut Words) -> Finding {
        let mut finding = finding.clone();
        let labels = std::iter::once(&finding.primary).chain(&finding.related).map(|label| label.place.file);
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.place.file);
        let mut words: BTreeSet<String> = BTreeSet::new();
        for file in labels.chain(edits).collect::<BTreeSet<FileId>>() {
            let own = known.entry(file).or_insert_with(|| self.words_of(&sources.get(file)));
            words.extend(own.iter().cloned());
        }
        let hide = |text: &str| {
            words.iter().fold(self.hide(text), |text, word| {
                let quoted = format!("`{word}`");
                if text.contains(&quoted) { text.replace(&quoted, &format!("`{MASK}`")) } else { text }
            })
        };
        let tells = |edit: &Edit| {
            self.hide(&edit.replacement) != edit.replacement
                || words.iter().any(|word| edit.replacement.contains(word.as_str()))
        };
        finding.fix.take_if(|fix| fix.edits.iter().any(tells));
        let title = finding.fix.as_mut().map(|fix| &mut fix.title);
        let said = [&mut finding.message, &mut finding.note, &mut finding.help, &mut finding.subject];
        let labels = finding.related.iter_mut().map(|label| &mut label.text);
        let said = said.into_iter().chain([&mut finding.field, &mut finding.primary.text]).chain(labels);
        said.chain(title).for_each(|text| *text = hide(text));
        finding
    }

    /// The secrets of a file that are plain words.
    fn words_of(&self, file: &SourceFile) -> BTreeSet<String> {
        let ranges = self.ranges(file).into_iter();
        let values = ranges.flat_map(|range| bare_lines(&file.text()[range]).collect::<Vec<_>>());
        values.filter(|value| is_word(value)).map(str::to_owned).collect()
    }
}

/// A text with ranges of it replaced.
fn without(text: &str, mut ranges: Vec<Range<usize>>) -> String {
    ranges.sort_by_key(|range| range.start);
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for range in ranges.into_iter().filter(|range| range.start < range.end) {
        if range.start >= at {
            out.push_str(&text[at..range.start]);
            out.push_str(MASK);
            at = range.end;
        }
    }
    out.push_str(&text[at..]);
    out
}
