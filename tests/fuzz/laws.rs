//! What must hold of any run, whatever the files are.

use crate::common::finding_text;
use assert_cmd::Command;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;
use steadfast::base::Place;
use steadfast::engine::{Adjust, Outcome, Request, fix, run};
use steadfast::finding::Applicability;
use steadfast::rule::Profile;

/// The formats of reports; a case looks at one of them.
pub const FORMATS: [&str; 8] = ["human", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown"];

/// Ends a run that would never end.
const FOR_EVER: Duration = Duration::from_secs(120);

/// Holds a repository to all laws; `choice` says which format is looked at.
pub fn hold(root: &Path, choice: u8) -> Result<(), String> {
    report_is_sound(root, FORMATS[usize::from(choice) % FORMATS.len()])?;
    let one = outcome(root, 1)?;
    is_sound(&one)?;
    let three = outcome(root, 3)?;
    if told(&one) != told(&three) {
        return Err(format!("threads matter:\n{}\n---\n{}", told(&one), told(&three)));
    }
    fixes_leave_what_parses(root, &one)
}

fn request(root: &Path, jobs: usize) -> Request {
    let adjust = Adjust { profile: Profile::parse("all"), ..Adjust::default() };
    Request { paths: vec![root.to_owned()], adjust, jobs: Some(jobs), ..Request::default() }
}

fn outcome(root: &Path, jobs: usize) -> Result<Outcome, String> {
    run(&request(root, jobs)).map_err(|error| error.to_string())
}

/// The tool ends by itself with a code of its own, and what it prints is what the format promises.
fn report_is_sound(root: &Path, format: &str) -> Result<(), String> {
    let ran = Command::cargo_bin("steadfast")
        .unwrap()
        .current_dir(root)
        .args(["lint", ".", "--profile", "all", "--unresolved", "--format", format])
        .timeout(FOR_EVER)
        .output();
    let output = ran.map_err(|error| format!("{format}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0 | 1) if said.is_empty() || said.contains("there is nothing to lint here") => {}
        code => return Err(format!("{format}: ended with {code:?}: {said}")),
    }
    let text = String::from_utf8(output.stdout).map_err(|error| format!("{format}: {error}"))?;
    if matches!(format, "json" | "sarif" | "gitlab") {
        serde_json::from_str::<serde_json::Value>(&text).map_err(|error| format!("{format}: {error}"))?;
    }
    match text.chars().find(|c| c.is_control() && *c != '\n' || matches!(c, '\u{202a}'..='\u{202e}')) {
        Some(unseen) => Err(format!("{format}: {unseen:?} is printed")),
        None => Ok(()),
    }
}

fn is_sound(outcome: &Outcome) -> Result<(), String> {
    if let Some(internal) = outcome.internal.first() {
        return Err(internal.clone());
    }
    for finding in &outcome.findings {
        let related = finding.related.iter().map(|label| label.place);
        let edits = finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.place));
        let places = related.chain(edits).chain(finding.header).chain([finding.primary.place]);
        for place in places {
            is_inside(outcome, place).map_err(|why| format!("{}: {why}", finding_text(outcome, finding)))?;
        }
    }
    for unjudged in &outcome.unjudged {
        is_inside(outcome, unjudged.place).map_err(|why| format!("{unjudged:?}: {why}"))?;
    }
    Ok(())
}

fn is_inside(outcome: &Outcome, place: Place) -> Result<(), String> {
    let file = outcome.sources.get(place.file);
    match file.text().get(place.span.range()) {
        Some(_) => Ok(()),
        None => Err(format!("{place:?} is no part of {} ({} bytes)", file.path(), file.text().len())),
    }
}

/// Everything that a run says, as text.
fn told(outcome: &Outcome) -> String {
    let findings: String = outcome.findings.iter().map(|finding| finding_text(outcome, finding)).collect();
    let at = |place: Place| crate::common::at(outcome, place);
    let unjudged = outcome.unjudged.iter().map(|u| format!("{} {:?} {}\n", at(u.place), u.rule, u.reason));
    let skipped = outcome.skipped.iter().map(|s| format!("{} {}\n", s.path, s.message));
    findings + &unjudged.collect::<String>() + &skipped.collect::<String>()
}

/// What parsed before the fixes parses after them.
fn fixes_leave_what_parses(root: &Path, before: &Outcome) -> Result<(), String> {
    let fixed = fix(&request(root, 3), Applicability::Unsafe).map_err(|error| error.to_string())?;
    is_sound(&fixed.outcome)?;
    let paths = |outcome: &Outcome| -> BTreeSet<String> {
        let unparsed = |f: &&steadfast::finding::Finding| f.rule == "syntax-error";
        let findings = outcome.findings.iter().filter(unparsed);
        let places = findings.map(|f| outcome.sources.get(f.primary.place.file).path().to_owned());
        places.chain(outcome.skipped.iter().map(|s| s.path.clone())).collect()
    };
    match paths(&fixed.outcome).difference(&paths(before)).next() {
        Some(path) => Err(format!("after the fixes {path} does not parse: {:?}", fixed.changes)),
        None => Ok(()),
    }
}
