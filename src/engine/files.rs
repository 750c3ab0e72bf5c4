//! The files inside the read boundary, each read once.

use super::disk::DiskReader;
use crate::base::limit::FILE;
use crate::base::{FileError, Files, SourceFile, Sources, is_below, parent_dir};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// What a file begins with that git-crypt has locked.
const GIT_CRYPT: &[u8] = b"\0GITCRYPT\0";

/// Where the bytes of files come from: the disk, Git's index, or a revision.
pub(super) trait Reader: Send + Sync {
    /// The bytes of a file, whose path is inside the boundary; none of a larger one than `most`.
    fn bytes(&self, path: &str, most: u64) -> Result<Vec<u8>, FileError>;
    /// Whether a folder is there, also one of which no file is listed.
    fn is_dir(&self, path: &str) -> bool;
}

/// Reads files of a repository, each once.
pub struct RepositoryFiles {
    reader: Box<dyn Reader>,
    paths: Vec<String>,
    by_dir: HashMap<String, Vec<String>>,
    sources: Sources,
    failed: Mutex<HashMap<String, FileError>>,
    overlay: BTreeMap<String, String>,
}

impl RepositoryFiles {
    /// Files on disk, below a root without symlinks in its path.
    pub fn on_disk(root: &Path, paths: &[String]) -> RepositoryFiles {
        RepositoryFiles::new(Box::new(DiskReader { root: root.to_owned() }), paths)
    }

    /// The files that a reader gives; `paths` are those that there are.
    pub(super) fn new(reader: Box<dyn Reader>, paths: &[String]) -> RepositoryFiles {
        let mut by_dir: HashMap<String, Vec<String>> = HashMap::new();
        for path in paths {
            by_dir.entry(parent_dir(path).to_owned()).or_default().push(path.clone());
        }
        RepositoryFiles {
            reader,
            paths: paths.to_vec(),
            by_dir,
            sources: Sources::default(),
            failed: Mutex::default(),
            overlay: BTreeMap::new(),
        }
    }

    /// The same with other texts in the place of some.
    #[must_use]
    pub fn with_overlay(self, overlay: &BTreeMap<String, String>) -> RepositoryFiles {
        RepositoryFiles { overlay: overlay.clone(), ..self }
    }

    /// The texts read so far.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The texts, when the run is over.
    pub fn into_sources(self) -> Sources {
        self.sources
    }

    fn read(&self, path: &str) -> Result<String, FileError> {
        if let Some(text) = self.overlay.get(path) {
            return Ok(text.clone());
        }
        let bytes = self.reader.bytes(path, FILE.get())?;
        if bytes.starts_with(GIT_CRYPT) {
            return Err(FileError::Encrypted("git-crypt"));
        }
        let text = String::from_utf8(bytes).map_err(|_| FileError::NotText)?;
        Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
    }

    /// A file's text without keeping it; none where it cannot be had.
    pub(super) fn peek(&self, path: &str) -> Option<String> {
        self.read(path).ok()
    }

    /// The files that are there and were not read, by path.
    pub fn failed(&self) -> BTreeMap<String, FileError> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let there =
            failed.iter().filter(|(_, error)| !matches!(error, FileError::Missing | FileError::OutsideRoot));
        there.map(|(path, error)| (path.clone(), error.clone())).collect()
    }
}

impl Files for RepositoryFiles {
    fn text(&self, path: &str) -> Result<Arc<SourceFile>, FileError> {
        if let Some(file) = self.sources.find(path) {
            return Ok(file);
        }
        if let Some(error) = self.failed.lock().unwrap_or_else(PoisonError::into_inner).get(path) {
            return Err(error.clone());
        }
        match self.read(path) {
            Ok(text) => Ok(self.sources.add(path, text)),
            Err(error) => {
                self.failed
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(path.to_owned(), error.clone());
                Err(error)
            }
        }
    }

    fn list(&self, dir: &str) -> Vec<String> {
        self.by_dir.get(dir).cloned().unwrap_or_default()
    }

    fn below(&self, dir: &str) -> Vec<String> {
        self.paths.iter().filter(|path| is_below(path, dir)).cloned().collect()
    }

    fn is_unread(&self, dir: &str) -> bool {
        !self.by_dir.contains_key(dir) && self.reader.is_dir(dir)
    }
}
