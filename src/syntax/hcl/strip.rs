//! What the strip markers `~` of templates take away.
//!
//! HashiCorp's scanner makes one token of each line of a heredoc or template file, and a marker trims the
//! whitespace of the one token beside it: behind a sequence up to the first line break, that included;
//! before it the rest of its own line. A quoted string is one token.

use super::strings::Style;

/// Bytes that a marker cuts off the start of the literal behind it.
pub(super) fn cut_at_start(literal: &str, style: Style) -> usize {
    let token = match style {
        Style::Quoted => literal,
        Style::Bare => literal.split_inclusive('\n').next().unwrap_or_default(),
    };
    token.len() - token.trim_start().len()
}

/// Bytes that a marker leaves of the literal before it.
pub(super) fn kept_at_end(literal: &str, style: Style) -> usize {
    let token = match style {
        Style::Quoted => literal,
        Style::Bare => literal.split_inclusive('\n').next_back().unwrap_or_default(),
    };
    literal.len() - token.len() + token.trim_end().len()
}
