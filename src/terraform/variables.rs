//! Where a root module's variables get their values: files of variables and arguments of the command line.

use super::evaluate::Evaluator;
use super::instance::RootArguments;
use super::module::is_encrypted;
use super::scope::Scope;
use super::terragrunt::{Generated, is_variables};
use crate::base::{Node, Text};
use crate::syntax::hcl::parse_hcl;
use crate::syntax::yaml::parse_yaml;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An argument that sets variables, as Terraform takes them: later ones win.
#[derive(Clone, Debug)]
pub(super) enum VariableArgument {
    /// A file of variables, from the root of the repository.
    File(String),
    /// What a file of a name would hold.
    Contents(String, Text),
    /// One variable.
    Value(Arc<str>, Node),
    /// Something that may set any variable.
    Unknown(Arc<str>),
}

/// The values that Terraform finds by itself: `terraform.tfvars`, `terraform.tfvars.json`, then
/// `*.auto.tfvars` and `*.auto.tfvars.json` in the order of their names. Those beside a unit replace those of its
/// source, and generated ones both.
pub(super) fn found_files(
    evaluator: &Evaluator<'_>,
    source_dir: &str,
    unit_dir: &str,
    generated: &[Generated],
) -> Vec<VariableArgument> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let dirs = if source_dir == unit_dir { vec![source_dir] } else { vec![source_dir, unit_dir] };
    let mut found: BTreeMap<(usize, String), VariableArgument> = BTreeMap::new();
    let rank = |name: &str| match name {
        "terraform.tfvars" => 0,
        "terraform.tfvars.json" => 1,
        _ => 2,
    };
    for path in dirs.into_iter().flat_map(|dir| evaluator.files.list(dir)) {
        let name = name(&path);
        if is_variables(&name) {
            found.insert((rank(&name), name), VariableArgument::File(path));
        }
    }
    for file in generated.iter().filter(|file| is_variables(&file.path)) {
        let contents = VariableArgument::Contents(file.path.clone(), file.contents.clone());
        found.insert((rank(&file.path), file.path.clone()), contents);
    }
    found.into_values().collect()
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
            VariableArgument::Contents(path, text) => read_text(evaluator, &path, &text, arguments),
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
    read_text(evaluator, path, &Text::of_file(&file), arguments);
}

fn read_text(evaluator: &Evaluator<'_>, path: &str, text: &Text, arguments: &mut RootArguments) {
    if path.ends_with(".json") {
        let (documents, issues) = parse_yaml(text);
        evaluator.log.borrow_mut().issues.extend(issues);
        let entries =
            documents.iter().filter_map(|document| document.root.as_map()).flat_map(|map| &map.entries);
        arguments.values.extend(entries.map(|entry| (Arc::clone(&entry.key.name), entry.value.clone())));
        return;
    }
    let (body, issues) = parse_hcl(text);
    evaluator.log.borrow_mut().issues.extend(issues);
    let scope = Scope::alone();
    for attribute in &body.attributes {
        arguments.values.insert(Arc::clone(&attribute.name), evaluator.eval(&attribute.value, &scope));
    }
}
