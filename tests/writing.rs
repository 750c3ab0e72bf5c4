//! What stays of files where writing them fails: the shell's limit on the size of files stands for a full disk, and, where
//! its signal is not caught, for a process that is killed.

#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used)]

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A Pod whose limit `--fix` corrects.
fn pod(name: &str, comment: usize) -> String {
    let comment = format!("# {}\n", "as it is ".repeat(9)).repeat(comment);
    format!(
        "{comment}apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: b}}\nspec:\n  containers:\n    - {{name: {name}, image: 'a:1', resources: {{limits: {{memory: 512MB}}}}}}\n"
    )
}

struct Repository {
    dir: TempDir,
    files: Vec<(&'static str, String)>,
}

impl Repository {
    /// A small file, and a large one behind it.
    fn new() -> Repository {
        let files = vec![
            (".steadfast.yaml", "root: true\n".to_owned()),
            ("a.yaml", pod("a", 0)),
            ("b.yaml", pod("b", 90)),
        ];
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in &files {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        Repository { dir, files }
    }

    /// Runs the tool where no file may grow beyond so many blocks (of 512 or 1,024 bytes, as the shell has it).
    fn limited(&self, before: &str, blocks: usize, arguments: &str) -> Output {
        let tool = assert_cmd::cargo::cargo_bin("steadfast");
        let script =
            format!("{before} ulimit -c 0; ulimit -f {blocks}; exec '{}' {arguments}", tool.display());
        Command::new("sh").arg("-c").arg(script).current_dir(self.dir.path()).output().unwrap()
    }

    fn is_as_before(&self) {
        for (name, text) in &self.files {
            assert_eq!(&std::fs::read_to_string(self.dir.path().join(name)).unwrap(), text, "{name}");
        }
    }

    fn others(&self) -> Vec<String> {
        names(self.dir.path())
            .into_iter()
            .filter(|name| !self.files.iter().any(|(own, _)| own == name))
            .collect()
    }
}

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_full_disk_leaves_all_files_as_they_were() {
    for blocks in [0, 1] {
        let repository = Repository::new();
        let output = repository.limited("trap '' XFSZ;", blocks, "lint . --fix");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("cannot write `"), "{said}");
        repository.is_as_before();
        assert_eq!(repository.others(), Vec::<String>::new());
    }
}

#[test]
fn a_full_disk_leaves_the_baseline_as_it_was() {
    let mut repository = Repository::new();
    std::fs::write(repository.dir.path().join("known.yaml"), "version: 1\nfindings: []\n").unwrap();
    repository.files.push(("known.yaml", "version: 1\nfindings: []\n".to_owned()));
    let output = repository.limited("trap '' XFSZ;", 0, "lint . --write-baseline known.yaml");
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    repository.is_as_before();
    assert_eq!(repository.others(), Vec::<String>::new());
}

#[test]
fn a_process_that_is_killed_between_writing_and_renaming_leaves_all_files_as_they_were() {
    let repository = Repository::new();
    // The new text of the first file fits, and the process ends while it writes the second.
    let output = repository.limited("", 1, "lint . --fix");
    assert!(output.status.signal().is_some(), "{:?}", output.status);
    repository.is_as_before();
    assert_eq!(repository.others().len(), 2, "both were begun: {:?}", repository.others());
    let after = repository.limited("", 1_000, "lint . --fix --format concise");
    let said = String::from_utf8_lossy(&after.stderr);
    assert!(said.contains("fixed 2 findings in 2 files"), "what is left over is in nobody's way: {said}");
}
