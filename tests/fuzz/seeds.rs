//! What damage is done to: the repositories of the test data, in memory.

use crate::common::{folders, testdata};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A repository: its files by path.
#[derive(Clone, Debug, Default)]
pub struct Seed {
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Seed {
    fn read(dir: &Path) -> Seed {
        let mut seed = Seed::default();
        seed.gather(dir, "");
        seed.files.entry(".steadfast.yaml".to_owned()).or_insert_with(|| b"root: true\n".to_vec());
        seed
    }

    fn gather(&mut self, dir: &Path, prefix: &str) {
        let mut entries: Vec<_> = fs::read_dir(dir).unwrap().map(Result::unwrap).collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            match entry.file_type().unwrap() {
                kind if kind.is_dir() => self.gather(&entry.path(), &format!("{name}/")),
                kind if kind.is_file() => {
                    self.files.insert(name, fs::read(entry.path()).unwrap());
                }
                _ => {}
            }
        }
    }

    /// Writes it to a folder.
    pub fn write(&self, dir: &Path) {
        for (name, bytes) in &self.files {
            let path = dir.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
}

/// Each fixture, the forms and the first phase.
pub fn repositories() -> Vec<Seed> {
    let data = testdata();
    let rules = folders(&data.join("rules")).into_iter().flat_map(|rule| folders(&rule));
    let others = ["forms", "phase1"].into_iter().flat_map(|name| folders(&data.join(name)));
    rules.chain(others).map(|dir| Seed::read(&dir)).collect()
}

/// Every text of them.
pub fn texts() -> Vec<String> {
    let files = repositories().into_iter().flat_map(|seed| seed.files.into_values());
    files.filter_map(|bytes| String::from_utf8(bytes).ok()).collect()
}
