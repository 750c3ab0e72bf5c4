//! What the user typed.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "Examples:
  steadfast lint stacks/                   check every stack below stacks/
  steadfast lint stacks/authentik          check one stack, with what governs it
  steadfast lint --format json . > out.json
  steadfast show stacks/ --places          what was resolved, and where it stands
  steadfast explain pdb-missing            what a rule means and how to satisfy it

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the tool could not do its work.";

/// Checks reliability invariants across the files of a GitOps repository, offline.
#[derive(Debug, Parser)]
#[command(name = "steadfast", version, about, after_help = EXAMPLES)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check files and folders
    Lint(Lint),
    /// Show what was resolved: workloads, replicas, disruption budgets, memory, connections
    Show(Show),
    /// List the rules
    Rules,
    /// Explain a rule
    Explain {
        /// The rule's id
        rule: String,
    },
}

/// Where to look.
#[derive(Debug, Args)]
pub(super) struct Where {
    /// Repositories, stacks, folders or files
    #[arg(default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// The read boundary [default: the nearest folder whose .steadfast.yaml says `root: true`, else the git
    /// repository]
    #[arg(long, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,
    /// The config file [default: .steadfast.yaml in the root]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Threads [default: one a core]
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<usize>,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Lint {
    #[command(flatten)]
    pub(super) place: Where,
    /// Which rules run on what: phase1, strict, phase2 or all
    #[arg(long, value_name = "PROFILE")]
    pub(super) profile: Option<String>,
    /// Run only these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// Do not run these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) ignore: Vec<String>,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// Write the report to a file
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// The least severity that fails the run
    #[arg(long, value_enum, default_value_t = FailOn::Warning)]
    pub(super) fail_on: FailOn,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(super) exit_zero: bool,
    /// Fail when something could not be resolved
    #[arg(long)]
    pub(super) fail_on_unresolved: bool,
    /// Fail when there is nothing to lint
    #[arg(long)]
    pub(super) fail_on_empty: bool,
    /// List what could not be resolved
    #[arg(long)]
    pub(super) unresolved: bool,
    /// Leave out the summary
    #[arg(long, short)]
    pub(super) quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    #[command(flatten)]
    pub(super) place: Where,
    /// Say where each number stands
    #[arg(long)]
    pub(super) places: bool,
    /// Print the resolved objects as YAML instead; what is not known stands as `!unknown`
    #[arg(long, conflicts_with = "places")]
    pub(super) objects: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Format {
    /// Frames with underlined places
    Human,
    /// One line a finding
    Concise,
    /// JSON, version 1
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum FailOn {
    /// Errors only
    Error,
    /// Warnings and errors
    Warning,
    /// Everything
    Note,
}
