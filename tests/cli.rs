//! The command line as people and hooks use it: exit codes, messages, paths, bad input.

#![allow(missing_docs, clippy::unwrap_used)]

use assert_cmd::Command;
use std::path::Path;
use tempfile::TempDir;

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn steadfast(dir: &Path, args: &[&str]) -> Ran {
    let output = Command::cargo_bin("steadfast").unwrap().current_dir(dir).args(args).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn repository(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(".steadfast.yaml"), "root: true\n").unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

const TWO_REPLICAS: &str = "apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 2
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: \"web:1.0.0\" }] }
";

#[test]
fn a_finding_fails_and_what_fails_can_be_chosen() {
    let dir = repository(&[("stacks/web/web.yaml", TWO_REPLICAS)]);
    let code = |args: &[&str]| steadfast(dir.path(), args).code;
    assert_eq!(code(&["lint", "stacks"]), 1);
    assert_eq!(code(&["lint"]), 1);
    assert_eq!(code(&["lint", "--fail-on", "error"]), 0);
    assert_eq!(code(&["lint", "--exit-zero"]), 0);
    assert_eq!(code(&["lint", "--ignore", "pdb-missing"]), 0);
    assert_eq!(code(&["lint", "--select", "pdb-too-weak"]), 0);
    assert_eq!(code(&["lint", "--format", "json"]), 1);
    assert_eq!(code(&["lint", "--format", "concise"]), 1);
}

#[test]
fn a_path_that_is_not_there_ends_with_2() {
    let dir = repository(&[]);
    let ran = steadfast(dir.path(), &["lint", "stacks/"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("stacks/"), "{}", ran.err);
}

#[test]
fn nothing_to_lint_is_said_and_is_no_failure() {
    let dir = repository(&[("README.md", "nothing here\n")]);
    let ran = steadfast(dir.path(), &["lint", "."]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("nothing to lint"), "{}", ran.err);
    assert_eq!(steadfast(dir.path(), &["lint", "--fail-on-empty", "."]).code, 2);
}

#[test]
fn wrong_arguments_end_with_2_and_say_what_is_near() {
    let dir = repository(&[("stacks/web/web.yaml", TWO_REPLICAS)]);
    let ran = steadfast(dir.path(), &["lint", "--select", "pdb-mising"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `pdb-missing`?"), "{}", ran.err);
    let ran = steadfast(dir.path(), &["lint", "--profile", "stric"]);
    assert!(ran.code == 2 && ran.err.contains("`strict`"), "{}", ran.err);
    assert_eq!(steadfast(dir.path(), &["lint", "--format", "xml"]).code, 2);
    assert_eq!(steadfast(dir.path(), &["lint", "--config", "missing.yaml"]).code, 2);
    assert_eq!(steadfast(dir.path(), &["lint", "--root", "stacks", "."]).code, 2);
    assert_eq!(steadfast(dir.path(), &["explain", "pdb-mising"]).code, 2);
    assert_eq!(steadfast(dir.path(), &["--help"]).code, 0);
    assert_eq!(steadfast(dir.path(), &["--version"]).code, 0);
}

#[test]
fn a_single_file_is_judged_with_what_its_stack_says() {
    let dir = repository(&[
        ("stacks/web/web.yaml", TWO_REPLICAS),
        (
            "stacks/web/notes.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: shop }\n",
        ),
        ("stacks/db/db.yaml", &TWO_REPLICAS.replace("web", "db")),
    ]);
    let one = steadfast(dir.path(), &["lint", "--format", "concise", "stacks/web/notes.yaml"]);
    assert!(one.out.contains("stacks/web/web.yaml:5:13") && !one.out.contains("db.yaml"), "{}", one.out);
    let inside = steadfast(&dir.path().join("stacks/web"), &["lint", "--format", "concise", "."]);
    assert_eq!(inside.code, 1);
    assert!(
        inside.out.contains("stacks/web/web.yaml:5:13") && !inside.out.contains("db.yaml"),
        "{}",
        inside.out
    );
}

#[test]
fn json_goes_to_a_file_and_names_places() {
    let dir = repository(&[("stacks/web/web.yaml", TWO_REPLICAS)]);
    let ran = steadfast(dir.path(), &["lint", "--format", "json", "--output", "report.json", "."]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let text = std::fs::read_to_string(dir.path().join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let finding = &report["findings"][0];
    assert_eq!(report["version"], 1);
    assert_eq!(finding["rule"], "pdb-missing");
    assert_eq!(finding["subject"], "Deployment/shop/web");
    assert_eq!(finding["field"], "spec.replicas");
    assert_eq!(finding["location"]["path"], "stacks/web/web.yaml");
    assert_eq!(finding["location"]["start"]["line"], 5);
    assert_eq!(finding["location"]["start"]["column"], 13);
    let byte = usize::try_from(finding["location"]["start"]["byte"].as_u64().unwrap()).unwrap();
    assert_eq!(&TWO_REPLICAS[byte..=byte], "2");
}

#[test]
fn columns_count_characters() {
    let text = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: größe, namespace: shop }\nspec: { x: \"ä€😀\", maxUnavailable: 0 }\n";
    let dir = repository(&[("stacks/a.yaml", text)]);
    let ran = steadfast(dir.path(), &["lint", "--format", "concise", "."]);
    assert!(ran.out.contains("stacks/a.yaml:4:35: error[pdb-blocks-drain]"), "{}", ran.out);
}

#[test]
fn one_broken_block_costs_only_itself() {
    let good = "resource \"kubernetes_manifest\" \"pdb\" {\n  manifest = { apiVersion = \"policy/v1\", kind = \"PodDisruptionBudget\", metadata = { name = \"a\", namespace = \"b\" }, spec = { maxUnavailable = 0 } }\n}\n";
    let text = format!("locals {{\n  a = (1 +\n}}\n\n{good}");
    let dir = repository(&[("stacks/a/main.tf", &text)]);
    let ran = steadfast(dir.path(), &["lint", "--format", "concise", "."]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.out.contains("error[syntax-error]") && ran.out.contains("error[pdb-blocks-drain]"),
        "{}",
        ran.out
    );
}

#[test]
fn circles_end() {
    let cases: [&[(&str, &str)]; 4] = [
        &[(
            "main.tf",
            "locals {\n  a = local.b\n  b = \"${local.a}\"\n}\nresource \"kubernetes_namespace\" \"a\" {\n  metadata {\n    name = local.a\n  }\n}\n",
        )],
        &[("main.tf", "module \"a\" {\n  source = \"./\"\n}\nresource \"kubernetes_namespace\" \"a\" {}\n")],
        &[
            ("main.tf", "module \"a\" {\n  source = \"./a\"\n}\n"),
            (
                "a/main.tf",
                "module \"b\" {\n  source = \"../b\"\n}\nresource \"kubernetes_namespace\" \"a\" {}\n",
            ),
            ("b/main.tf", "module \"a\" {\n  source = \"../a\"\n}\n"),
        ],
        &[
            (
                "main.tf",
                "resource \"kubectl_manifest\" \"a\" {\n  yaml_body = templatefile(\"a.yaml\", {})\n}\n",
            ),
            ("a.yaml", "a: ${templatefile(\"a.yaml\", {})}\n"),
        ],
    ];
    for files in cases {
        let dir = repository(files);
        let ran = steadfast(dir.path(), &["lint", "--format", "concise", "."]);
        assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
        assert!(ran.out.contains("error[reference-cycle]"), "{}", ran.out);
    }
}

#[test]
fn nothing_outside_the_root_is_read() {
    let text = "resource \"kubernetes_config_map\" \"a\" {\n  metadata {\n    name = \"a\"\n  }\n  data = {\n    a = file(\"../../../etc/passwd\")\n  }\n}\n";
    let dir = repository(&[("main.tf", text)]);
    let ran = steadfast(dir.path(), &["lint", "--unresolved", "."]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("error[path-outside-root]") && ran.out.contains("main.tf:6:14"), "{}", ran.out);
    assert!(!ran.out.contains("root:x"), "{}", ran.out);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_root_is_not_followed() {
    let outside = repository(&[("secret.yaml", TWO_REPLICAS)]);
    let dir = repository(&[("stacks/a.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n")]);
    std::os::unix::fs::symlink(outside.path().join("secret.yaml"), dir.path().join("stacks/b.yaml")).unwrap();
    std::os::unix::fs::symlink(outside.path(), dir.path().join("stacks/c")).unwrap();
    let ran = steadfast(dir.path(), &["lint", "--format", "concise", "."]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
}

#[cfg(unix)]
#[test]
fn a_module_behind_a_link_is_unresolved_and_not_missing() {
    let dir = repository(&[
        ("main.tf", "module \"a\" {\n  source = \"./linked\"\n}\n"),
        ("real/main.tf", "variable \"x\" {}\n"),
    ]);
    std::os::unix::fs::symlink(dir.path().join("real"), dir.path().join("linked")).unwrap();
    let ran = steadfast(dir.path(), &["lint", "--unresolved", "--format", "concise", "."]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("main.tf:2:12: unresolved the files at `./linked` are not read"), "{}", ran.out);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_ends_with_2() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = repository(&[("stacks/a.yaml", TWO_REPLICAS)]);
    let path = dir.path().join("stacks/a.yaml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        return; // The superuser reads everything.
    }
    let ran = steadfast(dir.path(), &["lint", "."]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("stacks/a.yaml"), "{}", ran.err);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let dir = repository(&[("stacks/a.yaml", TWO_REPLICAS)]);
    let binary = env!("CARGO_BIN_EXE_steadfast");
    let shell = format!("'{binary}' lint stacks | true; exit ${{PIPESTATUS[0]}}");
    let output = std::process::Command::new("bash").current_dir(dir.path()).args(["-c", &shell]).output();
    let Ok(output) = output else { return };
    assert!(String::from_utf8_lossy(&output.stderr).is_empty());
    assert_ne!(output.status.code(), Some(2));
}

#[test]
fn secrets_are_masked_in_frames() {
    let text = "resource \"kubernetes_deployment\" \"web\" {
  metadata {
    name      = \"web\"
    namespace = \"shop\"
  }
  spec {
    replicas = 2
    template {
      metadata {
        labels = { app = \"web\" }
      }
      spec {
        container {
          name  = \"web\"
          image = \"web:1.0.0\"
          env {
            name  = \"DB_PASSWORD\"
            value = \"hunter2\"
          }
          resources {
            limits = { memory = \"1mb\" }
          }
        }
      }
    }
  }
}
";
    let near = text
        .replace("          resources {\n", "")
        .replace("          }\n        }\n", "        }\n")
        .replace(
            "            limits = { memory = \"1mb\" }\n",
            "          resources {\n            limits = { memory = \"1mb\" }\n          }\n",
        );
    for text in [text, &near] {
        let dir = repository(&[("main.tf", text)]);
        let ran = steadfast(dir.path(), &["lint", "."]);
        assert!(!ran.out.contains("hunter2"), "{}", ran.out);
        let ran = steadfast(dir.path(), &["lint", "--format", "json", "."]);
        assert!(!ran.out.contains("hunter2"), "{}", ran.out);
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let args = ["lint", "--format", "json", "testdata/phase1/before"];
    let first = steadfast(root, &args).out;
    for _ in 0..3 {
        assert_eq!(first, steadfast(root, &args).out);
    }
}

#[test]
fn rules_are_listed_and_explained() {
    let dir = repository(&[]);
    let list = steadfast(dir.path(), &["rules"]);
    assert_eq!(list.code, 0);
    for rule in steadfast::rules::all() {
        assert!(list.out.contains(rule.meta.id) && list.out.contains(rule.meta.summary), "{}", list.out);
        let explained = steadfast(dir.path(), &["explain", rule.meta.id]);
        assert_eq!(explained.code, 0);
        assert!(explained.out.contains("How to fix"), "{}", explained.out);
    }
}

#[test]
fn a_repository_inside_another_is_its_own() {
    let dir = repository(&[
        ("stacks/web/web.yaml", TWO_REPLICAS),
        ("examples/one/.steadfast.yaml", "root: true\n"),
        ("examples/one/web.yaml", TWO_REPLICAS),
    ]);
    let ran = steadfast(dir.path(), &["lint", "--format", "concise", "--unresolved", "."]);
    assert!(
        ran.out.contains("stacks/web/web.yaml:5") && !ran.out.contains("examples/one/web.yaml"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("examples/one: skipped"), "{}", ran.out);
    let ran = steadfast(dir.path(), &["lint", "--format", "concise", "examples/one"]);
    assert!(ran.out.contains("web.yaml:5:13"), "{}", ran.out);
}

#[test]
fn a_sensitive_value_is_not_quoted() {
    let tf = "variable \"limit\" {
  sensitive = true
}

resource \"kubernetes_limit_range\" \"a\" {
  metadata {
    name      = \"a\"
    namespace = \"b\"
  }
  spec {
    limit {
      type    = \"Container\"
      default = { memory = var.limit }
    }
  }
}
";
    let dir = repository(&[("main.tf", tf), ("terraform.tfvars", "limit = \"hunter2MB\"\n")]);
    for format in ["human", "concise", "json"] {
        let ran = steadfast(dir.path(), &["lint", "--format", format, "."]);
        assert_eq!(ran.code, 1);
        assert!(ran.out.contains("quantity-invalid") && !ran.out.contains("hunter2"), "{}", ran.out);
    }
}
