//! Terragrunt units: `include`, `locals`, `dependency`, `generate`, `inputs` and the `terraform` block.

mod arguments;
mod generate;
mod include;
mod values;

use super::evaluate::{Evaluator, Unit};
use super::variables::VariableArgument;
use crate::base::{Node, Place, Text, join_path};
use crate::syntax::hcl::parse_hcl;
use std::sync::Arc;

pub(super) use generate::{Generated, add_generated, is_variables};
pub(super) use include::all_arguments;
use include::{include_paths, included_path, with_includes};
pub(super) use values::read_config;

/// What a unit brings to its root module.
#[derive(Default)]
pub(super) struct UnitConfig {
    /// Files of `generate` blocks.
    pub(super) generated: Vec<Generated>,
    /// Values of `inputs`.
    pub(super) inputs: Vec<(Arc<str>, Node)>,
    /// Set when `inputs` may hold anything.
    pub(super) unknown_inputs: Option<Arc<str>>,
    /// Arguments that set variables, by the label of their `extra_arguments` block.
    pub(super) arguments: Vec<(Arc<str>, Vec<VariableArgument>)>,
    /// Whether a `terraform.source` is named, here or in an included file.
    pub(super) has_source: bool,
    /// Paths of included files.
    pub(super) included: Vec<String>,
    /// The folder of `terraform.source`, where it is local.
    pub(super) source_dir: Option<String>,
}

/// Reads the unit of a folder; empty when it has no `terragrunt.hcl`.
pub(super) fn read_unit(evaluator: &Evaluator<'_>, dir: &str) -> UnitConfig {
    let path = join_path(dir, "terragrunt.hcl").unwrap_or_default();
    read_file(evaluator, Unit::of_file(dir, &path), &path, &mut vec![path.clone()])
}

/// Reads one file of a unit, with the files that it includes under its own values.
fn read_file(evaluator: &Evaluator<'_>, unit: Unit, path: &str, seen: &mut Vec<String>) -> UnitConfig {
    let mut config = UnitConfig::default();
    let Ok(file) = evaluator.files.text(path) else { return config };
    let (body, issues) = parse_hcl(&Text::of_file(&file));
    evaluator.log.borrow_mut().issues.extend(issues);
    let (unit_dir, start) = (unit.dir.clone(), Place::new(file.id(), 0, 0));
    let plain = values::plain_scope(&body, &unit_dir);
    let includes = evaluator.in_unit(unit.clone(), || include_paths(evaluator, &unit_dir, &body, &plain));
    evaluator.in_unit(Unit { includes, ..unit }, || {
        let scope = values::file_scope(evaluator, &body, &unit_dir, start);
        generate::read_generated(evaluator, &body, &scope, &mut config);
        if let Some(inputs) = body.attribute("inputs") {
            add_inputs(&evaluator.eval(&inputs.value, &scope), &mut config);
        }
        if let Some(terraform) = body.block("terraform") {
            arguments::read_terraform(evaluator, &unit_dir, terraform, &scope, &mut config);
        }
        with_includes(evaluator, &unit_dir, &body, &scope, config, seen)
    })
}

/// Where a path leads: relative to the unit's folder, or, with the slash that Terragrunt's functions give,
/// from the root of the repository. None where it leads out of it.
pub(super) fn from_unit(unit_dir: &str, path: &str) -> Option<String> {
    match path.strip_prefix('/') {
        Some(path) => join_path("", path),
        None => join_path(unit_dir, path),
    }
}

fn add_inputs(inputs: &Node, config: &mut UnitConfig) {
    let entries = inputs.as_map().map(|map| &map.entries[..]).unwrap_or_default();
    config.inputs.extend(entries.iter().map(|entry| (Arc::clone(&entry.key.name), entry.value.clone())));
    config.unknown_inputs = inputs.open_reason();
}
