//! Forms in which real repositories declare what they deploy: for each folder of testdata/forms what `show`
//! resolves of it and what `lint` finds, with every place.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use assert_cmd::Command;
use common::{expect, folders, name, report, testdata};

fn output(args: &[&str]) -> String {
    let mut command = Command::cargo_bin("steadfast").unwrap();
    let output = command.current_dir(testdata().join("forms")).args(args).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn forms_are_resolved_as_expected() {
    let mut failures = Vec::new();
    for form in folders(&testdata().join("forms")) {
        let name = name(&form);
        let shown = output(&["show", "--places", &name]);
        let found = output(&["lint", "--unresolved", "--format", "concise", &name]);
        let text = format!(
            "$ steadfast show --places {name}\n{shown}\n$ steadfast lint --unresolved --format concise {name}\n{found}"
        );
        failures.extend(expect(&testdata().join(format!("forms/{name}.txt")), &text).err());
    }
    report(&failures);
}
