//! The indent that a `<<-` heredoc loses, as HashiCorp's parser counts it.

/// Bytes to cut at the start of each line of a flush heredoc.
///
/// `pieces` are the literal parts in order, each with whether it begins a line. Each line of a literal
/// that starts a line counts its leading white space; a line of nothing but white space and a line break
/// does not count; an interpolation at the start of a line counts as 0.
pub(super) fn flush_indent(pieces: &[Piece<'_>]) -> usize {
    let mut least = usize::MAX;
    let mut line_begins = true;
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => {
                for line in literal.split_inclusive('\n') {
                    if line_begins {
                        let trimmed = line.trim_start();
                        if !(trimmed.is_empty() && line.ends_with('\n')) {
                            least = least.min(line.len() - trimmed.len());
                        }
                    }
                    line_begins = line.ends_with('\n');
                }
            }
            Piece::Sequence => {
                if line_begins {
                    least = 0;
                }
                line_begins = false;
            }
        }
    }
    if least == usize::MAX { 0 } else { least }
}

/// A part of a heredoc as written.
pub(super) enum Piece<'a> {
    /// Raw characters.
    Literal(&'a str),
    /// An interpolation or directive.
    Sequence,
}
