//! Where findings go.

use super::meta::RuleMeta;
use crate::base::{Node, Place, Sources};
use crate::compose::{Outpost, PatchSet};
use crate::finding::{Applicability, Edit, Finding, Fix, Label, Severity, Unjudged};
use crate::lower::{Object, Release, typed_spelling};
use crate::model::{Budget, Workload};
use crate::syntax::edit::{Change, edits_of};
use std::sync::Arc;

/// Takes what a rule reports, and checks it.
pub struct Sink<'a> {
    meta: &'static RuleMeta,
    sources: &'a Sources,
    /// The findings so far.
    pub findings: Vec<Finding>,
    /// What could not be judged.
    pub unjudged: Vec<Unjudged>,
    /// Findings whose places do not lie in their files: mistakes of the rule.
    pub misplaced: Vec<String>,
}

/// A finding in the making.
#[derive(Debug)]
pub struct Report {
    finding: Finding,
    ignored: bool,
    fix: Option<Proposed>,
}

/// A fix as a rule states it, before it is known whether it can be carried out.
#[derive(Debug)]
struct Proposed {
    title: String,
    applicability: Applicability,
    changes: Vec<Change>,
}

impl<'a> Sink<'a> {
    /// A sink for a rule.
    pub fn new(meta: &'static RuleMeta, sources: &'a Sources) -> Sink<'a> {
        Sink { meta, sources, findings: Vec::new(), unjudged: Vec::new(), misplaced: Vec::new() }
    }

    /// Begins a finding.
    pub fn report(&self, severity: Severity, place: Place, message: impl Into<String>) -> Report {
        Report {
            finding: Finding {
                rule: self.meta.id,
                severity,
                message: message.into(),
                note: String::new(),
                help: String::new(),
                subject: String::new(),
                field: String::new(),
                primary: Label { place, text: String::new() },
                related: Vec::new(),
                header: None,
                stack: Arc::from(""),
                instances: 1,
                fix: None,
            },
            ignored: false,
            fix: None,
        }
    }

    /// Takes a finding.
    pub fn push(&mut self, report: Report) {
        let finding = report.finish(self.sources);
        let labels = std::iter::once(&finding.primary).chain(&finding.related);
        if labels.into_iter().all(|label| self.is_placed(label.place)) {
            self.findings.push(finding);
        } else {
            self.misplaced.push(format!("{}: {}", finding.rule, finding.message));
        }
    }

    /// Takes a finding, if there is one.
    pub fn extend(&mut self, report: Option<Report>) {
        if let Some(report) = report {
            self.push(report);
        }
    }

    fn is_placed(&self, place: Place) -> bool {
        if place.file.0 as usize >= self.sources.len() {
            return false;
        }
        self.sources.get(place.file).text().get(place.span.range()).is_some()
    }

    /// Notes that something could not be judged.
    pub fn unjudged(&mut self, place: Place, reason: impl Into<Arc<str>>) {
        let entry = Unjudged { rule: Some(self.meta.id), place, reason: reason.into() };
        if !self.unjudged.contains(&entry) {
            self.unjudged.push(entry);
        }
    }

    /// A node, unless it is unknown: then that is noted.
    pub fn known<'n>(&mut self, node: &'n Node) -> Option<&'n Node> {
        match node.open_reason() {
            Some(reason) => {
                self.unjudged(node.place, reason);
                None
            }
            None => Some(node),
        }
    }
}

impl Report {
    /// Says what is to be said of the primary place.
    pub fn label(mut self, text: impl Into<String>) -> Report {
        self.finding.primary.text = text.into();
        self
    }

    /// Says why it matters.
    pub fn note(mut self, text: impl Into<String>) -> Report {
        self.finding.note = text.into();
        self
    }

    /// Says what to do.
    pub fn help(mut self, text: impl Into<String>) -> Report {
        self.finding.help = text.into();
        self
    }

    /// Says how it can be mended without a change of what runs, or of what the API accepts.
    pub fn safe_fix(self, title: impl Into<String>, changes: Vec<Change>) -> Report {
        self.fix(Applicability::Safe, title.into(), changes)
    }

    /// Says how it can be mended by a change of what runs.
    pub fn unsafe_fix(self, title: impl Into<String>, changes: Vec<Change>) -> Report {
        self.fix(Applicability::Unsafe, title.into(), changes)
    }

    fn fix(mut self, applicability: Applicability, title: String, changes: Vec<Change>) -> Report {
        self.fix = (!changes.is_empty()).then_some(Proposed { title, applicability, changes });
        self
    }

    /// Names a workload and a field of it as what was judged.
    pub fn on(mut self, workload: &Workload, field: impl Into<String>) -> Report {
        let field = field.into();
        self.ignored = workload.ignored.covers(&field);
        self.if_created(workload.conditional.as_ref()).subject(
            &workload.subject,
            field,
            workload.header,
            &workload.stack,
        )
    }

    /// Names a workload and a setting of its program, which stands in the environment, as what was judged.
    pub fn on_setting(self, workload: &Workload, path: &str) -> Report {
        let ignored = workload.ignored.covers(&workload.environment_field());
        self.on(workload, path).ignored(ignored)
    }

    /// Whether `lifecycle.ignore_changes` covers what was judged, so that it is declared and not live.
    pub fn ignored(mut self, ignored: bool) -> Report {
        self.ignored |= ignored;
        self
    }

    /// Names a budget and a field of it as what was judged.
    pub fn on_budget(mut self, budget: &Budget, field: &str) -> Report {
        self.ignored = budget.ignored.covers(field);
        self.if_created(budget.conditional.as_ref()).subject(
            &budget.subject,
            field,
            budget.header,
            &budget.stack,
        )
    }

    /// Names a release and a key of its values as what was judged.
    pub fn on_release(mut self, release: &Release, field: impl Into<String>) -> Report {
        let field = field.into();
        self.ignored = release.ignored.covers(&field);
        self.if_created(release.conditional.as_ref()).subject(
            &release.subject,
            field,
            release.header,
            &release.stack,
        )
    }

    /// Names an object and a field of it as what was judged.
    pub fn on_object(mut self, object: &Object, field: impl Into<String>) -> Report {
        let field = field.into();
        self.ignored = object.ignored.covers(&field);
        self.if_created(object.conditional.as_ref()).subject(
            &object.subject,
            field,
            object.header,
            &object.stack,
        )
    }

    /// Names a list of patches and a path of one of them as what was judged.
    pub fn on_patches(mut self, set: &PatchSet, field: impl Into<String>) -> Report {
        self.ignored = set.ignored;
        self.if_created(set.conditional.as_ref()).subject(&set.subject, field, set.header, &set.stack)
    }

    /// Names an outpost and a key of its configuration as what was judged.
    pub fn on_outpost(mut self, outpost: &Outpost, field: impl Into<String>) -> Report {
        let declaration = &outpost.declaration;
        self.ignored = declaration.ignored.covers("config");
        self.if_created(declaration.conditional.as_ref()).subject(
            &declaration.subject,
            field,
            declaration.header,
            &declaration.stack,
        )
    }

    /// Says that what was judged may not exist.
    fn if_created(mut self, conditional: Option<&Arc<str>>) -> Report {
        if conditional.is_some() {
            self.finding.message = format!("if created: {}", self.finding.message);
        }
        self
    }

    /// Names what was judged.
    pub fn subject(
        mut self,
        subject: &str,
        field: impl Into<String>,
        header: Place,
        stack: &Arc<str>,
    ) -> Report {
        subject.clone_into(&mut self.finding.subject);
        self.finding.field = field.into();
        self.finding.header = Some(header);
        self.finding.stack = Arc::clone(stack);
        self
    }

    /// Adds another place that takes part. The same place twice says nothing new.
    pub fn related(mut self, place: Place, text: impl Into<String>) -> Report {
        let known =
            std::iter::once(&self.finding.primary).chain(&self.finding.related).any(|l| l.place == place);
        if !known {
            self.finding.related.push(Label { place, text: text.into() });
        }
        self
    }

    /// Adds a value that takes part, where it was written.
    pub fn related_node(self, node: &Node, text: impl Into<String>) -> Report {
        if node.is_written() { self.related(node.place, text).through(node) } else { self }
    }

    /// Shows the way that a value came: the argument and default behind `var.replicas`.
    pub fn through(mut self, node: &Node) -> Report {
        let places: Vec<Place> = node.trail.places().collect();
        for (index, place) in places.iter().enumerate() {
            let text = if index + 1 == places.len() { "the value is set here" } else { "and passed on here" };
            self = self.related(*place, text);
        }
        self
    }

    fn finish(self, sources: &Sources) -> Finding {
        let mut finding = self.finding;
        // What is declared is not what runs there: an edit would change nothing.
        finding.fix = self.fix.filter(|_| !self.ignored).and_then(|proposed| proposed.resolved(sources));
        if self.ignored {
            finding.severity = finding.severity.lowered();
            let remark =
                "`lifecycle.ignore_changes` covers this field, so what is declared may not be what runs";
            finding.note =
                if finding.note.is_empty() { remark.into() } else { format!("{}; {remark}", finding.note) };
        }
        finding
    }
}

impl Proposed {
    /// The edits; none where a change has no place that is written in a form which can be edited.
    fn resolved(self, sources: &Sources) -> Option<Fix> {
        let edits = edits_of(&self.changes, sources, &typed_spelling)?;
        let edits: Vec<Edit> =
            edits.into_iter().map(|(place, replacement)| Edit { place, replacement }).collect();
        let apart = edits.iter().enumerate().all(|(i, a)| edits[i + 1..].iter().all(|b| !a.meets(b)));
        apart.then_some(Fix { title: self.title, applicability: self.applicability, edits })
    }
}
