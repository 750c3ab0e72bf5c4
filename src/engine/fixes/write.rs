//! Texts to files: all of them or none, each in one step.

use super::super::EngineError;
use super::TextChange;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What became of the files.
#[derive(Debug, Default)]
pub struct Written {
    /// The files that were written, by their path from the root.
    pub files: Vec<String>,
    /// Files that no longer hold what was read, and were left alone.
    pub left: Vec<String>,
}

/// What a byte order mark is in UTF-8; texts are read without it.
const MARK: &str = "\u{FEFF}";

/// A new text that stands beside the file that it is to replace.
struct Prepared {
    beside: PathBuf,
    target: PathBuf,
}

/// Writes texts in the place of those that were read. Where one cannot be written, none is: each is first written
/// beside its file, and then all take their places. Permissions stay, and a link stays a link.
pub fn write_changes(root: &Path, changes: &[TextChange]) -> Result<Written, EngineError> {
    let mut out = Written::default();
    let unchanged = |change: &&TextChange| {
        let text = std::fs::read_to_string(root.join(&change.path)).unwrap_or_default();
        text.strip_prefix(MARK).unwrap_or(&text) == change.before
    };
    let (ready, left): (Vec<&TextChange>, Vec<&TextChange>) = changes.iter().partition(unchanged);
    // One fix may edit several files: where one of them cannot be written, the others stay too.
    if !left.is_empty() {
        out.left = left.into_iter().map(|change| change.path.clone()).collect();
        return Ok(out);
    }
    let mut prepared: Vec<Prepared> = Vec::new();
    for change in &ready {
        match prepare(root, change) {
            Ok(next) => prepared.push(next),
            Err(error) => {
                discard(&prepared);
                return Err(EngineError(format!("cannot write `{}`: {error}", change.path)));
            }
        }
    }
    for (index, next) in prepared.iter().enumerate() {
        if let Err(error) = std::fs::rename(&next.beside, &next.target) {
            discard(&prepared[index..]);
            return Err(EngineError(format!("cannot write `{}`: {error}", ready[index].path)));
        }
        out.files.push(ready[index].path.clone());
    }
    Ok(out)
}

/// Writes a text to a file in one step, whether it is there or not.
pub fn replace_file(path: &Path, text: &str) -> Result<(), EngineError> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let beside = beside(&target);
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &target));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        EngineError(format!("cannot write `{}`: {error}", path.display()))
    })
}

fn prepare(root: &Path, change: &TextChange) -> io::Result<Prepared> {
    let target = root.join(&change.path).canonicalize()?;
    let permissions = std::fs::metadata(&target)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    let beside = beside(&target);
    let marked = std::fs::read(&target)?.starts_with(MARK.as_bytes());
    let written = OpenOptions::new().write(true).create_new(true).open(&beside).and_then(|mut file: File| {
        file.write_all(if marked { MARK.as_bytes() } else { b"" })?;
        file.write_all(change.after.as_bytes())?;
        file.set_permissions(permissions)?;
        file.sync_all()
    });
    match written {
        Ok(()) => Ok(Prepared { beside, target }),
        Err(error) => {
            let _ = std::fs::remove_file(&beside);
            Err(error)
        }
    }
}

/// In the same folder, so that it takes the file's place in one step.
fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.steadfast-{}", std::process::id()))
}

fn discard(prepared: &[Prepared]) {
    for next in prepared {
        let _ = std::fs::remove_file(&next.beside);
    }
}
