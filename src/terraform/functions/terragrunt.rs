//! Terragrunt's own functions. Paths that they give start at the root of the repository, with a slash.

use super::super::evaluate::{Evaluator, Unit};
use super::Call;
use crate::base::{Node, join_path, parent_dir, relative_path};

impl Evaluator<'_> {
    pub(super) fn terragrunt_function(&self, call: &Call<'_>) -> Option<Node> {
        let unit = self.unit.as_ref()?;
        Some(match call.name {
            "find_in_parent_folders" => self.find_in_parent_folders(call, unit),
            // An empty string: `"${get_repo_root()}/x"` is then `/x`.
            "get_repo_root" => call.text(""),
            "get_terragrunt_dir" | "get_original_terragrunt_dir" => call.text(format!("/{}", unit.dir)),
            "get_parent_terragrunt_dir" => call.text(format!("/{}", unit.file_dir)),
            "path_relative_to_include" => call.text(relative_path(&unit.file_dir, &unit.dir)),
            "path_relative_from_include" => call.text(relative_path(&unit.dir, &unit.file_dir)),
            "get_path_from_repo_root" => call.text(unit.dir.clone()),
            "get_path_to_repo_root" => call.text(relative_path(&unit.dir, "")),
            "get_env" => match call.arg(1) {
                Some(default) => default.clone(),
                None => Node::unknown("an environment variable without a default", call.place),
            },
            name if name.starts_with("get_")
                || matches!(name, "run_cmd" | "read_terragrunt_config" | "sops_decrypt_file") =>
            {
                Node::unknown(format!("`{name}` is known when Terragrunt runs"), call.place)
            }
            _ => return None,
        })
    }

    fn find_in_parent_folders(&self, call: &Call<'_>, unit: &Unit) -> Node {
        let name = call.string(0).unwrap_or_else(|| "terragrunt.hcl".into());
        let mut dir = unit.file_dir.as_str();
        while !dir.is_empty() {
            dir = parent_dir(dir);
            if let Some(path) = join_path(dir, &name)
                && self.files.text(&path).is_ok()
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
