//! Words about a repository without its secrets.

use super::lines::url_passwords;
use super::{MASK, Masker, inline};
use crate::finding::{Edit, Finding, Suppressed, Unjudged};
use std::ops::Range;

impl Masker {
    /// A text without the secrets of any file, and without passwords in URLs.
    pub fn hide(&self, text: &str) -> String {
        let hidden = self.secrets().hide(text);
        let passwords = url_passwords(&hidden);
        without(&hidden, passwords)
    }

    /// The findings, with secrets replaced in their words.
    pub fn redact(&self, findings: &[Finding]) -> Vec<Finding> {
        findings.iter().map(|finding| self.redact_one(finding)).collect()
    }

    /// Silenced findings, likewise; so is the reason that somebody gave.
    pub fn redact_suppressed(&self, suppressed: &[Suppressed]) -> Vec<Suppressed> {
        let one = |s: &Suppressed| Suppressed {
            finding: self.redact_one(&s.finding),
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

    /// One finding, with secrets replaced in its words. A fix that would write one is left out.
    fn redact_one(&self, finding: &Finding) -> Finding {
        let mut finding = finding.clone();
        let tells = |edit: &Edit| self.hide(&edit.replacement) != edit.replacement;
        finding.fix.take_if(|fix| fix.edits.iter().any(tells));
        let title = finding.fix.as_mut().map(|fix| &mut fix.title);
        let words = [&mut finding.message, &mut finding.note, &mut finding.help, &mut finding.subject];
        let labels = finding.related.iter_mut().map(|label| &mut label.text);
        let words = words.into_iter().chain([&mut finding.field, &mut finding.primary.text]).chain(labels);
        words.chain(title).for_each(|text| *text = self.hide(text));
        finding
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
