//! What the tests share: places as text, expectations in files.

#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use steadfast::base::Place;
use steadfast::engine::{Adjust, Fixed, Outcome, Request, fix, run};
use steadfast::finding::{Applicability, Finding, Label};
use steadfast::report::{Changed, Masker, write_diff};

/// The folder of the test data.
pub fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

/// The folders in a folder, in order.
pub fn folders(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
    let mut out: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    out.sort();
    out
}

/// The name of a folder or file.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Lints a folder with some rules, or with those of its config when there are none.
pub fn lint(dir: &Path, rules: &[&str]) -> Outcome {
    let select = rules.iter().map(|rule| (*rule).to_owned()).collect();
    let adjust = Adjust { select, ..Adjust::default() };
    let request = Request { paths: vec![dir.to_owned()], adjust, ..Request::default() };
    run(&request).unwrap_or_else(|error| panic!("{}: {error}", dir.display()))
}

/// Mends a folder with the fixes of some rules, or of all when there are none, without writing anything.
pub fn mend(dir: &Path, rules: &[&str], most: Applicability) -> Fixed {
    let select = rules.iter().map(|rule| (*rule).to_owned()).collect();
    let adjust = Adjust { select, ..Adjust::default() };
    let request = Request { paths: vec![dir.to_owned()], adjust, ..Request::default() };
    fix(&request, most).unwrap_or_else(|error| panic!("{}: {error}", dir.display()))
}

/// What fixes change, as a unified diff.
pub fn diff_text(fixed: &Fixed) -> String {
    let changes = fixed.changes.iter();
    let changes: Vec<Changed<'_>> =
        changes.map(|c| Changed { path: &c.path, before: &c.before, after: &c.after }).collect();
    let mut out = Vec::new();
    write_diff(&mut out, &changes, &Masker::new(&fixed.outcome.sources), "", false).unwrap();
    String::from_utf8(out).unwrap()
}

/// A place as `path:line:column-line:column`.
pub fn at(outcome: &Outcome, place: Place) -> String {
    let file = outcome.sources.get(place.file);
    let (start, end) = (file.position(place.span.start), file.position(place.span.end));
    format!("{}:{}:{}-{}:{}", file.path(), start.line, start.column, end.line, end.column)
}

/// A finding as fixtures state it.
pub fn finding_text(outcome: &Outcome, finding: &Finding) -> String {
    let mut out =
        format!("{} {} {}\n", at(outcome, finding.primary.place), finding.severity, finding.message);
    if !finding.primary.text.is_empty() {
        out.push_str(&format!("  here: {}\n", finding.primary.text));
    }
    for Label { place, text } in &finding.related {
        out.push_str(&format!("  also: {} {text}\n", at(outcome, *place)));
    }
    if finding.instances > 1 {
        out.push_str(&format!("  instances: {}\n", finding.instances));
    }
    out.push_str(&format!(
        "  field: {} {}\n  why:  {}\n  help: {}\n",
        finding.subject, finding.field, finding.note, finding.help
    ));
    if let Some(fix) = &finding.fix {
        out.push_str(&format!("  {}: {}\n", fix.applicability.word(), fix.title));
    }
    out
}

/// Holds a text against a file; with `UPDATE_EXPECT=1` writes the file instead. Says how they differ.
pub fn expect(path: &Path, actual: &str) -> Result<(), String> {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, actual).unwrap();
        return Ok(());
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected == actual {
        return Ok(());
    }
    Err(format!("{} differs.\n--- expected\n{expected}--- actual\n{actual}", path.display()))
}

/// Fails with all that went wrong, if anything did.
pub fn report(failures: &[String]) {
    assert!(failures.is_empty(), "{} failures\n\n{}", failures.len(), failures.join("\n"));
}
