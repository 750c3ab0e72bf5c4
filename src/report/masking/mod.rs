//! What must not be shown.
//!
//! Frames show the lines around a finding, and messages may quote a value. A value behind a secret-like key
//! is a secret wherever it stands, so this works on text, of any language, and rather hides too much.

mod inline;
mod keys;
mod lines;
mod objects;

use crate::base::{FileId, SourceFile, Sources};
use crate::finding::{Finding, Label};
use regex::Regex;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

/// Knows the names of a repository's sensitive variables, and finds secrets in its files.
#[derive(Debug, Default)]
pub struct Masker {
    names: HashSet<String>,
}

impl Masker {
    /// Learns the sensitive variables of all files.
    pub fn new(sources: &Sources) -> Masker {
        let block = Regex::new(r#"(?ms)^variable[ \t]+"([^"]+)"[ \t]*\{(.*?)^\}"#);
        let mut names = HashSet::new();
        for index in 0..sources.len() {
            let file = sources.get(FileId(index as u32));
            if !(file.path().ends_with(".tf") && file.text().contains("sensitive")) {
                continue;
            }
            for found in block.iter().flat_map(|block| block.captures_iter(file.text())) {
                let sensitive =
                    found[2].split_whitespace().collect::<Vec<_>>().join(" ").contains("sensitive = true");
                if sensitive {
                    names.insert(found[1].to_owned());
                }
            }
        }
        Masker { names }
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
        findings.iter().map(|finding| self.redact_one(finding, sources)).collect()
    }

    /// One finding, with secrets replaced in its words.
    pub fn redact_one(&self, finding: &Finding, sources: &Sources) -> Finding {
        /// Shorter values say too little, and stand in too many words.
        const SHORTEST: usize = 5;
        let mut finding = finding.clone();
        let labels = std::iter::once(&finding.primary).chain(&finding.related);
        let files: BTreeSet<FileId> = labels.map(|label| label.place.file).collect();
        let mut secrets = BTreeSet::new();
        for file in files.into_iter().map(|file| sources.get(file)) {
            for range in self.ranges(&file) {
                let secret = file.text()[range].trim().trim_matches(['"', '\'']);
                if secret.len() >= SHORTEST {
                    secrets.insert(secret.to_owned());
                }
            }
        }
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
