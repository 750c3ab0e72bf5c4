//! Terragrunt's own functions. Paths that they give start at the root of the repository, with a slash.

use super::super::evaluate::{Evaluator, Unit};
use super::super::log::ProblemKind;
use super::super::terragrunt::{from_unit, read_config};
use super::Call;
use crate::base::{FileError, Node, join_path, parent_dir, relative_path};

/// A folder with a slash before it. The root is an empty string: `"${get_repo_root()}/x"` is then `/x`.
fn from_root(dir: &str) -> String {
    if dir.is_empty() { String::new() } else { format!("/{dir}") }
}

impl Evaluator<'_> {
    pub(super) fn terragrunt_function(&self, call: &Call<'_>) -> Option<Node> {
        let unit = &self.unit()?;
        Some(match call.name {
            "find_in_parent_folders" => self.find_in_parent_folders(call, unit),
            "get_repo_root" => call.text(from_root("")),
            "get_terragrunt_dir" => call.text(from_root(&unit.dir)),
            "get_original_terragrunt_dir" => call.text(from_root(&unit.original_dir)),
            "read_terragrunt_config" => self.read_terragrunt_config(call, unit),
            "get_parent_terragrunt_dir" => call.text(from_root(unit.include_dir(call.string(0).as_deref()))),
            "path_relative_to_include" => {
                call.text(relative_path(unit.include_dir(call.string(0).as_deref()), &unit.dir))
            }
            "path_relative_from_include" => {
                call.text(relative_path(&unit.dir, unit.include_dir(call.string(0).as_deref())))
            }
            "get_path_from_repo_root" => call.text(unit.dir.clone()),
            "get_path_to_repo_root" => call.text(relative_path(&unit.dir, "")),
            "get_env" => match call.arg(1) {
                Some(default) => default.clone(),
                None => Node::unknown("an environment variable without a default", call.place),
            },
            name if name.starts_with("get_") || matches!(name, "run_cmd" | "sops_decrypt_file") => {
                Node::unknown(format!("`{name}` is known when Terragrunt runs"), call.place)
            }
            _ => return None,
        })
    }

    /// The locals and inputs of another file, which is read as a unit of its own folder.
    fn read_terragrunt_config(&self, call: &Call<'_>, unit: &Unit) -> Node {
        let Some(path) = call.string(0) else {
            let reason = call.arg(0).and_then(Node::open_reason);
            return Node::unknown(reason.unwrap_or_else(|| "a path that is no string".into()), call.place);
        };
        let Some(resolved) = from_unit(&unit.dir, &path) else {
            let message = format!("`{path}` leads out of the repository");
            self.log.borrow_mut().problem(ProblemKind::PathOutsideRoot, call.place, message.as_str());
            return Node::unknown(message, call.place);
        };
        match (self.files.text(&resolved), call.arg(1)) {
            (Err(FileError::Missing), Some(fallback)) => fallback.clone(),
            (Err(FileError::Missing), None) => {
                let reason = format!("there is no file `{resolved}`");
                self.log.borrow_mut().unresolved(call.place, reason.as_str());
                Node::failed(reason, call.place)
            }
            _ => {
                let dir = parent_dir(&resolved);
                let own = Unit { original_dir: unit.original_dir.clone(), ..Unit::of_file(dir, &resolved) };
                read_config(self, &resolved, own, call.place)
            }
        }
    }

    fn find_in_parent_folders(&self, call: &Call<'_>, unit: &Unit) -> Node {
        let name = call.string(0).unwrap_or_else(|| "terragrunt.hcl".into());
        // Also in an included file the search begins at the unit.
        let mut dir = unit.dir.as_str();
        while !dir.is_empty() {
            dir = parent_dir(dir);
            if let Some(path) = join_path(dir, &name)
                && (self.files.text(&path).is_ok() || !self.files.below(&path).is_empty())
            {
                return call.text(format!("/{path}"));
            }
        }
        match call.arg(1) {
            Some(fallback) => fallback.clone(),
            None => Node::failed(format!("there is no `{name}` in a parent folder"), call.place),
        }
    }
}
