//! `steadfast completions` and `steadfast man`.

use super::args::{Cli, EXAMPLES};
use super::{Ended, terminal};
use clap::CommandFactory;
use clap_complete::{Shell, generate};
use std::error::Error;

/// Prints the completions of a shell.
pub(super) fn completions(shell: Shell) -> Result<Ended, Box<dyn Error>> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "steadfast", &mut script);
    terminal::print(|out| out.write_all(&script))?;
    Ok(Ended::Clean)
}

/// Prints the manual page: the tool, and then each of its commands.
pub(super) fn manual() -> Result<Ended, Box<dyn Error>> {
    let command = Cli::command().disable_help_subcommand(true);
    let man = clap_mangen::Man::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    page.extend_from_slice(b".SH SYNOPSIS\n.B steadfast\nCOMMAND [OPTIONS] [ARGUMENTS]\n");
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    for command in command.get_subcommands() {
        let title = command.get_name().to_uppercase();
        page.extend_from_slice(format!(".SH \"STEADFAST {title}\"\n").as_bytes());
        let man =
            clap_mangen::Man::new(command.clone().bin_name(format!("steadfast {}", command.get_name())));
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    // As they stand: filled lines would lose their columns.
    let examples = EXAMPLES.replace('\\', "\\\\").replace('-', "\\-");
    page.extend_from_slice(format!(".SH EXAMPLES\n.nf\n{examples}\n.fi\n").as_bytes());
    terminal::print(|out| out.write_all(&page))?;
    Ok(Ended::Clean)
}
