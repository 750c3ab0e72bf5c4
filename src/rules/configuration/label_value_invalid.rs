//! A label that the API refuses.
//!
//! # What it does
//! Holds the keys and values of labels of objects and pod templates against the grammar of Kubernetes: a value of at most 63
//! letters, digits, `-`, `_` and `.`, with a letter or digit at both ends; a key the same, with a DNS name and a slash before
//! it at most.
//!
//! # Why it matters
//! The API server rejects the object. A version such as `1.0+build` or a sentence in a label is enough.
//!
//! # How to fix
//! Put text into an annotation, which takes any.
//!
//! # Limits
//! Silent where a value is not known. A number or boolean without quotes is another mistake, of which the parser of the
//! manifest decides.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web, version: "1.0+build" } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web, version: 1.0-build } }
//!     spec: { containers: [{ name: web, image: "web:1.0.0" }] }
//! ```

use crate::base::{Entry, Node, Place};
use crate::finding::Severity;
use crate::lower::Object;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "label-value-invalid",
        summary: "a label that the API refuses",
        group: Group::Configuration,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("label_value_invalid.rs"),
    },
    check: Some(check),
};

const LONGEST: usize = 63;

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for object in context.model.objects.iter().filter(|object| !object.described) {
        labels(object, object.at(&["metadata", "labels"]), "metadata.labels", sink);
    }
    for workload in &context.model.workloads {
        // A Pod's own mapping is its template.
        if !workload.template_path.is_empty() {
            let field = workload.template_field("metadata.labels");
            labels(context.model.object(workload), workload.labels(), &field, sink);
        }
    }
}

fn labels(object: &Object, labels: Option<&Node>, field: &str, sink: &mut Sink<'_>) {
    for entry in labels.and_then(Node::as_map).map(|map| &map.entries[..]).unwrap_or_default() {
        let Some((place, what)) = wrong(entry) else { continue };
        let message = format!("label `{}` of {} {what}", entry.key.name, object.subject);
        let report = sink
            .report(Severity::Error, place, message)
            .label("the API takes no such label")
            .on_object(object, format!("{field}[{}]", entry.key.name))
            .note("the API server rejects the object")
            .help("shorten it to letters, digits, `-`, `_` and `.`, or put the text into an annotation");
        sink.push(report);
    }
}

fn wrong(entry: &Entry) -> Option<(Place, String)> {
    let filled_in = |text: &str| text.contains(['$', '{']);
    let name = &*entry.key.name;
    let last = name.rsplit('/').next().unwrap_or_default();
    let prefix = name.split_once('/').map(|(prefix, _)| prefix);
    let wrong = last.is_empty() || !is_plain(last) || prefix.is_some_and(|prefix| !is_subdomain(prefix));
    if !filled_in(name) && (wrong || name.matches('/').count() > 1) {
        return Some((entry.key.place, "has a key that no label has".to_owned()));
    }
    let value = entry.value.as_str().filter(|value| !filled_in(value) && !is_plain(value))?;
    let why = if value.chars().count() > LONGEST {
        format!("has {} characters: more than {LONGEST}", value.chars().count())
    } else {
        format!("has the value `{value}`")
    };
    Some((entry.value.place, why))
}

/// Whether a text may stand before the slash of a key: a DNS subdomain (RFC 1123).
fn is_subdomain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let part = |part: &str| {
        !part.is_empty() && part.chars().all(plain) && !part.starts_with('-') && !part.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(part)
}

/// Whether a text may be a label's value. The empty one may.
fn is_plain(text: &str) -> bool {
    let middle = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let ends = |c: Option<char>| c.is_none_or(|c| c.is_ascii_alphanumeric());
    text.len() <= LONGEST
        && text.chars().all(middle)
        && ends(text.chars().next())
        && ends(text.chars().last())
}
