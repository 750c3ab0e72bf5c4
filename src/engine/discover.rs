//! Which files there are.

use super::boundary::has_root_config;
use ignore::WalkBuilder;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

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
    let apart: Arc<Mutex<Vec<(PathBuf, bool)>>> = Arc::default();
    let noted = Arc::clone(&apart);
    builder.filter_entry(move |entry| {
        if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
            return true;
        }
        if SKIPPED_DIRS.contains(&&*entry.file_name().to_string_lossy()) {
            return false;
        }
        let own_config = entry.depth() > 0 && has_root_config(entry.path());
        let other = own_config || entry.depth() > 0 && is_repository(entry.path());
        if other {
            let entry = (entry.path().to_owned(), own_config);
            noted.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
        }
        !other
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
            Ok(_) => {}
            Err(error) => found.unreadable.push((String::new(), error.to_string())),
        }
    }
    found.files.sort();
    let mut apart = std::mem::take(&mut *apart.lock().unwrap_or_else(PoisonError::into_inner));
    apart.sort();
    for (dir, own_config) in apart {
        let target = if own_config { &mut found.nested_roots } else { &mut found.submodules };
        target.extend(relative(root, &dir));
    }
    found
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
