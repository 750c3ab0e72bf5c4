//! The floors of docs/ARCHITECTURE.md: a module names only modules of floors below its own.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Modules by floor. Siblings do not name each other.
const FLOORS: [(&str, u32); 16] = [
    ("base", 0),
    ("finding", 1),
    ("syntax", 1),
    ("lower", 2),
    ("terraform", 2),
    ("compose", 3),
    ("model", 4),
    ("rule", 5),
    ("suppress", 5),
    ("config", 6),
    ("rules", 6),
    ("engine", 7),
    ("report", 7),
    ("cli", 8),
    ("main", 9),
    ("lib", 9),
];

/// Crates that only some files may name.
const OWNERS: [(&str, &[&str]); 11] = [
    ("miette", &["src/report/frame.rs"]),
    ("git2", &["src/engine/git.rs"]),
    ("clap", &["src/cli/"]),
    ("terminal_size", &["src/cli/"]),
    ("granit_parser", &["src/syntax/"]),
    ("hcl_edit", &["src/syntax/"]),
    ("pulldown_cmark", &["src/syntax/"]),
    ("tree_sitter", &["src/syntax/"]),
    ("croner", &["src/model/"]),
    ("ignore", &["src/engine/"]),
    ("serde_json", &["src/report/", "src/terraform/functions/"]),
];

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    sources(&root.join("src"), &mut paths);
    let relative = |path: &PathBuf| path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
    paths.iter().map(|path| (relative(path), std::fs::read_to_string(path).unwrap())).collect()
}

fn floor(module: &str) -> Option<u32> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

/// The code of a file: without comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn names_after<'a>(code: &'a str, marker: &str) -> BTreeSet<&'a str> {
    let after = |(at, _): (usize, &str)| {
        let rest = &code[at + marker.len()..];
        &rest[..rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())]
    };
    code.match_indices(marker).map(after).filter(|name| !name.is_empty()).collect()
}

#[test]
fn modules_name_only_floors_below() {
    let mut failures = Vec::new();
    for (path, text) in all_sources() {
        let module = path.trim_start_matches("src/").split(['/', '.']).next().unwrap().to_owned();
        let Some(own) = floor(&module) else {
            failures.push(format!("{path}: module `{module}` has no floor"));
            continue;
        };
        let code = code(&text);
        // A group after `crate::` would hide its names from this test.
        if code.contains("crate::{") {
            failures.push(format!("{path}: one `use` for each module"));
        }
        for named in names_after(&code, "crate::").into_iter().chain(names_after(&code, "steadfast::")) {
            match floor(named) {
                _ if named == module => {}
                Some(floor) if floor < own => {}
                Some(_) => {
                    failures.push(format!("{path} (floor {own}) names `{named}`, which is not below it"));
                }
                None => failures.push(format!("{path} names `{named}`, which has no floor")),
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn crates_stay_with_their_owners() {
    let mut failures = Vec::new();
    for (path, text) in all_sources() {
        let code = code(&text);
        for (name, owners) in OWNERS {
            let named = code.contains(&format!("use {name}::")) || code.contains(&format!("{name}::"));
            let named =
                named && !code.contains(&format!("_{name}::")) && !code.contains(&format!("::{name}::"));
            if named && !owners.iter().any(|owner| path.starts_with(owner)) {
                failures.push(format!("{path} names `{name}`"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn only_the_engine_and_the_command_line_touch_the_world() {
    let mut failures = Vec::new();
    for (path, text) in all_sources() {
        let code = code(&text);
        let below = !["src/engine/", "src/cli/", "src/main.rs"].iter().any(|owner| path.starts_with(owner));
        for word in ["std::fs", "std::env", "TcpStream", "UdpSocket", "std::process", "File::open"] {
            if below && code.contains(word) {
                failures.push(format!("{path} names {word}"));
            }
        }
        for word in ["println!", "eprintln!", "io::stdout", "io::stderr"] {
            if !path.starts_with("src/cli/") && code.contains(word) {
                failures.push(format!("{path} prints"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_file_is_too_long() {
    const LINES: usize = 500;
    let long = |(_, text): &(String, String)| text.lines().count() > LINES;
    let long: Vec<String> = all_sources().into_iter().filter(long).map(|(path, _)| path).collect();
    assert!(long.is_empty(), "longer than {LINES} lines: {long:?}");
}
