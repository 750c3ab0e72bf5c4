//! What must not be shown.
//!
//! Frames show the lines around a finding, and messages may quote a value. A value behind a secret-like key is a
//! secret wherever it stands. Files are searched by their trees, and by their text as well: documents in strings, files
//! that do not parse and languages without a tree have no other.

mod inline;
mod lines;
mod objects;
mod pem;
mod redact;
mod reference;
mod terraform;
mod values;
mod variables;
mod yaml;

pub(super) use values::{MASK, Secrets};
pub(super) use yaml::{REFERENCES, is_named_only, is_secret_flag};

use crate::base::{FileId, SourceFile, Sources};
use rayon::prelude::*;
use regex::Regex;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::{Arc, LazyLock, OnceLock};

/// What a file that holds a secret holds too: a part of a secret's key, a URL with a user, a key's frame.
static SIGNS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i-u:pass|pwd|pw\b|secret|token|dsn|credential|[a-z0-9][_.-]?key\b|key_base|key[_.-]data|key_pem|userlist|dockerconfig|sensitive)|://[^/ \t\r\n]*@",
    )
    .ok()
});

/// Knows the names of a repository's sensitive variables, and finds secrets in its files.
#[derive(Debug, Default)]
pub struct Masker {
    names: HashSet<String>,
    files: Vec<Arc<SourceFile>>,
    secrets: OnceLock<Secrets>,
}

impl Masker {
    /// Learns the sensitive variables of all files.
    pub fn new(sources: &Sources) -> Masker {
        let files: Vec<_> = (0..sources.len()).map(|index| sources.get(FileId(index as u32))).collect();
        let names = files.iter().filter(|file| file.text().contains("sensitive")).flat_map(|file| {
            if is_terraform(file.path()) {
                variables::sensitive(file.text())
            } else if file.path().ends_with(".tf.json") || file.path().ends_with(".tofu.json") {
                variables::sensitive_in_json(file.text())
            } else {
                Vec::new()
            }
        });
        Masker { names: names.collect(), files, secrets: OnceLock::new() }
    }

    /// What files hide, for looking for it elsewhere.
    pub(super) fn secrets(&self) -> &Secrets {
        self.secrets.get_or_init(|| {
            let of_file = |file: &Arc<SourceFile>| {
                self.ranges(file).into_iter().map(|range| file.text()[range].to_owned()).collect::<Vec<_>>()
            };
            let all: Vec<String> = self.files.par_iter().flat_map_iter(of_file).collect();
            Secrets::new(all.iter().map(String::as_str))
        })
    }

    /// Byte ranges of a file that hold secrets, in order, each on one line, none of them touching another.
    pub fn ranges(&self, file: &SourceFile) -> Vec<Range<usize>> {
        let text = file.text();
        let has_sign = SIGNS.as_ref().is_none_or(|signs| signs.is_match(text));
        if !has_sign && !self.names.iter().any(|name| text.contains(name.as_str())) {
            return Vec::new();
        }
        let mut out = lines::on_lines(text, &self.names);
        out.extend(inline::in_lines(text));
        out.extend(objects::in_objects(text));
        out.extend(pem::private_keys(text));
        if is_yaml(file.path()) {
            out.extend(yaml::in_tree(file));
        } else if is_terraform(file.path()) || file.path().ends_with(".tfvars") {
            out.extend(terraform::in_tree(file, &self.names));
        }
        merged(out.into_iter().flat_map(|range| on_its_lines(text, range)).collect())
    }
}

fn is_terraform(path: &str) -> bool {
    path.ends_with(".tf") || path.ends_with(".tofu")
}

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

/// The parts of a range on each of its lines, without what begins a block scalar or a heredoc.
fn on_its_lines(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let Some(part) = text.get(range.clone()) else { return Vec::new() };
    if !part.contains('\n') {
        return vec![range];
    }
    let heredoc = part.lines().next().and_then(|line| line.strip_prefix("<<"));
    let heredoc = heredoc.map(|word| word.trim_start_matches('-').trim());
    let (mut out, mut at) = (Vec::new(), range.start);
    for line in part.split_inclusive('\n') {
        let content = line.trim();
        let begin = at + (line.len() - line.trim_start().len());
        let opens = at == range.start && content.starts_with(['|', '>', '<', '{', '[']);
        if !content.is_empty() && !opens && heredoc != Some(content) {
            out.push(begin..begin + content.len());
        }
        at += line.len();
    }
    out
}

/// Ranges in order; those that meet become one.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| range.start < range.end);
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match out.last_mut().filter(|last| range.start < last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => out.push(range),
        }
    }
    out
}
