//! The least that any run must do: walk, read, and parse with the same parsers.

use ignore::WalkBuilder;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use steadfast::base::{Sources, Text};
use steadfast::syntax::hcl::parse_hcl;
use steadfast::syntax::yaml::parse_yaml;

/// Walks a repository, reads its files and parses each once; how many bytes were parsed.
pub fn run(root: &Path) -> usize {
    let walk = WalkBuilder::new(root).hidden(false).require_git(false).build();
    let paths: Vec<PathBuf> =
        walk.flatten().map(ignore::DirEntry::into_path).filter(|path| is_parsed(path)).collect();
    let sources = Sources::default();
    paths.par_iter().map(|path| parse(&sources, path)).sum()
}

fn is_parsed(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    matches!(ending, Some("tf" | "tfvars" | "yaml" | "yml"))
}

fn parse(sources: &Sources, path: &Path) -> usize {
    let Ok(text) = std::fs::read_to_string(path) else { return 0 };
    let bytes = text.len();
    let text = Text::of_file(&sources.add(&path.to_string_lossy(), text));
    if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
        std::hint::black_box(parse_yaml(&text));
    } else {
        std::hint::black_box(parse_hcl(&text));
    }
    bytes
}
