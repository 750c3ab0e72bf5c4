//! Secrets by what holds them: Secret objects, `kubernetes_secret` resources, `set_sensitive` blocks.

use super::inline::all_values;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static BLOCKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)^resource[ \t]+"kubernetes_secret(?:_v1)?(?:_data)?"[^\n]*\{|(?-u:\b)set_sensitive[ \t]*(?:=[ \t]*\[[ \t]*)?\{"#).ok()
});
static DATA: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:data|string_data|binary_data|binary_data_wo|data_wo)[ \t]*=[^\n{]*\{").ok()
});

/// Byte ranges of secrets.
pub(super) fn in_objects(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for block in BLOCKS.iter().flat_map(|regex| regex.find_iter(text)) {
        let body = braces(text, block.end() - 1);
        if block.as_str().starts_with("set_sensitive") {
            out.extend(all_values(text, body).into_iter().filter(|range| is_value(text, range.start)));
            continue;
        }
        for data in DATA.iter().flat_map(|regex| regex.find_iter(&text[body.clone()])) {
            let region = braces(text, body.start + data.end() - 1);
            out.extend(strings(text, region));
        }
    }
    out.extend(secret_documents(text));
    out
}

fn is_value(text: &str, at: usize) -> bool {
    text[..at].trim_end_matches([' ', '\t', '=', ':']).trim_end_matches('"').ends_with("value")
}

/// From an opening brace to the one that closes it; braces inside quotes do not count.
fn braces(text: &str, open: usize) -> Range<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            _ if std::mem::take(&mut escaped) => {}
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return open..at;
                }
            }
            _ => {}
        }
    }
    open..text.len()
}

/// Quoted strings behind an equals sign or a colon.
fn strings(text: &str, region: Range<usize>) -> Vec<Range<usize>> {
    let mut out = all_values(text, region.clone());
    out.retain(|range| text[range.clone()].starts_with('"'));
    // Keys of data are often quoted themselves, which the pairs above do not see.
    let mut at = region.start;
    while let Some(start) = text[at..region.end].find("= \"").map(|i| at + i + 2) {
        let line = text[start..].find('\n').map_or(text.len(), |i| start + i);
        let end = text[start..line].rfind('"').map_or(line, |i| start + i + 1);
        out.push(start..end.max(start + 1));
        at = line.min(region.end);
    }
    out
}

/// What stands under `data` and `stringData` of documents of kind Secret.
fn secret_documents(text: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        lines.push((at, line));
        at += line.len();
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut out = Vec::new();
    for (index, (_, line)) in lines.iter().enumerate() {
        let content = line.trim().trim_start_matches("- ");
        if content.trim_end() != "kind: Secret" && content.replace(['"', '\''], "") != "kind: Secret" {
            continue;
        }
        let own = line.find("kind").unwrap_or(0);
        let inside = |(_, line): &&(usize, &str)| {
            line.trim().is_empty()
                || indent(line) >= own && line.trim() != "---"
                || line.find("apiVersion") == Some(own)
        };
        let first = index - lines[..index].iter().rev().take_while(inside).count();
        let last = index + lines[index..].iter().take_while(inside).count();
        out.extend(data_blocks(&lines[first..last.max(index)], own));
    }
    out
}

fn data_blocks(lines: &[(usize, &str)], own: usize) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut inside = false;
    for (at, line) in lines {
        let column = line.len() - line.trim_start().len();
        let content = line.trim_end();
        if column <= own && !content.trim().is_empty() {
            let field = content.trim_start().trim_start_matches("- ");
            inside = ["data:", "stringData:"].iter().any(|name| field.starts_with(name));
            let start = content.find(':').map_or(content.len(), |i| i + 1);
            if inside && start < content.len() {
                out.push(at + start + 1..at + content.len());
            }
            continue;
        }
        if inside && column > own {
            let start = content.find(": ").map_or(column, |i| i + 2);
            let behind = content[start.min(content.len())..].trim();
            if !behind.is_empty() && !behind.starts_with(['|', '>']) && !content.ends_with(':') {
                out.push(at + start..at + content.len());
            }
        }
    }
    out.retain(|range| range.start < range.end);
    out
}
