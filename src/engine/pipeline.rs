//! A run from paths to findings.

use super::compare::compare;
use super::discover::Found;
use super::fixes::weigh_fixes;
use super::git::Snapshot;
use super::input::{OWN_DIR, asked_paths, files_of, load_config, own_profiles, root_of, widened};
use super::judge::Ran;
use super::known::{Scope, divide, load_baseline};
use super::load::Loaded;
use super::report_filter::{concerns, in_order, is_asked, stacks_of, unjudged_in_order};
use super::silence::{asked_for, silence};
use super::{EngineError, Timings};
use crate::base::{Node, Sources, is_below};
use crate::finding::{Compared, Finding, Severity, Suppressed, Unjudged};
use crate::lower::Object;
use crate::model::Model;
use crate::rule::{Rule, Settings};
use crate::rules;
use crate::syntax::SkipReason;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::Instant;

/// What to lint.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// The root, if the user names it.
    pub root: Option<PathBuf>,
    /// The config file, if the user names it.
    pub config: Option<PathBuf>,
    /// Which baseline counts.
    pub baseline: BaselineUse,
    /// Another state to compare with: findings that it has too are left out.
    pub since: Option<String>,
    /// Changes the config's settings as the command line says.
    pub adjust: Adjust,
    /// The state of the files to lint; none for what is on disk.
    pub snapshot: Option<Snapshot>,
    /// Texts in the place of those that are read, by path from the root.
    pub overlay: BTreeMap<String, String>,
    /// Threads; as many as the machine has cores where none is given.
    pub jobs: Option<usize>,
}

/// Which baseline counts.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub enum BaselineUse {
    /// The one that the config names, if it does.
    #[default]
    Configured,
    /// This file.
    File(PathBuf),
    /// None.
    Off,
}

/// What the command line says about rules.
#[derive(Debug, Default, Clone)]
pub struct Adjust {
    /// The profile.
    pub profile: Option<crate::rule::Profile>,
    /// Only these rules.
    pub select: Vec<String>,
    /// Not these rules.
    pub ignore: Vec<String>,
    /// These rules beside those of the profile.
    pub also: Vec<String>,
}

/// A file that was not parsed.
#[derive(Debug, Clone)]
pub struct Skipped {
    /// The path from the root.
    pub path: String,
    /// Why, as a word.
    pub reason: SkipReason,
    /// Why, in words.
    pub message: String,
}

/// Counts of a run.
#[derive(Debug, Default, Clone, Copy)]
pub struct Summary {
    /// Findings that a comment or the config silences.
    pub suppressed: usize,
    /// Files read.
    pub files: usize,
    /// Stacks among what was asked for.
    pub stacks: usize,
    /// Objects resolved.
    pub objects: usize,
    /// Objects that may not exist.
    pub conditional: usize,
    /// Resources that a known count leaves out.
    pub absent: usize,
}

/// What a run found.
#[derive(Debug)]
pub struct Outcome {
    /// The root.
    pub root: PathBuf,
    /// The texts.
    pub sources: Sources,
    /// The findings, in order.
    pub findings: Vec<Finding>,
    /// Findings that a comment or the config silences.
    pub suppressed: Vec<Suppressed>,
    /// Files that were not parsed.
    pub skipped: Vec<Skipped>,
    /// What could not be judged.
    pub unjudged: Vec<Unjudged>,
    /// Counts.
    pub summary: Summary,
    /// The facts.
    pub model: Model,
    /// The settings that held.
    pub settings: Settings,
    /// The stacks that were asked for.
    pub asked: Vec<String>,
    /// The baseline that the config names.
    pub baseline: Option<String>,
    /// What changed since the state that was named.
    pub compared: Option<Compared>,
    /// What is to be said beside, such as which state was compared with in the end.
    pub remarks: Vec<String>,
    /// Where the time went.
    pub timings: Timings,
    /// Mistakes of the tool itself.
    pub internal: Vec<String>,
    /// Files and folders that cannot be read, in words.
    pub unreadable: Vec<String>,
}

/// Evaluation recurses; its limits are set for a stack of this size, in bytes.
const STACK_BYTES: usize = 256 << 20;

/// Lints, on threads with a stack that evaluation's limits are made for.
pub fn run(request: &Request) -> Result<Outcome, EngineError> {
    let threads =
        rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).num_threads(request.jobs.unwrap_or(0));
    let pool = threads.build().map_err(|error| EngineError(format!("cannot start threads: {error}")))?;
    let ran = catch_unwind(AssertUnwindSafe(|| {
        pool.install(|| match &request.since {
            Some(since) => compare(request, since),
            None => lint(request),
        })
    }));
    ran.unwrap_or_else(|_| Err(EngineError("the run panicked".into())))
}

pub(super) fn lint(request: &Request) -> Result<Outcome, EngineError> {
    let mut timings = Timings::default();
    let root = root_of(request)?;
    let (found, files, changed) = files_of(request, &root)?;
    let asked = asked_paths(request, &root, &files)?;
    let mut findings = Vec::new();
    let mut config = load_config(request, &files, &mut findings)?;
    adjust(&mut config.settings, &request.adjust);
    let mut baseline = load_baseline(request, &config, &files, &mut findings)?;
    let profiles = own_profiles(&files, &mut findings);
    let paths: Vec<String> = found.files.iter().filter(|path| !is_below(path, OWN_DIR)).cloned().collect();
    timings.ended("find files");
    let (mut loaded, internal) = Loaded::load(&files, &paths, &profiles, &config.secrets, &mut timings);
    not_followed(&found, &mut loaded.skipped);
    loaded.unjudged.extend(unrecognised(&loaded.model, &config.settings));
    let sources = files.into_sources();
    let mut ran = Ran { findings, unjudged: std::mem::take(&mut loaded.unjudged), internal };
    judge(&loaded.model, &config.settings, &sources, (&mut ran, &mut timings));
    let stacks: Vec<String> = loaded.stacks.iter().cloned().collect();
    let asked = changed.map_or(asked, |changed| widened(&changed, &stacks));
    let asked_stacks = stacks_of(&asked, &stacks);
    let (kept, mut suppressed) = silence(std::mem::take(&mut ran.findings), &config, &sources);
    let (kept, known, obsolete) = match &mut baseline {
        Some(baseline) => {
            let read = |path: &str| !loaded.unreadable.iter().any(|(unread, _)| unread == path);
            divide(kept, baseline, Scope { asked: &asked, is_read: &read }, &config.settings, &sources)
        }
        None => (kept, Vec::new(), Vec::new()),
    };
    suppressed.extend(known);
    let suppressed = asked_for(suppressed, &asked, &asked_stacks, &sources);
    let kept = kept.into_iter().filter(|f| concerns(f, &asked, &asked_stacks, &sources));
    ran.unjudged.retain(|u| is_asked(&asked, sources.get(u.place.file).path()));
    let mut findings = in_order(kept.chain(obsolete).collect(), &sources);
    weigh_fixes(&mut findings, &loaded.model, &sources);
    findings.extend(ran.mistakes(&sources));
    loaded.skipped.retain(|skipped| is_asked(&asked, &skipped.path));
    let unreadable = found.unreadable.into_iter().chain(loaded.unreadable).map(cannot_read).collect();
    timings.ended("sort and weigh findings");
    let summary = Summary {
        suppressed: suppressed.len(),
        ..counts(&loaded.model, &stacks, &asked, &asked_stacks, &sources)
    };
    Ok(Outcome {
        root,
        findings,
        suppressed,
        skipped: loaded.skipped,
        unjudged: unjudged_in_order(ran.unjudged, &sources),
        summary,
        model: loaded.model,
        settings: config.settings,
        asked: asked.into_iter().chain(asked_stacks).collect(),
        baseline: config.baseline.map(|(path, _)| path),
        compared: None,
        remarks: Vec::new(),
        timings,
        internal: ran.internal,
        unreadable,
        sources,
    })
}

/// Runs all rules, beside one another.
fn judge(model: &Model, settings: &Settings, sources: &Sources, (ran, timings): (&mut Ran, &mut Timings)) {
    let rules: Vec<&Rule> = rules::all().collect();
    let one = |rule: &&'static Rule| {
        let (mut found, start) = (Ran::default(), Instant::now());
        found.rule(rule, model, settings, sources);
        (rule.meta.id, found, start.elapsed())
    };
    let judged: Vec<_> = rules.par_iter().map(one).collect();
    timings.ended("judge");
    for (id, found, time) in judged {
        timings.within(id, time);
        ran.join(found);
    }
}

fn cannot_read((path, why): (String, String)) -> String {
    match path.as_str() {
        "" => why,
        path => format!("cannot read `{path}`: {why}"),
    }
}

/// How many stacks and objects belong to what was asked for.
fn counts(
    model: &Model,
    stacks: &[String],
    asked: &[String],
    asked_stacks: &[String],
    sources: &Sources,
) -> Summary {
    let belongs = |stack: &str| is_asked(asked, stack) || asked_stacks.iter().any(|asked| asked == stack);
    // The objects of a file that is asked for by itself.
    let stands = |object: &Object| is_asked(asked, sources.get(object.header.file).path());
    let objects = || model.objects.iter().filter(|object| belongs(&object.stack) || stands(object));
    let of_objects: BTreeSet<&str> = objects().map(|object| &*object.stack).collect();
    Summary {
        files: sources.len(),
        stacks: stacks.iter().filter(|stack| belongs(stack) || of_objects.contains(stack.as_str())).count(),
        objects: objects().count(),
        conditional: objects().filter(|object| object.conditional.is_some()).count(),
        absent: model.absent.iter().filter(|(stack, _)| is_asked(asked, stack)).count(),
        ..Summary::default()
    }
}

/// Workloads whose containers are not all known, or of which nobody can say whether they are critical,
/// since an image is not known.
fn unrecognised(model: &Model, settings: &Settings) -> Vec<Unjudged> {
    let mut out = Vec::new();
    for (index, workload) in model.workloads.iter().enumerate().filter(|(_, w)| w.is_long_running()) {
        if settings.critical.entry(workload, index, model).is_some() {
            continue;
        }
        let containers = workload.pod().and_then(|pod| pod.get("containers"));
        if let (Some(reason), Some(node)) = (containers.and_then(Node::open_reason), containers) {
            let reason = format!("which containers {} has is not known ({reason})", workload.title());
            out.push(Unjudged { rule: None, place: node.place, reason: reason.into() });
        }
        for container in &workload.containers {
            let image = container.node.get("image");
            let unknown = image.or(Some(&container.node)).and_then(Node::open_reason);
            if let Some(reason) = unknown.filter(|_| container.image().is_none()) {
                let place = image.map_or(container.head(), |node| node.place);
                let reason =
                    format!("whether {} is critical: its image is not known ({reason})", workload.title());
                out.push(Unjudged { rule: None, place, reason: reason.into() });
            }
        }
    }
    out
}

/// Lists links and repositories inside the repository, which are not looked into.
fn not_followed(found: &Found, skipped: &mut Vec<Skipped>) {
    for path in found.links.iter().filter(|path| looks_relevant(path)) {
        let message = "a link to a folder, or out of the repository, is not followed".to_owned();
        skipped.push(Skipped { path: path.clone(), reason: SkipReason::Unsupported, message });
    }
    for path in &found.submodules {
        let message = "a Git repository of its own (a submodule): lint it there".to_owned();
        skipped.push(Skipped { path: path.clone(), reason: SkipReason::Unsupported, message });
    }
    for path in &found.nested_roots {
        let message =
            "a repository of its own (its config says `root: true`): lint it by its path".to_owned();
        skipped.push(Skipped { path: path.clone(), reason: SkipReason::Unsupported, message });
    }
}

/// A link to a file of another kind than those that are read is nobody's concern.
fn looks_relevant(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    !name.contains('.') || [".yaml", ".yml", ".tf", ".tfvars", ".hcl"].iter().any(|end| name.ends_with(end))
}

fn adjust(settings: &mut Settings, adjust: &Adjust) {
    settings.profile = adjust.profile.unwrap_or(settings.profile);
    settings.select.clone_from(&adjust.select);
    settings.ignore.clone_from(&adjust.ignore);
    settings.also.clone_from(&adjust.also);
}

impl Outcome {
    /// Whether a rule looked at a file that was asked for, so that what it did not find there is not there.
    pub fn judged(&self, rule: &str, path: &str) -> bool {
        is_asked(&self.asked, path) && rules::find(rule).is_some_and(|rule| self.settings.is_on(&rule.meta))
    }

    /// The number of findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}
