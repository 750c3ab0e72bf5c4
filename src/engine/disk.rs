//! Files on disk, inside the read boundary.

use super::files::Reader;
use crate::base::FileError;
use std::io::Read;
use std::path::PathBuf;

/// Reads files below a root.
pub(super) struct DiskReader {
    /// The root, without symlinks.
    pub(super) root: PathBuf,
}

impl Reader for DiskReader {
    fn bytes(&self, path: &str, most: u64) -> Result<Vec<u8>, FileError> {
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
        if metadata.len() > most {
            return Err(FileError::TooLarge);
        }
        let mut bytes = Vec::with_capacity(metadata.len() as usize);
        let file = std::fs::File::open(&real).map_err(unreadable)?;
        file.take(most + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        Ok(bytes)
    }

    fn is_dir(&self, path: &str) -> bool {
        self.root.join(path).is_dir()
    }
}
