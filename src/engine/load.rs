//! Files into objects: stacks, manifests, releases.

use super::Timings;
use super::files::RepositoryFiles;
use super::pipeline::Skipped;
use crate::base::limit::{CHARTS, FILE};
use crate::base::{FileError, FileId, Node, Place, Sources, parent_dir};
use crate::compose::{
    CHART_FILE, ChartKnowledge, Charts, Composed, Outpost, PatchSet, PatchUse, compose_release,
    policy_patches,
};
use crate::finding::Unjudged;
use crate::lower::{
    Authentik, Lowered, Object, Profiles, Provisioned, Release, Source, is_wanted, lower_resource,
};
use crate::model::{Authored, Model, Opaque, StatedSecret, Unapplied};
use crate::syntax::{Issue, IssueKind, SkipReason};
use crate::terraform::{Modules, Stack, evaluate_stack, find_stacks, is_terraform};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Everything that was read, before rules look at it.
#[derive(Default)]
pub(super) struct Loaded {
    pub(super) model: Model,
    pub(super) stacks: BTreeSet<String>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) unjudged: Vec<Unjudged>,
    /// Files that cannot be read: path and reason.
    pub(super) unreadable: Vec<(String, String)>,
    pub(super) objects: Vec<Object>,
    pub(super) releases: Vec<crate::lower::Release>,
    opaque: Vec<Opaque>,
    pub(super) authentik: Authentik,
    pub(super) outposts: Vec<Outpost>,
    pub(super) patches: Vec<PatchSet>,
    pub(super) uses: Vec<(Arc<str>, PatchUse)>,
    provisioned: Vec<Provisioned>,
    pub(super) unapplied: Vec<Unapplied>,
    /// Places in pages, with the folder.
    pub(super) mentions: Vec<(Arc<str>, Place)>,
    pub(super) issues: Vec<(Arc<str>, Issue)>,
    problems: Vec<(Arc<str>, crate::terraform::Problem)>,
    absent: Vec<(Arc<str>, crate::terraform::Absent)>,
    internal: Vec<String>,
}

/// The objects, releases and settings of a stack's resources.
pub fn lower_stack(stack: &Stack) -> Lowered {
    let dir: Arc<str> = stack.dir.as_str().into();
    let mut lowered = Lowered::default();
    for resource in &stack.resources {
        let source = Source {
            kind: &resource.kind,
            address: &resource.address,
            body: &resource.body,
            header: resource.header,
            conditional: resource.conditional.as_ref(),
            ignore_changes: &resource.ignore_changes,
            provisioners: &resource.provisioners,
            stack: &dir,
        };
        lower_resource(&source, &mut lowered);
    }
    lowered
}

impl Loaded {
    /// Reads and evaluates everything below the root.
    pub(super) fn load(
        files: &RepositoryFiles,
        paths: &[String],
        profiles: &Profiles,
        secrets: &[StatedSecret],
        timings: &mut Timings,
    ) -> (Loaded, Vec<String>) {
        let mut loaded = Loaded::default();
        let modules = Modules::new(files);
        let dirs: BTreeSet<&str> =
            paths.iter().filter(|p| is_terraform(p)).map(|path| parent_dir(path)).collect();
        dirs.into_par_iter().for_each(|dir| modules.parse(dir));
        timings.ended("parse Terraform");
        let evaluate = |dir: &String| {
            catch_unwind(AssertUnwindSafe(|| {
                let stack = evaluate_stack(&modules, dir, &is_wanted);
                let lowered = lower_stack(&stack);
                (stack, lowered)
            }))
            .map_err(|_| dir.clone())
        };
        let stacks: Vec<Result<(Stack, Lowered), String>> =
            find_stacks(&modules, paths).par_iter().map(evaluate).collect();
        for stack in stacks {
            match stack {
                Ok((stack, lowered)) => loaded.stack(stack, lowered),
                Err(dir) => loaded.internal.push(format!("the evaluation of stack `{dir}` panicked")),
            }
        }
        timings.ended("evaluate and lower Terraform");
        for path in paths {
            if path.ends_with("terragrunt.hcl.json") {
                loaded.skip(path, SkipReason::Unsupported, UNREAD_UNIT);
            } else if path.ends_with("terragrunt.stack.hcl") {
                loaded.skip(path, SkipReason::Unsupported, GENERATES_UNITS);
            }
        }
        // What Terraform reads as a file is its own matter, and judged where it is used.
        let consumed: BTreeSet<String> = (0..files.sources().len())
            .map(|index| files.sources().get(FileId(index as u32)).path().to_owned())
            .collect();
        loaded.manifests(files, paths, &consumed);
        timings.ended("read manifests");
        loaded.pages(files, paths);
        timings.ended("read pages");
        let charts = Charts::new(files);
        loaded.standalone_charts(&charts, files.sources(), paths);
        loaded.not_read(files);
        loaded.too_deep(files.sources());
        let known = ChartKnowledge { profiles, charts: &charts };
        loaded.finish(&known, secrets, timings)
    }

    /// Charts that nothing else releases, and files of values beside charts that nothing else uses.
    fn standalone_charts(&mut self, charts: &Charts<'_>, sources: &Sources, paths: &[String]) {
        let chart_files: Vec<&str> = paths
            .iter()
            .filter(|path| path.rsplit('/').next() == Some(CHART_FILE))
            .map(String::as_str)
            .collect();
        let released = self.releases.iter().filter_map(|release| release.local.clone()).collect();
        let documents = self.releases.iter().flat_map(|release| &release.documents);
        let used = documents.map(|node| sources.get(node.place.file).path().to_owned()).collect();
        for release in charts.standalone(&chart_files, &released, &used) {
            self.stacks.insert(release.stack.to_string());
            self.releases.push(release);
        }
        self.issues.extend(charts.issues().into_iter().map(|(dir, issue)| (dir.into(), issue)));
    }

    /// Files of which a part is nested or expands beyond what is looked at.
    fn too_deep(&mut self, sources: &Sources) {
        for (_, issue) in self.issues.iter().filter(|(_, issue)| issue.kind == IssueKind::TooDeep) {
            let path = sources.get(issue.place.file).path().to_owned();
            let known = |s: &Skipped| s.path == path && s.reason == SkipReason::TooDeep;
            if !self.skipped.iter().any(known) {
                let message = issue.message.clone();
                self.skipped.push(Skipped { path, reason: SkipReason::TooDeep, message });
            }
        }
    }

    /// Files of configuration that were not read. Others, such as keys, are unresolved where they are used.
    fn not_read(&mut self, files: &RepositoryFiles) {
        for (path, error) in files.failed() {
            let is_config = CONFIG_FILES.iter().any(|end| path.ends_with(end));
            match error {
                FileError::Unreadable(reason) => self.unreadable.push((path, reason)),
                _ if !is_config => {}
                FileError::TooLarge => {
                    let message = format!("larger than {} MiB {FILE}", FILE.number());
                    self.skip(&path, SkipReason::TooLarge, message);
                }
                FileError::Encrypted(by) => {
                    self.skip(&path, SkipReason::Encrypted, format!("encrypted by {by}"));
                }
                _ => self.skip(&path, SkipReason::Binary, error.to_string()),
            }
        }
    }

    fn stack(&mut self, stack: Stack, lowered: Lowered) {
        let dir: Arc<str> = stack.dir.as_str().into();
        self.stacks.insert(stack.dir);
        self.absent.extend(stack.absent.into_iter().map(|absent| (Arc::clone(&dir), absent)));
        for unresolved in stack.log.unresolved {
            if unresolved.hides_resources {
                self.opaque(&dir, None, &unresolved.reason, unresolved.place);
            }
            self.unjudged.push(Unjudged { rule: None, place: unresolved.place, reason: unresolved.reason });
        }
        for (place, reason) in lowered.unresolved {
            self.opaque(&dir, None, &reason, place);
            self.unjudged.push(Unjudged { rule: None, place, reason });
        }
        self.objects.extend(lowered.objects);
        self.releases.extend(lowered.releases);
        self.authentik.join(lowered.authentik);
        self.provisioned.extend(lowered.provisioned);
        self.issues.extend(
            stack.log.issues.into_iter().chain(lowered.issues).map(|issue| (Arc::clone(&dir), issue)),
        );
        self.problems.extend(stack.log.problems.into_iter().map(|problem| (Arc::clone(&dir), problem)));
    }

    pub(super) fn opaque(
        &mut self,
        stack: &Arc<str>,
        namespace: Option<String>,
        reason: &Arc<str>,
        place: Place,
    ) {
        self.opaque.push(Opaque { stack: Arc::clone(stack), namespace, reason: Arc::clone(reason), place });
    }

    pub(super) fn skip(&mut self, path: &str, reason: SkipReason, message: impl Into<String>) {
        self.skipped.push(Skipped { path: path.to_owned(), reason, message: message.into() });
    }

    fn finish(
        mut self,
        known: &ChartKnowledge<'_, '_>,
        secrets: &[StatedSecret],
        timings: &mut Timings,
    ) -> (Loaded, Vec<String>) {
        let mut composed = Vec::new();
        let mut open: Vec<Release> = std::mem::take(&mut self.releases);
        while !open.is_empty() {
            let first = composed.len();
            let lay_out = |(index, release): (usize, Release)| compose_release(release, first + index, known);
            let wave: Vec<_> = std::mem::take(&mut open).into_par_iter().enumerate().map(lay_out).collect();
            let left = CHARTS.len().saturating_sub(first + wave.len());
            for made in wave {
                self.doubts(&made.composed);
                self.objects.extend(made.objects);
                open.extend(made.dependencies);
                composed.push(made.composed);
            }
            for release in open.drain(left.min(open.len())..) {
                let reason = format!("more charts depend on one another than are followed {CHARTS}");
                self.unjudged.push(Unjudged { rule: None, place: release.header, reason: reason.into() });
            }
        }
        self.compose_outposts(&composed);
        self.patches.extend(self.objects.iter().flat_map(policy_patches));
        timings.ended("lay out charts");
        let authored = Authored {
            outposts: std::mem::take(&mut self.outposts),
            providers: std::mem::take(&mut self.authentik.providers),
            patches: std::mem::take(&mut self.patches),
            unapplied: std::mem::take(&mut self.unapplied),
            mentions: std::mem::take(&mut self.mentions),
            uses: std::mem::take(&mut self.uses),
            provisioned: std::mem::take(&mut self.provisioned),
        };
        let mut model = Model::build(std::mem::take(&mut self.objects), composed, secrets, authored);
        model.opaque = std::mem::take(&mut self.opaque);
        model.issues = std::mem::take(&mut self.issues);
        model.problems = std::mem::take(&mut self.problems);
        model.absent = std::mem::take(&mut self.absent);
        self.model = model;
        timings.ended("join objects");
        let internal = std::mem::take(&mut self.internal);
        (self, internal)
    }

    /// What a release may make beside what is known.
    fn doubts(&mut self, composed: &Composed) {
        let release = &composed.release;
        let namespace = release.namespace.as_ref().and_then(Node::as_str).map(str::to_owned);
        let whole = composed.opaque.as_ref().filter(|_| !release.keys_only);
        let whole = whole.map(|reason| (Arc::clone(reason), release.header));
        for (reason, place) in whole.into_iter().chain(composed.partial.clone()) {
            self.opaque(&release.stack, namespace.clone(), &reason, place);
            self.unjudged.push(Unjudged { rule: None, place, reason });
        }
    }
}

const UNREAD_UNIT: &str = "a Terragrunt unit as JSON is not read: what it makes is not known";
const GENERATES_UNITS: &str = "Terragrunt makes units from it when it runs: what they make is not known";

/// Endings of files whose absence from the run a person should know of.
const CONFIG_FILES: [&str; 6] = [".yaml", ".yml", ".tf", ".tfvars", ".hcl", ".json"];
