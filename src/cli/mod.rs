//! Arguments, commands, the terminal: the only place that prints.

mod args;
mod baseline;
mod explain;
mod fix;
mod init;
mod lint;
mod manual;
mod progress;
mod show;
mod terminal;
mod timings;

use std::ffi::OsString;
use std::process::ExitCode;

/// What the commands end with.
enum Ended {
    /// Nothing at or above the level that fails.
    Clean,
    /// Findings.
    Findings,
    /// Work that could not be done, and has been told.
    Failed,
}

/// Runs the tool with arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match args::Cli::read(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // clap's own help and version are no failure.
            let code = if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
            return if error.print().is_ok() { code } else { ExitCode::from(2) };
        }
    };
    let result = match &cli.command {
        args::Command::Lint(lint) => lint::lint(lint, cli.look),
        args::Command::Show(show) => show::show(show),
        args::Command::Rules => explain::list_rules(),
        args::Command::Explain { rule } => explain::explain(rule, cli.look),
        args::Command::Init { dir } => init::init(dir),
        args::Command::Completions { shell } => manual::completions(*shell),
        args::Command::Man => manual::manual(),
    };
    match result {
        Ok(Ended::Clean) => ExitCode::SUCCESS,
        Ok(Ended::Findings) => ExitCode::from(1),
        Ok(Ended::Failed) => ExitCode::from(2),
        Err(error) if terminal::is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(&error.to_string());
            ExitCode::from(2)
        }
    }
}
