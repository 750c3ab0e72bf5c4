//! Files on disk, inside the read boundary.

use crate::base::{FileError, Files, SourceFile, Sources, is_below, parent_dir};
use crate::syntax::MAX_FILE_BYTES;
use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What a file begins with that git-crypt has locked.
const GIT_CRYPT: &[u8] = b"\0GITCRYPT\0";

/// Reads files below a root, each once.
pub struct DiskFiles {
    root: PathBuf,
    paths: Vec<String>,
    by_dir: HashMap<String, Vec<String>>,
    sources: Sources,
    failed: Mutex<HashMap<String, FileError>>,
}

impl DiskFiles {
    /// Files below a root; `paths` are those that a walk found.
    pub fn new(root: &Path, paths: &[String]) -> DiskFiles {
        let mut by_dir: HashMap<String, Vec<String>> = HashMap::new();
        for path in paths {
            by_dir.entry(parent_dir(path).to_owned()).or_default().push(path.clone());
        }
        DiskFiles {
            root: root.to_owned(),
            paths: paths.to_vec(),
            by_dir,
            sources: Sources::default(),
            failed: Mutex::default(),
        }
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
        let full = self.root.join(path);
        let real = full.canonicalize().map_err(|_| FileError::Missing)?;
        if !real.starts_with(&self.root) {
            return Err(FileError::OutsideRoot);
        }
        let unreadable = |error: std::io::Error| FileError::Unreadable(error.to_string());
        let metadata = std::fs::metadata(&real).map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(FileError::Missing);
        }
        if metadata.len() > MAX_FILE_BYTES {
            return Err(FileError::TooLarge);
        }
        let mut bytes = Vec::with_capacity(metadata.len() as usize);
        let file = std::fs::File::open(&real).map_err(unreadable)?;
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.starts_with(GIT_CRYPT) {
            return Err(FileError::Encrypted("git-crypt"));
        }
        let text = String::from_utf8(bytes).map_err(|_| FileError::NotText)?;
        Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
    }

    /// The files that are there and were not read, by path.
    pub fn failed(&self) -> BTreeMap<String, FileError> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let there =
            failed.iter().filter(|(_, error)| !matches!(error, FileError::Missing | FileError::OutsideRoot));
        there.map(|(path, error)| (path.clone(), error.clone())).collect()
    }
}

impl Files for DiskFiles {
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
        !self.by_dir.contains_key(dir) && self.root.join(dir).is_dir()
    }
}
