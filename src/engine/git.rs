//! What Git holds: the files of the index or of a revision, and what changed between two states. Nothing else in the
//! crate speaks to Git.

use super::EngineError;
use super::discover::{Found, SKIPPED_DIRS};
use super::files::Reader;
use crate::base::{FileError, Sources, is_below, join_path, parent_dir};
use crate::config::{FILE_NAME, says_root};
use git2::{
    Delta, Diff, DiffOptions, ErrorCode, Index, ObjectType, Oid, Repository, TreeWalkMode, TreeWalkResult,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Modes of entries that are no plain files.
const LINK: i32 = 0o120_000;
const SUBMODULE: i32 = 0o160_000;

/// A state of the files that Git holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Snapshot {
    /// What the next commit will hold.
    Index,
    /// What a revision holds: a commit, branch, tag, or anything that `git rev-parse` takes.
    Revision(String),
}

/// The repository around a folder, and the folder's path in it.
pub(super) struct Git {
    repository: Repository,
    prefix: String,
}

/// Reads blobs.
pub(super) struct GitReader {
    repository: Mutex<Repository>,
    blobs: BTreeMap<String, Oid>,
    dirs: HashSet<String>,
}

/// Entries by path: mode and object.
type Entries = BTreeMap<String, (i32, Oid)>;

impl Git {
    /// The repository that a root lies in: a working tree of it, or the repository itself where it is bare.
    pub(super) fn open(root: &Path) -> Result<Git, EngineError> {
        let repository = Repository::discover(root).map_err(|error| refused(root, &error))?;
        // A partial commit has an index of its own, which Git names to its hooks.
        if let Some(path) = std::env::var_os("GIT_INDEX_FILE") {
            let mut index = Index::open(&root.join(path)).map_err(told)?;
            repository.set_index(&mut index).map_err(told)?;
        }
        let workdir = repository.workdir().and_then(|dir| dir.canonicalize().ok());
        let inside = workdir.as_deref().and_then(|dir| root.strip_prefix(dir).ok());
        let parts: Vec<&str> =
            inside.iter().flat_map(|path| path.iter()).filter_map(|part| part.to_str()).collect();
        Ok(Git { prefix: parts.join("/"), repository })
    }

    /// The files of a state below the root, and a reader of them.
    pub(super) fn snapshot(self, snapshot: &Snapshot) -> Result<(Found, GitReader), EngineError> {
        let entries = match snapshot {
            Snapshot::Index => self.index()?,
            Snapshot::Revision(name) => self.tree(name)?,
        };
        let (found, blobs) = self.found(entries);
        let mut dirs = HashSet::new();
        for path in blobs.keys() {
            let above = std::iter::successors(Some(parent_dir(path)), |dir| {
                (!dir.is_empty()).then(|| parent_dir(dir))
            });
            dirs.extend(above.map(str::to_owned));
        }
        Ok((found, GitReader { repository: Mutex::new(self.repository), blobs, dirs }))
    }

    /// The files of the index that are read, by their paths from the root.
    pub(super) fn tracked(&self) -> Result<Vec<String>, EngineError> {
        let index = self.repository.index().map_err(told)?;
        let mut entries = Entries::new();
        for entry in index.iter() {
            if let Some(path) = std::str::from_utf8(&entry.path).ok().and_then(|path| self.inside(path)) {
                entries.insert(path, (entry.mode as i32, entry.id));
            }
        }
        Ok(self.found(entries).0.files)
    }

    /// The commit to compare with: the one from which a revision and another went apart; where none is known, that of
    /// the revision itself, with a remark.
    pub(super) fn base(&self, since: &str, head: &str) -> Result<(String, Option<String>), EngineError> {
        let commit =
            |name: &str| self.repository.revparse_single(name).and_then(|object| object.peel_to_commit());
        let since_commit = commit(since).map_err(|error| match self.repository.revparse_single(since) {
            Ok(_) => EngineError(format!("`{since}` is no commit")),
            Err(_) => EngineError(self.missing(since, &error)),
        })?;
        let together = commit(head).and_then(|head| self.repository.merge_base(head.id(), since_commit.id()));
        match together {
            Ok(base) => Ok((base.to_string(), None)),
            Err(_) => {
                let why = if self.repository.is_shallow() { "this shallow clone holds" } else { "there is" };
                let remark = format!("{why} no common commit with `{since}`: compared with `{since}` itself");
                Ok((since_commit.id().to_string(), Some(remark)))
            }
        }
    }

    /// The paths that differ between two revisions: between the commit from which they went apart, and the second.
    pub(super) fn between(&self, from: &str, to: &str) -> Result<Vec<String>, EngineError> {
        let (base, _) = self.base(from, to)?;
        let tree = |name: &str| {
            let found = self.repository.revparse_single(name).and_then(|object| object.peel_to_tree());
            found.map_err(|error| EngineError(self.missing(name, &error)))
        };
        let diff =
            self.repository.diff_tree_to_tree(Some(&tree(&base)?), Some(&tree(to)?), None).map_err(told)?;
        Ok(self.paths(&diff))
    }

    /// The paths that differ between the last commit and the index, deleted and renamed ones among them.
    pub(super) fn staged(&self) -> Result<Vec<String>, EngineError> {
        let head = match self.repository.head() {
            Ok(head) => Some(head.peel_to_tree().map_err(told)?),
            // Before the first commit everything is new.
            Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => None,
            Err(error) => return Err(told(error)),
        };
        let mut options = DiffOptions::new();
        let diff =
            self.repository.diff_tree_to_index(head.as_ref(), None, Some(&mut options)).map_err(told)?;
        Ok(self.paths(&diff))
    }

    /// Both sides of each change.
    fn paths(&self, diff: &Diff<'_>) -> Vec<String> {
        let mut paths = BTreeSet::new();
        for delta in diff.deltas().filter(|delta| delta.status() != Delta::Unmodified) {
            let sides = [delta.old_file().path(), delta.new_file().path()];
            paths.extend(
                sides.into_iter().flatten().filter_map(Path::to_str).filter_map(|path| self.inside(path)),
            );
        }
        paths.into_iter().collect()
    }

    fn index(&self) -> Result<Entries, EngineError> {
        let index = self.repository.index().map_err(told)?;
        let mut entries = Entries::new();
        for entry in index.iter() {
            // The upper bits of the flags say which side of a conflict an entry is.
            if (entry.flags >> 12) & 0b11 != 0 {
                let path = String::from_utf8_lossy(&entry.path).into_owned();
                return Err(EngineError(format!("`{path}` is in conflict: resolve it before it is linted")));
            }
            if let Some(path) = std::str::from_utf8(&entry.path).ok().and_then(|path| self.inside(path)) {
                entries.insert(path, (entry.mode as i32, entry.id));
            }
        }
        Ok(entries)
    }

    fn tree(&self, name: &str) -> Result<Entries, EngineError> {
        let tree = self
            .repository
            .revparse_single(name)
            .and_then(|object| object.peel_to_tree())
            .map_err(|error| EngineError(self.missing(name, &error)))?;
        let mut entries = Entries::new();
        tree.walk(TreeWalkMode::PreOrder, |dir, entry| {
            let mode = entry.filemode();
            let path = entry.name().ok().and_then(|name| self.inside(&format!("{dir}{name}")));
            if let (Some(path), false) = (path, entry.kind() == Some(ObjectType::Tree)) {
                entries.insert(path, (mode, entry.id()));
            }
            TreeWalkResult::Ok
        })
        .map_err(told)?;
        Ok(entries)
    }

    fn missing(&self, name: &str, error: &git2::Error) -> String {
        match self.repository.is_shallow() {
            true => format!(
                "there is no revision `{name}` in this shallow clone: fetch it first (git fetch --unshallow, or \
                 git fetch --depth=1 origin COMMIT)"
            ),
            false => format!("there is no revision `{name}`: {}", error.message()),
        }
    }

    /// A path from the root, where it is below it.
    fn inside(&self, path: &str) -> Option<String> {
        match self.prefix.as_str() {
            "" => Some(path.to_owned()),
            prefix if is_below(path, prefix) => Some(path[prefix.len() + 1..].to_owned()),
            _ => None,
        }
    }

    /// What is read of some entries, by the rules by which folders on disk are walked.
    fn found(&self, entries: Entries) -> (Found, BTreeMap<String, Oid>) {
        let mut found = Found::default();
        let skipped = |path: &str| parent_dir(path).split('/').any(|part| SKIPPED_DIRS.contains(&part));
        let roots = self.nested_roots(&entries);
        let mut blobs = BTreeMap::new();
        for (path, (mode, id)) in &entries {
            if skipped(path) || roots.iter().any(|root| is_below(path, root)) {
                continue;
            }
            match *mode {
                SUBMODULE => found.submodules.push(path.clone()),
                LINK => match self.target(path, *id).and_then(|target| entries.get(&target)) {
                    Some((mode, id)) if *mode != LINK && *mode != SUBMODULE => {
                        blobs.insert(path.clone(), *id);
                    }
                    _ => found.links.push(path.clone()),
                },
                _ => {
                    blobs.insert(path.clone(), *id);
                }
            }
        }
        found.files = blobs.keys().cloned().collect();
        found.nested_roots = roots;
        (found, blobs)
    }

    /// Folders whose config makes them roots of their own; the outer ones.
    fn nested_roots(&self, entries: &Entries) -> Vec<String> {
        let mut roots: Vec<String> = Vec::new();
        for (path, (_, id)) in entries.iter().filter(|(path, _)| path.ends_with(&format!("/{FILE_NAME}"))) {
            let dir = parent_dir(path);
            let text = self.text(*id).unwrap_or_default();
            let is_root = says_root(&Sources::default().add(FILE_NAME, text));
            if is_root && !roots.iter().any(|root| is_below(dir, root)) {
                roots.push(dir.to_owned());
            }
        }
        roots
    }

    fn target(&self, path: &str, link: Oid) -> Option<String> {
        join_path(parent_dir(path), &self.text(link)?)
    }

    fn text(&self, id: Oid) -> Option<String> {
        let blob = self.repository.find_blob(id).ok()?;
        std::str::from_utf8(blob.content()).ok().map(str::to_owned)
    }
}

impl Reader for GitReader {
    fn bytes(&self, path: &str, most: u64) -> Result<Vec<u8>, FileError> {
        let id = self.blobs.get(path).ok_or(FileError::Missing)?;
        let repository = self.repository.lock().unwrap_or_else(PoisonError::into_inner);
        let unreadable = |error: git2::Error| FileError::Unreadable(error.message().to_owned());
        let blob = repository.find_blob(*id).map_err(unreadable)?;
        if blob.size() as u64 > most {
            return Err(FileError::TooLarge);
        }
        Ok(blob.content().to_vec())
    }

    fn is_dir(&self, path: &str) -> bool {
        self.dirs.contains(path)
    }
}

fn refused(root: &Path, error: &git2::Error) -> EngineError {
    let root = root.display();
    match error.code() {
        ErrorCode::NotFound => EngineError(format!("`{root}` is in no Git repository")),
        _ => EngineError(format!("the Git repository of `{root}` cannot be opened: {}", error.message())),
    }
}

fn told(error: git2::Error) -> EngineError {
    EngineError(format!("Git: {}", error.message()))
}
