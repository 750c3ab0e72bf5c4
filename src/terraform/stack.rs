//! Which folders are stacks, and what one creates.

use super::evaluate::Evaluator;
use super::instance::{Arguments, Instance, RootArguments};
use super::log::Log;
use super::module::{Module, is_encrypted, is_terraform, literal_source};
use super::resources::{Absent, Resource};
use super::scope::Scope;
use super::terragrunt;
use crate::base::{Files, Text, join_path, parent_dir};
use crate::syntax::hcl::{Body, parse_hcl};
use std::collections::BTreeSet;
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

/// The folders of the stacks among some paths: those with `.tf` files that no local call leads to, and
/// those with a `terragrunt.hcl` that names a source or stands beside `.tf` files.
pub fn find_stacks(files: &dyn Files, paths: &[String]) -> Vec<String> {
    let dirs: BTreeSet<&str> =
        paths.iter().filter(|path| is_terraform(path)).map(|path| parent_dir(path)).collect();
    let mut called = BTreeSet::new();
    for dir in &dirs {
        for call in Module::load(files, dir).map(|module| module.calls).unwrap_or_default() {
            let source = literal_source(&call).unwrap_or_default();
            if source.starts_with("./") || source.starts_with("../") {
                called.extend(join_path(dir, &source.replace("//", "/")));
            }
        }
    }
    let mut stacks: BTreeSet<String> =
        dirs.into_iter().map(str::to_owned).filter(|d| !called.contains(d)).collect();
    for path in paths.iter().filter(|path| path.ends_with("terragrunt.hcl")) {
        if terragrunt::is_unit(files, path) {
            stacks.insert(parent_dir(path).to_owned());
        }
    }
    stacks.into_iter().collect()
}

/// Evaluates a stack. Only resources of the wanted types are evaluated.
pub fn evaluate_stack(files: &dyn Files, dir: &str, wanted: &dyn Fn(&str) -> bool) -> Stack {
    let mut evaluator = Evaluator::new(files);
    let unit = terragrunt::read_unit(&mut evaluator, dir);
    let source_dir = unit.source_dir.clone().unwrap_or_else(|| dir.to_owned());
    let mut module = Module::load(files, &source_dir)
        .unwrap_or_else(|| Module { dir: source_dir.clone(), ..Module::default() });
    for generated in unit.generated {
        module.add(generated);
    }
    let mut log = evaluator.log.borrow_mut();
    log.issues.append(&mut module.issues);
    drop(log);
    let mut arguments = root_arguments(&evaluator, &source_dir);
    for path in &unit.var_files {
        read_var_file(&evaluator, path, &mut arguments);
    }
    arguments.values.extend(unit.inputs);
    if let Some(reason) = unit.unknown_inputs {
        arguments.unknown.get_or_insert(reason);
    }
    let root = Arguments::Root(arguments);
    let instance = Instance::new(Arc::new(module), String::new(), source_dir, root, 0, None);
    let (mut resources, mut absent) = (Vec::new(), Vec::new());
    evaluator.collect(&instance, wanted, &mut resources, &mut absent);
    Stack { dir: dir.to_owned(), resources, absent, log: evaluator.log.into_inner() }
}

/// `terraform.tfvars`, then `*.auto.tfvars` in the order of their names.
fn root_arguments(evaluator: &Evaluator<'_>, dir: &str) -> RootArguments {
    let mut arguments = RootArguments::default();
    let paths = evaluator.files.list(dir);
    let named = paths.iter().filter(|path| path.rsplit('/').next() == Some("terraform.tfvars"));
    let auto = paths.iter().filter(|path| path.ends_with(".auto.tfvars"));
    for path in named.chain(auto) {
        read_var_file(evaluator, path, &mut arguments);
    }
    arguments
}

fn read_var_file(evaluator: &Evaluator<'_>, path: &str, arguments: &mut RootArguments) {
    let file = match evaluator.files.text(path) {
        Ok(file) if !is_encrypted(file.text()) => file,
        Ok(_) => {
            arguments.unknown = Some(format!("the file of variables `{path}` is encrypted").into());
            return;
        }
        Err(error) => {
            arguments.unknown =
                Some(format!("the file of variables `{path}` cannot be read: {error}").into());
            return;
        }
    };
    let (body, issues) = parse_hcl(&Text::of_file(&file));
    evaluator.log.borrow_mut().issues.extend(issues);
    set_variables(evaluator, &body, arguments);
}

fn set_variables(evaluator: &Evaluator<'_>, body: &Body, arguments: &mut RootArguments) {
    let scope = Scope::alone();
    for attribute in &body.attributes {
        arguments.values.insert(Arc::clone(&attribute.name), evaluator.eval(&attribute.value, &scope));
    }
}
