//! Which files there are.

use super::boundary::has_root_config;
use ignore::WalkBuilder;
use std::path::{Path, PathBuf};

/// Folders that are never looked into.
pub(super) const SKIPPED_DIRS: [&str; 4] = [".git", ".terraform", ".terragrunt-cache", "node_modules"];

/// What a walk through the root finds, in order.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Paths of files from the root, with forward slashes.
    pub(super) files: Vec<String>,
    /// Links to folders, and links that lead out of the root: neither is followed.
    pub(super) links: Vec<String>,
    /// Folders that are repositories of their own.
    pub(super) nested_roots: Vec<String>,
    /// Folders that belong to other Git repositories.
    pub(super) submodules: Vec<String>,
    /// What could not be read: path and reason.
    pub(super) unreadable: Vec<(String, String)>,
}

/// Lists the files inside the root. Honours .gitignore; the user's global one is not read.
pub(super) fn discover(root: &Path) -> Found {
    let mut found = Found::default();
    let mut builder = WalkBuilder::new(root);
    builder.hidden(false).git_global(false).require_git(false).parents(false).sort_by_file_name(Ord::cmp);
    builder.filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        let other = || has_root_config(entry.path()) || is_repository(entry.path());
        !(SKIPPED_DIRS.contains(&&*name) || entry.depth() > 0 && other())
    });
    for entry in builder.build() {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|t| t.is_file()) => {
                found.files.extend(relative(root, entry.path()));
            }
            Ok(entry) if entry.file_type().is_some_and(|t| t.is_symlink()) => {
                let inside = entry
                    .path()
                    .canonicalize()
                    .is_ok_and(|target| target.starts_with(root) && target.is_file());
                let target = if inside { &mut found.files } else { &mut found.links };
                target.extend(relative(root, entry.path()));
            }
            Ok(entry) => nested_roots(root, entry.path(), &mut found),
            Err(error) => found.unreadable.push((String::new(), error.to_string())),
        }
    }
    found.files.sort();
    found
}

/// The filter leaves nested repositories out without a word; here they are noted.
fn nested_roots(root: &Path, dir: &Path, found: &mut Found) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    let mut dirs: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    dirs.sort();
    for dir in dirs {
        let Some(path) = relative(root, &dir) else { continue };
        if has_root_config(&dir) {
            found.nested_roots.push(path);
        } else if is_repository(&dir) {
            found.submodules.push(path);
        }
    }
}

/// Whether a folder is the working tree of a Git repository: a submodule, or a clone inside a clone.
fn is_repository(dir: &Path) -> bool {
    dir.join(".git").exists()
}

/// A path from the root, with forward slashes; none where it is no Unicode.
pub(super) fn relative(root: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = relative.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}
