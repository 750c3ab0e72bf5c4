//! JUnit XML: a suite a file, a case a finding. What fails a run by default fails its case; a note does not.

use super::Run;
use super::printable::is_unseen;
use crate::finding::{Finding, Severity};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::io::{self, Write};

/// Writes the findings as one document. Without findings there is one case that passed, since readers take an
/// empty report for a broken one.
pub fn write_junit(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    let mut report = Report::new("steadfast");
    let mut suite: Option<TestSuite> = None;
    for finding in run.findings {
        let file = run.sources.get(finding.primary.place.file);
        if suite.as_ref().is_none_or(|suite| suite.name.as_str() != plain(file.path())) {
            suite.take().map(|done| report.add_test_suite(done));
        }
        let own = suite.get_or_insert_with(|| TestSuite::new(plain(file.path())));
        own.add_test_case(case(run, finding));
    }
    suite.map(|done| report.add_test_suite(done));
    if run.findings.is_empty() {
        let mut clean = TestSuite::new("steadfast");
        clean.add_test_case(TestCase::new("no findings", TestCaseStatus::success()));
        report.add_test_suite(clean);
    }
    let text = report.to_string().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn case(run: &Run<'_>, finding: &Finding) -> TestCase {
    let file = run.sources.get(finding.primary.place.file);
    let at = file.position(finding.primary.place.span.start);
    let place = format!("{}:{}:{}", plain(file.path()), at.line, at.column);
    let [message, note, help] = [&finding.message, &finding.note, &finding.help].map(|text| plain(text));
    let words = format!("{place}\n{message}\nwhy: {note}\nhelp: {help}");
    let status = if finding.severity == Severity::Note {
        TestCaseStatus::success()
    } else {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status
            .set_type(finding.severity.word())
            .set_message(message.as_str())
            .set_description(words.as_str());
        status
    };
    let mut case = TestCase::new(format!("{} {place} {}", finding.rule, plain(&finding.subject)), status);
    case.set_classname(finding.rule);
    if finding.severity == Severity::Note {
        case.set_system_out(words);
    }
    case
}

/// A text with nothing in it that XML 1.0 forbids, or that acts on a log; on one line.
fn plain(text: &str) -> String {
    text.chars().map(|c| if is_unseen(c) || matches!(c, '\u{FFFE}' | '\u{FFFF}') { '?' } else { c }).collect()
}
