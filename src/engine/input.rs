//! What a run begins with: the root, the files, the paths that are asked for, the config.

use super::EngineError;
use super::boundary::{canonical, find_root};
use super::discover::{Found, discover, relative};
use super::files::RepositoryFiles;
use super::git::{Git, Snapshot};
use super::pipeline::Request;
use super::report_filter::stacks_of;
use crate::base::Files;
use crate::config::{Config, FILE_NAME, read_config};
use crate::finding::Finding;
use crate::lower::{Profile, Profiles};
use crate::rule::RuleMeta;
use crate::rules::{self, tool};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// The read boundary.
pub(super) fn root_of(request: &Request) -> Result<PathBuf, EngineError> {
    match (&request.root, request.paths.first()) {
        (Some(root), _) => canonical(root),
        (None, Some(first)) if first.exists() => find_root(first),
        _ => find_root(Path::new(".")),
    }
}

/// The files of the state that is asked for; with what changed in the index where nothing else says what to lint.
pub(super) fn files_of(
    request: &Request,
    root: &Path,
) -> Result<(Found, RepositoryFiles, Option<Vec<String>>), EngineError> {
    let Some(snapshot) = &request.snapshot else {
        let mut found = discover(root);
        add_tracked(root, &mut found);
        let files = RepositoryFiles::on_disk(root, &found.files).with_overlay(&request.overlay);
        return Ok((found, files, None));
    };
    let git = Git::open(root)?;
    let all = request.paths.iter().all(|path| path.as_os_str() == ".");
    let (snapshot, changed) = match (snapshot, between()) {
        // The second of the two is what is checked, whatever stands in the index.
        (Snapshot::Index, Some((from, to))) => (&Snapshot::Revision(to.clone()), git.between(&from, &to)?),
        (Snapshot::Index, None) => (snapshot, git.staged()?),
        (Snapshot::Revision(_), _) => (snapshot, Vec::new()),
    };
    let changed = Some(changed).filter(|changed| all && !changed.is_empty());
    let (found, reader) = git.snapshot(snapshot)?;
    let files = RepositoryFiles::new(Box::new(reader), &found.files).with_overlay(&request.overlay);
    Ok((found, files, changed))
}

/// Files that Git tracks are there, whatever .gitignore says of them.
fn add_tracked(root: &Path, found: &mut Found) {
    let Ok(tracked) = Git::open(root).and_then(|git| git.tracked()) else { return };
    let known: HashSet<&str> = found.files.iter().chain(&found.links).map(String::as_str).collect();
    let missing =
        tracked.into_iter().filter(|path| !known.contains(path.as_str()) && root.join(path).is_file());
    let missing: Vec<String> = missing.collect();
    if !missing.is_empty() {
        found.files.extend(missing);
        found.files.sort();
    }
}

/// The two revisions that pre-commit is asked to look at in the place of what is staged.
pub(super) fn between() -> Option<(String, String)> {
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    named("PRE_COMMIT_FROM_REF").zip(named("PRE_COMMIT_TO_REF"))
}

/// The asked paths, from the root. Those of another state than that on disk need not stand on disk.
pub(super) fn asked_paths(
    request: &Request,
    root: &Path,
    files: &RepositoryFiles,
) -> Result<Vec<String>, EngineError> {
    let mut asked = Vec::new();
    for path in &request.paths {
        let outside =
            || EngineError(format!("`{}` lies outside of the root `{}`", path.display(), root.display()));
        let real = match request.snapshot {
            None => canonical(path)?,
            Some(_) => path.canonicalize().or_else(|_| std::path::absolute(path)).map_err(|_| outside())?,
        };
        let inside = relative(root, &real).ok_or_else(outside)?;
        if request.snapshot.is_some()
            && !inside.is_empty()
            && files.text(&inside).is_err()
            && files.below(&inside).is_empty()
        {
            return Err(EngineError(format!("there is no `{}` in what is linted", path.display())));
        }
        asked.push(inside);
    }
    Ok(asked)
}

/// Endings of files that nothing deploys.
const PROSE: [&str; 6] = [".md", ".txt", ".png", ".svg", ".jpg", ".adoc"];

/// Changed files with the stacks that they belong to. A file that belongs to none may matter to any.
pub(super) fn widened(changed: &[String], stacks: &[String]) -> Vec<String> {
    let matters = changed.iter().filter(|path| !PROSE.iter().any(|end| path.ends_with(end)));
    let mut out = Vec::new();
    for path in matters {
        let own = stacks_of(std::slice::from_ref(path), stacks);
        if own.is_empty() {
            return vec![String::new()];
        }
        out.push(path.clone());
        out.extend(own);
    }
    // Nothing that matters: only the files themselves.
    if out.is_empty() { changed.to_vec() } else { out }
}

pub(super) fn load_config(
    request: &Request,
    files: &RepositoryFiles,
    findings: &mut Vec<Finding>,
) -> Result<Config, EngineError> {
    let metas: Vec<&RuleMeta> = rules::all().map(|rule| &rule.meta).collect();
    let file = match &request.config {
        Some(path) => {
            let text = std::fs::read_to_string(path);
            let text =
                text.map_err(|error| EngineError(format!("cannot read `{}`: {error}", path.display())))?;
            files.sources().add(&path.to_string_lossy(), text)
        }
        None => match files.text(FILE_NAME) {
            Ok(file) => file,
            Err(_) => return Ok(Config::default()),
        },
    };
    let config = read_config(&file, &metas);
    findings.extend(config.mistakes.iter().map(|(place, message)| tool::config_invalid(*place, message)));
    Ok(config)
}

/// The tool's own folder in a repository.
pub(super) const OWN_DIR: &str = ".steadfast";

/// The profiles of the binary, with those of the repository before them.
pub(super) fn own_profiles(files: &RepositoryFiles, findings: &mut Vec<Finding>) -> Profiles {
    let mut own = Vec::new();
    let listed = files.list(&format!("{OWN_DIR}/charts"));
    for path in listed.into_iter().filter(|path| path.ends_with(".yaml") || path.ends_with(".yml")) {
        let Ok(file) = files.text(&path) else { continue };
        let (profile, mistakes) = Profile::read(&file);
        own.extend(profile);
        findings.extend(mistakes.iter().map(|(place, message)| tool::config_invalid(*place, message)));
    }
    Profiles::with(own)
}
