//! Terragrunt units: `include`, `locals`, `generate`, `inputs`, `terraform.source` and var files.

use super::evaluate::{Evaluator, Unit};
use super::instance::{Arguments, Instance, RootArguments};
use super::log::ProblemKind;
use super::module::Module;
use super::scope::Scope;
use super::variables::VariableArgument;
use crate::base::{FileError, Map, Node, Place, Text, Value, join_path, parent_dir};
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
    /// Arguments that set variables.
    pub(super) arguments: Vec<VariableArgument>,
    /// Whether a `terraform.source` is named, here or in an included file.
    pub(super) has_source: bool,
    /// Paths of included files.
    pub(super) included: Vec<String>,
    /// The folder of `terraform.source`, where it is local.
    pub(super) source_dir: Option<String>,
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
    config.included.push(resolved.clone());
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
        config.has_source = true;
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
    for block in terraform.body.blocks("extra_arguments") {
        extra_arguments(evaluator, unit_dir, block, scope, config);
    }
    for kind in ["before_hook", "after_hook"] {
        for hook in terraform.body.blocks(kind) {
            let command =
                hook.body.attribute("execute").map(|attribute| evaluator.eval(&attribute.value, scope));
            let applies = |node: &Node| {
                node.items().iter().filter_map(Node::as_str).any(|word| APPLIERS.contains(&word))
            };
            if command.as_ref().is_some_and(applies) {
                evaluator.log.borrow_mut().unresolved(hook.header, "what this hook applies is not known");
            }
        }
    }
}

/// Programs that a hook may apply objects with.
const APPLIERS: [&str; 3] = ["kubectl", "helm", "kustomize"];

/// The arguments, environment and files of variables of an `extra_arguments` block that speaks of plans.
fn extra_arguments(
    evaluator: &Evaluator<'_>,
    unit_dir: &str,
    block: &Block,
    scope: &Scope,
    config: &mut UnitConfig,
) {
    let value =
        |name: &str| block.body.attribute(name).map(|attribute| evaluator.eval(&attribute.value, scope));
    let commands =
        value("commands").filter(|commands| commands.open_reason().is_none() && commands.as_list().is_some());
    let named = |command: &str| {
        commands.as_ref().is_some_and(|c| c.items().iter().any(|item| item.as_str() == Some(command)))
    };
    if commands.is_some() && !named("plan") && !named("apply") {
        return;
    }
    if let Some(variables) = value("env_vars") {
        for entry in variables.as_map().map(|map| &map.entries[..]).unwrap_or_default() {
            if let Some(name) = entry.key.name.strip_prefix("TF_VAR_") {
                config.inputs.push((name.into(), entry.value.clone()));
            }
        }
    }
    if let Some(arguments) = value("arguments") {
        command_line(&arguments, unit_dir, config);
    }
    for name in ["required_var_files", "optional_var_files"] {
        let Some(files) = value(name) else { continue };
        if let Some(reason) = files.open_reason() {
            config.arguments.push(VariableArgument::Unknown(reason));
        }
        for item in files.items() {
            add_var_file(evaluator, unit_dir, item, name == "required_var_files", config);
        }
    }
}

/// `-var-file=PATH`, `-var name=value` and their other spellings.
fn command_line(arguments: &Node, unit_dir: &str, config: &mut UnitConfig) {
    if let Some(reason) = arguments.open_reason() {
        config.arguments.push(VariableArgument::Unknown(reason));
    }
    let mut before: Option<&str> = None;
    for item in arguments.items() {
        let Some(text) = item.as_str() else {
            let reason = item.open_reason().unwrap_or_else(|| "an argument that is no string".into());
            config.arguments.push(VariableArgument::Unknown(reason));
            continue;
        };
        let (name, value) = match (before.take(), text.trim_start_matches('-').split_once(['=', ' '])) {
            (Some(name), _) => (name, Some(text)),
            (None, Some((name, value))) => (name, Some(value.trim())),
            (None, None) => (text.trim_start_matches('-'), None),
        };
        match (name, value) {
            ("var-file", Some(path)) => config.arguments.push(from_unit(unit_dir, path)),
            ("var", Some(pair)) => {
                if let Some((name, value)) = pair.split_once('=') {
                    let node = Node::made(value, item.place);
                    config.arguments.push(VariableArgument::Value(name.trim().into(), node));
                }
            }
            ("var-file", None) => before = Some("var-file"),
            ("var", None) => before = Some("var"),
            _ => {}
        }
    }
}

/// A file of variables: relative to the unit, or from the root of the repository with a slash.
fn from_unit(unit_dir: &str, path: &str) -> VariableArgument {
    let resolved = match path.strip_prefix('/') {
        Some(path) => join_path("", path),
        None => join_path(unit_dir, path),
    };
    match resolved {
        Some(path) => VariableArgument::File(path),
        None => VariableArgument::Unknown(
            format!("the file of variables `{path}` lies outside of the repository").into(),
        ),
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
        let reason = item.open_reason().unwrap_or_else(|| "a path that is no string".into());
        config.arguments.push(VariableArgument::Unknown(reason));
        return;
    };
    match from_unit(unit_dir, path) {
        VariableArgument::File(path)
            if !required && matches!(evaluator.files.text(&path), Err(FileError::Missing)) => {}
        VariableArgument::Unknown(reason) => {
            let message = format!("`{path}` leads out of the repository");
            evaluator.log.borrow_mut().problem(ProblemKind::PathOutsideRoot, item.place, message);
            config.arguments.push(VariableArgument::Unknown(reason));
        }
        argument => config.arguments.push(argument),
    }
}
