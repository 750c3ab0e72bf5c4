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
    };
    let softer =
        if meta.softer_elsewhere { ", one level lower on workloads that are not critical" } else { "" };
    let docs = meta.docs();
    let mut out = format!("\n## {}\n\n**{}**{softer}, {on}. {}\n", meta.id, meta.severity, docs.intro.trim());
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
