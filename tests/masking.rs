//! What frames hide: the files of testdata/masking with their secrets as asterisks.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use assert_cmd::Command;
use common::{expect, name, report, testdata};
use steadfast::base::{FileId, Sources};
use steadfast::report::Masker;

#[test]
fn secrets_are_hidden_and_nothing_else() {
    let dir = testdata().join("masking");
    let mut paths: Vec<_> =
        std::fs::read_dir(&dir).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()).collect();
    paths.sort();
    let sources = Sources::default();
    for path in paths.iter().filter(|path| !name(path).ends_with(".txt")) {
        sources.add(&name(path), std::fs::read_to_string(path).unwrap());
    }
    let masker = Masker::new(&sources);
    let (mut out, mut failures) = (String::new(), Vec::new());
    for index in 0..sources.len() {
        let file = sources.get(FileId(index as u32));
        let mut text = file.text().to_owned();
        for range in masker.ranges(&file) {
            let stars = "*".repeat(range.len());
            text.replace_range(range, &stars);
        }
        failures.extend(
            text.lines()
                .filter(|l| l.contains("gone-") || l.contains("Z29uZ"))
                .map(|l| format!("shown: {l}")),
        );
        let stays = |text: &str| text.matches("stays").count();
        if stays(&text) != stays(file.text()) {
            failures.push(format!("{}: hides what may be shown", file.path()));
        }
        out.push_str(&format!("== {}\n{text}", file.path()));
    }
    failures.extend(expect(&dir.join("expect.txt"), &out).err());
    report(&failures);
}

/// Secrets stay hidden in objects, also where a variable brought them or a function changed them.
#[test]
fn objects_hide_secrets_and_nothing_else() {
    let mut command = Command::cargo_bin("steadfast").unwrap();
    let shown =
        command.current_dir(testdata()).args(["show", "--objects", "masking/objects"]).output().unwrap();
    let text = String::from_utf8(shown.stdout).unwrap();
    let mut failures = Vec::new();
    for line in text.lines() {
        let line = line.to_lowercase();
        if ["gone", "47110815", "z29uz"].iter().any(|secret| line.contains(secret)) {
            failures.push(format!("shown: {line}"));
        }
    }
    failures.extend(expect(&testdata().join("masking/objects.txt"), &text).err());
    report(&failures);
}

/// No format, no fix and nothing else that is printed shows a secret of `testdata/masking/everywhere`.
#[test]
fn nothing_that_is_printed_shows_a_secret() {
    let mut failures = Vec::new();
    let mut ran = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("steadfast").unwrap();
        let dir = testdata().join("masking/everywhere");
        let output = command.current_dir(dir).args(arguments).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let shown = text.lines().filter(|line| line.contains("gone-") || line.contains("gone14"));
        failures.extend(shown.map(|line| format!("{arguments:?}: {line}")));
        text
    };
    for format in ["human", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown"] {
        let text = ran(&["lint", ".", "--format", format, "--unresolved"]);
        assert!(text.contains("field-invalid") && text.contains("*****"), "{format}: {text}");
    }
    ran(&["--style", "narrated", "lint", "."]);
    let diff = ran(&["lint", ".", "--diff", "--unsafe-fixes"]);
    assert!(diff.contains("+++ "), "{diff}");
    ran(&["show", "."]);
    ran(&["show", "--objects", "."]);
    report(&failures);
}
