//! Baselines: the findings that a repository is known to have.

use crate::base::{Node, Place, SourceFile, Text};
use crate::finding::Finding;
use crate::syntax::edit::yaml_quoted as quoted;
use crate::syntax::yaml::parse_yaml;
use std::collections::BTreeMap;

/// The name of the file where none is given.
pub const BASELINE_NAME: &str = ".steadfast-baseline.yaml";

const HEAD: &str =
    "# Findings that are known: `steadfast lint` is silent about them. Written by --write-baseline.
version: 1
findings:
";

/// The findings that a repository is known to have.
#[derive(Debug, Default)]
pub struct Baseline {
    entries: Vec<Entry>,
    /// What is wrong with the file: place and words.
    pub mistakes: Vec<(Place, String)>,
}

#[derive(Debug)]
struct Entry {
    known: Known,
    /// How many findings it stands for.
    left: usize,
    place: Place,
}

/// What tells a known finding from others.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Known {
    /// The rule's id.
    pub rule: String,
    /// What it is about.
    pub subject: String,
    /// The field.
    pub field: String,
    /// The path from the root.
    pub path: String,
}

impl Known {
    /// What tells a finding from others.
    pub fn of(finding: &Finding, path: &str) -> Known {
        Known {
            rule: finding.rule.to_owned(),
            subject: finding.subject.clone(),
            // What has no subject is told apart by its words.
            field: if finding.subject.is_empty() { finding.message.clone() } else { finding.field.clone() },
            path: path.to_owned(),
        }
    }

    /// Whether two are the same but for the file that they stand in.
    fn moved(&self, other: &Known) -> bool {
        (&self.rule, &self.subject, &self.field) == (&other.rule, &other.subject, &other.field)
    }
}

/// Reads a baseline.
pub fn read_baseline(file: &SourceFile) -> Baseline {
    let (documents, issues) = parse_yaml(&Text::of_file(file));
    let mut out = Baseline::default();
    out.mistakes.extend(issues.into_iter().map(|issue| (issue.place, issue.message)));
    let Some(root) = documents.first().map(|document| &document.root) else { return out };
    match root.get("version").and_then(Node::as_int_lenient) {
        Some(1) => {}
        _ => out.mistakes.push((root.place.start(), "a baseline begins with `version: 1`".to_owned())),
    }
    for item in root.get("findings").map(Node::items).unwrap_or_default() {
        match entry(item) {
            Some(entry) => out.entries.push(entry),
            None => {
                let words = "an entry of a baseline has rule, subject, field and path";
                out.mistakes.push((item.place, words.to_owned()));
            }
        }
    }
    out
}

fn entry(item: &Node) -> Option<Entry> {
    let text = |name: &str| item.get(name).and_then(Node::as_str).map(str::to_owned);
    let known =
        Known { rule: text("rule")?, subject: text("subject")?, field: text("field")?, path: text("path")? };
    let left = item.get("count").map_or(Some(1), Node::as_int_lenient)?;
    let place = item.get("rule").map_or(item.place, |node| node.place);
    Some(Entry { known, left: usize::try_from(left).ok()?, place })
}

impl Baseline {
    /// Which of some findings are known, in their order; each entry speaks of as many as it says. What stands in
    /// another file than before is known too, where nothing else could be meant.
    pub fn take(&mut self, findings: &[Known]) -> Vec<bool> {
        let mut known: Vec<bool> = findings.iter().map(|finding| self.take_one(finding)).collect();
        for index in 0..findings.len() {
            if known[index] {
                continue;
            }
            let rest = findings.iter().zip(&known).filter(|(_, known)| !**known).map(|(finding, _)| finding);
            let alike = rest.filter(|other| other.moved(&findings[index])).count();
            let mut entries =
                self.entries.iter_mut().filter(|e| e.left > 0 && e.known.moved(&findings[index]));
            if let (Some(entry), None, 1) = (entries.next(), entries.next(), alike) {
                entry.left -= 1;
                known[index] = true;
            }
        }
        known
    }

    /// Whether it lists a finding.
    pub fn lists(&self, finding: &Known) -> bool {
        self.entries.iter().any(|entry| entry.known == *finding)
    }

    fn take_one(&mut self, finding: &Known) -> bool {
        let entry = self.entries.iter_mut().find(|entry| entry.left > 0 && entry.known == *finding);
        entry.map(|entry| entry.left -= 1).is_some()
    }

    /// All that it lists, each as often as it says.
    pub fn known(&self) -> impl Iterator<Item = Known> {
        self.entries.iter().flat_map(|entry| std::iter::repeat_n(entry.known.clone(), entry.left))
    }

    /// What it lists and no finding took, with the place of each.
    pub fn obsolete(&self) -> impl Iterator<Item = (&Known, Place)> {
        self.entries.iter().filter(|entry| entry.left > 0).map(|entry| (&entry.known, entry.place))
    }
}

/// A baseline of findings, as text: the same for the same findings.
pub fn write_baseline(findings: impl Iterator<Item = Known>) -> String {
    let mut counts: BTreeMap<Known, usize> = BTreeMap::new();
    for known in findings {
        *counts.entry(known).or_default() += 1;
    }
    if counts.is_empty() {
        return HEAD.replace("findings:\n", "findings: []\n");
    }
    let line = |(known, count): (&Known, &usize)| {
        let times = if *count == 1 { String::new() } else { format!(", count: {count}") };
        format!(
            "  - {{ rule: {}, subject: {}, field: {}, path: {}{times} }}\n",
            known.rule,
            quoted(&known.subject),
            quoted(&known.field),
            quoted(&known.path)
        )
    };
    let mut by_path: Vec<(&Known, &usize)> = counts.iter().collect();
    by_path.sort_by_key(|(known, _)| (&known.path, *known));
    format!("{HEAD}{}", by_path.into_iter().map(line).collect::<String>())
}
