//! GitLab's code quality report (docs.gitlab.com/ci/testing/code_quality: the subset of Code Climate's format).

use super::json_text::write_document;
use super::{Run, fingerprint::fingerprint};
use crate::finding::{Finding, Severity};
use serde::Serialize;
use std::collections::HashMap;
use std::io::{self, Write};

/// `type` and `categories` are Code Climate's: GitLab does not ask for them, other readers do.
#[derive(Serialize)]
struct Issue<'a> {
    r#type: &'static str,
    categories: [&'static str; 1],
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Writes the findings as one JSON list.
pub fn write_gitlab(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    let mut seen = HashMap::new();
    let issues: Vec<Issue<'_>> = run.findings.iter().map(|finding| issue(run, finding, &mut seen)).collect();
    write_document(out, &issues)
}

/// GitLab takes issues of one fingerprint as one: those of one value are numbered.
fn issue<'a>(run: &Run<'_>, finding: &'a Finding, seen: &mut HashMap<String, usize>) -> Issue<'a> {
    let place = finding.primary.place;
    let file = run.sources.get(place.file);
    let own = fingerprint(finding, file.path());
    let count = seen.entry(own.clone()).or_insert(0);
    *count += 1;
    Issue {
        r#type: "issue",
        categories: ["Bug Risk"],
        description: format!("{}: {}", finding.message, finding.help),
        check_name: finding.rule,
        fingerprint: if *count == 1 { own } else { format!("{own}-{count}") },
        severity: match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Note => "info",
        },
        location: Location {
            path: file.path().to_owned(),
            lines: Lines {
                begin: file.position(place.span.start).line,
                end: file.position(place.span.end).line,
            },
        },
    }
}
