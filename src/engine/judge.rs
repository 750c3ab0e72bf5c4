//! Rules over the model.

use crate::base::Sources;
use crate::finding::{Finding, Unjudged};
use crate::model::Model;
use crate::rule::{Context, Rule, Settings, Sink};
use crate::rules::tool;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the rules found.
#[derive(Default)]
pub(super) struct Ran {
    pub(super) findings: Vec<Finding>,
    pub(super) unjudged: Vec<Unjudged>,
    pub(super) internal: Vec<String>,
}

impl Ran {
    /// The tool's own mistakes as findings; there is nowhere to place them without a file.
    pub(super) fn mistakes(&self, sources: &Sources) -> Vec<Finding> {
        self.internal.iter().filter(|_| !sources.is_empty()).map(|what| tool::internal_error(what)).collect()
    }

    /// Adds what another found.
    pub(super) fn join(&mut self, mut other: Ran) {
        self.findings.append(&mut other.findings);
        self.unjudged.append(&mut other.unjudged);
        self.internal.append(&mut other.internal);
    }

    /// Runs one rule. A panic loses only what it found.
    pub(super) fn rule(
        &mut self,
        rule: &'static Rule,
        model: &Model,
        settings: &Settings,
        sources: &Sources,
    ) {
        let Some(check) = rule.check.filter(|_| settings.is_on(&rule.meta)) else { return };
        let context = Context { model, settings, meta: &rule.meta };
        let mut sink = Sink::new(&rule.meta, sources);
        if catch_unwind(AssertUnwindSafe(|| check(&context, &mut sink))).is_err() {
            self.internal.push(format!("rule `{}` panicked", rule.meta.id));
            return;
        }
        self.internal.extend(
            sink.misplaced.into_iter().map(|what| format!("a place lies outside of its file: {what}")),
        );
        let level = settings.levels.get(rule.meta.id).copied().flatten();
        self.findings.extend(sink.findings.into_iter().map(|mut finding| {
            finding.severity = level.unwrap_or(finding.severity);
            finding
        }));
        self.unjudged.append(&mut sink.unjudged);
    }
}
