//! Where a root module's variables get their values: files of variables and arguments of the command line.

use super::evaluate::Evaluator;
use super::instance::RootArguments;
use super::module::is_encrypted;
use super::scope::Scope;
use crate::base::{Node, Text};
use crate::syntax::hcl::parse_hcl;
use crate::syntax::yaml::parse_yaml;
use std::sync::Arc;

/// An argument that sets variables, as Terraform takes them: later ones win.
#[derive(Clone, Debug)]
pub(super) enum VariableArgument {
    /// A file of variables, from the root of the repository.
    File(String),
    /// One variable.
    Value(Arc<str>, Node),
    /// Something that may set any variable.
    Unknown(Arc<str>),
}

/// The values that Terraform finds by itself: `terraform.tfvars`, `terraform.tfvars.json`, then
/// `*.auto.tfvars` and `*.auto.tfvars.json` in the order of their names.
pub(super) fn found_files(evaluator: &Evaluator<'_>, dir: &str) -> Vec<VariableArgument> {
    let paths = evaluator.files.list(dir);
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let named = ["terraform.tfvars", "terraform.tfvars.json"];
    let fixed = named.iter().filter_map(|wanted| paths.iter().find(|path| name(path) == *wanted));
    let auto =
        paths.iter().filter(|path| path.ends_with(".auto.tfvars") || path.ends_with(".auto.tfvars.json"));
    fixed.chain(auto).map(|path| VariableArgument::File(path.clone())).collect()
}

/// Takes the arguments, one after the other.
pub(super) fn set_all(
    evaluator: &Evaluator<'_>,
    given: Vec<VariableArgument>,
    arguments: &mut RootArguments,
) {
    for argument in given {
        match argument {
            VariableArgument::File(path) => read_file(evaluator, &path, arguments),
            VariableArgument::Value(name, value) => drop(arguments.values.insert(name, value)),
            VariableArgument::Unknown(reason) => arguments.unknown = Some(reason),
        }
    }
}

fn read_file(evaluator: &Evaluator<'_>, path: &str, arguments: &mut RootArguments) {
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
    let text = Text::of_file(&file);
    if path.ends_with(".json") {
        let (documents, issues) = parse_yaml(&text);
        evaluator.log.borrow_mut().issues.extend(issues);
        let entries =
            documents.iter().filter_map(|document| document.root.as_map()).flat_map(|map| &map.entries);
        arguments.values.extend(entries.map(|entry| (Arc::clone(&entry.key.name), entry.value.clone())));
        return;
    }
    let (body, issues) = parse_hcl(&text);
    evaluator.log.borrow_mut().issues.extend(issues);
    let scope = Scope::alone();
    for attribute in &body.attributes {
        arguments.values.insert(Arc::clone(&attribute.name), evaluator.eval(&attribute.value, &scope));
    }
}
