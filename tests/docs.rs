//! What the documentation shows is true.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::{expect, report, testdata};
use std::path::Path;
use steadfast::rule::{On, Rule};
use steadfast::rules;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `docs/rules.md`, from the docs of the rules.
fn rules_page() -> String {
    let mut out = String::from(
        "# Rules\n\nWritten from the docs of the rules by `UPDATE_EXPECT=1 cargo test --test docs`; `steadfast explain RULE`\nprints the same.\n",
    );
    let mut group = "";
    for rule in rules::all() {
        if rule.meta.group.word() != group {
            group = rule.meta.group.word();
            out.push_str(&format!("\n# {}{}\n", group[..1].to_uppercase(), &group[1..]));
        }
        out.push_str(&rule_section(rule));
    }
    out
}

fn rule_section(rule: &Rule) -> String {
    let meta = &rule.meta;
    let on = match meta.on {
        On::Everywhere => "on every workload",
        On::Critical => "on critical workloads, in `strict` on every one",
        On::Strict => "in `strict`",
        On::Phase2 => "in profile `phase2`",
        On::All => "in `all`",
    };
    let softer =
        if meta.softer_elsewhere { ", one level lower on workloads that are not critical" } else { "" };
    let docs = meta.docs();
    let fix = meta.fix.map_or(String::new(), |fix| format!(" Fix: {}.", fix.word()));
    let mut out =
        format!("\n## {}\n\n**{}**{softer}, {on}. {}{fix}\n", meta.id, meta.severity, docs.intro.trim());
    for option in meta.options {
        out.push_str(&format!("\n- `{}` (default {}): {}\n", option.name, option.default, option.doc));
    }
    for (title, text) in &docs.sections {
        out.push_str(&format!("\n### {title}\n\n{}\n", text.trim()));
    }
    out
}

#[test]
fn the_page_of_rules_is_what_the_rules_say() {
    report(&expect(&root().join("docs/rules.md"), &rules_page()).err().into_iter().collect::<Vec<_>>());
}

/// The block of output in the README is part of the expected output of the command above it.
#[test]
fn the_readme_shows_real_output() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let block = readme.split("```").nth(1).unwrap();
    let (command, output) = block.trim_start().split_once("\n\n").unwrap();
    assert_eq!(command, "$ cargo run -- lint testdata/phase1/before/stacks/");
    let expected = std::fs::read_to_string(testdata().join("phase1/before.txt")).unwrap();
    assert!(expected.contains(output), "not in before.txt:\n{output}");
}

#[test]
fn links_of_the_documents_lead_somewhere() {
    let mut failures = Vec::new();
    for document in ["README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md"] {
        let text = std::fs::read_to_string(root().join(document)).unwrap();
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', '#']).next().unwrap_or_default();
            if !target.starts_with("http") && !root().join(document).parent().unwrap().join(target).exists() {
                failures.push(format!("{document}: {target}"));
            }
        }
    }
    report(&failures);
}

/// The blocks of code in the README, with their languages.
fn blocks() -> Vec<(String, String)> {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let parts: Vec<&str> = readme.split("```").collect();
    let fenced = parts.iter().skip(1).step_by(2);
    fenced.map(|part| part.split_once('\n').unwrap()).map(|(l, t)| (l.to_owned(), t.to_owned())).collect()
}

/// Every command that the README shows does what it is shown for, in a repository of the kind that it speaks of.
#[test]
fn the_commands_of_the_readme_work() {
    let dir = tempfile::tempdir().unwrap();
    let before = testdata().join("phase1/before");
    let copied =
        std::process::Command::new("cp").arg("-r").arg(before.join("stacks")).arg(dir.path()).status();
    assert!(copied.unwrap().success());
    let git = git2::Repository::init(dir.path()).unwrap();
    let mut index = git.index().unwrap();
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
    index.write().unwrap();
    let tree = git.find_tree(index.write_tree().unwrap()).unwrap();
    let who = git2::Signature::now("somebody", "somebody@example.org").unwrap();
    git.commit(Some("HEAD"), &who, &who, "all", &tree, &[]).unwrap();
    let blocks = blocks();
    let lines =
        blocks.iter().flat_map(|(_, text)| text.lines()).filter(|line| line.starts_with("steadfast "));
    // What a command is for stands behind two spaces.
    let commands: Vec<&str> = lines.map(|line| line.split("  ").next().unwrap()).collect();
    assert!(commands.len() > 8, "{commands:?}");
    for command in commands {
        let args: Vec<&str> = command.split(' ').skip(1).collect();
        let output = assert_cmd::Command::cargo_bin("steadfast")
            .unwrap()
            .current_dir(dir.path())
            .args(&args)
            .output()
            .unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1)) && err.is_empty(), "{command}: {err}");
        assert!(!output.stdout.is_empty(), "{command}");
    }
    assert!(dir.path().join("gl-code-quality-report.json").exists());
}

/// The config that the README shows has no mistakes.
#[test]
fn the_config_of_the_readme_is_right() {
    let (_, config) = blocks().into_iter().find(|(_, text)| text.starts_with("root: true")).unwrap();
    let metas: Vec<_> = rules::all().map(|rule| &rule.meta).collect();
    let sources = steadfast::base::Sources::default();
    let read = steadfast::config::read_config(&sources.add(".steadfast.yaml", config), &metas);
    assert_eq!(read.mistakes, []);
    assert_eq!(read.secrets.len(), 1);
}

/// What the README tells people to use is this version.
#[test]
fn the_readme_names_this_version() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (address, version) = (env!("CARGO_PKG_REPOSITORY"), env!("CARGO_PKG_VERSION"));
    let action = address.strip_prefix("https://github.com/").unwrap();
    for part in [format!("repo: {address}\n    rev: v{version}\n"), format!("uses: {action}@v{version}\n")] {
        assert!(readme.contains(&part), "{part}");
    }
}
