//! The outposts of testdata/outposts: one set of patches that works, in every form in which people carry it, and for each
//! rule a variant that is broken in one way.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use assert_cmd::Command;
use common::{expect, folders, name, report, testdata};

fn output(args: &[&str]) -> String {
    let mut command = Command::cargo_bin("steadfast").unwrap();
    let output = command.current_dir(testdata().join("outposts")).args(args).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn findings(profile: &str, path: &str) -> String {
    output(&["lint", "--profile", profile, "--format", "concise", path])
}

#[test]
fn patches_that_work_are_silent_in_every_carrier() {
    let mut failures = Vec::new();
    let carriers = folders(&testdata().join("outposts/working"));
    assert!(carriers.len() > 10, "every carrier is there");
    for carrier in carriers {
        let path = format!("working/{}", name(&carrier));
        let model = common::lint(&carrier, &[]).model;
        let mounted =
            model.workloads.iter().any(|workload| workload.tmpfs().iter().any(|t| t.name == "dshm"));
        // What these two change stands in no file.
        let unknown = ["flux-release", "kyverno"].contains(&name(&carrier).as_str());
        if model.authored.patches.len() != 1 || mounted == unknown {
            failures.push(format!("{path}: its patches are not read"));
        }
        let found = findings("phase1", &path);
        if !found.is_empty() {
            failures.push(format!("{path} is not silent:\n{found}"));
        }
    }
    report(&failures);
}

#[test]
fn each_broken_variant_is_found_where_it_is_broken() {
    let (mut failures, mut all) = (Vec::new(), String::new());
    for variant in folders(&testdata().join("outposts/broken")) {
        let rule = name(&variant);
        let select = |path: &str| {
            output(&["lint", "--profile", "all", "--select", &rule, "--format", "concise", path])
        };
        let (found, works) = (select(&format!("broken/{rule}")), select("working/blueprint"));
        // What works appends its sidecar: how to do without is not known for every version of authentik.
        if found.is_empty() || !works.is_empty() && rule != "json-patch-not-idempotent" {
            failures.push(format!("{rule}: found\n{found}, and in what works\n{works}"));
        }
        all.push_str(&found);
    }
    failures.extend(expect(&testdata().join("outposts/broken.txt"), &all).err());
    report(&failures);
}

#[test]
fn show_prints_the_deployment_as_it_is_after_the_patches() {
    let mut failures = Vec::new();
    for carrier in ["terraform-jsonencode", "blueprint", "kustomize-path"] {
        let shown = output(&["show", "--objects", &format!("working/{carrier}")]);
        failures.extend(expect(&testdata().join(format!("outposts/{carrier}.txt")), &shown).err());
    }
    report(&failures);
}

/// What docs/outposts.md tells people to write is what the tool asks for: its patches, and its CronJob.
#[test]
fn the_page_follows_its_own_advice() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/outposts.md");
    let text = std::fs::read_to_string(page).unwrap();
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(".steadfast.yaml"), "root: true\n").unwrap();
    std::fs::write(dir.path().join("outposts.md"), &text).unwrap();
    let file = steadfast::base::Sources::default().add("outposts.md", text);
    let manifests =
        steadfast::syntax::fences(&file).into_iter().filter(|f| f.text.as_str().contains("CronJob"));
    for fence in manifests {
        std::fs::write(dir.path().join("fallback.yaml"), fence.text.as_str()).unwrap();
    }
    let outcome = common::lint(dir.path(), &[]);
    let found: Vec<&str> = outcome.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(found, Vec::<&str>::new());
    assert!(outcome.model.workloads.len() > 2, "the page has two sets of patches and a CronJob");
}
