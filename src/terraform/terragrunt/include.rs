//! Files that a unit includes, and how they and the unit become one (handleInclude and Merge of
//! pkg/config/include.go, gruntwork-io/terragrunt 286a33c).

use super::super::evaluate::{Evaluator, Unit};
use super::super::log::ProblemKind;
use super::super::scope::Scope;
use super::super::variables::VariableArgument;
use super::values::deep_merge;
use super::{UnitConfig, from_unit, read_file};
use crate::base::{Node, Place};
use crate::syntax::hcl::{Block, Body};
use std::sync::Arc;

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

/// The paths of the files that a file includes, by the labels of the blocks.
pub(super) fn include_paths(
    evaluator: &Evaluator<'_>,
    unit_dir: &str,
    body: &Body,
    scope: &Scope,
) -> Vec<(Arc<str>, String)> {
    let path = |include: &Block| {
        let node = evaluator.eval(&include.body.attribute("path")?.value, scope);
        let label = include.labels.first().map(|label| Arc::clone(&label.name)).unwrap_or_default();
        Some((label, from_unit(unit_dir, node.as_str()?)?))
    };
    body.blocks("include").filter_map(path).collect()
}

/// Lays a file's own configuration over those that it includes: later ones over earlier ones, each by its own
/// strategy.
pub(super) fn with_includes(
    evaluator: &Evaluator<'_>,
    unit_dir: &str,
    body: &Body,
    scope: &Scope,
    own: UnitConfig,
    seen: &mut Vec<String>,
) -> UnitConfig {
    let includes: Vec<&Block> = body.blocks("include").collect();
    includes.into_iter().rev().fold(own, |over, include| {
        let (included, strategy) = include_file(evaluator, unit_dir, include, scope, seen);
        merged(included, over, strategy)
    })
}

fn include_file(
    evaluator: &Evaluator<'_>,
    unit_dir: &str,
    include: &Block,
    scope: &Scope,
    seen: &mut Vec<String>,
) -> (UnitConfig, MergeStrategy) {
    let strategy = merge_strategy(evaluator, include, scope);
    let mut config = UnitConfig::default();
    let Some((path, place)) = included_path(evaluator, unit_dir, include, scope) else {
        return (config, strategy);
    };
    if seen.contains(&path) {
        let message = format!("`{path}` includes itself");
        evaluator.log.borrow_mut().problem(ProblemKind::ReferenceCycle, place, message);
        return (config, strategy);
    }
    if strategy != MergeStrategy::NoMerge {
        seen.push(path.clone());
        config = read_file(evaluator, Unit::of_file(unit_dir, &path), &path, seen);
        seen.pop();
    }
    config.included.push(path);
    (config, strategy)
}

/// One configuration over another. Blocks and arguments of a name replace those under them.
fn merged(under: UnitConfig, over: UnitConfig, strategy: MergeStrategy) -> UnitConfig {
    let mut generated = under.generated;
    generated.retain(|old| over.generated.iter().all(|new| new.label != old.label));
    generated.extend(over.generated);
    let mut arguments = under.arguments;
    arguments.retain(|(old, _)| over.arguments.iter().all(|(new, _)| new != old));
    arguments.extend(over.arguments);
    let mut included = under.included;
    included.extend(over.included);
    UnitConfig {
        generated,
        inputs: merged_inputs(under.inputs, over.inputs, strategy),
        unknown_inputs: over.unknown_inputs.or(under.unknown_inputs),
        arguments,
        has_source: under.has_source || over.has_source,
        included,
        source_dir: over.source_dir.or(under.source_dir),
    }
}

type Inputs = Vec<(Arc<str>, Node)>;

fn merged_inputs(under: Inputs, over: Inputs, strategy: MergeStrategy) -> Inputs {
    let mut out = under;
    for (name, value) in over {
        let old = out.iter().position(|(old, _)| *old == name);
        let value = match old.filter(|_| strategy >= MergeStrategy::DeepMaps) {
            Some(at) => deep_merge(&out[at].1, &value, strategy == MergeStrategy::Deep),
            None => value,
        };
        match old {
            Some(at) => out[at].1 = value,
            None => out.push((name, value)),
        }
    }
    out
}

/// The arguments of a unit in their order, whatever blocks they come from.
pub(in super::super) fn all_arguments(
    arguments: Vec<(Arc<str>, Vec<VariableArgument>)>,
) -> impl Iterator<Item = VariableArgument> {
    arguments.into_iter().flat_map(|(_, arguments)| arguments)
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
pub(super) fn included_path(
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
