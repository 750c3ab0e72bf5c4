//! Documents that a shell command hands to a program: its heredocs.

use std::ops::Range;

/// Byte ranges of the contents of heredocs, in order.
pub(super) fn heredocs(script: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(start) = script[at..].find("<<").map(|i| at + i + 2) {
        at = start;
        let rest = script[start..]
            .trim_start_matches('-')
            .trim_start_matches(' ')
            .trim_start_matches(['\'', '"', '\\']);
        let word: &str =
            rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
        let Some(begin) = script[start..].find('\n').map(|i| start + i + 1).filter(|_| !word.is_empty())
        else {
            continue;
        };
        let mut end = begin;
        for line in script[begin..].split_inclusive('\n') {
            if line.trim() == word {
                out.push(begin..end);
                break;
            }
            end += line.len();
        }
        at = end.max(at);
    }
    out
}
