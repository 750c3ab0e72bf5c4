//! Baselines: what a repository is known to have, across moves, copies and other layouts.

#![allow(missing_docs, clippy::unwrap_used)]

use assert_cmd::Command;
use std::path::Path;
use tempfile::TempDir;

const WEB: &str = "apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 2
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: \"web:1.0.0\" }] }
";

fn run(dir: &Path, args: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("steadfast").unwrap().current_dir(dir).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn lint(dir: &Path, args: &[&str]) -> (i32, String) {
    let (code, out, _) = run(dir, &[&["lint", "--format", "concise"], args].concat());
    (code, out)
}

fn repository() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(".steadfast.yaml"), "root: true\nbaseline: known.yaml\n").unwrap();
    std::fs::create_dir(dir.path().join("app")).unwrap();
    std::fs::write(dir.path().join("app/web.yaml"), WEB).unwrap();
    std::fs::write(dir.path().join("app/db.yaml"), WEB.replace("{ name: web,", "{ name: dü\\\"b,")).unwrap();
    dir
}

fn text(dir: &TempDir, path: &str) -> String {
    std::fs::read_to_string(dir.path().join(path)).unwrap()
}

#[test]
fn what_is_written_silences_what_is_there_and_nothing_new() {
    let dir = repository();
    let (code, out, err) = run(dir.path(), &["lint", "--write-baseline"]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(err.starts_with("steadfast: 2 findings to "), "{err}");
    assert_eq!(
        text(&dir, "known.yaml"),
        "# Findings that are known: `steadfast lint` is silent about them. Written by --write-baseline.\nversion: 1\nfindings:\n  - { rule: pdb-missing, subject: \"Deployment/shop/dü\\\\\\\"b\", field: \"spec.replicas\", path: \"app/db.yaml\" }\n  - { rule: pdb-missing, subject: \"Deployment/shop/web\", field: \"spec.replicas\", path: \"app/web.yaml\" }\n"
    );
    assert_eq!(lint(dir.path(), &[]), (0, String::new()));
    assert_eq!(lint(dir.path(), &["--no-baseline"]).1.lines().count(), 2);
    // Written again it is the same, though nothing is reported now.
    let first = text(&dir, "known.yaml");
    run(dir.path(), &["lint", "--write-baseline"]);
    assert_eq!(text(&dir, "known.yaml"), first);
    std::fs::write(dir.path().join("app/new.yaml"), WEB.replace("web", "new")).unwrap();
    let (code, out) = lint(dir.path(), &[]);
    assert_eq!(code, 1);
    assert!(out.starts_with("app/new.yaml:5:13: warning[pdb-missing]") && out.lines().count() == 1, "{out}");
}

#[test]
fn moves_and_another_layout_are_no_news() {
    let dir = repository();
    run(dir.path(), &["lint", "--write-baseline"]);
    std::fs::create_dir(dir.path().join("other")).unwrap();
    std::fs::rename(dir.path().join("app/web.yaml"), dir.path().join("other/shop.yaml")).unwrap();
    let lines = text(&dir, "other/shop.yaml").replace(
        "metadata: { name: web, namespace: shop }",
        "\n\nmetadata:\n  # moved\n  namespace: shop\n  name: web",
    );
    std::fs::write(dir.path().join("other/shop.yaml"), lines).unwrap();
    assert_eq!(lint(dir.path(), &[]), (0, String::new()));
    // A copy is news: which of the two was meant cannot be told, so both are.
    std::fs::write(dir.path().join("other/copy.yaml"), WEB).unwrap();
    assert_eq!(lint(dir.path(), &[]).1.matches("[pdb-missing]").count(), 2);
}

#[test]
fn what_is_mended_can_be_removed() {
    let dir = repository();
    run(dir.path(), &["lint", "--write-baseline"]);
    std::fs::write(
        dir.path().join("app/db.yaml"),
        WEB.replace("{ name: web,", "{ name: dü\\\"b,").replace("replicas: 2", "replicas: 1"),
    )
    .unwrap();
    let (code, out) = lint(dir.path(), &[]);
    assert_eq!(code, 0);
    assert_eq!(
        out,
        "known.yaml:4:13: note[baseline-obsolete] `pdb-missing` is no longer found in app/db.yaml\n"
    );
    // What was not asked for is not known to be mended.
    assert_eq!(lint(dir.path(), &["app/web.yaml"]).1, "");
    assert_eq!(lint(dir.path(), &["--ignore", "pdb-missing"]).1, "");
}

#[test]
fn a_file_of_another_name_and_mistakes_in_it() {
    let dir = repository();
    let (code, _, err) = run(dir.path(), &["lint", "--write-baseline=mine.yaml"]);
    assert!(code == 0 && err.contains("mine.yaml"), "{err}");
    let (code, out) = lint(dir.path(), &["--baseline", "mine.yaml"]);
    assert_eq!((code, out), (0, String::new()));
    let (code, out) = lint(dir.path(), &[]);
    assert_eq!(code, 1);
    assert!(
        out.contains(".steadfast.yaml:2:11: error[config-invalid] there is no baseline `known.yaml`"),
        "{out}"
    );
    std::fs::write(dir.path().join("known.yaml"), "version: 2\nfindings:\n  - { rule: pdb-missing }\n")
        .unwrap();
    let (_, out) = lint(dir.path(), &[]);
    assert!(
        out.contains("known.yaml:1:1: error[config-invalid] a baseline begins with `version: 1`"),
        "{out}"
    );
    assert!(out.contains("known.yaml:3:5: error[config-invalid] an entry of a baseline has rule"), "{out}");
    let (code, _, err) = run(dir.path(), &["lint", "--baseline", "nowhere.yaml"]);
    assert!(code == 2 && err.contains("nowhere.yaml"), "{err}");
}

/// What a baseline lists stays in SARIF, as suppressed.
#[test]
fn known_findings_are_suppressed_for_programs() {
    let dir = repository();
    run(dir.path(), &["lint", "--write-baseline"]);
    let (_, out, _) = run(dir.path(), &["lint", "--format", "sarif"]);
    let log: serde_json::Value = serde_json::from_str(&out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    assert_eq!(results[0]["suppressions"][0]["justification"], "in the baseline");
}

/// What was not looked at stays known.
#[test]
fn a_part_that_is_written_anew_leaves_the_rest() {
    let dir = repository();
    std::fs::remove_file(dir.path().join("app/db.yaml")).unwrap();
    std::fs::create_dir(dir.path().join("other")).unwrap();
    std::fs::write(dir.path().join("other/db.yaml"), WEB.replace("web", "db")).unwrap();
    run(dir.path(), &["lint", "--write-baseline"]);
    let whole = text(&dir, "known.yaml");
    let (code, _, err) = run(dir.path(), &["lint", "--write-baseline", "app/web.yaml"]);
    assert!(code == 0 && err.contains("1 finding of what was not asked for stay in it"), "{err}");
    assert_eq!(text(&dir, "known.yaml"), whole);
    run(dir.path(), &["lint", "--write-baseline", "--select", "image-floating"]);
    assert_eq!(text(&dir, "known.yaml"), whole);
    std::fs::write(dir.path().join("app/web.yaml"), WEB.replace("replicas: 2", "replicas: 1")).unwrap();
    run(dir.path(), &["lint", "--write-baseline", "app/web.yaml"]);
    assert!(!text(&dir, "known.yaml").contains("web.yaml"));
}

/// Of what has no subject, one is not the other: mended here, and made anew there.
#[test]
fn what_has_no_subject_is_told_apart_by_its_words() {
    let dir = repository();
    std::fs::write(
        dir.path().join("app/twice.yaml"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, name: b }\n",
    )
    .unwrap();
    run(dir.path(), &["lint", "--write-baseline"]);
    assert_eq!(lint(dir.path(), &[]).0, 0);
    std::fs::write(
        dir.path().join("app/twice.yaml"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { x: 1, x: 2 }\n",
    )
    .unwrap();
    assert!(lint(dir.path(), &[]).1.contains("error[key-duplicated]"));
}

#[test]
fn a_rule_that_is_misspelt_is_a_mistake() {
    let dir = repository();
    std::fs::write(
        dir.path().join("known.yaml"),
        "version: 1\nfindings:\n  - { rule: pdb-mising, subject: a, field: b, path: c }\n",
    )
    .unwrap();
    let (_, out) = lint(dir.path(), &[]);
    assert!(out.contains("known.yaml:3:13: error[config-invalid] there is no rule `pdb-mising`; did you mean `pdb-missing`?"), "{out}");
}

/// A config is not to be trusted with other people's files.
#[cfg(unix)]
#[test]
fn a_config_does_not_lead_out_of_the_root() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let outside = tempfile::tempdir().unwrap();
    let victim = outside.path().join("victim.yaml");
    std::fs::write(&victim, "mine").unwrap();
    let dir = repository();
    symlink(&victim, dir.path().join("link.yaml")).unwrap();
    for path in [victim.to_str().unwrap(), "link.yaml", "../victim.yaml"] {
        std::fs::write(dir.path().join(".steadfast.yaml"), format!("root: true\nbaseline: {path}\n"))
            .unwrap();
        let (code, _, err) = run(dir.path(), &["lint", "--write-baseline"]);
        assert!(code == 2 && err.contains("outside of the root"), "{path}: {code} {err}");
    }
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "mine");
    // What a person names on the command line may be anywhere, and keeps its permissions.
    std::fs::set_permissions(&victim, std::fs::Permissions::from_mode(0o600)).unwrap();
    let (code, _, err) = run(dir.path(), &["lint", &format!("--write-baseline={}", victim.display())]);
    assert_eq!(code, 0, "{err}");
    assert!(std::fs::read_to_string(&victim).unwrap().starts_with("# Findings"));
    assert_eq!(std::fs::metadata(&victim).unwrap().permissions().mode() & 0o777, 0o600);
}
