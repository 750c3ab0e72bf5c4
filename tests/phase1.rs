//! The four states of the Phase 1 repository, end to end: the command's whole output is in files.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use assert_cmd::Command;
use common::{expect, report, testdata};

/// Name of the repository and the exit code of linting it.
const REPOSITORIES: [(&str, i32); 4] = [("before", 1), ("after", 1), ("after-live", 1), ("today", 1)];

fn output(args: &[&str]) -> (String, i32) {
    let mut command = Command::cargo_bin("steadfast").unwrap();
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).args(args).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
}

#[test]
fn reports_are_as_expected() {
    let mut failures = Vec::new();
    for (name, code) in REPOSITORIES {
        let stacks = format!("testdata/phase1/{name}/stacks/");
        for (format, extension) in [("human", "txt"), ("concise", "concise.txt"), ("json", "json")] {
            let mut args = vec!["lint", "--format", format, &stacks];
            if format == "concise" {
                args.push("--unresolved");
            }
            let (text, ended) = output(&args);
            if ended != code {
                failures.push(format!("{name} as {format} ends with {ended}, not {code}"));
            }
            failures.extend(expect(&testdata().join(format!("phase1/{name}.{extension}")), &text).err());
        }
        let (text, ended) = output(&["show", "--places", &stacks]);
        assert_eq!(ended, 0);
        failures.extend(expect(&testdata().join(format!("phase1/{name}.show.txt")), &text).err());
    }
    report(&failures);
}

/// What the facts say of each state, independent of wording: rule ids with their numbers.
#[expect(clippy::too_many_lines, reason = "a table")]
#[test]
fn each_state_breaks_the_rules_that_it_should() {
    let counts = |name: &str| {
        let outcome = common::lint(&testdata().join("phase1").join(name).join("stacks"), &[]);
        let mut counts = std::collections::BTreeMap::<&str, usize>::new();
        for finding in &outcome.findings {
            *counts.entry(finding.rule).or_default() += 1;
        }
        counts.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(
        counts("before"),
        [
            ("affinity-selector-dead", 1),
            ("config-change-unnoticed", 2),
            ("critical-underreplicated", 2),
            ("image-floating", 1),
            ("liveness-hasty", 1),
            ("pdb-missing", 1),
            ("pdb-too-weak", 2),
            ("pgbouncer-env-ignored", 1),
            ("pgbouncer-ghost-transactions", 1),
            ("probe-missing", 2),
            ("readiness-brittle", 1),
            ("resources-missing", 1),
            ("values-inert", 6),
            ("values-key-unknown", 2),
        ]
    );
    assert_eq!(
        counts("after"),
        [
            ("affinity-selector-dead", 1),
            ("config-change-unnoticed", 2),
            ("image-floating", 1),
            ("liveness-hasty", 1),
            ("pgbouncer-env-ignored", 1),
            ("pgbouncer-ghost-transactions", 1),
            ("readiness-brittle", 1),
            ("values-inert", 13),
            ("values-key-unknown", 2),
        ]
    );
    assert_eq!(
        counts("after-live"),
        [
            ("affinity-selector-dead", 1),
            ("config-change-unnoticed", 2),
            ("connection-pool-exhausted", 1),
            ("image-floating", 1),
            ("liveness-hasty", 1),
            ("pgbouncer-env-ignored", 1),
            ("pgbouncer-ghost-transactions", 1),
            ("readiness-brittle", 1),
            ("values-key-unknown", 2),
        ]
    );
    assert_eq!(
        counts("today"),
        [
            ("affinity-selector-dead", 1),
            ("config-change-unnoticed", 1),
            ("image-floating", 1),
            ("pdb-missing", 1),
            ("pgbouncer-env-ignored", 1),
            ("spread-selector-broad", 1),
        ]
    );
}
