//! What must not be shown.
//!
//! Frames show the lines around a finding, and messages may quote a value. A value behind a secret-like key
//! is a secret wherever it stands, so this works on text, of any language, and rather hides too much.

mod inline;
mod keys;
mod lines;
mod objects;
mod values;
mod variables;

pub(super) use values::Secrets;

use crate::base::{FileId, SourceFile, Sources};
use crate::finding::{Edit, Finding, Label, Suppressed};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// Knows the names of a repository's sensitive variables, and finds secrets in its files.
#[derive(Debug, Default)]
pub struct Masker {
    names: HashSet<String>,
}

impl Masker {
    /// Learns the sensitive variables of all files.
    pub fn new(sources: &Sources) -> Masker {
        let all = (0..sources.len()).map(|index| sources.get(FileId(index as u32)));
        let names = all.filter(|file| file.text().contains("sensitive")).flat_map(|file| {
            if file.path().ends_with(".tf") || file.path().ends_with(".tofu") {
                variables::sensitive(file.text())
            } else if file.path().ends_with(".tf.json") || file.path().ends_with(".tofu.json") {
                variables::sensitive_in_json(file.text())
            } else {
                Vec::new()
            }
        });
        Masker { names: names.collect() }
    }

    /// What files hide, for looking for it elsewhere.
    pub(super) fn secrets(&self, sources: &Sources) -> Secrets {
        let mut secrets = Secrets::default();
        for index in 0..sources.len() {
            let file = sources.get(FileId(index as u32));
            for range in self.ranges(&file) {
                secrets.add(&file.text()[range]);
            }
        }
        secrets
    }

    /// Whether a key's last words name a secret.
    pub(super) fn is_secret_key(key: &str) -> bool {
        keys::is_secret_key(key)
    }

    /// Byte ranges of a file that hold secrets, in order.
    pub fn ranges(&self, file: &SourceFile) -> Vec<Range<usize>> {
        let text = file.text();
        let mut out = lines::on_lines(text, &self.names);
        out.extend(inline::in_lines(text));
        out.extend(objects::in_objects(text));
        out.sort_by_key(|range| (range.start, range.end));
        out.dedup();
        out
    }

    /// The findings, with secrets of the files that they show replaced in their words.
    pub fn redact(&self, findings: &[Finding], sources: &Sources) -> Vec<Finding> {
        let mut known = HashMap::new();
        findings.iter().map(|finding| self.redact_one(finding, sources, &mut known)).collect()
    }

    /// Silenced findings, likewise.
    pub fn redact_suppressed(&self, suppressed: &[Suppressed], sources: &Sources) -> Vec<Suppressed> {
        let mut known = HashMap::new();
        let one = |s: &Suppressed| Suppressed {
            finding: self.redact_one(&s.finding, sources, &mut known),
            ..s.clone()
        };
        suppressed.iter().map(one).collect()
    }

    /// The secrets of a file.
    fn secrets_of(&self, file: &SourceFile) -> BTreeSet<String> {
        let ranges = self.ranges(file).into_iter();
        let texts = ranges.map(|range| file.text()[range].trim().trim_matches(['"', '\'']));
        texts.filter(|secret| secret.len() >= values::SHORTEST).map(str::to_owned).collect()
    }

    /// One finding, with secrets replaced in its words. A fix that would write one is left out.
    fn redact_one(
        &self,
        finding: &Finding,
        sources: &Sources,
        known: &mut HashMap<FileId, BTreeSet<String>>,
    ) -> Finding {
        let mut finding = finding.clone();
        let labels = std::iter::once(&finding.primary).chain(&finding.related).map(|label| label.place.file);
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.place.file);
        let mut secrets = BTreeSet::new();
        for file in labels.chain(edits).collect::<BTreeSet<FileId>>() {
            let of_file = known.entry(file).or_insert_with(|| self.secrets_of(&sources.get(file)));
            secrets.extend(of_file.iter().cloned());
        }
        let tells = |edit: &Edit| secrets.iter().any(|secret| edit.replacement.contains(secret.as_str()));
        finding.fix.take_if(|fix| fix.edits.iter().any(tells));
        let hide = |text: &mut String| {
            for secret in &secrets {
                // Messages quote values; outside of quotes the same letters are a word.
                let quoted = format!("`{secret}`");
                if text.contains(&quoted) {
                    *text = text.replace(&quoted, "`*****`");
                }
            }
        };
        hide(&mut finding.message);
        hide(&mut finding.note);
        hide(&mut finding.help);
        hide(&mut finding.primary.text);
        finding.related.iter_mut().for_each(|label: &mut Label| hide(&mut label.text));
        finding
    }
}
