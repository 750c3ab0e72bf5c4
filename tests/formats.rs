//! Reports for other programs: the whole output of a run, and what their own readers say of it.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod common;

use assert_cmd::Command;
use common::{expect, report, testdata};
use serde_json::Value;
use std::path::Path;

const FORMATS: [&str; 5] = ["sarif", "github", "gitlab", "junit", "markdown"];

fn lint(dir: &Path, args: &[&str]) -> String {
    let mut command = Command::cargo_bin("steadfast").unwrap();
    command.current_dir(dir).env_remove("GITHUB_WORKSPACE").arg("lint").args(args);
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A path and a message that could break every format.
fn hostile() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let inner = dir.path().join("ä b,c:d%0A|`x`<b>");
    std::fs::create_dir_all(&inner).unwrap();
    std::fs::write(dir.path().join(".steadfast.yaml"), "root: true\n").unwrap();
    let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: \"größe\\u0007::error::x|<i>@me ]]>\", namespace: x }\nspec:\n  replicas: 2\n  template:\n    metadata: { labels: { app: ö } }\n    spec: { containers: [{ name: \"ü\", image: \"web:latest\" }] }\n";
    std::fs::write(inner.join("app.yaml"), text).unwrap();
    dir
}

#[test]
fn every_format_says_what_is_expected() {
    let mut failures = Vec::new();
    for format in FORMATS {
        let out = lint(&testdata().join("phase1"), &["--format", format, "today"]);
        // The version changes with each release.
        let out = out.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        failures.extend(expect(&testdata().join(format!("formats/today.{format}")), &out).err());
    }
    report(&failures);
}

#[test]
fn hostile_names_break_no_format() {
    let dir = hostile();
    let mut failures = Vec::new();
    for format in FORMATS {
        let out = lint(dir.path(), &["--profile", "strict", "--format", format]);
        let out = out.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        assert!(
            !out.chars().any(|c| c.is_control() && c != '\n'),
            "{format} lets control characters through"
        );
        failures.extend(expect(&testdata().join(format!("formats/hostile.{format}")), &out).err());
    }
    report(&failures);
}

fn sarif_logs() -> Vec<Value> {
    let hostile = hostile();
    let today = lint(&testdata().join("phase1"), &["--format", "sarif", "today"]);
    let before = lint(&testdata().join("phase1"), &["--format", "sarif", "before"]);
    let names = lint(hostile.path(), &["--format", "sarif"]);
    let odd = lint(&testdata().join("forms"), &["--format", "sarif", "odd-files"]);
    [today, before, names, odd].iter().map(|text| serde_json::from_str(text).unwrap()).collect()
}

#[test]
fn sarif_survives_a_typed_round_trip() {
    for log in sarif_logs() {
        let typed: serde_sarif::sarif::Sarif = serde_json::from_value(log.clone()).unwrap();
        assert_eq!(serde_json::to_value(typed).unwrap(), log);
    }
}

/// The schema is not part of the repository; where it stands beside it, it is held to.
#[test]
fn sarif_satisfies_its_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/schemas/sarif-schema-2.1.0.json");
    let Ok(schema) = std::fs::read_to_string(path) else { return };
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    for log in sarif_logs() {
        let mistakes: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert_eq!(mistakes, Vec::<String>::new());
    }
}

/// Regions count Unicode code points, as `columnKind` says, and the byte positions of the JSON agree.
#[test]
fn columns_of_sarif_are_characters() {
    let dir = testdata().join("forms");
    let sarif: Value = serde_json::from_str(&lint(&dir, &["--format", "sarif", "odd-files"])).unwrap();
    let json: Value = serde_json::from_str(&lint(&dir, &["--format", "json", "odd-files"])).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let findings = json["findings"].as_array().unwrap();
    assert!(findings.len() > 10);
    for (result, finding) in run["results"].as_array().unwrap().iter().zip(findings) {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let path = dir.join("odd-files").join(finding["location"]["path"].as_str().unwrap());
        let text = std::fs::read_to_string(path).unwrap();
        let text = text.trim_start_matches('\u{FEFF}');
        let byte = finding["location"]["start"]["byte"].as_u64().unwrap() as usize;
        let line = text[..byte].matches('\n').count() as u64 + 1;
        let column = text[..byte].rsplit('\n').next().unwrap().chars().count() as u64 + 1;
        assert_eq!((&region["startLine"], &region["startColumn"]), (&line.into(), &column.into()));
    }
}

#[test]
fn fingerprints_survive_lines_that_move() {
    let dir = hostile();
    let prints = |out: String| -> Vec<String> {
        let log: Value = serde_json::from_str(&out).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        results.iter().map(|result| result["partialFingerprints"]["steadfast/v1"].to_string()).collect()
    };
    let before = prints(lint(dir.path(), &["--format", "sarif"]));
    let path =
        std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().path()).find(|p| p.is_dir()).unwrap();
    let text = std::fs::read_to_string(path.join("app.yaml")).unwrap();
    std::fs::write(path.join("app.yaml"), format!("# moved\n\n{text}")).unwrap();
    assert_eq!(prints(lint(dir.path(), &["--format", "sarif"])), before);
    assert!(!before.is_empty());
}

#[test]
fn what_is_suppressed_stays_in_sarif_with_its_reason() {
    let log: Value =
        serde_json::from_str(&lint(&testdata().join("phase1"), &["--format", "sarif", "today"])).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let suppressed: Vec<&Value> = results.iter().filter(|result| result["suppressions"].is_array()).collect();
    assert_eq!(suppressed.len(), 2);
    for result in suppressed {
        assert_eq!(result["suppressions"][0]["kind"], "inSource");
        assert!(result["suppressions"][0]["justification"].as_str().unwrap().len() > 10);
    }
}

#[test]
fn several_reports_come_from_one_run() {
    let dir = hostile();
    let file = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    let args =
        ["--format", "sarif", "--output", &file("a.sarif"), "--output", &file("b"), "--format", "concise"];
    let refused =
        Command::cargo_bin("steadfast").unwrap().current_dir(dir.path()).arg("lint").args(args).output();
    assert_eq!(refused.unwrap().status.code(), Some(2));
    let args =
        ["--format", "sarif", "--output", &file("a.sarif"), "--format", "junit", "--output", &file("a.xml")];
    let out = lint(dir.path(), &[&args[..], &["--format", "concise"]].concat());
    assert!(out.contains("warning[pdb-missing]"), "{out}");
    let sarif = std::fs::read_to_string(dir.path().join("a.sarif")).unwrap();
    assert!(serde_json::from_str::<Value>(&sarif).is_ok());
    let junit = quick_junit::Report::deserialize_from_str(
        &std::fs::read_to_string(dir.path().join("a.xml")).unwrap(),
    );
    assert_eq!(junit.unwrap().failures, out.lines().filter(|line| !line.contains(" note[")).count());
    // One report, its file named first.
    let one = lint(dir.path(), &["--output", &file("c.json"), "--format", "json"]);
    assert_eq!(one, "");
    assert!(std::fs::read_to_string(dir.path().join("c.json")).unwrap().starts_with('{'));
}

/// Annotations name files from the workspace, also where the step runs in a folder of it.
#[test]
fn annotations_start_from_the_workspace() {
    let dir = testdata().join("phase1/today");
    let mut command = Command::cargo_bin("steadfast").unwrap();
    command.current_dir(dir.join("stacks")).env("GITHUB_WORKSPACE", testdata());
    let output = command.args(["lint", "--format", "github"]).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.lines().count() > 2);
    let placed =
        |line: &str| line.contains("file=phase1/today/stacks/") || line.starts_with("::notice title=");
    assert!(out.lines().all(placed), "{out}");
}
