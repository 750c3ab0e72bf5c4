//! The fixtures of the rules: `testdata/rules/<id>/bad-*` fires as `expect.txt` says, `good-*` is silent.
//!
//! Each fixture is a tiny repository and is linted with its rule alone. `UPDATE_EXPECT=1` rewrites the
//! expectations. Where a fixture has an `unresolved.txt`, what the rule could not judge is held against it.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod common;

use common::{at, diff_text, expect, finding_text, folders, lint, mend, name, report, testdata};
use std::collections::BTreeMap;
use std::path::Path;
use steadfast::engine::Outcome;
use steadfast::finding::Applicability;
use steadfast::rule::{Docs, FIX_SECTION, Rule, SECTIONS};
use steadfast::rules;

/// No input should bring this rule about, so it has no fixture.
const WITHOUT_FIXTURE: &str = "internal-error";

/// Rules about comments and config, which comments cannot silence.
fn is_silenceable(rule: &Rule) -> bool {
    rule.check.is_some()
}

fn selected(rule: &Rule) -> Vec<&'static str> {
    // Whether a comment is in vain depends on the rules that ran: these run with all others.
    if rule.check.is_none() { Vec::new() } else { vec![rule.meta.id] }
}

#[test]
fn every_rule_has_fixtures_and_every_fixture_a_rule() {
    let mut failures = Vec::new();
    let dir = testdata().join("rules");
    for rule in rules::all().filter(|rule| rule.meta.id != WITHOUT_FIXTURE) {
        for kind in ["bad", "good"] {
            let own = dir.join(rule.meta.id);
            if !own.is_dir() || !folders(&own).iter().any(|f| name(f).starts_with(kind)) {
                failures.push(format!("{}: no {kind} fixture", rule.meta.id));
            }
        }
    }
    for folder in folders(&dir) {
        if rules::find(&name(&folder)).is_none() {
            failures.push(format!("{}: there is no such rule", folder.display()));
        }
    }
    report(&failures);
}

#[test]
fn fixtures_say_what_they_are_expected_to_say() {
    let mut failures = Vec::new();
    for rule in rules::all().filter(|rule| rule.meta.id != WITHOUT_FIXTURE) {
        let dir = testdata().join("rules").join(rule.meta.id);
        for fixture in if dir.is_dir() { folders(&dir) } else { Vec::new() } {
            failures.extend(check(rule, &fixture));
        }
    }
    report(&failures);
}

fn check(rule: &Rule, fixture: &Path) -> Vec<String> {
    let mut failures = Vec::new();
    if !fixture.join(".steadfast.yaml").is_file() {
        failures.push(format!("{}: its .steadfast.yaml says `root: true`", fixture.display()));
    }
    let outcome = lint(fixture, &selected(rule));
    let own: Vec<_> = outcome.findings.iter().filter(|f| f.rule == rule.meta.id).collect();
    let text: String = own.iter().map(|finding| finding_text(&outcome, finding)).collect();
    failures.extend(outcome.internal.iter().map(|what| format!("{}: {what}", fixture.display())));
    if name(fixture).starts_with("good") {
        if !own.is_empty() {
            failures.push(format!("{} is not silent:\n{text}", fixture.display()));
        }
    } else {
        if own.is_empty() {
            failures.push(format!("{} is silent", fixture.display()));
        }
        failures.extend(expect(&fixture.join("expect.txt"), &text).err());
        failures.extend(own.iter().filter(|f| f.help.is_empty()).map(|f| format!("{}: no help", f.rule)));
        failures.extend(fixes(rule, fixture));
        if is_silenceable(rule) {
            failures.extend(is_silenced(rule, fixture, &outcome));
        }
    }
    let unresolved = fixture.join("unresolved.txt");
    if unresolved.exists() {
        let entries = outcome.unjudged.iter().filter(|u| u.rule == Some(rule.meta.id));
        let text: String = entries.map(|u| format!("{} {}\n", at(&outcome, u.place), u.reason)).collect();
        if text.is_empty() {
            failures.push(format!("{}: nothing is unresolved", fixture.display()));
        }
        failures.extend(expect(&unresolved, &text).err());
    }
    failures
}

/// What the rule's fixes change is in `fixed.diff`. They end: mended once, nothing is left to mend.
fn fixes(rule: &Rule, fixture: &Path) -> Vec<String> {
    let mut failures = Vec::new();
    let path = fixture.join("fixed.diff");
    let fixed = mend(fixture, &selected(rule), Applicability::Unsafe);
    let refused: String = fixed.refused.iter().map(|words| format!("{words}\n")).collect();
    let diff = format!("{}{refused}", diff_text(&fixed));
    if diff.is_empty() && !path.exists() {
        return failures;
    }
    failures.extend(expect(&path, &diff).err());
    let copy = tempfile::tempdir().unwrap();
    copy_dir(fixture, copy.path());
    for change in &fixed.changes {
        std::fs::write(copy.path().join(&change.path), &change.after).unwrap();
    }
    let again = mend(copy.path(), &selected(rule), Applicability::Unsafe);
    if !again.changes.is_empty() {
        failures.push(format!("{}: mended twice:\n{}", fixture.display(), diff_text(&again)));
    }
    failures
}

/// Fixes are as safe as the rule says, and a rule that says so has one.
#[test]
fn fixes_are_what_their_rules_promise() {
    let mut failures = Vec::new();
    for rule in rules::all().filter(|rule| rule.meta.id != WITHOUT_FIXTURE) {
        let fixtures = folders(&testdata().join("rules").join(rule.meta.id));
        let levels = fixtures.iter().flat_map(|fixture| {
            let findings = lint(fixture, &selected(rule)).findings;
            findings.into_iter().filter(|f| f.rule == rule.meta.id).filter_map(|f| f.fix).collect::<Vec<_>>()
        });
        let best = levels.map(|fix| fix.applicability).min();
        if best != rule.meta.fix {
            failures.push(format!("{}: says {:?}, has {best:?}", rule.meta.id, rule.meta.fix));
        }
    }
    report(&failures);
}

/// Rewrites a text, given the lines of its findings.
type Change<'a> = &'a dyn Fn(&str, &[usize]) -> String;

/// A comment above each finding, and one at the top of its file, silence it and are not in vain.
fn is_silenced(rule: &Rule, fixture: &Path, outcome: &Outcome) -> Vec<String> {
    let id = rule.meta.id;
    let mut lines: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for finding in outcome.findings.iter().filter(|f| f.rule == id) {
        let file = outcome.sources.get(finding.primary.place.file);
        let line = file.position(finding.primary.place.span.start).line;
        lines.entry(file.path().to_owned()).or_default().push(line);
    }
    let above = |text: &str, lines: &[usize]| -> String {
        let mut out = String::new();
        for (index, line) in text.split_inclusive('\n').enumerate() {
            if lines.contains(&(index + 1)) {
                let indent = &line[..line.len() - line.trim_start().len()];
                let end = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
                out.push_str(&format!("{indent}# steadfast: ignore[{id}] a reason{end}"));
            }
            out.push_str(line);
        }
        out
    };
    let at_top = |text: &str, _: &[usize]| format!("# steadfast: ignore-file[{id}] a reason\n{text}");
    let mut failures = Vec::new();
    let ways: [(&str, Change<'_>); 2] = [("at the top", &at_top), ("above it", &above)];
    // In the middle of what does not parse nothing is a comment.
    let possible = if id == "syntax-error" { 1 } else { 2 };
    for (way, change) in &ways[..possible] {
        let copy = tempfile::tempdir().unwrap();
        copy_dir(fixture, copy.path());
        for (path, lines) in &lines {
            let path = copy.path().join(path);
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, change(&text, lines)).unwrap();
        }
        let tools = ["suppression-unused", "suppression-unknown", "suppression-unreasoned"];
        let after = lint(copy.path(), &[&[id][..], &tools[..]].concat());
        for finding in after.findings.iter().filter(|f| f.rule == id || tools.contains(&f.rule)) {
            let text = finding_text(&after, finding);
            failures.push(format!("{}: a comment {way} leaves {}:\n{text}", fixture.display(), finding.rule));
        }
    }
    failures
}

fn copy_dir(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy_dir(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn documentation_is_whole() {
    let mut failures = Vec::new();
    for rule in rules::all() {
        let Docs { intro, sections } = rule.meta.docs();
        let titles: Vec<&str> = sections.iter().map(|(title, _)| title.as_str()).collect();
        let mut wanted = SECTIONS.to_vec();
        if rule.meta.fix.is_some() {
            wanted.insert(wanted.len() - 1, FIX_SECTION);
        }
        if titles != wanted || intro.trim().is_empty() {
            failures.push(format!("{}: its sections are {titles:?}", rule.meta.id));
        }
        let examples = rule.meta.docs().examples();
        let both = examples.iter().any(|e| e.bad) && examples.iter().any(|e| !e.bad);
        if !both && rule.meta.id != WITHOUT_FIXTURE {
            failures.push(format!("{}: an example of each kind", rule.meta.id));
        }
        if rule.meta.summary.ends_with('.') {
            failures.push(format!("{}: the summary ends with a full stop", rule.meta.id));
        }
    }
    report(&failures);
}

#[test]
fn examples_of_the_documentation_are_true() {
    let mut failures = Vec::new();
    for rule in rules::all() {
        for (index, example) in rule.meta.docs().examples().into_iter().enumerate() {
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join(".steadfast.yaml"), "root: true\n").unwrap();
            for file in &example.files {
                let path = dir.path().join(&file.path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, &file.text).unwrap();
            }
            let outcome = lint(dir.path(), &selected(rule));
            let fires = outcome.findings.iter().any(|finding| finding.rule == rule.meta.id);
            if fires != example.bad {
                let what = if fires { "fires" } else { "is silent" };
                failures.push(format!("{}: example {} {what}", rule.meta.id, index + 1));
            }
        }
    }
    report(&failures);
}

#[test]
fn ids_are_unique() {
    let mut ids: Vec<&str> = rules::all().map(|rule| rule.meta.id).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(count, ids.len());
}
