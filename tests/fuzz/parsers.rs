//! Each parser on one text.

use steadfast::base::{FileId, Node, Place, Sources, Text, Value};
use steadfast::syntax::go_template::template_reads;
use steadfast::syntax::hcl::{parse_hcl, parse_hcl_json, parse_template};
use steadfast::syntax::shell::parse_shell;
use steadfast::syntax::yaml::parse_yaml;
use steadfast::syntax::{Issue, fences, find_comments, parse_ini, parse_postgres_conf};

/// Parses a text as everything that it may be taken for.
pub fn parse_all(text: &str) -> Result<(), String> {
    let sources = Sources::default();
    let file = sources.add("a", text.to_owned());
    let whole = Text::of_file(&file);
    let (documents, issues) = parse_yaml(&whole);
    let inside = Inside { text, file: file.id() };
    inside.issues("yaml", &issues)?;
    for document in &documents {
        inside.node(&document.root)?;
        inside.place("yaml", document.place)?;
    }
    let (body, issues) = parse_hcl(&whole);
    inside.issues("hcl", &issues)?;
    for attribute in &body.attributes {
        inside.place("hcl name", attribute.name_place)?;
        inside.place("hcl value", attribute.value.place)?;
    }
    let (_, issues) = parse_hcl_json(&whole);
    inside.issues("hcl json", &issues)?;
    if let Err(issue) = parse_template(&whole) {
        inside.issues("template", &[issue])?;
    }
    let (_, issues) = parse_ini(&whole);
    inside.issues("ini", &issues)?;
    let _ = (parse_postgres_conf(&whole), parse_shell(text), template_reads(text));
    for fence in fences(&file) {
        inside.place("fence", fence.text.place(0..fence.text.as_str().len()))?;
    }
    for comment in find_comments(text) {
        for span in [comment.span, comment.body_span, comment.covers] {
            inside.place("comment", Place { file: file.id(), span })?;
        }
    }
    Ok(())
}

struct Inside<'a> {
    text: &'a str,
    file: FileId,
}

impl Inside<'_> {
    fn place(&self, what: &str, place: Place) -> Result<(), String> {
        let held = place.file == self.file && self.text.get(place.span.range()).is_some();
        if held { Ok(()) } else { Err(format!("{what}: {place:?} is no part of the text")) }
    }

    fn issues(&self, what: &str, issues: &[Issue]) -> Result<(), String> {
        issues.iter().try_for_each(|issue| self.place(what, issue.place))
    }

    fn node(&self, node: &Node) -> Result<(), String> {
        self.place("value", node.place)?;
        match &node.value {
            Value::Map(map) => map.entries.iter().try_for_each(|entry| {
                self.place("key", entry.key.place)?;
                self.node(&entry.value)
            }),
            Value::List(list) => list.items.iter().try_for_each(|item| self.node(item)),
            _ => Ok(()),
        }
    }
}
