//! What the tool says of its own work and of its input.

mod baseline_obsolete;
mod config_invalid;
mod internal_error;
mod key_duplicated;
mod module_missing;
mod path_outside_root;
mod reference_cycle;
mod suppression_unknown;
mod suppression_unreasoned;
mod suppression_unused;

use crate::base::Place;
use crate::finding::{Finding, Label, Severity};
use crate::rule::{Context, Rule, Sink};
use crate::suppress::{Mistake, MistakeKind};
use crate::terraform::ProblemKind;
use std::sync::Arc;

pub use baseline_obsolete::baseline_obsolete;
pub use config_invalid::config_invalid;
pub use internal_error::internal_error;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &key_duplicated::RULE,
    &module_missing::RULE,
    &reference_cycle::RULE,
    &path_outside_root::RULE,
    &config_invalid::RULE,
    &suppression_unused::RULE,
    &suppression_unknown::RULE,
    &suppression_unreasoned::RULE,
    &baseline_obsolete::RULE,
    &internal_error::RULE,
];

/// The finding for a mistake in a comment that silences others.
pub fn suppression_mistake(mistake: &Mistake) -> Finding {
    match mistake.kind {
        MistakeKind::Unknown | MistakeKind::Unreadable => suppression_unknown::finding(mistake),
        MistakeKind::Unreasoned => suppression_unreasoned::finding(mistake),
        MistakeKind::Unused => suppression_unused::finding(mistake),
    }
}

/// A finding that concerns no object.
fn bare(rule: &'static Rule, severity: Severity, place: Place, message: String, label: &str) -> Finding {
    Finding {
        rule: rule.meta.id,
        severity,
        message,
        note: String::new(),
        help: String::new(),
        subject: String::new(),
        field: String::new(),
        primary: Label { place, text: label.to_owned() },
        related: Vec::new(),
        header: None,
        stack: Arc::from(""),
        instances: 1,
        fix: None,
    }
}

/// Reports the problems of a kind that evaluation met.
fn problems(context: &Context<'_>, sink: &mut Sink<'_>, kind: ProblemKind, words: [&str; 3]) {
    let [label, note, help] = words;
    for (stack, problem) in context.model.problems.iter().filter(|(_, problem)| problem.kind == kind) {
        let report = sink.report(Severity::Error, problem.place, problem.message.as_str()).label(label);
        sink.push(report.subject("", "", problem.place, stack).note(note).help(help));
    }
}
