//! Terragrunt units: `include`, `locals`, `generate`, `inputs`, `terraform.source` and var files.

use super::evaluate::{Evaluator, Unit};
use super::instance::{Arguments, Instance, RootArguments};
use super::log::ProblemKind;
use super::module::Module;
use super::scope::Scope;
use crate::base::{Files, Map, Node, Place, Text, Value, join_path, parent_dir};
use crate::syntax::hcl::{Block, Body, Expr, parse_hcl};
use std::rc::Rc;
use std::sync::Arc;

/// What a unit brings to its root module.
#[derive(Default)]
pub(super) struct UnitConfig {
    /// Parsed contents of `generate` blocks.
    pub(super) generated: Vec<Body>,
    /// Values of `inputs`.
    pub(super) inputs: Vec<(Arc<str>, Node)>,
    /// Set when `inputs` may hold anything.
    pub(super) unknown_inputs: Option<Arc<str>>,
    /// Files of variables, from the root of the repository.
    pub(super) var_files: Vec<String>,
    /// The folder of `terraform.source`, where it is local.
    pub(super) source_dir: Option<String>,
}

/// Whether a `terragrunt.hcl` is a unit of its own rather than a file that others include.
pub(super) fn is_unit(files: &dyn Files, path: &str) -> bool {
    let Ok(file) = files.text(path) else { return false };
    let (body, _) = parse_hcl(&Text::of_file(&file));
    body.block("terraform").is_some_and(|block| block.body.attribute("source").is_some())
}

/// Reads the unit of a folder; empty when it has no `terragrunt.hcl`.
pub(super) fn read_unit(evaluator: &mut Evaluator<'_>, dir: &str) -> UnitConfig {
    let mut config = UnitConfig::default();
    let path = join_path(dir, "terragrunt.hcl").unwrap_or_default();
    if evaluator.files.text(&path).is_ok() {
        read_file(evaluator, dir, &path, &mut config, &mut vec![path.clone()]);
        evaluator.unit = None;
    }
    config
}

/// Reads one file of a unit, the files that it includes first, so that the unit's own values win.
fn read_file(
    evaluator: &mut Evaluator<'_>,
    unit_dir: &str,
    path: &str,
    config: &mut UnitConfig,
    seen: &mut Vec<String>,
) {
    let Ok(file) = evaluator.files.text(path) else { return };
    let (mut body, issues) = parse_hcl(&Text::of_file(&file));
    evaluator.log.borrow_mut().issues.extend(issues);
    evaluator.unit = Some(Unit { dir: unit_dir.to_owned(), file_dir: parent_dir(path).to_owned() });
    let scope = file_scope(&mut body, unit_dir);
    for include in body.blocks("include") {
        include_file(evaluator, unit_dir, include, &scope, config, seen);
        evaluator.unit = Some(Unit { dir: unit_dir.to_owned(), file_dir: parent_dir(path).to_owned() });
    }
    for generate in body.blocks("generate") {
        if let Some(contents) = generate.body.attribute("contents") {
            generated(evaluator, &contents.value, &scope, config);
        }
    }
    if let Some(inputs) = body.attribute("inputs") {
        add_inputs(evaluator.eval(&inputs.value, &scope), config);
    }
    if let Some(terraform) = body.block("terraform") {
        read_terraform(evaluator, unit_dir, terraform, &scope, config);
    }
}

/// A scope in which the file's locals are known and its dependencies are not.
fn file_scope(body: &mut Body, unit_dir: &str) -> Scope {
    let mut module = Module { dir: unit_dir.to_owned(), ..Module::default() };
    let (locals, rest): (Vec<Block>, Vec<Block>) =
        body.blocks.drain(..).partition(|block| &*block.kind == "locals");
    body.blocks = rest;
    module.add(Body { attributes: Vec::new(), blocks: locals });
    let root = Arguments::Root(RootArguments::default());
    let instance: Rc<Instance> =
        Instance::new(Arc::new(module), String::new(), unit_dir.to_owned(), root, 0, None);
    let scope = Scope::of(&instance);
    let unknown = |place: Place, reason: &str| Node::unknown(reason, place);
    let mut named = scope;
    for block in &body.blocks {
        match &*block.kind {
            "dependency" => {
                named = named.with("dependency", unknown(block.header, "outputs of another unit"));
            }
            "include" => named = named.with("include", unknown(block.header, "values of an exposed include")),
            _ => {}
        }
    }
    named
}

fn include_file(
    evaluator: &mut Evaluator<'_>,
    unit_dir: &str,
    include: &Block,
    scope: &Scope,
    config: &mut UnitConfig,
    seen: &mut Vec<String>,
) {
    let Some(attribute) = include.body.attribute("path") else { return };
    let node = evaluator.eval(&attribute.value, scope);
    let Some(path) = node.as_str() else {
        let reason = node.open_reason().unwrap_or_else(|| "the included file is not known".into());
        evaluator.log.borrow_mut().unresolved(attribute.value.place, reason);
        return;
    };
    // Functions give paths from the root of the repository, marked by a leading slash.
    let resolved = match path.strip_prefix('/') {
        Some(path) => join_path("", path),
        None => join_path(unit_dir, path),
    };
    let Some(resolved) = resolved else {
        let message = format!("`{path}` leads out of the repository");
        evaluator.log.borrow_mut().problem(ProblemKind::PathOutsideRoot, attribute.value.place, message);
        return;
    };
    if seen.contains(&resolved) {
        let message = format!("`{resolved}` includes itself");
        evaluator.log.borrow_mut().problem(ProblemKind::ReferenceCycle, attribute.value.place, message);
        return;
    }
    if evaluator.files.text(&resolved).is_err() {
        let reason = format!("the included file `{resolved}` is not there");
        evaluator.log.borrow_mut().unresolved(attribute.value.place, reason);
        return;
    }
    seen.push(resolved.clone());
    read_file(evaluator, unit_dir, &resolved, config, seen);
}

fn generated(evaluator: &Evaluator<'_>, contents: &Expr, scope: &Scope, config: &mut UnitConfig) {
    let node = evaluator.eval(contents, scope);
    match &node.value {
        Value::Text(text) => {
            let (body, issues) = parse_hcl(text);
            evaluator.log.borrow_mut().issues.extend(issues);
            config.generated.push(body);
        }
        _ => {
            let reason = node.open_reason().unwrap_or_else(|| "generated contents are no string".into());
            evaluator.log.borrow_mut().unresolved(contents.place, reason);
        }
    }
}

fn add_inputs(inputs: Node, config: &mut UnitConfig) {
    if let Some(Map { entries, .. }) = inputs.as_map() {
        config.inputs.extend(entries.iter().map(|entry| (Arc::clone(&entry.key.name), entry.value.clone())));
    }
    if let Some(reason) = inputs.open_reason() {
        config.unknown_inputs = Some(reason);
    }
}

fn read_terraform(
    evaluator: &Evaluator<'_>,
    unit_dir: &str,
    terraform: &Block,
    scope: &Scope,
    config: &mut UnitConfig,
) {
    if let Some(source) = terraform.body.attribute("source") {
        let node = evaluator.eval(&source.value, scope);
        let local = node.as_str().map(|s| s.replace("//", "/")).filter(|s| s.starts_with(['.', '/']));
        match local {
            Some(path) => {
                config.source_dir = match path.strip_prefix('/') {
                    Some(path) => join_path("", path),
                    None => join_path(unit_dir, &path),
                };
            }
            None => {
                let reason = "the unit's resources stand outside of the repository";
                evaluator.log.borrow_mut().unresolved(source.value.place, reason);
            }
        }
    }
    for arguments in terraform.body.blocks("extra_arguments") {
        for name in ["required_var_files", "optional_var_files"] {
            let Some(attribute) = arguments.body.attribute(name) else { continue };
            let node = evaluator.eval(&attribute.value, scope);
            for item in node.items() {
                add_var_file(evaluator, unit_dir, item, name == "required_var_files", config);
            }
        }
    }
}

fn add_var_file(
    evaluator: &Evaluator<'_>,
    unit_dir: &str,
    item: &Node,
    required: bool,
    config: &mut UnitConfig,
) {
    let Some(path) = item.as_str() else {
        config.unknown_inputs = item.open_reason();
        return;
    };
    let resolved = match path.strip_prefix('/') {
        Some(path) => join_path("", path),
        None => join_path(unit_dir, path),
    };
    match resolved {
        Some(path) if required || evaluator.files.text(&path).is_ok() => config.var_files.push(path),
        Some(_) => {}
        None => {
            config.unknown_inputs =
                Some(format!("the file of variables `{path}` lies outside of the repository").into());
        }
    }
}
