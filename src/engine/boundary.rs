//! The read boundary: the folder outside of which nothing is read.

use super::EngineError;
use crate::base::Sources;
use crate::config::{FILE_NAME, says_root};
use std::path::{Path, PathBuf};

/// The root for a path: the nearest folder whose config says `root: true`, else that of the git
/// repository, else the path itself.
pub fn find_root(path: &Path) -> Result<PathBuf, EngineError> {
    let path = canonical(path)?;
    let dir = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(&path) };
    let configured = dir.ancestors().find(|dir| has_root_config(dir));
    let git = || dir.ancestors().find(|dir| dir.join(".git").exists());
    Ok(configured.or_else(git).unwrap_or(dir).to_owned())
}

/// The path without symlinks.
pub(super) fn canonical(path: &Path) -> Result<PathBuf, EngineError> {
    path.canonicalize().map_err(|error| EngineError(format!("cannot read `{}`: {error}", path.display())))
}

/// Whether a folder's config makes it a root.
pub(super) fn has_root_config(dir: &Path) -> bool {
    match std::fs::read_to_string(dir.join(FILE_NAME)) {
        Ok(text) => says_root(&Sources::default().add(FILE_NAME, text)),
        Err(_) => false,
    }
}
