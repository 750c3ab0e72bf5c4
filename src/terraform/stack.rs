//! Which folders are stacks, and what one creates.

use super::evaluate::Evaluator;
use super::instance::{Arguments, Instance, RootArguments};
use super::log::Log;
use super::module::{Module, is_terraform, literal_source};
use super::modules::Modules;
use super::resources::{Absent, Resource};
use super::terragrunt::{self, UnitConfig};
use super::variables;
use crate::base::{join_path, parent_dir};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One Terraform root module or Terragrunt unit, evaluated.
#[derive(Debug)]
pub struct Stack {
    /// Its folder.
    pub dir: String,
    /// The resources of the wanted types.
    pub resources: Vec<Resource>,
    /// What a count of 0 or an empty for_each leaves out.
    pub absent: Vec<Absent>,
    /// What evaluation had to say.
    pub log: Log,
}

/// The folders of the stacks among some paths: Terragrunt units, and those with `.tf` files that neither a
/// local call nor a unit's source leads to. Folders that call only each other make a stack all the same.
pub fn find_stacks(modules: &Modules<'_>, paths: &[String]) -> Vec<String> {
    let dirs: BTreeSet<&str> =
        paths.iter().filter(|path| is_terraform(path)).map(|path| parent_dir(path)).collect();
    let calls: BTreeMap<&str, Vec<String>> =
        dirs.iter().map(|dir| (*dir, local_calls(modules, dir))).collect();
    let units: Vec<(&str, UnitConfig)> = paths
        .iter()
        .filter(|path| path.rsplit('/').next() == Some("terragrunt.hcl"))
        .map(|path| (path.as_str(), terragrunt::read_unit(&Evaluator::new(modules), parent_dir(path))))
        .collect();
    // A file that others include is no unit of its own.
    let included: BTreeSet<&str> =
        units.iter().flat_map(|(_, unit)| &unit.included).map(String::as_str).collect();
    let units: Vec<(&str, &UnitConfig)> = units
        .iter()
        .filter(|(path, unit)| unit.has_source && !included.contains(path))
        .map(|(path, unit)| (parent_dir(path), unit))
        .collect();
    let source_of =
        |(dir, unit): &(&str, &UnitConfig)| unit.source_dir.clone().filter(|source| source != dir);
    let sources: BTreeSet<String> = units.iter().filter_map(source_of).collect();
    let led_to: BTreeSet<&str> = calls.values().flatten().chain(&sources).map(String::as_str).collect();
    let mut stacks: BTreeSet<&str> = dirs.iter().copied().filter(|dir| !led_to.contains(dir)).collect();
    stacks.extend(units.iter().map(|(dir, _)| *dir));
    let mut reached = BTreeSet::new();
    for start in stacks.iter().copied().chain(sources.iter().map(String::as_str)) {
        reach(start, &calls, &mut reached);
    }
    for dir in &dirs {
        if !reached.contains(dir) {
            stacks.insert(dir);
            reach(dir, &calls, &mut reached);
        }
    }
    stacks.into_iter().map(str::to_owned).collect()
}

/// The folders that the module calls of a folder lead to.
fn local_calls(modules: &Modules<'_>, dir: &str) -> Vec<String> {
    let module = modules.get(dir);
    let calls = module.as_deref().map(|module| &module.calls[..]).unwrap_or_default();
    let local = |call| {
        let source = literal_source(call)?;
        let is_local = source.starts_with("./") || source.starts_with("../");
        is_local.then(|| join_path(dir, &source.replace("//", "/"))).flatten()
    };
    calls.iter().filter_map(local).collect()
}

fn reach<'a>(from: &'a str, calls: &'a BTreeMap<&str, Vec<String>>, reached: &mut BTreeSet<&'a str>) {
    let mut open = vec![from];
    while let Some(dir) = open.pop() {
        if reached.insert(dir) {
            open.extend(calls.get(dir).into_iter().flatten().map(String::as_str));
        }
    }
}

/// Evaluates a stack. Only resources of the wanted types are evaluated.
pub fn evaluate_stack(modules: &Modules<'_>, dir: &str, wanted: &dyn Fn(&str) -> bool) -> Stack {
    let evaluator = Evaluator::new(modules);
    let unit = terragrunt::read_unit(&evaluator, dir);
    let source_dir = unit.source_dir.clone().unwrap_or_else(|| dir.to_owned());
    let module = evaluator.module(&source_dir);
    let mut module =
        module.unwrap_or_else(|| Arc::new(Module { dir: source_dir.clone(), ..Module::default() }));
    // Terragrunt copies what stands beside a unit over the source.
    if source_dir != dir
        && let Some(beside) = evaluator.module(dir)
    {
        Arc::make_mut(&mut module).overlay(modules.files, &beside);
    }
    if !unit.generated.is_empty() {
        terragrunt::add_generated(&evaluator, &unit.generated, Arc::make_mut(&mut module));
    }
    // Terragrunt hands its inputs over as environment variables, which every file overrides.
    let mut arguments =
        RootArguments { values: unit.inputs.into_iter().collect(), unknown: unit.unknown_inputs };
    let found = variables::found_files(&evaluator, &source_dir, dir, &unit.generated);
    let given = found.into_iter().chain(terragrunt::all_arguments(unit.arguments));
    variables::set_all(&evaluator, given.collect(), &mut arguments);
    let root = Arguments::Root(arguments);
    let instance = Instance::new(module, String::new(), source_dir, root, 0, None);
    let (mut resources, mut absent) = (Vec::new(), Vec::new());
    evaluator.collect(&instance, wanted, &mut resources, &mut absent);
    Stack { dir: dir.to_owned(), resources, absent, log: evaluator.log.into_inner() }
}
