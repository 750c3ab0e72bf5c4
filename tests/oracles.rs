//! The evaluator against hcl-rs, the YAML tree against `yaml_serde`: on generated and on written inputs.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod common;

use common::{report, testdata};
use hcl::eval::Evaluate as _;
use proptest::prelude::*;
use serde_json::{Map, Number as JsonNumber, Value as Json};
use std::path::{Path, PathBuf};
use steadfast::base::{MemoryFiles, Node, Number, Sources, Text, Value};
use steadfast::syntax::hcl::parse_hcl;
use steadfast::syntax::yaml::parse_yaml;
use steadfast::syntax::{IssueKind, has_placeholder_lines, skip_reason};
use steadfast::terraform::evaluate_alone;

/// A tree as JSON; nothing where a part of it is not known.
fn json(node: &Node) -> Option<Json> {
    Some(match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(Number::Int(int)) => Json::Number((*int).into()),
        Value::Number(Number::Float(float)) => float_json(*float),
        Value::Text(text) => Json::String(text.is_known().then(|| text.as_str().to_owned())?),
        Value::List(list) => Json::Array(list.items.iter().map(json).collect::<Option<_>>()?),
        Value::Map(map) => {
            let entry = |e: &steadfast::base::Entry| Some((e.key.name.to_string(), json(&e.value)?));
            Json::Object(map.entries.iter().map(entry).collect::<Option<Map<_, _>>>()?)
        }
        // What a tag of one's own means is not known.
        Value::Unknown(unknown) if unknown.reason.contains("the tag") => Json::Null,
        Value::Unknown(_) => return None,
    })
}

/// Whole floats are the same as integers to both languages.
fn float_json(float: f64) -> Json {
    if float.fract() == 0.0 && float.abs() < 1e15 {
        return Json::Number((float as i64).into());
    }
    JsonNumber::from_f64(float).map_or_else(|| Json::String(float.to_string()), Json::Number)
}

// --- YAML ---------------------------------------------------------------------------------------------

fn our_yaml(text: &str) -> Result<Vec<Json>, String> {
    let file = Sources::default().add("a.yaml", text.to_owned());
    let (documents, issues) = parse_yaml(&Text::of_file(&file));
    if let Some(issue) = issues.iter().find(|issue| issue.kind != IssueKind::DuplicateKey) {
        return Err(issue.message.clone());
    }
    Ok(documents.iter().map(|d| json(&d.root).unwrap_or(Json::Null)).collect())
}

fn their_yaml(text: &str) -> Result<Vec<Json>, String> {
    use serde::Deserialize as _;
    let mut out = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let mut value = serde_yaml::Value::deserialize(document).map_err(|e| e.to_string())?;
        value.apply_merge().map_err(|e| e.to_string())?;
        out.push(yaml_json(&value));
    }
    Ok(out)
}

fn yaml_json(value: &serde_yaml::Value) -> Json {
    use serde_yaml::Value as Y;
    match value {
        // What a tag of one's own means is not known.
        Y::Null | Y::Tagged(_) => Json::Null,
        Y::Bool(value) => Json::Bool(*value),
        Y::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(int), _) => Json::Number(int.into()),
            (None, float) => float_json(float.unwrap_or_default()),
        },
        Y::String(text) => Json::String(text.clone()),
        Y::Sequence(items) => Json::Array(items.iter().map(yaml_json).collect()),
        Y::Mapping(map) => {
            let key = |key: &serde_yaml::Value| match yaml_json(key) {
                Json::String(text) => text,
                Json::Null => "null".to_owned(),
                other => other.to_string(),
            };
            Json::Object(map.iter().map(|(k, v)| (key(k), yaml_json(v))).collect())
        }
    }
}

fn files_of(dir: &Path, extensions: &[&str], out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files_of(&path, extensions, out);
        } else if path.extension().is_some_and(|e| extensions.contains(&&*e.to_string_lossy())) {
            out.push(path);
        }
    }
}

/// Documents of a stream that hold nothing are left out: parsers differ on whether they exist.
fn filled(documents: Vec<Json>) -> Vec<Json> {
    documents.into_iter().filter(|document| !document.is_null()).collect()
}

#[test]
fn written_yaml_is_read_as_yaml_serde_reads_it() {
    let mut paths = Vec::new();
    files_of(&testdata(), &["yaml", "yml"], &mut paths);
    assert!(paths.len() > 200, "the test data is there");
    let mut failures = Vec::new();
    for path in paths {
        // What is no text is skipped with a reason, as testdata/forms/odd-files shows.
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        // The config is read as Kubernetes reads YAML, `off` as false: see the test below.
        // Whoever opens a file takes its byte order mark off.
        if path.ends_with(".steadfast.yaml") {
            continue;
        }
        let text = text.trim_start_matches('\u{FEFF}');
        if skip_reason(&path.to_string_lossy(), text).is_some() || has_placeholder_lines(text) {
            continue;
        }
        match (our_yaml(text), their_yaml(text)) {
            (Ok(ours), Ok(theirs)) if filled(ours.clone()) == filled(theirs.clone()) => {}
            // yaml_serde refuses duplicate keys, which are findings here, and knows no aliases to come.
            (Ok(_), Err(error)) if error.contains("duplicate") => {}
            (Err(_), Err(_)) => {}
            (ours, theirs) => {
                failures.push(format!("{}\n ours {ours:?}\n theirs {theirs:?}", path.display()));
            }
        }
    }
    report(&failures);
}

/// Kubernetes and Helm read YAML 1.1, in which these plain scalars are no strings; `yaml_serde` reads 1.2.
#[test]
fn words_and_numbers_of_yaml_1_1_are_read_as_kubernetes_reads_them() {
    let text = "[yes, No, on, OFF, 1_000, 007, 0b11, \"yes\", 'off', y, 1:30]";
    let expected = serde_json::json!([true, false, true, false, 1000, 7, 3, "yes", "off", "y", "1:30"]);
    assert_eq!(our_yaml(text), Ok(vec![expected]));
}

/// Whether a text that `yaml_serde` writes plain is a boolean or a number to go-yaml 2: `on`, `1_0`, `0_`, `0b1`, `017`.
fn is_other(text: &str) -> bool {
    let word = text.to_ascii_lowercase();
    let digits = text.trim_start_matches(['+', '-', '.']);
    let number = digits.starts_with(|c: char| c.is_ascii_digit())
        && (text.contains('_') || digits.starts_with('0') && digits.len() > 1);
    ["y", "n", "yes", "no", "on", "off"].contains(&word.as_str()) || number
}

fn arbitrary_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i32>().prop_map(|n| Json::Number(n.into())),
        (-1000_i32..1000).prop_map(|n| float_json(f64::from(n) / 8.0)),
        "[ -~äß€\\n\\t]{0,16}"
            .prop_filter("another value in YAML 1.1", |text| !is_other(text))
            .prop_map(Json::String),
        "(true|null|~|1e3|0x1f|- a|a: b|# c|\\*x|&x|!t|%p|@a|`b|'|\"|\\{|\\[|<<)".prop_map(Json::String),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let key = "[a-zA-Z_ä./-]{1,8}".prop_filter("another value in YAML 1.1", |text| !is_other(text));
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            proptest::collection::vec((key, inner), 0..5)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_yaml_is_read_as_it_was_meant(value in arbitrary_json()) {
        let text = serde_yaml::to_string(&value).unwrap();
        let ours = our_yaml(&text);
        prop_assert_eq!(ours.as_ref().map(|d| d.first().cloned().unwrap_or(Json::Null)), Ok(value), "{}", text);
    }

    #[test]
    fn any_text_is_parsed_as_yaml_without_a_panic(text in "[a-c:\\-\\[\\]{}#&*!|>'\"%@,?\\n\\r \\t\u{FFFC}é]{0,60}") {
        let _ = our_yaml(&text);
    }

    #[test]
    fn any_text_is_parsed_as_hcl_without_a_panic(text in "[a-c=\\-\\[\\]{}#/*\"$%<>~(),?:.\\n\\r \\té0-9]{0,60}") {
        let file = Sources::default().add("a.tf", text);
        let _ = parse_hcl(&Text::of_file(&file));
    }
}

// --- HCL ----------------------------------------------------------------------------------------------

fn our_value(expression: &str) -> Option<Json> {
    let file = Sources::default().add("a.tf", format!("value = {expression}\n"));
    let (body, issues) = parse_hcl(&Text::of_file(&file));
    if !issues.is_empty() {
        return None;
    }
    let files = MemoryFiles::default();
    let (values, _) = evaluate_alone(&files, &body);
    json(&values.first()?.1)
}

fn their_value(expression: &str) -> Option<Json> {
    let body: hcl::Body = hcl::parse(&format!("value = {expression}\n")).ok()?;
    let expression = body.attributes().next()?.expr();
    let value = expression.evaluate(&hcl::eval::Context::new()).ok()?;
    Some(hcl_json(&value))
}

fn hcl_json(value: &hcl::Value) -> Json {
    match value {
        hcl::Value::Null => Json::Null,
        hcl::Value::Bool(value) => Json::Bool(*value),
        hcl::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(int), _) => Json::Number(int.into()),
            (None, float) => float_json(float.unwrap_or_default()),
        },
        hcl::Value::String(text) => Json::String(text.clone()),
        hcl::Value::Array(items) => Json::Array(items.iter().map(hcl_json).collect()),
        hcl::Value::Object(map) => Json::Object(map.iter().map(|(k, v)| (k.clone(), hcl_json(v))).collect()),
    }
}

/// Expressions of every form that both evaluate the same way.
const EXPRESSIONS: [&str; 34] = [
    "1 + 2 * 3 - 4 / 2 % 3",
    "(1 + 2) * 3",
    "-(5) + 7",
    "!true || false && true",
    "1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3",
    "1 == 1.0",
    "\"a\" != \"b\"",
    "[1, 2] == [1, 2]",
    "{ a = 1 } == { a = 1 }",
    "true ? \"yes\" : \"no\"",
    "\"a${1 + 1}b${true}c\"",
    "\"$${not} %%{this}\"",
    "\"\\u00e9\\t\\\"\\\\ \\n\"",
    "\"%{ if 1 > 2 }a%{ else }b%{ endif }\"",
    "\"%{ for x in [1, 2, 3] }<${x}>%{ endfor }\"",
    "\"%{ for k, v in { a = 1, b = 2 } }${k}=${v};%{ endfor }\"",
    "[for x in [1, 2, 3] : x * 2 if x != 2]",
    "[for i, x in [\"a\", \"b\"] : \"${i}${x}\"]",
    "{ for k, v in { a = 1, b = 2 } : k => v + 1 }",
    "{ for x in [\"a\", \"b\", \"a\"] : x => x... }",
    "{ a = { b = [1, { c = \"d\" }] } }.a.b[1].c",
    "[{ a = 1 }, { a = 2 }][*].a",
    "[[1, 2], [3]][0][1]",
    "{ \"key with space\" = 1, (\"computed\") = 2, bare = 3 }",
    "<<EOT\nfirst\n  second ${1 + 1}\nEOT",
    "<<-EOT\n    first\n      second\n    third\n  EOT",
    "<<-EOT\n\n    after a blank line\n  EOT",
    "\"größe €😀\"",
    "1e3 + 0.5",
    "null",
    "[]",
    "{}",
    "\"\"",
    "(true ? [1] : [2])[0]",
];

#[test]
fn written_expressions_have_the_value_that_hcl_rs_gives() {
    let differs = |text: &&str| {
        let (ours, theirs) = (our_value(text), their_value(text));
        (ours.is_none() || ours != theirs).then(|| format!("{text}\n ours {ours:?}\n theirs {theirs:?}"))
    };
    report(&EXPRESSIONS.iter().filter_map(differs).collect::<Vec<_>>());
}

fn arbitrary_expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (0_i32..100).prop_map(|n| n.to_string()),
        (1_i32..400).prop_map(|n| format!("{}", f64::from(n) / 4.0)),
        Just("true".to_owned()),
        Just("false".to_owned()),
        Just("null".to_owned()),
        "[a-z ä]{0,6}".prop_map(|text| format!("\"{text}\"")),
    ];
    leaf.prop_recursive(4, 30, 4, |inner| {
        let operator = prop_oneof!["\\+", "-", "\\*", "==", "!=", "<", "<=", ">", ">=", "&&", "\\|\\|"];
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(c, a, b)| format!("({c} ? {a} : {b})")),
            proptest::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(", "))),
            proptest::collection::vec(("[a-d]", inner.clone()), 0..3).prop_map(|entries| {
                let mut seen = std::collections::BTreeMap::new();
                seen.extend(entries);
                let entries: Vec<String> = seen.iter().map(|(k, v)| format!("{k} = {v}")).collect();
                format!("{{ {} }}", entries.join(", "))
            }),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("\"x${{{a}}}y${{{b}}}\"")),
            (inner.clone(), 0..4).prop_map(|(list, index)| format!("{list}[{index}]")),
            (inner.clone(), "[a-d]").prop_map(|(map, key)| format!("({map}).{key}")),
            inner.clone().prop_map(|list| format!("[for x in {list} : x if x != 1]")),
            inner.prop_map(|x| format!("(-({x}))")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    /// Where both know a value it is the same. Terraform converts between types where hcl-rs refuses, so
    /// what only one of the two evaluates says nothing.
    #[test]
    fn generated_expressions_have_the_value_that_hcl_rs_gives(text in arbitrary_expression()) {
        if let (Some(ours), Some(theirs)) = (our_value(&text), their_value(&text)) {
            prop_assert_eq!(ours, theirs, "{}", text);
        }
    }
}
