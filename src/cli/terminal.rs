//! What the terminal is like, and writing to it.

use crate::report::Style;
use std::error::Error;
use std::io::{self, IsTerminal, Write};

/// Columns where there is no terminal to ask.
const DEFAULT_WIDTH: usize = 110;

/// How to draw on standard output.
pub(super) fn style(quiet: bool, to_file: bool) -> Style {
    let terminal = io::stdout().is_terminal() && !to_file;
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    let width = terminal.then(terminal_size::terminal_size).flatten();
    let width = width.map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0).clamp(40, 140));
    Style { colour: terminal && !no_colour && !dumb, unicode: !(terminal && dumb), width, quiet }
}

/// Writes to standard output.
pub(super) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(&mut out)?;
    out.flush()
}

/// Says on standard error what went wrong.
pub(super) fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "steadfast: {message}");
}

/// Whether a reader went away, which is its right.
pub(super) fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
