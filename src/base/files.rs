//! What evaluation may ask of the outside.

use super::source::{SourceFile, Sources};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The files inside the read boundary. Paths are relative to it, with forward slashes and without `.` or
/// `..`; the boundary itself is the empty path.
pub trait Files: Sync {
    /// The text of a file.
    fn text(&self, path: &str) -> Result<Arc<SourceFile>, FileError>;
    /// Paths of the files that stand directly in a folder, sorted.
    fn list(&self, dir: &str) -> Vec<String>;
    /// Paths of the files in a folder and in those below it, sorted.
    fn below(&self, dir: &str) -> Vec<String>;
    /// Whether a folder is there of which no file is listed: a link, or one that Git ignores.
    fn is_unread(&self, dir: &str) -> bool;
}

/// Why a file's text is not to be had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FileError {
    /// The path leads out of the read boundary.
    OutsideRoot,
    /// There is no such file.
    Missing,
    /// The file is larger than what is read.
    TooLarge,
    /// It is encrypted, with what.
    Encrypted(&'static str),
    /// It is no UTF-8 text.
    NotText,
    /// It is there and cannot be read, with the reason.
    Unreadable(String),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileError::OutsideRoot => f.write_str("the path leads out of the repository"),
            FileError::Missing => f.write_str("there is no such file"),
            FileError::TooLarge => f.write_str("the file is too large"),
            FileError::Encrypted(by) => write!(f, "it is encrypted by {by}"),
            FileError::NotText => f.write_str("it is no UTF-8 text"),
            FileError::Unreadable(reason) => f.write_str(reason),
        }
    }
}

/// Joins a path onto a folder of the repository and resolves `.` and `..`; none when it leads out.
pub fn join_path(dir: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains('\\') {
        return None;
    }
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Whether a path leads into a folder. The root is the empty path.
pub fn is_below(path: &str, dir: &str) -> bool {
    dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}

/// The folder that a path stands in.
pub fn parent_dir(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// The way from one folder of the repository to another; `.` when they are the same.
pub fn relative_path(from: &str, to: &str) -> String {
    let parts =
        |dir: &str| dir.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (parts(from), parts(to));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - common);
    let way: Vec<String> = up.chain(to[common..].iter().cloned()).collect();
    if way.is_empty() { ".".into() } else { way.join("/") }
}

/// Files held in memory, for tests and for embedding.
#[derive(Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, String>,
    sources: Sources,
}

impl MemoryFiles {
    /// Files from paths and texts.
    pub fn new<P: Into<String>, T: Into<String>>(files: impl IntoIterator<Item = (P, T)>) -> MemoryFiles {
        let files = files.into_iter().map(|(path, text)| (path.into(), text.into())).collect();
        MemoryFiles { files, sources: Sources::default() }
    }

    /// The texts handed out so far.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }
}

impl Files for MemoryFiles {
    fn text(&self, path: &str) -> Result<Arc<SourceFile>, FileError> {
        let text = self.files.get(path).ok_or(FileError::Missing)?;
        Ok(self.sources.add(path, text.as_str()))
    }

    fn list(&self, dir: &str) -> Vec<String> {
        self.files.keys().filter(|path| parent_dir(path) == dir).cloned().collect()
    }

    fn below(&self, dir: &str) -> Vec<String> {
        self.files.keys().filter(|path| is_below(path, dir)).cloned().collect()
    }

    fn is_unread(&self, _dir: &str) -> bool {
        false
    }
}
