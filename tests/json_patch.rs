//! JSON patches: our own cases, the crate json-patch as an oracle, and the public suite of json-patch-tests where it is
//! at hand.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::{report, testdata};
use json_patch::Patch;
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use steadfast::base::{Node, Number, Sources, Text, Value};
use steadfast::compose::{Base, Outcome, PatchSet, Patcher};
use steadfast::syntax::yaml::parse_yaml;

/// JSON as a placed tree: JSON is YAML.
fn node(json: &str) -> Node {
    let file = Sources::default().add("a.json", json.to_owned());
    let (documents, issues) = parse_yaml(&Text::of_file(&file));
    assert!(issues.is_empty(), "{json}: {issues:?}");
    documents.into_iter().next().map_or_else(|| node("null"), |document| document.root)
}

fn plain(node: &Node) -> Json {
    match &node.value {
        Value::Null | Value::Unknown(_) => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Number(Number::Int(int)) => json!(int),
        Value::Number(Number::Float(float)) if float.fract() == 0.0 && float.abs() < 1e15 => {
            json!(*float as i64)
        }
        Value::Number(Number::Float(float)) => json!(float),
        Value::Text(text) => json!(text.as_str()),
        Value::List(list) => Json::Array(list.items.iter().map(plain).collect()),
        Value::Map(map) => {
            let entries = map.entries.iter().map(|entry| (entry.key.name.to_string(), plain(&entry.value)));
            Json::Object(entries.collect::<Map<_, _>>())
        }
    }
}

fn set(document: &str, patch: &str) -> PatchSet {
    let base = Base { title: "the document".to_owned(), object: node(document) };
    let list = node(patch);
    PatchSet::new(Patcher::Outpost, base, &list, "", list.place)
}

/// What comes of a patch; none where any operation is not carried out.
fn patched(document: &str, patch: &str) -> Option<Json> {
    let set = set(document, patch);
    let done = set.stages.iter().all(|stage| stage.outcome == Outcome::Done);
    done.then(|| set.patched().ok()).flatten().map(|object| plain(&object))
}

#[test]
fn cases_come_out_as_they_say() {
    let text = std::fs::read_to_string(testdata().join("json-patch/cases.txt")).unwrap();
    let (mut failures, mut cases) = (Vec::new(), 0);
    for case in text.split("\n\n") {
        let lines: Vec<&str> = case.lines().filter(|line| !line.starts_with('#')).collect();
        let [document, patch, expected] = lines[..] else { continue };
        cases += 1;
        let found = match set(document, patch).patched() {
            Ok(object) => format!("= {}", plain(&object)),
            Err(reason) => format!("! {reason}"),
        };
        let same = match (expected.strip_prefix("= "), found.strip_prefix("= ")) {
            (Some(a), Some(b)) => {
                serde_json::from_str::<Json>(a).unwrap() == serde_json::from_str::<Json>(b).unwrap()
            }
            _ => expected == found,
        };
        if !same {
            failures.push(format!("{document}\n{patch}\n expected {expected}\n found    {found}"));
        }
    }
    assert!(cases > 20, "the cases are there");
    report(&failures);
}

/// What an operation brings stands where the operation says it, and what was there keeps its place.
#[test]
fn what_is_patched_keeps_its_places() {
    let (document, patch) = (
        r#"{"spec": {"containers": [{"name": "web"}]}}"#,
        r#"[{"op": "add", "path": "/spec/containers/0/image", "value": "web:1"},
            {"op": "copy", "from": "/spec/containers/0/image", "path": "/spec/init"}]"#,
    );
    let sources = Sources::default();
    let placed = |path: &str, text: &str| {
        let file = sources.add(path, text.to_owned());
        parse_yaml(&Text::of_file(&file)).0.remove(0).root
    };
    let base = Base { title: String::new(), object: placed("document", document) };
    let list = placed("patch", patch);
    let set = PatchSet::new(Patcher::Outpost, base, &list, "", list.place);
    let object = set.patched().unwrap();
    let at = |node: &Node| {
        let file = sources.get(node.place.file);
        (file.path().to_owned(), file.text()[node.place.span.range()].to_owned())
    };
    let container = &object.at(&["spec", "containers"]).unwrap().items()[0];
    assert_eq!(at(container.get("name").unwrap()), ("document".to_owned(), "\"web\"".to_owned()));
    assert_eq!(at(container.get("image").unwrap()), ("patch".to_owned(), "\"web:1\"".to_owned()));
    assert_eq!(at(object.at(&["spec", "init"]).unwrap()), ("patch".to_owned(), "\"web:1\"".to_owned()));
    let key = &container.as_map().unwrap().entry("image").unwrap().key;
    assert_eq!(&patch[key.place.span.range()], "image");
}

/// A case of the public suite.
fn judged(case: &Json) -> Result<(), String> {
    let (document, patch) = (case["doc"].to_string(), case["patch"].to_string());
    let ours = patched(&document, &patch);
    let right = match (case.get("error"), case.get("expected"), &ours) {
        (Some(_), _, ours) => ours.is_none(),
        (None, Some(expected), Some(ours)) => plain(&node(&expected.to_string())) == *ours,
        (None, Some(_), None) => false,
        (None, None, ours) => ours.is_some(),
    };
    if right { Ok(()) } else { Err(format!("{case}\n found {ours:?}")) }
}

#[test]
#[ignore = "the suite is fetched by .ci/run: STEADFAST_JSON_PATCH_TESTS names its folder"]
fn the_public_suite_holds() {
    let dir = std::env::var("STEADFAST_JSON_PATCH_TESTS").unwrap();
    let (mut failures, mut cases) = (Vec::new(), 0);
    for file in ["tests.json", "spec_tests.json"] {
        let text = std::fs::read_to_string(std::path::Path::new(&dir).join(file)).unwrap();
        let all: Vec<Json> = serde_json::from_str(&text).unwrap();
        for case in all.iter().filter(|case| case.get("patch").is_some() && case.get("disabled").is_none()) {
            cases += 1;
            failures.extend(judged(case).err().map(|failure| format!("{file}: {failure}")));
        }
    }
    assert!(cases > 90, "only {cases} cases");
    report(&failures);
}

fn documents() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|b| json!(b)),
        (-3_i64..10).prop_map(|i| json!(i)),
        "[a-c~/]{0,2}".prop_map(|s| json!(s))
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            prop::collection::btree_map("[a-c~/]{0,2}", inner, 0..4)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

/// Paths that often lead somewhere.
fn paths() -> impl Strategy<Value = String> {
    let step = prop_oneof![3 => "[a-c]", 2 => (0..3_usize).prop_map(|i| i.to_string()), 1 => Just("-".to_owned()), 1 => Just("a~1".to_owned()), 1 => Just("~0".to_owned())];
    prop::collection::vec(step, 0..4).prop_map(|steps| steps.iter().map(|step| format!("/{step}")).collect())
}

fn operations() -> impl Strategy<Value = Json> {
    let verb = prop::sample::select(vec!["add", "add", "remove", "replace", "move", "copy", "test"]);
    (verb, paths(), paths(), documents()).prop_map(|(op, path, from, value)| match op {
        "remove" => json!({ "op": op, "path": path }),
        "move" | "copy" => json!({ "op": op, "path": path, "from": from }),
        _ => json!({ "op": op, "path": path, "value": value }),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The crate and we agree on what comes of a patch, or that it fails.
    #[test]
    fn the_crate_json_patch_agrees(document in documents(), list in prop::collection::vec(operations(), 1..5)) {
        // The crate removes nothing at the root, and moves nothing there.
        let of_root = |operation: &Json| {
            let is = |field: &str| operation.get(field).is_some_and(|path| path == "");
            is("path") && operation["op"] == "remove" || is("from")
        };
        prop_assume!(!list.iter().any(of_root));
        let patch = Json::Array(list);
        let mut theirs = document.clone();
        let parsed: Patch = serde_json::from_value(patch.clone()).unwrap();
        // Without the undoing of `patch`, which panics in places.
        let theirs = json_patch::patch_unsafe(&mut theirs, &parsed).is_ok().then_some(theirs);
        let ours = patched(&document.to_string(), &patch.to_string());
        prop_assert_eq!(ours, theirs, "{} {}", document, patch);
    }
}
