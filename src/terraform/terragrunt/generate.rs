//! `generate`: files that Terragrunt writes beside those of the module (internal/codegen/generate.go,
//! gruntwork-io/terragrunt 286a33c).

use super::super::evaluate::Evaluator;
use super::super::module::{Module, is_terraform};
use super::super::scope::Scope;
use super::UnitConfig;
use crate::base::{FileId, Files, Node, Text, Value, join_path};
use crate::syntax::hcl::{Body, parse_hcl, parse_hcl_json};
use std::sync::Arc;

/// A file that a unit generates.
#[derive(Debug)]
pub(in super::super) struct Generated {
    /// The label of the block.
    pub(super) label: Arc<str>,
    /// The file, from the folder of the module.
    pub(in super::super) path: String,
    /// Whether a file of the name that is there stays.
    skip_existing: bool,
    /// What it holds.
    pub(in super::super) contents: Text,
}

/// The contents of `generate` blocks, and of a `generate` attribute that maps names to them.
pub(super) fn read_generated(evaluator: &Evaluator<'_>, body: &Body, scope: &Scope, config: &mut UnitConfig) {
    for block in body.blocks("generate") {
        let value = |name: &str| block.body.attribute(name).map(|a| evaluator.eval(&a.value, scope));
        let label = block.labels.first().map(|label| Arc::clone(&label.name)).unwrap_or_default();
        add(evaluator, label, &value, config);
    }
    let Some(attribute) = body.attribute("generate") else { return };
    let all = evaluator.eval(&attribute.value, scope);
    for entry in all.as_map().map(|map| &map.entries[..]).unwrap_or_default() {
        let value = |name: &str| entry.value.get(name).cloned();
        add(evaluator, Arc::clone(&entry.key.name), &value, config);
    }
    if let Some(reason) = all.open_reason() {
        evaluator.log.borrow_mut().unseen(attribute.value.place, reason);
    }
}

fn add(
    evaluator: &Evaluator<'_>,
    label: Arc<str>,
    value: &dyn Fn(&str) -> Option<Node>,
    config: &mut UnitConfig,
) {
    if value("disable").is_some_and(|node| node.as_bool() == Some(true)) {
        return;
    }
    let Some(contents) = value("contents") else { return };
    let path = value("path").and_then(|path| path.as_str().map(str::to_owned)).unwrap_or_default();
    let skip_existing = value("if_exists").is_some_and(|node| node.as_str() == Some("skip"));
    match &contents.value {
        Value::Text(text) => {
            let contents = text.clone();
            config.generated.retain(|old| old.label != label);
            config.generated.push(Generated { label, path, skip_existing, contents });
        }
        _ => {
            let reason = contents.open_reason().unwrap_or_else(|| "generated contents are no string".into());
            evaluator.log.borrow_mut().unseen(contents.place, reason);
        }
    }
}

/// Whether a file's name is that of variables which Terraform finds by itself.
pub(in super::super) fn is_variables(path: &str) -> bool {
    matches!(path, "terraform.tfvars" | "terraform.tfvars.json")
        || path.ends_with(".auto.tfvars")
        || path.ends_with(".auto.tfvars.json")
}

/// Adds the generated files of Terraform to a module; one of a name that is there replaces it, or stays away.
pub(in super::super) fn add_generated(
    evaluator: &Evaluator<'_>,
    generated: &[Generated],
    module: &mut Module,
) {
    for file in generated.iter().filter(|file| is_terraform(&file.path) && !file.path.contains('/')) {
        let path = join_path(&module.dir, &file.path).unwrap_or_default();
        if let Some(existing) = existing(evaluator.files, module, &path) {
            if file.skip_existing {
                continue;
            }
            module.remove_file(existing);
        }
        let parse = if path.ends_with(".json") { parse_hcl_json } else { parse_hcl };
        let (body, issues) = parse(&file.contents);
        evaluator.log.borrow_mut().issues.extend(issues);
        module.add(body);
    }
}

fn existing(files: &dyn Files, module: &Module, path: &str) -> Option<FileId> {
    module
        .files
        .iter()
        .any(|known| known == path)
        .then(|| files.text(path).ok().map(|file| file.id()))
        .flatten()
}
