//! What the terminal is like, and writing to it.

use super::args::{ColourChoice, DrawingChoice, Look};
use crate::report::{Drawing, Style, printable};
use std::error::Error;
use std::io::{self, IsTerminal, Write};

/// Columns where there is no terminal to ask.
const DEFAULT_WIDTH: usize = 110;

/// How to draw on standard output, or in a file.
pub(super) fn style(look: Look, quiet: bool, to_file: bool) -> Style {
    let terminal = io::stdout().is_terminal() && !to_file;
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    let width = terminal.then(terminal_size::terminal_size).flatten();
    let width = width.map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0).clamp(40, 140));
    let drawing = match look.style {
        DrawingChoice::Ascii => Drawing::Ascii,
        DrawingChoice::Narrated => Drawing::Narrated,
        DrawingChoice::Auto if is_set("NO_GRAPHICS") => Drawing::Narrated,
        DrawingChoice::Auto if terminal && dumb => Drawing::Ascii,
        DrawingChoice::Auto | DrawingChoice::Unicode => Drawing::Unicode,
    };
    let links = terminal && !dumb && drawing == Drawing::Unicode;
    Style { links, colour: colour(look.color, terminal && !dumb, to_file), drawing, width, quiet }
}

/// Colours where a terminal shows them, unless the user says otherwise (no-color.org, force-color.org).
fn colour(choice: ColourChoice, terminal: bool, to_file: bool) -> bool {
    match choice {
        ColourChoice::Always => true,
        ColourChoice::Never => false,
        ColourChoice::Auto if is_set("NO_COLOR") || to_file => false,
        ColourChoice::Auto => terminal || is_set("FORCE_COLOR") || is_set("CLICOLOR_FORCE"),
    }
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0")
}

/// Whether somebody watches standard error.
pub(super) fn is_watched() -> bool {
    io::stderr().is_terminal() && !is_set("CI")
}

/// Writes to standard output.
pub(super) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(&mut out)?;
    out.flush()
}

/// Says on standard error what went wrong, in as many lines as it has.
pub(super) fn complain(message: &str) {
    let lines: Vec<String> = message.lines().map(printable).collect();
    let _ = writeln!(io::stderr(), "steadfast: {}", lines.join("\nsteadfast: "));
}

/// Whether a reader went away, which is its right.
pub(super) fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
