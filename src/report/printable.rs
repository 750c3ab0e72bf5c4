//! Texts of a repository as a terminal, a log and other programs may have them.

/// Whether a character acts on what is shown around it: control characters, those that break lines (U+2028, U+2029), and
/// those that turn the direction of writing (Unicode's Bidi_Control), by which a text can look like another.
pub(super) fn is_unseen(c: char) -> bool {
    let turns =
        matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns
}

/// The text without such characters, and without what a GitHub runner takes for a command in the middle of a line.
pub fn printable(text: &str) -> String {
    let text: String = text.chars().map(|c| if is_unseen(c) { '?' } else { c }).collect();
    if text.contains("##[") { text.replace("##[", "##(") } else { text }
}

/// A path at the start of a line: one that begins as a GitHub runner's command is written from the folder it stands in.
pub(super) fn path_at_start(path: &str) -> String {
    let path = printable(path);
    if path.starts_with("::") { format!("./{path}") } else { path }
}
