//! Texts of files, and the way from bytes to lines and columns.

use super::place::FileId;
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// One file's text. A byte order mark at the start has been removed.
#[derive(Debug)]
pub struct SourceFile {
    id: FileId,
    path: Arc<str>,
    text: Arc<str>,
    line_starts: OnceLock<Vec<u32>>,
    /// What a parser made of it.
    parsed: OnceLock<Arc<dyn Any + Send + Sync>>,
}

/// A line and a column as people count them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

impl SourceFile {
    /// The file's id.
    pub fn id(&self) -> FileId {
        self.id
    }

    /// The path from the root, with forward slashes.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, shared.
    pub fn text_arc(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// What a parser makes of the text, made once. A file has one parser: of another's type nothing is kept.
    pub fn parsed<T: Any + Send + Sync>(&self, parse: impl Fn() -> T) -> Arc<T> {
        let kept = self.parsed.get_or_init(|| Arc::new(parse()));
        Arc::clone(kept).downcast().unwrap_or_else(|_| Arc::new(parse()))
    }

    /// The byte offsets at which lines start.
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1)).collect()
        })
    }

    /// The index of the line, from 0, that a byte stands on.
    pub fn line_of(&self, offset: u32) -> usize {
        self.line_starts().partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The line and column of a byte offset. An offset behind the end means the end.
    pub fn position(&self, offset: u32) -> Position {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_of(offset as u32);
        let start = self.line_starts()[line] as usize;
        Position { line: line + 1, column: self.text[start..offset].chars().count() + 1 }
    }
}

/// All texts of a run. Files are added while evaluation asks for them and are never removed.
#[derive(Debug, Default)]
pub struct Sources {
    inner: RwLock<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    files: Vec<Arc<SourceFile>>,
    by_path: HashMap<Arc<str>, FileId>,
}

impl Sources {
    /// Adds a text under a path, or finds the one that is there.
    pub fn add(&self, path: &str, text: impl Into<Arc<str>>) -> Arc<SourceFile> {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = inner.by_path.get(path) {
            return Arc::clone(&inner.files[id.0 as usize]);
        }
        let id = FileId(inner.files.len() as u32);
        let path: Arc<str> = path.into();
        let file = Arc::new(SourceFile {
            id,
            path: Arc::clone(&path),
            text: text.into(),
            line_starts: OnceLock::new(),
            parsed: OnceLock::new(),
        });
        inner.files.push(Arc::clone(&file));
        inner.by_path.insert(path, id);
        file
    }

    /// The file of an id.
    pub fn get(&self, id: FileId) -> Arc<SourceFile> {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&inner.files[id.0 as usize])
    }

    /// The file of a path, if it has been added.
    pub fn find(&self, path: &str) -> Option<Arc<SourceFile>> {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        inner.by_path.get(path).map(|id| Arc::clone(&inner.files[id.0 as usize]))
    }

    /// How many files were added.
    pub fn len(&self) -> usize {
        self.inner.read().unwrap_or_else(PoisonError::into_inner).files.len()
    }

    /// Whether no file was added.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
