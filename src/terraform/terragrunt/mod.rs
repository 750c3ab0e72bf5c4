//! Terragrunt units: `include`, `locals`, `dependency`, `generate`, `inputs` and the `terraform` block.

mod arguments;
mod values;

use super::evaluate::{Evaluator, Unit};
use super::log::ProblemKind;
use super::scope::Scope;
use super::variables::VariableArgument;
use crate::base::{Map, Node, Place, Text, Value, join_path};
use crate::syntax::hcl::{Block, Body, parse_hcl};
use std::sync::Arc;
pub(super) use values::read_config;

/// What a unit brings to its root module.
#[derive(Default)]
pub(super) struct UnitConfig {
    /// Parsed contents of `generate` blocks by label.
    pub(super) generated: Vec<(Arc<str>, Body)>,
    /// Values of `inputs`; the last of a name wins.
    pub(super) inputs: Vec<(Arc<str>, Node)>,
    /// Set when `inputs` may hold anything.
    pub(super) unknown_inputs: Option<Arc<str>>,
    /// Arguments that set variables.
    pub(super) arguments: Vec<VariableArgument>,
    /// Whether a `terraform.source` is named, here or in an included file.
    pub(super) has_source: bool,
    /// Paths of included files.
    pub(super) included: Vec<String>,
    /// The folder of `terraform.source`, where it is local.
    pub(super) source_dir: Option<String>,
}

/// How an included file and the one that includes it become one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum MergeStrategy {
    /// Only what the including file refers to is taken.
    NoMerge,
    /// An input of the including file replaces the included one.
    Shallow,
    /// Maps are merged.
    DeepMaps,
    /// Maps are merged, and lists joined.
    Deep,
}

/// Reads the unit of a folder; empty when it has no `terragrunt.hcl`.
pub(super) fn read_unit(evaluator: &Evaluator<'_>, dir: &str) -> UnitConfig {
    let mut config = UnitConfig::default();
    let path = join_path(dir, "terragrunt.hcl").unwrap_or_default();
    read_file(evaluator, dir, &path, &mut config, &mut vec![path.clone()]);
    config
}

/// Reads one file of a unit, the files that it includes first, so that the unit's own values win.
fn read_file(
    evaluator: &Evaluator<'_>,
    unit_dir: &str,
    path: &str,
    config: &mut UnitConfig,
    seen: &mut Vec<String>,
) {
    let Ok(file) = evaluator.files.text(path) else { return };
    let (body, issues) = parse_hcl(&Text::of_file(&file));
    evaluator.log.borrow_mut().issues.extend(issues);
    evaluator.in_unit(Unit::of_file(unit_dir, path), || {
        let scope = values::file_scope(evaluator, &body, unit_dir, Place::new(file.id(), 0, 0));
        let mut strategy = MergeStrategy::Shallow;
        for include in body.blocks("include") {
            strategy = strategy.max(include_file(evaluator, unit_dir, include, &scope, config, seen));
        }
        read_generated(evaluator, &body, &scope, config);
        if let Some(inputs) = body.attribute("inputs") {
            add_inputs(evaluator.eval(&inputs.value, &scope), strategy, config);
        }
        if let Some(terraform) = body.block("terraform") {
            arguments::read_terraform(evaluator, unit_dir, terraform, &scope, config);
        }
    });
}

fn include_file(
    evaluator: &Evaluator<'_>,
    unit_dir: &str,
    include: &Block,
    scope: &Scope,
    config: &mut UnitConfig,
    seen: &mut Vec<String>,
) -> MergeStrategy {
    let strategy = merge_strategy(evaluator, include, scope);
    let Some((path, place)) = included_path(evaluator, unit_dir, include, scope) else { return strategy };
    if seen.contains(&path) {
        let message = format!("`{path}` includes itself");
        evaluator.log.borrow_mut().problem(ProblemKind::ReferenceCycle, place, message);
        return strategy;
    }
    config.included.push(path.clone());
    if strategy != MergeStrategy::NoMerge {
        seen.push(path.clone());
        read_file(evaluator, unit_dir, &path, config, seen);
        seen.pop();
    }
    strategy
}

fn merge_strategy(evaluator: &Evaluator<'_>, include: &Block, scope: &Scope) -> MergeStrategy {
    let named = include.body.attribute("merge_strategy").map(|a| evaluator.eval(&a.value, scope));
    match named.as_ref().and_then(Node::as_str) {
        Some("no_merge") => MergeStrategy::NoMerge,
        Some("deep_map_only") => MergeStrategy::DeepMaps,
        Some("deep") => MergeStrategy::Deep,
        _ => MergeStrategy::Shallow,
    }
}

/// The path of an included file from the root of the repository, and where it is named. What cannot be
/// followed is noted.
fn included_path(
    evaluator: &Evaluator<'_>,
    unit_dir: &str,
    include: &Block,
    scope: &Scope,
) -> Option<(String, Place)> {
    let attribute = include.body.attribute("path")?;
    let place = attribute.value.place;
    let node = evaluator.eval(&attribute.value, scope);
    let Some(path) = node.as_str() else {
        let reason = node.open_reason().unwrap_or_else(|| "the included file is not known".into());
        evaluator.log.borrow_mut().unseen(place, reason);
        return None;
    };
    let Some(resolved) = from_unit(unit_dir, path) else {
        let message = format!("`{path}` leads out of the repository");
        evaluator.log.borrow_mut().problem(ProblemKind::PathOutsideRoot, place, message);
        return None;
    };
    if evaluator.files.text(&resolved).is_err() {
        let reason = format!("the included file `{resolved}` is not there");
        evaluator.log.borrow_mut().unseen(place, reason);
        return None;
    }
    Some((resolved, place))
}

/// Where a path leads: relative to the unit's folder, or, with the slash that Terragrunt's functions give,
/// from the root of the repository. None where it leads out of it.
pub(super) fn from_unit(unit_dir: &str, path: &str) -> Option<String> {
    match path.strip_prefix('/') {
        Some(path) => join_path("", path),
        None => join_path(unit_dir, path),
    }
}

/// The contents of `generate` blocks, and of a `generate` attribute that maps names to them.
fn read_generated(evaluator: &Evaluator<'_>, body: &Body, scope: &Scope, config: &mut UnitConfig) {
    for block in body.blocks("generate") {
        let value = |name: &str| block.body.attribute(name).map(|a| evaluator.eval(&a.value, scope));
        let disabled = value("disable").is_some_and(|node| matches!(node.value, Value::Bool(true)));
        let Some(contents) = value("contents").filter(|_| !disabled) else { continue };
        let label = block.labels.first().map(|label| Arc::clone(&label.name)).unwrap_or_default();
        add_generated(evaluator, label, &contents, config);
    }
    let Some(attribute) = body.attribute("generate") else { return };
    let all = evaluator.eval(&attribute.value, scope);
    for entry in all.as_map().map(|map| &map.entries[..]).unwrap_or_default() {
        if let Some(contents) = entry.value.get("contents") {
            add_generated(evaluator, Arc::clone(&entry.key.name), contents, config);
        }
    }
    if let Some(reason) = all.open_reason() {
        evaluator.log.borrow_mut().unseen(attribute.value.place, reason);
    }
}

/// A block of the including file replaces an included one of its label.
fn add_generated(evaluator: &Evaluator<'_>, label: Arc<str>, contents: &Node, config: &mut UnitConfig) {
    match &contents.value {
        Value::Text(text) => {
            let (body, issues) = parse_hcl(text);
            evaluator.log.borrow_mut().issues.extend(issues);
            config.generated.retain(|(old, _)| *old != label);
            config.generated.push((label, body));
        }
        _ => {
            let reason = contents.open_reason().unwrap_or_else(|| "generated contents are no string".into());
            evaluator.log.borrow_mut().unseen(contents.place, reason);
        }
    }
}

fn add_inputs(inputs: Node, strategy: MergeStrategy, config: &mut UnitConfig) {
    if let Some(Map { entries, .. }) = inputs.as_map() {
        for entry in entries {
            let name = Arc::clone(&entry.key.name);
            let under = config.inputs.iter().rfind(|(old, _)| *old == name);
            let value = match under.filter(|_| strategy >= MergeStrategy::DeepMaps) {
                Some((_, under)) => values::deep_merge(under, &entry.value, strategy == MergeStrategy::Deep),
                None => entry.value.clone(),
            };
            config.inputs.push((name, value));
        }
    }
    if let Some(reason) = inputs.open_reason() {
        config.unknown_inputs = Some(reason);
    }
}
