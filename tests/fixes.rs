//! Fixes as the command line carries them out: what is written, what is left alone, and what is only shown.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use assert_cmd::Command;
use common::{diff_text, expect, mend, report, testdata};
use std::path::Path;
use steadfast::finding::Applicability;
use tempfile::TempDir;

const WRONG: &str = "apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop } # as it is
spec:
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: 'web:1.0.0'
          resources:
            limits:   { memory: 512MB } # too much?
";

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn lint(dir: &Path, args: &[&str]) -> Ran {
    let mut command = Command::cargo_bin("steadfast").unwrap();
    let output = command
        .current_dir(dir)
        .args(["lint", "--quiet", "--format", "concise"])
        .args(args)
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn repository(text: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(".steadfast.yaml"), "root: true\n").unwrap();
    std::fs::write(dir.path().join("web.yaml"), text).unwrap();
    dir
}

fn text(dir: &TempDir) -> String {
    std::fs::read_to_string(dir.path().join("web.yaml")).unwrap()
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_safe_fix_changes_its_bytes_and_no_others() {
    let dir = repository(WRONG);
    let ran = lint(dir.path(), &["--fix"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert_eq!(ran.err, "steadfast: fixed 1 finding in 1 file\n");
    assert_eq!(text(&dir), WRONG.replace("512MB", "512Mi"));
}

#[test]
fn line_ends_and_a_byte_order_mark_stay() {
    let windows = format!("\u{FEFF}{}", WRONG.replace('\n', "\r\n"));
    let dir = repository(&windows);
    assert_eq!(lint(dir.path(), &["--fix"]).code, 0);
    assert_eq!(text(&dir), windows.replace("512MB", "512Mi"));
    // What is added ends its lines as the others do.
    let two = format!(
        "{}\r\n",
        "apiVersion: apps/v1\r\nkind: Deployment\r\nmetadata:\r\n  name: web\r\n  namespace: shop\r\nspec:\r\n  replicas: 2\r\n  template:\r\n    metadata:\r\n      labels:\r\n        app: web\r\n    spec:\r\n      containers:\r\n        - name: web\r\n          image: web:1.0.0"
    );
    let dir = repository(&two);
    assert_eq!(lint(dir.path(), &["--fix", "--unsafe-fixes"]).code, 0);
    let fixed = text(&dir);
    assert!(fixed.starts_with(&two) && fixed.contains("kind: PodDisruptionBudget\r\n"), "{fixed}");
    assert_eq!(fixed.matches('\n').count(), fixed.matches("\r\n").count());
}

#[test]
fn what_changes_what_runs_waits_for_its_own_option() {
    let two =
        WRONG.replace("spec:\n  template", "spec:\n  replicas: 2\n  template").replace("512MB", "512Mi");
    let dir = repository(&two);
    assert_eq!(lint(dir.path(), &["--fix"]).code, 1);
    assert_eq!(text(&dir), two);
    let ran = lint(dir.path(), &["--unsafe-fixes"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(lint(dir.path(), &["--fix", "--unsafe-fixes"]).code, 0);
    assert!(text(&dir).contains("kind: PodDisruptionBudget"));
}

#[test]
fn a_diff_is_shown_and_nothing_is_written() {
    let dir = repository(WRONG);
    let ran = lint(dir.path(), &["--diff"]);
    assert_eq!(ran.code, 1);
    assert_eq!(text(&dir), WRONG);
    assert!(ran.out.starts_with("--- web.yaml\n+++ web.yaml\n@@ "), "{}", ran.out);
    assert!(ran.out.contains("-            limits:   { memory: 512MB } # too much?\n"), "{}", ran.out);
    assert!(ran.out.contains("+            limits:   { memory: 512Mi } # too much?\n"), "{}", ran.out);
}

#[test]
fn a_diff_masks_secrets() {
    let dir = repository(&WRONG.replace(
        "          resources:\n",
        "          env: [{ name: DB_PASSWORD, value: hunter22 }]\n          resources:\n",
    ));
    let ran = lint(dir.path(), &["--diff"]);
    assert!(ran.out.contains("512Mi") && !ran.out.contains("hunter22"), "{}", ran.out);
}

#[test]
fn a_fix_that_would_do_harm_is_not_carried_out_and_said() {
    let dir = repository(&WRONG.replace("limits:   {", "requests: { memory: 1Gi }\n            limits:   {"));
    let before = text(&dir);
    let ran = lint(dir.path(), &["--fix"]);
    assert_eq!(ran.code, 1);
    assert_eq!(text(&dir), before);
    assert!(
        ran.err.contains(
            "web.yaml: quantity-invalid is not fixed (write 512Mi): it would bring limit-below-request"
        ),
        "{}",
        ran.err
    );
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = repository("");
    let real = dir.path().join("real.yaml");
    std::fs::write(&real, WRONG).unwrap();
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::fs::remove_file(dir.path().join("web.yaml")).unwrap();
    symlink("real.yaml", dir.path().join("web.yaml")).unwrap();
    lint(dir.path(), &["--fix", "web.yaml"]);
    assert!(dir.path().join("web.yaml").symlink_metadata().unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&real).unwrap(), WRONG.replace("512MB", "512Mi"));
    assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    let names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn a_file_that_may_not_be_written_stays_and_fails_the_run() {
    let dir = repository(WRONG);
    let path = dir.path().join("web.yaml");
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    let ran = lint(dir.path(), &["--fix"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("cannot write `web.yaml`: the file is read-only"), "{}", ran.err);
    assert_eq!(text(&dir), WRONG);
}

#[test]
fn a_file_with_changes_that_are_not_staged_is_left_alone() {
    let dir = repository(WRONG);
    let git = git2::Repository::init(dir.path()).unwrap();
    let mut index = git.index().unwrap();
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
    index.write().unwrap();
    let later = format!("{WRONG}# later\n");
    std::fs::write(dir.path().join("web.yaml"), &later).unwrap();
    let ran = lint(dir.path(), &["--staged", "--fix"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("nothing was fixed: on disk these are not what was linted: web.yaml"),
        "{}",
        ran.err
    );
    assert_eq!(text(&dir), later);
    std::fs::write(dir.path().join("web.yaml"), WRONG).unwrap();
    // What is staged still has it.
    let ran = lint(dir.path(), &["--staged", "--fix"]);
    assert!(ran.code == 1 && ran.err.contains("stage what changed"), "{}", ran.err);
    assert_eq!(text(&dir), WRONG.replace("512MB", "512Mi"));
}

/// The repository before it was hardened, mended as far as the tool can: once more changes nothing, what remains has
/// no fix, and everything still resolves.
#[test]
fn phase_1_is_mended_and_stays_so() {
    let before = testdata().join("phase1/before");
    let fixed = mend(&before, &[], Applicability::Unsafe);
    let mut failures = Vec::new();
    failures.extend(expect(&testdata().join("phase1/before.fixed.diff"), &diff_text(&fixed)).err());
    let dir = tempfile::tempdir().unwrap();
    copy(&before, dir.path());
    let ran = lint(dir.path(), &["--fix", "--unsafe-fixes"]);
    assert_eq!(ran.code, 1);
    failures.extend(expect(&testdata().join("phase1/before.fixed.txt"), &ran.out).err());
    report(&failures);
    for change in &fixed.changes {
        assert_eq!(std::fs::read_to_string(dir.path().join(&change.path)).unwrap(), change.after);
    }
    let again = mend(dir.path(), &[], Applicability::Unsafe);
    assert_eq!((again.changes.len(), again.refused.len()), (0, 0));
    assert!(again.outcome.findings.iter().all(|finding| finding.fix.is_none()));
    let was = common::lint(&before, &[]);
    assert!(again.outcome.internal.is_empty() && again.outcome.summary.objects > was.summary.objects);
    assert!(again.outcome.unjudged.len() <= was.unjudged.len());
}

#[cfg(unix)]
#[test]
fn a_link_beside_its_file_is_one_file() {
    let dir = repository(WRONG);
    std::os::unix::fs::symlink("web.yaml", dir.path().join("same.yaml")).unwrap();
    let ran = lint(dir.path(), &["--fix"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(text(&dir), WRONG.replace("512MB", "512Mi"));
    assert!(dir.path().join("same.yaml").symlink_metadata().unwrap().is_symlink());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 3);
}

/// What Git calls a file may lie behind a link on disk.
#[cfg(unix)]
#[test]
fn nothing_outside_of_the_root_is_written() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("web.yaml"), WRONG).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let git = git2::Repository::init(dir.path()).unwrap();
    std::fs::create_dir(dir.path().join("app")).unwrap();
    std::fs::write(dir.path().join("app/web.yaml"), WRONG).unwrap();
    let mut index = git.index().unwrap();
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
    index.write().unwrap();
    std::fs::remove_dir_all(dir.path().join("app")).unwrap();
    std::os::unix::fs::symlink(outside.path(), dir.path().join("app")).unwrap();
    let ran = lint(dir.path(), &["--staged", "--fix"]);
    assert!(ran.code == 2 && ran.err.contains("outside of the root"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(outside.path().join("web.yaml")).unwrap(), WRONG);
}

/// The same address in two stacks is two releases: what one no longer reads, the other may.
#[test]
fn a_fix_names_the_same_release_of_another_stack() {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(".steadfast.yaml", "root: true\n");
    write("shared/values.yaml", "authentik:\n  log_level: info\n  redis:\n    host: redis\n");
    for (stack, version) in [("new", "2026.2.2"), ("old", "2025.8.1")] {
        let text = format!(
            "resource \"helm_release\" \"authentik\" {{\n  name = \"authentik\"\n  repository = \"https://charts.goauthentik.io\"\n  chart = \"authentik\"\n  version = \"{version}\"\n  values = [file(\"../../shared/values.yaml\")]\n}}\n"
        );
        write(&format!("stacks/{stack}/main.tf"), &text);
    }
    let ran = lint(dir.path(), &["--select", "setting-removed", "--diff"]);
    assert!(ran.out.is_empty() && ran.err.contains("1 with --unsafe-fixes"), "{}{}", ran.out, ran.err);
    let json = lint(dir.path(), &["--select", "setting-removed", "--format", "json", "--output", "out.json"]);
    assert_eq!(json.code, 1);
    let report = std::fs::read_to_string(dir.path().join("out.json")).unwrap();
    assert!(report.contains("which also changes `helm_release.authentik` of stacks/old"), "{report}");
}

/// A fix that would write a secret again is in no report.
#[test]
fn secrets_are_in_no_fix_of_a_report() {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| std::fs::write(dir.path().join(path), text).unwrap();
    write(".steadfast.yaml", "root: true\n");
    write(
        "values.yaml",
        "authentik:\n  existingSecret: { secretName: a }\n  email:\n    from: smtp://u:verysecretpw@h\n  log_level: info\n",
    );
    write(
        "main.tf",
        "resource \"helm_release\" \"authentik\" {\n  name = \"authentik\"\n  repository = \"https://charts.goauthentik.io\"\n  chart = \"authentik\"\n  version = \"2026.2.2\"\n  values = [file(\"${path.module}/values.yaml\")]\n}\n",
    );
    for format in ["json", "sarif"] {
        let ran = lint(dir.path(), &["--select", "values-inert", "--format", format, "--output", "out"]);
        assert_eq!(ran.code, 1);
        let report = std::fs::read_to_string(dir.path().join("out")).unwrap();
        assert!(report.contains("AUTHENTIK_LOG_LEVEL") && !report.contains("verysecretpw"), "{report}");
    }
}
