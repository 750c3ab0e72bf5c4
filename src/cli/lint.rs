//! `steadfast lint`.

use super::args::{FailOn, Format, Lint, Look, Where};
use super::{Ended, baseline, fix, progress, terminal, timings};
use crate::engine::{Adjust, BaselineUse, EngineError, Outcome, Request, Snapshot};
use crate::finding::{Compared, Severity, closest, counted};
use crate::report::{
    About, Counts, Masker, Run, SkippedFile, write_concise, write_github, write_gitlab, write_human,
    write_json, write_junit, write_markdown, write_sarif, write_statistics, write_unresolved,
};
use crate::rule::Profile;
use crate::rules;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};
use std::path::Path;

pub(super) fn lint(args: &Lint, look: Look) -> Result<Ended, Box<dyn Error>> {
    let mut request = request(&args.place);
    request.adjust = adjust(args)?;
    request.snapshot = match &args.rev {
        Some(rev) => Some(Snapshot::Revision(rev.clone())),
        None => args.staged.then_some(Snapshot::Index),
    };
    request.since.clone_from(&args.since);
    request.baseline = match &args.baseline {
        Some(path) => BaselineUse::File(path.clone()),
        None if args.no_baseline => BaselineUse::Off,
        None => BaselineUse::default(),
    };
    if let Some(path) = &args.write_baseline {
        return baseline::write(&request, path.as_deref());
    }
    let (mut outcome, mended) = progress::during(|| fix::outcome(args, look, &request))?;
    for remark in &outcome.remarks {
        terminal::complain(remark);
    }
    let summary = outcome.summary;
    let empty = summary.objects == 0 && summary.stacks == 0 && outcome.findings.is_empty();
    // Nothing of what is staged has to be anything.
    let said = args.fail_on_empty || !args.staged && outcome.skipped.is_empty();
    if empty && said {
        terminal::complain(
            "there is nothing to lint here: no Terraform stack and no Kubernetes object was found",
        );
        if args.fail_on_empty {
            return Err(Box::new(EngineError("--fail-on-empty".into())));
        }
    }
    write_reports(args, look, &mut outcome)?;
    for unreadable in &outcome.unreadable {
        terminal::complain(unreadable);
    }
    if !outcome.unreadable.is_empty() {
        return Ok(Ended::Failed);
    }
    if let Some(internal) = outcome.internal.first() {
        return Err(Box::new(EngineError(format!("an internal error: {internal}"))));
    }
    let unresolved = args.fail_on_unresolved && !outcome.unjudged.is_empty();
    if unresolved && !args.exit_zero {
        let values = counted(outcome.unjudged.len() as i64, "value");
        terminal::complain(&format!(
            "{values} could not be resolved (--fail-on-unresolved): --unresolved lists them"
        ));
    }
    let weaker = outcome.compared.as_ref().is_some_and(|compared| !compared.weakened.is_empty());
    let more = unresolved || mended && args.staged || weaker && args.fail_on_weakened;
    let fails = fails(args, &outcome) || more;
    // The process ends: its memory need not be taken apart value by value.
    std::mem::forget(outcome);
    Ok(if fails && !args.exit_zero { Ended::Findings } else { Ended::Clean })
}

fn write_reports(args: &Lint, look: Look, outcome: &mut Outcome) -> Result<(), Box<dyn Error>> {
    outcome.timings.ended("compare, weigh and mend");
    for report in &args.reports {
        match &report.file {
            Some(path) => {
                to_file(path, |out| write_report(out, (args, look), report.format, outcome, true))?;
            }
            // The diff is what is shown then.
            None if args.diff => {}
            None => terminal::print(|out| write_report(out, (args, look), report.format, outcome, false))?,
        }
    }
    outcome.timings.ended("write reports");
    if args.timings {
        timings::write(&outcome.timings);
    }
    Ok(())
}

/// What the arguments ask for. The limits that they set hold from here on.
pub(super) fn request(place: &Where) -> Request {
    for (limit, number) in &place.limits {
        limit.set(*number);
    }
    Request {
        paths: place.paths.clone(),
        root: place.root.clone(),
        config: place.config.clone(),
        baseline: BaselineUse::default(),
        since: None,
        adjust: Adjust::default(),
        snapshot: None,
        overlay: BTreeMap::new(),
        jobs: place.jobs,
    }
}

fn adjust(args: &Lint) -> Result<Adjust, EngineError> {
    let ids: Vec<&str> = rules::all().map(|rule| rule.meta.id).collect();
    for id in args.select.iter().chain(&args.ignore) {
        if !ids.contains(&id.as_str()) {
            return Err(unknown("rule", id, &ids));
        }
    }
    let profile = match &args.profile {
        Some(name) => {
            let names = Profile::NAMES.map(|(name, _)| name);
            Some(Profile::parse(name).ok_or_else(|| unknown("profile", name, &names))?)
        }
        None => None,
    };
    Ok(Adjust { profile, select: args.select.clone(), ignore: args.ignore.clone(), ..Adjust::default() })
}

/// "There is no … `x`", with the nearest known word.
pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> EngineError {
    let hint = closest(name, known).map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
    EngineError(format!("there is no {what} `{name}`{hint}"))
}

fn fails(args: &Lint, outcome: &Outcome) -> bool {
    let least = match args.fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Note => Severity::Note,
    };
    outcome.findings.iter().any(|finding| finding.severity >= least)
}

fn to_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Box<dyn Error>> {
    let file = std::fs::File::create(path);
    let file = file.map_err(|error| EngineError(format!("cannot write `{}`: {error}", path.display())))?;
    let mut out = io::BufWriter::new(file);
    write(&mut out)?;
    out.flush()?;
    Ok(())
}

/// What reports say of a rule.
pub(super) fn about(id: &str) -> About {
    match rules::find(id) {
        Some(rule) => About {
            group: rule.meta.group.word(),
            summary: rule.meta.summary,
            url: rule.meta.url(),
            sections: rule.meta.docs().sections,
            severity: rule.meta.severity,
        },
        None => About {
            group: "tool",
            summary: "",
            url: String::new(),
            sections: Vec::new(),
            severity: Severity::Error,
        },
    }
}

fn write_report(
    out: &mut dyn Write,
    (args, look): (&Lint, Look),
    format: Format,
    outcome: &Outcome,
    to_file: bool,
) -> io::Result<()> {
    let skipped = skipped(outcome);
    let masker = Masker::new(&outcome.sources);
    let findings = masker.redact(&outcome.findings, &outcome.sources);
    let suppressed = match format {
        Format::Sarif => masker.redact_suppressed(&outcome.suppressed, &outcome.sources),
        _ => Vec::new(),
    };
    let compared = outcome.compared.as_ref().map(|compared| {
        let masker = Masker::new(&compared.sources);
        Compared { gone: masker.redact(&compared.gone, &compared.sources), ..compared.clone() }
    });
    let unjudged = masker.redact_unjudged(&outcome.unjudged);
    let report = Run {
        compared: compared.as_ref(),
        sources: &outcome.sources,
        findings: &findings,
        suppressed: &suppressed,
        internal: &outcome.internal,
        masker: &masker,
        skipped: &skipped,
        unjudged: &unjudged,
        counts: counts(outcome),
        about: &about,
        prefix: &prefix_for(format, outcome),
    };
    match format {
        Format::Human | Format::Concise if args.statistics => write_statistics(out, &report)?,
        Format::Human => write_human(out, &report, terminal::style(look, args.quiet, to_file))?,
        Format::Concise => write_concise(out, &report)?,
        Format::Json => return write_json(out, &report),
        Format::Sarif => return write_sarif(out, &report),
        Format::Github => return write_github(out, &report),
        Format::Gitlab => return write_gitlab(out, &report),
        Format::Junit => return write_junit(out, &report),
        Format::Markdown => return write_markdown(out, &report),
    }
    if args.unresolved { write_unresolved(out, &report) } else { Ok(()) }
}

pub(super) fn skipped(outcome: &Outcome) -> Vec<SkippedFile> {
    let file = |s: &crate::engine::Skipped| SkippedFile {
        path: s.path.clone(),
        reason: s.reason.id(),
        message: s.message.clone(),
    };
    outcome.skipped.iter().map(file).collect()
}

pub(super) fn counts(outcome: &Outcome) -> Counts {
    let summary = outcome.summary;
    Counts {
        suppressed: summary.suppressed,
        files: summary.files,
        stacks: summary.stacks,
        objects: summary.objects,
        conditional: summary.conditional,
    }
}

/// The way from the folder that a reader of paths starts from to the root.
fn prefix_for(format: Format, outcome: &Outcome) -> String {
    // Annotations are placed from the workspace, whatever the step's folder is.
    let workspace = std::env::var_os("GITHUB_WORKSPACE").filter(|_| format == Format::Github);
    let workspace = workspace.and_then(|dir| Path::new(&dir).canonicalize().ok());
    match workspace.and_then(|dir| below(&outcome.root, &dir)) {
        Some(prefix) => prefix,
        None => prefix(outcome),
    }
}

/// The way from a folder down to another, with a slash at the end; nothing for the same.
fn below(inner: &Path, outer: &Path) -> Option<String> {
    let path = inner.strip_prefix(outer).ok()?.to_str()?;
    Some(if path.is_empty() { String::new() } else { format!("{}/", path.replace('\\', "/")) })
}

/// The way from the working folder to the root, so that paths can be opened; nothing where the root is not
/// below the working folder.
pub(super) fn prefix(outcome: &Outcome) -> String {
    let here = std::env::current_dir().and_then(|dir| dir.canonicalize()).ok();
    here.and_then(|here| below(&outcome.root, &here)).unwrap_or_default()
}
