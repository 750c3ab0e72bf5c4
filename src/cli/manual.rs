//! `steadfast completions` and `steadfast man`.

use super::args::Cli;
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
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for command in command.get_subcommands() {
        let title = command.get_name().to_uppercase();
        page.extend_from_slice(format!(".SH \"STEADFAST {title}\"\n").as_bytes());
        let man =
            clap_mangen::Man::new(command.clone().bin_name(format!("steadfast {}", command.get_name())));
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    terminal::print(|out| out.write_all(&page))?;
    Ok(Ended::Clean)
}
