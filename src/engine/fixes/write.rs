//! Texts to files: each in one step, and none where one of them cannot be written.

use super::super::EngineError;
use super::TextChange;
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

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
        let next = prepare(root, change).map(|next| {
            // A link beside its file: both read the same, and one writes it.
            let twice = prepared.iter().any(|other| other.target == next.target);
            if twice { drop(std::fs::remove_file(&next.beside)) } else { prepared.push(next) }
        });
        if let Err(error) = next {
            discard(&prepared);
            return Err(EngineError(format!("cannot write `{}`: {error}", change.path)));
        }
    }
    for (index, next) in prepared.iter().enumerate() {
        if let Err(error) = std::fs::rename(&next.beside, &next.target) {
            discard(&prepared[index..]);
            let done =
                if index == 0 { String::new() } else { format!("; {index} files before it are written") };
            return Err(EngineError(format!("cannot write `{}`: {error}{done}", next.target.display())));
        }
    }
    out.files = ready.iter().map(|change| change.path.clone()).collect();
    Ok(out)
}

/// Writes a text to a file in one step, whether it is there or not. Inside a root it does not leave that.
pub fn replace_file(path: &Path, text: &str, root: Option<&Path>) -> Result<(), EngineError> {
    let refuse = |error: io::Error| EngineError(format!("cannot write `{}`: {error}", path.display()));
    let target = match path.canonicalize() {
        Ok(target) => target,
        Err(_) => {
            let parent = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
            parent.canonicalize().map_err(refuse)?.join(path.file_name().unwrap_or_default())
        }
    };
    if root.is_some_and(|root| !target.starts_with(root)) {
        return Err(refuse(io::Error::other("it lies outside of the root")));
    }
    let permissions = std::fs::metadata(&target).ok().map(|metadata| metadata.permissions());
    let beside = beside(&target);
    written(&beside, &[text], permissions).map_err(refuse)?;
    std::fs::rename(&beside, &target).map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        refuse(error)
    })
}

/// Writes a new file, and takes it away again where that fails.
fn written(path: &Path, parts: &[&str], permissions: Option<Permissions>) -> io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).open(path)?;
    let mut write = || {
        parts.iter().try_for_each(|part| file.write_all(part.as_bytes()))?;
        permissions.clone().map_or(Ok(()), |permissions| file.set_permissions(permissions))?;
        file.sync_all()
    };
    write().inspect_err(|_| drop(std::fs::remove_file(path)))
}

fn prepare(root: &Path, change: &TextChange) -> io::Result<Prepared> {
    let target = root.join(&change.path).canonicalize()?;
    let permissions = std::fs::metadata(&target)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    if !target.starts_with(root) {
        return Err(io::Error::other("it lies outside of the root"));
    }
    // A link and its file have one target: the path tells the two apart until one of them is dropped.
    let name = beside(&target).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = target.with_file_name(format!("{name}-{}", xxh3_64(change.path.as_bytes())));
    let marked = std::fs::read(&target)?.starts_with(MARK.as_bytes());
    let mark = if marked { MARK } else { "" };
    written(&beside, &[mark, &change.after], Some(permissions))?;
    Ok(Prepared { beside, target })
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
