//! Item by item into a body.

use super::super::issue::Issue;
use super::convert::Converter;
use super::outline::{Item, next_header, outline};
use super::repair::repair;
use super::tree::{Body, Part};
use crate::base::Text;
use std::ops::Range;

/// Brackets deeper than this are not parsed. hcl-edit itself stops at 64 levels of expressions.
const MAX_DEPTH: usize = 200;

/// Lines inside one pair of braces beyond which an item is not parsed: hcl-edit is quadratic in them.
const MAX_WIDTH: usize = 20_000;

/// Parses a file's text. Broken items are issues; the others are in the body.
pub fn parse_hcl(text: &Text) -> (Body, Vec<Issue>) {
    let mut parsed = Parsed::default();
    for item in outline(text.as_str()) {
        parsed.item(text, item);
    }
    (parsed.body, parsed.issues)
}

/// Parses a template (the content of a file for `templatefile`).
pub fn parse_template(text: &Text) -> Result<Vec<Part>, Issue> {
    match hcl_edit::parser::parse_template(text.as_str()) {
        Ok(template) => Ok(Converter::new(text, 0).template(&template)),
        Err(error) => Err(issue(text, &(0..text.as_str().len()), &error)),
    }
}

#[derive(Default)]
struct Parsed {
    body: Body,
    issues: Vec<Issue>,
}

impl Parsed {
    fn item(&mut self, text: &Text, item: Item) {
        if item.depth > MAX_DEPTH || item.widest > MAX_WIDTH {
            let line = text.as_str()[item.range.clone()].lines().next().unwrap_or("").len();
            let place = text.place(item.range.start..item.range.start + line);
            let message =
                format!("nested {} levels deep, with up to {} lines in one block", item.depth, item.widest);
            self.issues.push(Issue::too_deep(place, message));
            return;
        }
        let source = &text.as_str()[item.range.clone()];
        let error = match hcl_edit::parser::parse_body(source) {
            Ok(body) => return self.add(text, &body, item.range.start),
            Err(error) => error,
        };
        if self.repaired(text, source, &item.range) {
            return;
        }
        self.issues.push(issue(text, &item.range, &error));
        if let Some(header) = next_header(text.as_str(), &item.range) {
            let rest = text.slice(header..item.range.end);
            let (body, issues) = parse_hcl(&rest);
            self.body.attributes.extend(body.attributes);
            self.body.blocks.extend(body.blocks);
            self.issues.extend(issues);
        }
    }

    fn repaired(&mut self, text: &Text, source: &str, range: &Range<usize>) -> bool {
        let Some((masked, duplicates)) = repair(source) else { return false };
        let Ok(body) = hcl_edit::parser::parse_body(&masked) else { return false };
        self.add(text, &body, range.start);
        let place = |key: &Range<usize>| text.place(range.start + key.start..range.start + key.end);
        let issues =
            duplicates.iter().map(|d| Issue::duplicate_in_object(&d.name, place(&d.second), place(&d.first)));
        self.issues.extend(issues);
        true
    }

    fn add(&mut self, text: &Text, body: &hcl_edit::structure::Body, offset: usize) {
        let converter = Converter::new(text, offset);
        let body = converter.body(body);
        self.issues.extend(converter.into_issues());
        self.body.attributes.extend(body.attributes);
        self.body.blocks.extend(body.blocks);
    }
}

/// The `${…}` in a quoted label that a text begins with.
fn template_in_label(rest: &str) -> Option<Range<usize>> {
    let line = rest.lines().next()?;
    let start = line.starts_with('"').then(|| line.find("${"))??;
    let end = line[start..].find('}').map_or(line.len(), |end| start + end + 1);
    Some(start..end)
}

fn issue(text: &Text, range: &Range<usize>, error: &hcl_edit::parser::Error) -> Issue {
    let at = (range.start + error.location().offset()).min(range.end);
    let at = (0..=at).rev().find(|at| text.as_str().is_char_boundary(*at)).unwrap_or(0);
    let rest = &text.as_str()[at..range.end];
    let message = error.message().replace('\n', ": ");
    if message.contains("redefined attribute") {
        let name = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
        let what = format!("attribute `{}` is set twice in this block", &rest[..name]);
        return Issue::syntax(text.place(at..at + name), what);
    }
    if let Some(template) = template_in_label(rest).filter(|_| message.contains("expected `{`")) {
        let place = text.place(at + template.start..at + template.end);
        return Issue::syntax(place, "a label takes no template");
    }
    let width = rest.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    let place = text.place(at..at + width);
    if message.contains("nesting depth") || message.contains("operator") && message.contains("at most") {
        Issue::too_deep(place, message)
    } else {
        Issue::syntax(place, message)
    }
}
