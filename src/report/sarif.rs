//! SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), as GitHub's code scanning takes it.

use super::json_text::write_document;
use super::sarif_log::{
    ArtifactChange, ArtifactLocation, Configuration, Driver, Invocation, Location, Log, LogicalLocation,
    Message, Multiformat, Notification, PhysicalLocation, Properties, Region, Replacement,
    ReportingDescriptor, SarifFix, SarifResult, SarifRun, Suppression, Tool,
};
use super::{Run, fingerprint::fingerprint};
use crate::base::{Place, Sources};
use crate::finding::{Finding, Fix, Severity};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Results that GitHub takes of one run; with more it refuses the file.
const MOST: usize = 25_000;

/// What may not stand in a path of a URI.
const IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b':');

/// Writes the findings, those that are suppressed among them, as one log with one run.
pub fn write_sarif(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    write_document(out, &log(run))
}

fn log(run: &Run<'_>) -> Log {
    let mut rules: Vec<&'static str> = run.findings.iter().map(|finding| finding.rule).collect();
    rules.extend(run.suppressed.iter().map(|suppressed| suppressed.finding.rule));
    rules.sort_unstable();
    rules.dedup();
    let mut results: Vec<SarifResult> =
        run.findings.iter().map(|finding| result(run, finding, &rules, None)).collect();
    results.extend(run.suppressed.iter().map(|suppressed| {
        let kind = if suppressed.in_source { "inSource" } else { "external" };
        let justification = Some(suppressed.reason.clone()).filter(|reason| !reason.is_empty());
        result(run, &suppressed.finding, &rules, Some(Suppression { kind, justification }))
    }));
    let cut = results.len().saturating_sub(MOST);
    if cut > 0 {
        // The worst are kept.
        results.sort_by_key(|result| {
            ["error", "warning", "note"].iter().position(|level| *level == result.level)
        });
        results.truncate(MOST);
    }
    let driver = Driver {
        name: env!("CARGO_PKG_NAME"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        rules: rules.iter().map(|rule| descriptor(run, rule)).collect(),
    };
    let invocation = Invocation {
        execution_successful: run.internal.is_empty(),
        tool_execution_notifications: notifications(run, cut),
    };
    Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: vec![SarifRun {
            tool: Tool { driver },
            invocations: vec![invocation],
            column_kind: "unicodeCodePoints",
            results,
        }],
    }
}

fn notifications(run: &Run<'_>, cut: usize) -> Vec<Notification> {
    let note = |level: &'static str, text: String| Notification { level, message: Message { text } };
    let mut out: Vec<Notification> =
        run.internal.iter().map(|what| note("error", format!("internal error: {what}"))).collect();
    if cut > 0 {
        out.push(note("warning", format!("{cut} results were left out: {MOST} are taken of one run")));
    }
    let skipped = run.skipped.iter();
    out.extend(skipped.map(|s| note("note", format!("skipped {}: {} ({})", s.path, s.message, s.reason))));
    out
}

fn descriptor(run: &Run<'_>, rule: &str) -> ReportingDescriptor {
    let about = (run.about)(rule);
    let section = |title: &str| about.sections.iter().find(|(t, _)| t == title).map(|(_, text)| text.trim());
    let markdown: String =
        about.sections.iter().map(|(title, text)| format!("## {title}\n\n{}\n\n", text.trim())).collect();
    let text = ["Why it matters", "How to fix"].iter().filter_map(|title| section(title));
    ReportingDescriptor {
        id: rule.to_owned(),
        short_description: Message { text: about.summary.to_owned() },
        full_description: Message { text: section("What it does").unwrap_or(about.summary).to_owned() },
        help: Multiformat { text: text.collect::<Vec<_>>().join("\n\n"), markdown },
        help_uri: about.url,
        default_configuration: Configuration { level: level(about.severity) },
        properties: Properties { tags: vec![about.group, "reliability"] },
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn result(run: &Run<'_>, finding: &Finding, rules: &[&str], suppression: Option<Suppression>) -> SarifResult {
    let path = run.sources.get(finding.primary.place.file);
    let related = finding.related.iter().enumerate().map(|(index, label)| Location {
        id: Some(index + 1),
        message: Some(Message { text: without_links(&label.text) }),
        ..location(run.sources, label.place)
    });
    let logical = LogicalLocation { fully_qualified_name: format!("{}/{}", finding.subject, finding.field) };
    let primary =
        Location { logical_locations: vec![logical], ..location(run.sources, finding.primary.place) };
    let mut text = finding.message.clone();
    for part in [&finding.primary.text, &finding.note].into_iter().filter(|part| !part.is_empty()) {
        text.push_str(&format!("\n{part}"));
    }
    text.push_str(&format!("\nhelp: {}", finding.help));
    SarifResult {
        rule_id: finding.rule.to_owned(),
        rule_index: rules.iter().position(|rule| *rule == finding.rule).unwrap_or_default(),
        level: level(finding.severity),
        baseline_state: run.compared.map(|_| "new"),
        message: Message { text: without_links(&text) },
        locations: vec![primary],
        related_locations: related.collect(),
        partial_fingerprints: BTreeMap::from([("steadfast/v1", fingerprint(finding, path.path()))]),
        suppressions: suppression.into_iter().collect(),
        fixes: finding.fix.iter().map(|fix| sarif_fix(run.sources, fix)).collect(),
    }
}

/// A text in which nothing is a link (§3.11.6).
fn without_links(text: &str) -> String {
    text.replace("](", "] (")
}

fn sarif_fix(sources: &Sources, fix: &Fix) -> SarifFix {
    let mut changes: Vec<ArtifactChange> = Vec::new();
    for edit in &fix.edits {
        let PhysicalLocation { artifact_location, region } = location(sources, edit.place).physical_location;
        let inserted_content = Message { text: edit.replacement.clone() };
        let replacement = Replacement { deleted_region: region, inserted_content };
        match changes.iter_mut().find(|change| change.artifact_location.uri == artifact_location.uri) {
            Some(change) => change.replacements.push(replacement),
            None => changes.push(ArtifactChange { artifact_location, replacements: vec![replacement] }),
        }
    }
    let text = format!("{} ({})", fix.title, fix.applicability.word());
    SarifFix { description: Message { text }, artifact_changes: changes }
}

fn location(sources: &Sources, place: Place) -> Location {
    let file = sources.get(place.file);
    let (start, end) = (file.position(place.span.start), file.position(place.span.end));
    Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: utf8_percent_encode(file.path(), IN_PATHS).to_string(),
            },
            region: Region {
                start_line: start.line,
                start_column: start.column,
                end_line: end.line,
                end_column: end.column,
            },
        },
        logical_locations: Vec::new(),
        message: None,
    }
}
