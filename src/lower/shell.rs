//! Documents that a shell command hands to a program that applies them: its heredocs.

use std::ops::Range;

/// What makes objects of documents.
const VERBS: [&str; 3] = ["apply", "create", "replace"];

/// Byte ranges of the contents of heredocs that are applied, in order: by the command that they are written for,
/// or by a later one that takes the file that they are written to.
pub(super) fn applied_heredocs(script: &str) -> Vec<Range<usize>> {
    heredocs(script).into_iter().filter(|range| is_applied(script, range)).collect()
}

fn is_applied(script: &str, range: &Range<usize>) -> bool {
    let before = script[..range.start].trim_end_matches('\n');
    let line = before.rsplit('\n').next().unwrap_or_default();
    let applies = |line: &str| line.split_whitespace().any(|word| VERBS.contains(&word));
    if applies(line) {
        return true;
    }
    let written = line.split('>').nth(1).and_then(|rest| rest.split_whitespace().next());
    let file = written.map(|name| name.trim_matches(['"', '\'']));
    file.filter(|name| !name.is_empty() && !name.starts_with('<'))
        .is_some_and(|file| script[range.end..].lines().any(|line| applies(line) && line.contains(file)))
}

/// Byte ranges of the contents of heredocs, in order.
fn heredocs(script: &str) -> Vec<Range<usize>> {
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
