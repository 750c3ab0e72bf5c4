//! The config's schema says what its loader says.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::{expect, report, testdata};
use serde_json::{Map, Value, json};
use std::path::Path;
use steadfast::base::Sources;
use steadfast::config::{config_template, read_config};
use steadfast::rule::{Profile, RuleMeta};
use steadfast::rules;

/// `docs/steadfast.schema.json`, from the rules and their options.
fn schema() -> Value {
    let text = json!({ "type": "string" });
    let level = json!({ "enum": ["off", "note", "warning", "error", false] });
    let of_rule = |meta: &RuleMeta| {
        let mut options = Map::from_iter([("level".to_owned(), level.clone())]);
        options.extend(meta.options.iter().map(|option| {
            let number = json!({ "type": "integer", "minimum": 0, "default": option.default, "description": option.doc });
            (option.name.to_owned(), number)
        }));
        let object = json!({ "type": "object", "properties": options, "additionalProperties": false });
        (meta.id.to_owned(), json!({ "description": meta.summary, "anyOf": [level, object] }))
    };
    let rules: Map<String, Value> = rules::all().map(|rule| of_rule(&rule.meta)).collect();
    let selectors = ["image", "chart", "component", "workload", "namespace", "label"];
    let selectors = selectors.map(|key| json!({ "required": [key] }));
    let critical = json!({
        "type": "object",
        "properties": {
            "name": text, "image": text, "chart": text, "component": text, "workload": text, "namespace": text,
            "label": { "type": "string", "pattern": "=" },
            "minimum": { "type": "integer", "description": "The least number of replicas." },
        },
        "anyOf": selectors,
        "additionalProperties": false,
    });
    let entries = json!({ "type": "array", "items": critical });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": ".steadfast.yaml",
        "type": ["object", "null"],
        "properties": {
            "root": { "type": "boolean", "description": "Nothing above the folder of this file is read." },
            "profile": { "enum": Profile::NAMES.map(|(name, _)| name), "description": "Which rules run on what." },
            "baseline": { "type": "string", "description": "A file of findings that are known, from the root." },
            "critical": {
                "description": "Workloads that must stay up, besides those that are known, or in their place.",
                "anyOf": [entries, {
                    "type": "object",
                    "properties": { "replace": { "type": "boolean" }, "entries": entries },
                    "required": ["entries"],
                    "additionalProperties": false,
                }],
            },
            "rules": { "type": "object", "properties": rules, "additionalProperties": false },
            "ignore": ignore(),
            "secrets": secrets(),
            "cluster": cluster(),
            "postgres": postgres(),
        },
        "additionalProperties": false,
    })
}

fn cluster() -> Value {
    json!({
        "description": "What the manifests are meant for.",
        "type": "object",
        "properties": {
            "kubernetes": {
                "type": "string", "pattern": "^v?[0-9]+\\.[0-9]+(\\.[0-9]+)?$",
                "description": "The release of Kubernetes, such as \"1.34\".",
            },
            "nodes": { "type": "integer", "minimum": 1, "description": "Nodes that pods may be placed on." },
        },
        "additionalProperties": false,
    })
}

fn postgres() -> Value {
    json!({
        "description": "Postgres servers that stand in no file.",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "host": { "type": "string", "minLength": 1, "description": "The host, as poolers name it." },
                "max_connections": { "type": "integer", "minimum": 1 },
            },
            "required": ["host", "max_connections"],
            "additionalProperties": false,
        },
    })
}

fn ignore() -> Value {
    let text = json!({ "type": "string" });
    let ids: Vec<&str> = rules::all().map(|rule| rule.meta.id).collect();
    json!({
        "description": "Findings that are meant to be.",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "rule": { "enum": ids }, "path": text, "subject": text,
                "reason": { "type": "string", "pattern": "\\S" },
            },
            "required": ["rule", "reason"],
            "additionalProperties": false,
        },
    })
}

fn secrets() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "description": "What Secrets set that stand in no file.",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "name": { "type": "string", "minLength": 1 },
                "namespace": text,
                "values": { "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] } },
                "keys": { "type": "array", "items": text },
            },
            "required": ["name"],
            "additionalProperties": false,
        },
    })
}

#[test]
fn the_schema_is_the_one_that_ships() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/steadfast.schema.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    report(&expect(&path, &text).err().into_iter().collect::<Vec<_>>());
}

/// What the loader says of a config: its mistakes.
fn mistakes(text: &str) -> Vec<String> {
    let metas: Vec<&RuleMeta> = rules::all().map(|rule| &rule.meta).collect();
    let sources = Sources::default();
    let config = read_config(&sources.add(".steadfast.yaml", text), &metas);
    config.mistakes.into_iter().map(|(_, words)| words).collect()
}

/// Each document of the two files is a config. The schema refuses those in which the loader finds mistakes, and no
/// others.
#[test]
fn the_schema_and_the_loader_agree() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut failures = Vec::new();
    let mut count = 0;
    for (file, valid) in [("valid.txt", true), ("invalid.txt", false)] {
        let text = std::fs::read_to_string(testdata().join("config").join(file)).unwrap();
        for document in text.split("---\n") {
            count += 1;
            let loader = mistakes(document);
            let value: Value = serde_yaml::from_str(document).unwrap();
            if loader.is_empty() != valid || validator.is_valid(&value) != valid {
                let schema = validator.iter_errors(&value).map(|e| e.to_string()).collect::<Vec<_>>();
                failures.push(format!("{file}:\n{document}\nloader: {loader:?}\nschema: {schema:?}"));
            }
        }
    }
    assert!(count > 40);
    report(&failures);
}

/// Every line of the config that `init` writes is right, also what it only shows.
#[test]
fn the_template_is_a_config_with_and_without_its_comments() {
    for text in [config_template(false, false), config_template(true, true)] {
        assert_eq!(mistakes(&text), Vec::<String>::new());
    }
    let shown = config_template(true, true);
    // What is indented as YAML is, not as the list of profiles.
    let is_yaml =
        |rest: &str| rest.starts_with("  ") && !rest.starts_with("   p") && rest.contains([':', '-']);
    let uncommented = |line: &str| match line.strip_prefix("# ") {
        Some(rest) if rest.ends_with(':') && !rest.contains(' ') => rest.to_owned(),
        Some(rest) if is_yaml(rest) && rest.contains(": ") || rest.ends_with("hasty:") => rest.to_owned(),
        _ => line.to_owned(),
    };
    let all: String = shown.lines().map(|line| format!("{}\n", uncommented(line))).collect();
    for key in ["critical:", "rules:", "ignore:", "secrets:"] {
        assert!(all.contains(&format!("\n{key}\n  ")), "{all}");
    }
    assert_eq!(mistakes(&all), Vec::<String>::new(), "{all}");
}
