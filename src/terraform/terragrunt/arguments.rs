//! What a unit's `terraform` block says: the source, the arguments of Terraform's command line, hooks.

use super::super::evaluate::Evaluator;
use super::super::log::ProblemKind;
use super::super::scope::Scope;
use super::super::variables::VariableArgument;
use super::{UnitConfig, from_unit};
use crate::base::{FileError, Node};
use crate::syntax::hcl::Block;
use std::sync::Arc;

pub(super) fn read_terraform(
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
                config.source_dir = from_unit(unit_dir, &path);
            }
            None => {
                let reason = "the unit's resources stand outside of the repository";
                evaluator.log.borrow_mut().unseen(source.value.place, reason);
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
                evaluator.log.borrow_mut().unseen(hook.header, "what this hook applies is not known");
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
    let mut taken: Vec<VariableArgument> = Vec::new();
    if let Some(variables) = value("env_vars") {
        for entry in variables.as_map().map(|map| &map.entries[..]).unwrap_or_default() {
            if let Some(name) = entry.key.name.strip_prefix("TF_VAR_") {
                config.inputs.push((name.into(), entry.value.clone()));
            }
        }
    }
    if let Some(arguments) = value("arguments") {
        command_line(&arguments, unit_dir, &mut taken);
    }
    for name in ["required_var_files", "optional_var_files"] {
        let Some(files) = value(name) else { continue };
        if let Some(reason) = files.open_reason() {
            taken.push(VariableArgument::Unknown(reason));
        }
        for item in files.items() {
            add_var_file(evaluator, unit_dir, item, name == "required_var_files", &mut taken);
        }
    }
    let label = block.labels.first().map(|label| Arc::clone(&label.name)).unwrap_or_default();
    config.arguments.retain(|(old, _)| *old != label);
    config.arguments.push((label, taken));
}

/// `-var-file=PATH`, `-var name=value` and their other spellings.
fn command_line(arguments: &Node, unit_dir: &str, taken: &mut Vec<VariableArgument>) {
    if let Some(reason) = arguments.open_reason() {
        taken.push(VariableArgument::Unknown(reason));
    }
    let mut before: Option<&str> = None;
    for item in arguments.items() {
        let Some(text) = item.as_str() else {
            let reason = item.open_reason().unwrap_or_else(|| "an argument that is no string".into());
            taken.push(VariableArgument::Unknown(reason));
            continue;
        };
        let (name, value) = match (before.take(), text.trim_start_matches('-').split_once(['=', ' '])) {
            (Some(name), _) => (name, Some(text)),
            (None, Some((name, value))) => (name, Some(value.trim())),
            (None, None) => (text.trim_start_matches('-'), None),
        };
        match (name, value) {
            ("var-file", Some(path)) => taken.push(var_file(unit_dir, path)),
            ("var", Some(pair)) => {
                if let Some((name, value)) = pair.split_once('=') {
                    let node = Node::made(value, item.place);
                    taken.push(VariableArgument::Value(name.trim().into(), node));
                }
            }
            ("var-file", None) => before = Some("var-file"),
            ("var", None) => before = Some("var"),
            _ => {}
        }
    }
}

/// A file of variables.
fn var_file(unit_dir: &str, path: &str) -> VariableArgument {
    from_unit(unit_dir, path).map_or_else(
        || {
            let reason = format!("the file of variables `{path}` lies outside of the repository");
            VariableArgument::Unknown(reason.into())
        },
        VariableArgument::File,
    )
}

fn add_var_file(
    evaluator: &Evaluator<'_>,
    unit_dir: &str,
    item: &Node,
    required: bool,
    taken: &mut Vec<VariableArgument>,
) {
    let Some(path) = item.as_str() else {
        let reason = item.open_reason().unwrap_or_else(|| "a path that is no string".into());
        taken.push(VariableArgument::Unknown(reason));
        return;
    };
    match var_file(unit_dir, path) {
        VariableArgument::File(path)
            if !required && matches!(evaluator.files.text(&path), Err(FileError::Missing)) => {}
        VariableArgument::Unknown(reason) => {
            let message = format!("`{path}` leads out of the repository");
            evaluator.log.borrow_mut().problem(ProblemKind::PathOutsideRoot, item.place, message);
            taken.push(VariableArgument::Unknown(reason));
        }
        argument => taken.push(argument),
    }
}
