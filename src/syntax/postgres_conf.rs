//! postgresql.conf: `name = value`, `name value`, quotes, and comments behind `#`.

use crate::base::Text;

/// The settings of a text with their values, in order. Of equal names the last counts.
pub fn parse_postgres_conf(text: &Text) -> Vec<(String, Text)> {
    let string = text.as_str();
    let mut out = Vec::new();
    let mut start = 0;
    for line in string.split_inclusive('\n') {
        if let Some((name, range)) = setting(line) {
            out.push((name, text.slice(start + range.start..start + range.end)));
        }
        start += line.len();
    }
    out
}

fn setting(line: &str) -> Option<(String, std::ops::Range<usize>)> {
    let begin = line.len() - line.trim_start().len();
    let rest = &line[begin..];
    let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.')))?;
    let (name, behind) = rest.split_at(length);
    let value = behind.trim_start().strip_prefix('=').unwrap_or(behind.trim_start()).trim_start();
    let at = line.len() - value.len();
    if name.is_empty() || value.is_empty() || value.starts_with('#') {
        return None;
    }
    let range = match value.strip_prefix('\'') {
        Some(quoted) => at + 1..at + 1 + quoted.find('\'')?,
        None => at..at + value.find(|c: char| c == '#' || c.is_whitespace()).unwrap_or(value.len()),
    };
    Some((name.to_ascii_lowercase(), range))
}

#[cfg(test)]
mod tests {
    use super::parse_postgres_conf;
    use crate::base::{SourceFile, Sources, Text};
    use std::sync::Arc;

    #[test]
    fn settings_have_their_values() {
        let cases = [
            ("max_connections = 200", Some(("max_connections", "200"))),
            ("  Shared_Buffers 1GB # a comment\n", Some(("shared_buffers", "1GB"))),
            ("shared_preload_libraries='a, b'#c", Some(("shared_preload_libraries", "a, b"))),
            ("pg_stat_statements.max=5", Some(("pg_stat_statements.max", "5"))),
            ("# max_connections = 1", None),
            ("max_connections =", None),
            ("x = 'open", None),
            ("", None),
        ];
        for (line, expected) in cases {
            let file: Arc<SourceFile> = Sources::default().add("a.conf", line);
            let found = parse_postgres_conf(&Text::of_file(&file));
            let found = found.first().map(|(name, value)| (name.as_str(), value.as_str()));
            assert_eq!(found, expected, "{line}");
        }
    }
}
