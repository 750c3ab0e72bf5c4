//! A repository's first config, hook and baseline.

use super::boundary::{canonical, find_root};
use super::fixes::replace_file;
use super::known::record;
use super::pipeline::{BaselineUse, Request, run};
use super::{EngineError, Outcome};
use crate::base::{Node, Place, Sources, Text};
use crate::config::{BASELINE_NAME, FILE_NAME, config_template};
use crate::finding::counted;
use crate::syntax::edit::{Change, Draft, Form, edits_of};
use crate::syntax::yaml::parse_yaml;
use std::path::{Path, PathBuf};

/// The config of pre-commit and prek.
const HOOKS: &str = ".pre-commit-config.yaml";

/// What was done.
#[derive(Debug, Default)]
pub struct Initialised {
    /// Files that were written.
    pub written: Vec<PathBuf>,
    /// Files that were left alone, and why.
    pub left: Vec<(PathBuf, String)>,
    /// Findings that the baseline lists; none where the repository was not looked at.
    pub findings: Option<usize>,
}

/// Writes a config, the entry of the hook, and a baseline where there are findings. What is there already stays.
pub fn initialise(dir: &Path) -> Result<Initialised, EngineError> {
    let root = find_root(&canonical(dir)?)?;
    let mut done = Initialised::default();
    let config = root.join(FILE_NAME);
    if config.exists() {
        done.left.push((config, "it is there already; --write-baseline writes a baseline".to_owned()));
    } else {
        let request = Request { paths: vec![root.clone()], baseline: BaselineUse::Off, ..Request::default() };
        let outcome = run(&request)?;
        let findings = first_baseline(&root, &outcome, &mut done.written)?;
        let with_root = !root.join(".git").exists();
        write(&config, &config_template(with_root, findings > 0), &mut done.written)?;
        done.findings = Some(findings);
    }
    hook(&root, &mut done)?;
    Ok(done)
}

fn write(path: &Path, text: &str, written: &mut Vec<PathBuf>) -> Result<(), EngineError> {
    replace_file(path, text, path.parent())?;
    written.push(path.to_owned());
    Ok(())
}

fn first_baseline(root: &Path, outcome: &Outcome, written: &mut Vec<PathBuf>) -> Result<usize, EngineError> {
    if outcome.findings.is_empty() {
        return Ok(0);
    }
    let target = root.join(BASELINE_NAME);
    if target.exists() {
        return Err(EngineError(format!(
            "`{}` is there already: move it, or name it in a config",
            target.display()
        )));
    }
    let recorded = record(outcome, &target, Some(root))?;
    written.push(target);
    Ok(recorded.known)
}

/// The entry of the hook, in the config of pre-commit: that of the Git repository.
fn hook(root: &Path, done: &mut Initialised) -> Result<(), EngineError> {
    let Some(git) = root.ancestors().find(|dir| dir.join(".git").exists()) else {
        done.left.push((root.join(HOOKS), "this is no Git repository".to_owned()));
        return Ok(());
    };
    let path = git.join(HOOKS);
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => "repos: []\n".to_owned(),
        Err(error) => return Err(EngineError(format!("cannot read `{}`: {error}", path.display()))),
    };
    match with_hook(&before) {
        Ok(text) => write(&path, &text, &mut done.written),
        Err(why) => {
            done.left.push((path, why));
            Ok(())
        }
    }
}

/// The text with an entry for the hook, or why it gets none.
fn with_hook(text: &str) -> Result<String, String> {
    let sources = Sources::default();
    let file = sources.add(HOOKS, text);
    let (documents, issues) = parse_yaml(&Text::of_file(&file));
    if let Some(issue) = issues.first() {
        return Err(format!("it does not parse: {}", issue.message));
    }
    let empty = Node::null(Place::new(file.id(), 0, 0));
    let root = documents.first().map_or(&empty, |document| &document.root);
    let entry = Draft::map([
        ("repo", env!("CARGO_PKG_REPOSITORY").into()),
        ("rev", concat!("v", env!("CARGO_PKG_VERSION")).into()),
        ("hooks", Draft::List(vec![Draft::map([("id", "steadfast".into())])])),
    ]);
    let list = Draft::List(vec![entry.clone()]);
    if root.is_null() {
        let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        return Ok(format!("{text}{gap}{}\n", list.as_yaml("repos")));
    }
    let Some(repos) = root.as_map().and_then(|map| map.get("repos")) else {
        return Err("it has no list of `repos`".to_owned());
    };
    if repos.as_list().is_none() && !repos.is_null() {
        return Err("its `repos` is no list".to_owned());
    }
    let hooks = repos.items().iter().flat_map(|repo| repo.get("hooks").map(Node::items).unwrap_or_default());
    let named =
        |hook: &Node| hook.get("id").and_then(Node::as_str).is_some_and(|id| id.starts_with("steadfast"));
    let count = hooks.filter(|hook| named(hook)).count();
    if count > 0 {
        return Err(format!("it has {} of steadfast already", counted(count as i64, "hook")));
    }
    let range = repos.place.span.range();
    if text[range.clone()].starts_with('[')
        && repos.items().is_empty()
        && text[..range.start].ends_with("repos: ")
    {
        let block = list.as_yaml("");
        let lines = block.split_once('\n').map_or("", |(_, lines)| lines);
        return Ok(format!("{}\n{lines}{}", text[..range.start].trim_end(), &text[range.end..]));
    }
    let change = [Change::append(root, &["repos"], entry)];
    let edits = edits_of(&change, &sources, &|name, _| (name.to_owned(), Form::Attribute));
    let Some([(place, added)]) = edits.as_deref() else {
        return Err("its list of `repos` is not written in a form that can be added to".to_owned());
    };
    Ok(format!("{}{added}{}", &text[..place.span.start as usize], &text[place.span.end as usize..]))
}
