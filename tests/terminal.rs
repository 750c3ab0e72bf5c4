//! What people see of the tool: help, explanations, frames in other forms, the files of `init`.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use assert_cmd::Command;
use common::{expect, report, testdata};
use std::path::Path;

fn steadfast(dir: &Path, args: &[&str], env: &[(&str, &str)]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("steadfast").unwrap();
    for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "NO_GRAPHICS", "CI", "COLUMNS"] {
        command.env_remove(name);
    }
    let output = command.current_dir(dir).args(args).envs(env.iter().copied()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The whole text of a command is in a file.
#[test]
fn texts_are_what_is_expected() {
    let texts: [(&str, &[&str]); 9] = [
        ("help", &["--help"]),
        ("lint-help", &["lint", "--help"]),
        ("rules", &["rules"]),
        ("explain", &["explain", "pdb-blocks-drain"]),
        ("ascii", &["lint", "--style", "ascii", "--select", "affinity-selector-dead", "before"]),
        ("narrated", &["lint", "--style", "narrated", "--select", "affinity-selector-dead", "before"]),
        ("grouped", &["lint", "../terminal/grouped"]),
        ("statistics", &["lint", "--profile", "strict", "--statistics", "../terminal/grouped"]),
        ("colours", &["lint", "--color", "always", "--select", "affinity-selector-dead", "before"]),
    ];
    let mut failures = Vec::new();
    for (name, args) in texts {
        let (_, out, err) = steadfast(&testdata().join("phase1"), args, &[]);
        assert_eq!(err, "", "{args:?}");
        let out = out.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        failures.extend(expect(&testdata().join(format!("terminal/{name}.txt")), &out).err());
    }
    report(&failures);
}

#[test]
fn help_fits_on_a_screen() {
    for args in [&["--help"][..], &["lint", "-h"]] {
        let (code, out, _) = steadfast(&testdata(), args, &[]);
        assert_eq!(code, 0);
        assert!(out.lines().count() <= 60, "{args:?} has {} lines", out.lines().count());
        assert!(out.lines().all(|line| line.chars().count() <= 110), "{args:?} is too wide");
    }
}

#[test]
fn the_environment_decides_on_colours_and_frames() {
    let lint = |args: &[&str], env: &[(&str, &str)]| {
        let all = [&["lint", "--select", "affinity-selector-dead", "before"], args].concat();
        steadfast(&testdata().join("phase1"), &all, env).1
    };
    assert!(!lint(&[], &[]).contains('\u{1b}'));
    assert!(lint(&[], &[("FORCE_COLOR", "1")]).contains('\u{1b}'));
    assert!(lint(&[], &[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
    assert!(!lint(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
    assert!(!lint(&["--color", "never"], &[("FORCE_COLOR", "1")]).contains('\u{1b}'));
    assert_eq!(lint(&[], &[("NO_GRAPHICS", "1")]), lint(&["--style", "narrated"], &[]));
    assert!(lint(&["--style", "ascii"], &[]).chars().all(|c| c.is_ascii() || "→≥×−".contains(c)));
    // Links would be escapes of another kind.
    assert!(!lint(&["--color", "always"], &[]).contains("\u{1b}]8"));
}

#[test]
fn near_words_are_suggested() {
    let words = [
        (&["lint", "--select", "pdb-mising"][..], "pdb-missing"),
        (&["lint", "--profile", "stric"], "strict"),
        (&["lint", "--format", "jsn"], "json"),
        (&["explain", "pdb-mising"], "pdb-missing"),
        (&["lnt"], "lint"),
        (&["completions", "bsh"], "bash"),
    ];
    for (args, meant) in words {
        let (code, _, err) = steadfast(&testdata().join("phase1/before"), args, &[]);
        assert!(code == 2 && err.contains(meant), "{args:?}: {err}");
    }
}

#[test]
fn shells_and_man_take_what_is_printed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, out, _) = steadfast(&testdata(), &["completions", shell], &[]);
        assert!(code == 0 && out.contains("write-baseline") && out.contains("steadfast"), "{shell}");
    }
    let (code, out, _) = steadfast(&testdata(), &["man"], &[]);
    assert_eq!(code, 0);
    for part in [".TH steadfast 1", ".SH \"STEADFAST LINT\"", "unsafe\\-fixes", "Exit codes"] {
        assert!(out.contains(part), "{part}");
    }
    // Whoever reads may go away.
    let (_, script, _) = steadfast(&testdata(), &["completions", "bash"], &[]);
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("steadfast.bash"), script).unwrap();
    let checked =
        std::process::Command::new("bash").arg("-n").arg(dir.path().join("steadfast.bash")).output();
    assert!(checked.is_ok_and(|output| output.status.success()));
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn repository(git: bool) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    if git {
        git2::Repository::init(dir.path()).unwrap();
    }
    let web = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\nspec:\n  replicas: 2\n  template:\n    metadata: { labels: { app: web } }\n    spec: { containers: [{ name: web, image: \"web:1.0.0\" }] }\n";
    std::fs::write(dir.path().join("web.yaml"), web).unwrap();
    dir
}

#[test]
fn init_writes_a_config_a_hook_and_a_baseline() {
    let dir = repository(true);
    let (code, out, err) = steadfast(dir.path(), &["init"], &[]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("the baseline lists 1 finding of today"), "{out}");
    let mut failures = Vec::new();
    let files = [".steadfast.yaml", ".steadfast-baseline.yaml", ".pre-commit-config.yaml"];
    for file in files {
        let expected = testdata().join(format!("terminal/init{file}"));
        let text = text(&dir.path().join(file)).replace(env!("CARGO_PKG_VERSION"), "VERSION");
        failures.extend(expect(&expected, &text).err());
    }
    report(&failures);
    let (code, out, _) = steadfast(dir.path(), &["lint", "--fail-on", "note"], &[]);
    assert!(code == 0 && out.contains("1 finding suppressed"), "{out}");
    // A second time nothing changes.
    let before: Vec<String> = files.iter().map(|file| text(&dir.path().join(file))).collect();
    let (code, out, _) = steadfast(dir.path(), &["init"], &[]);
    assert!(code == 0 && out.matches("alone").count() == 2, "{out}");
    assert_eq!(files.iter().map(|file| text(&dir.path().join(file))).collect::<Vec<_>>(), before);
}

#[test]
fn init_adds_to_the_hooks_that_are_there() {
    let dir = repository(true);
    std::fs::remove_file(dir.path().join("web.yaml")).unwrap();
    let hooks = "# ours\r\nrepos:\r\n- repo: local\r\n  hooks:\r\n  - {id: a, name: a, entry: a, language: system} # first\r\n\r\n# last\r\n";
    std::fs::write(dir.path().join(".pre-commit-config.yaml"), hooks).unwrap();
    let (code, out, _) = steadfast(dir.path(), &["init"], &[]);
    assert!(code == 0 && out.contains("finds nothing here today"), "{out}");
    let after = text(&dir.path().join(".pre-commit-config.yaml"));
    let (head, tail) = hooks.split_at(hooks.find("\r\n\r\n").unwrap());
    assert!(after.starts_with(head) && after.ends_with(tail), "{after}");
    assert!(
        after.contains("# first\r\n- repo: ") && after.contains("  hooks:\r\n    - id: steadfast\r\n"),
        "{after}"
    );
    assert!(!dir.path().join(".steadfast-baseline.yaml").exists());
    assert!(text(&dir.path().join(".steadfast.yaml")).contains("\n# baseline: .steadfast-baseline.yaml\n"));
}

#[test]
fn init_without_a_git_repository_makes_the_folder_the_root() {
    let dir = repository(false);
    let (code, out, _) = steadfast(dir.path(), &["init"], &[]);
    assert!(code == 0 && out.contains("this is no Git repository"), "{out}");
    assert!(text(&dir.path().join(".steadfast.yaml")).contains("\nroot: true\n"));
}

/// What pre-commit reads as no hooks at all gets the first; what it refuses is left alone.
#[test]
fn init_takes_every_form_of_an_empty_list() {
    for hooks in [
        "",
        "# nothing yet",
        "repos:\n",
        "repos: null\nfail_fast: true\n",
        "repos: []\n",
        "{\"repos\": []}\n",
        "repos: [ ]\n",
    ] {
        let dir = repository(true);
        let path = dir.path().join(".pre-commit-config.yaml");
        std::fs::write(&path, hooks).unwrap();
        let (code, out, _) = steadfast(dir.path(), &["init"], &[]);
        let read: serde_yaml::Value = serde_yaml::from_str(&text(&path)).unwrap();
        assert_eq!(
            read["repos"][0]["hooks"][0]["id"].as_str(),
            Some("steadfast"),
            "{code} {hooks:?}: {out}{}",
            text(&path)
        );
        assert!(out.contains("pre-commit install"), "{out}");
    }
    for (hooks, why) in
        [("repos: all\n", "no list"), ("repos: [\n", "does not parse"), ("- a\n", "no list of `repos`")]
    {
        let dir = repository(true);
        let path = dir.path().join(".pre-commit-config.yaml");
        std::fs::write(&path, hooks).unwrap();
        let (code, out, _) = steadfast(dir.path(), &["init"], &[]);
        assert!(
            code == 0 && out.contains(why) && text(&path) == hooks && !out.contains("pre-commit install"),
            "{out}"
        );
    }
}
