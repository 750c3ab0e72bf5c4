//! JSON, version 1: stable, other tools depend on it.

use super::json_text::write_document;
use super::{Run, fingerprint::fingerprint};
use crate::base::{Place, Sources};
use crate::finding::{Compared, Edit, Finding, Fix, Label, Severity, Weakened};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Writes the run as one JSON document and a line break.
pub fn write_json(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    let mut document = json!({
        "version": 1,
        "tool": { "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
        "summary": {
            "errors": run.count(Severity::Error),
            "warnings": run.count(Severity::Warning),
            "notes": run.count(Severity::Note),
            "suppressed": run.counts.suppressed,
            "files": run.counts.files,
            "stacks": run.counts.stacks,
            "skipped": run.skipped.len(),
            "unresolved": run.unjudged.len(),
        },
        "findings": run.findings.iter().map(|finding| finding_json(run, finding, run.sources)).collect::<Vec<_>>(),
        "skipped": run.skipped.iter().map(|skipped| json!({
            "path": skipped.path, "reason": skipped.reason, "message": skipped.message,
        })).collect::<Vec<_>>(),
        "unresolved": run.unjudged.iter().map(|unjudged| json!({
            "rule": unjudged.rule,
            "location": location(run.sources, unjudged.place, ""),
            "reason": &*unjudged.reason,
        })).collect::<Vec<_>>(),
    });
    if let Some(compared) = run.compared {
        document["compared"] = compared_json(run, compared);
    }
    write_document(out, &document)
}

fn compared_json(run: &Run<'_>, compared: &Compared) -> Value {
    let weakened = |w: &Weakened| {
        json!({
            "rule": w.rule, "subject": w.subject, "field": w.field, "was": w.was, "is": w.is,
            "location": location(run.sources, w.place, ""),
        })
    };
    json!({
        "base": compared.base,
        "gone": compared.gone.iter().map(|f| finding_json(run, f, &compared.sources)).collect::<Vec<_>>(),
        "weakened": compared.weakened.iter().map(weakened).collect::<Vec<_>>(),
    })
}

fn finding_json(run: &Run<'_>, finding: &Finding, sources: &Sources) -> Value {
    let about = (run.about)(finding.rule);
    let path = sources.get(finding.primary.place.file);
    json!({
        "rule": finding.rule,
        "group": about.group,
        "severity": finding.severity.word(),
        "message": finding.message,
        "note": finding.note,
        "help": finding.help,
        "url": about.url,
        "subject": finding.subject,
        "field": finding.field,
        "location": labelled(sources, &finding.primary),
        "related": finding.related.iter().map(|label| labelled(sources, label)).collect::<Vec<_>>(),
        "fix": finding.fix.as_ref().map(|fix| fix_json(sources, fix)),
        "instances": finding.instances,
        "fingerprint": fingerprint(finding, path.path()),
    })
}

fn fix_json(sources: &Sources, fix: &Fix) -> Value {
    let edit = |edit: &Edit| {
        let at = location(sources, edit.place, "");
        json!({ "path": at["path"], "start": at["start"], "end": at["end"], "replacement": edit.replacement })
    };
    json!({
        "title": fix.title,
        "applicability": fix.applicability.word(),
        "edits": fix.edits.iter().map(edit).collect::<Vec<_>>(),
    })
}

fn labelled(sources: &Sources, label: &Label) -> Value {
    location(sources, label.place, &label.text)
}

fn location(sources: &Sources, place: Place, label: &str) -> Value {
    let file = sources.get(place.file);
    let point = |offset: u32| {
        let at = file.position(offset);
        json!({ "line": at.line, "column": at.column, "byte": offset })
    };
    json!({ "path": file.path(), "label": label, "start": point(place.span.start), "end": point(place.span.end) })
}
