//! Expressions of Terraform: value, place and way of each attribute of the files in testdata/evaluate.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::{expect, report, testdata};
use steadfast::base::{Files as _, Node, Place, Sources, Text, Value};
use steadfast::engine::RepositoryFiles;
use steadfast::syntax::hcl::parse_hcl;
use steadfast::terraform::evaluate_alone;

fn place(sources: &Sources, place: Place) -> String {
    let file = sources.get(place.file);
    let (start, end) = (file.position(place.span.start), file.position(place.span.end));
    let lines = if start.line == end.line { String::new() } else { format!("{}:", end.line) };
    format!("{}:{}:{}-{lines}{}", file.path(), start.line, start.column, end.column)
}

/// One line for each node: its path, its value, its place and the way it came.
fn dump(out: &mut String, sources: &Sources, path: &str, node: &Node) {
    let way: String = node.trail.places().map(|p| format!(" <- {}", place(sources, p))).collect();
    let at = format!("@ {}{way}", place(sources, node.place));
    let value = match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::Text(text) => format!("{:?}", text.as_str()),
        Value::Unknown(unknown) => format!("unknown: {}", unknown.reason),
        Value::List(list) => format!("list of {}{}", list.items.len(), open(list.open.as_deref())),
        Value::Map(map) => format!("map of {}{}", map.entries.len(), open(map.open.as_deref())),
    };
    out.push_str(&format!("{path} = {value}  {at}\n"));
    match &node.value {
        Value::List(list) => {
            for (index, item) in list.items.iter().enumerate() {
                dump(out, sources, &format!("{path}[{index}]"), item);
            }
        }
        Value::Map(map) => {
            for entry in &map.entries {
                dump(out, sources, &format!("{path}.{}", entry.key.name), &entry.value);
            }
        }
        _ => {}
    }
}

fn open(reason: Option<&str>) -> String {
    reason.map_or_else(String::new, |reason| format!(", open: {reason}"))
}

#[test]
fn attributes_have_the_value_and_the_place_that_is_expected() {
    let dir = testdata().join("evaluate");
    let mut failures = Vec::new();
    for name in ["functions", "heredocs", "yaml"] {
        let mut paths: Vec<String> =
            std::fs::read_dir(&dir).unwrap().map(|e| common::name(&e.unwrap().path())).collect();
        paths.sort();
        let files = RepositoryFiles::on_disk(&dir, &paths);
        let file = files.text(&format!("{name}.tf")).unwrap();
        let (body, issues) = parse_hcl(&Text::of_file(&file));
        assert!(issues.is_empty(), "{issues:?}");
        let (values, log) = evaluate_alone(&files, &body);
        let mut out = String::new();
        for (name, node) in &values {
            dump(&mut out, files.sources(), name, node);
        }
        for entry in &log.unresolved {
            out.push_str(&format!(
                "unresolved {}  @ {}\n",
                entry.reason,
                place(files.sources(), entry.place)
            ));
        }
        for problem in &log.problems {
            out.push_str(&format!(
                "problem {}  @ {}\n",
                problem.message,
                place(files.sources(), problem.place)
            ));
        }
        failures.extend(expect(&dir.join(format!("{name}.txt")), &out).err());
    }
    report(&failures);
}
