//! What the user typed.

use crate::base::limit::{LIMITS, Limit};
use crate::finding::closest;
use clap::error::ErrorKind;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "Examples:
  steadfast init                           a config, the hook, a baseline
  steadfast lint stacks/                   check every stack below stacks/
  steadfast lint --staged                  what the next commit would hold
  steadfast lint --since origin/main       only what is new, and what became weaker
  steadfast lint --diff stacks/authentik   what --fix would change
  steadfast lint --format sarif --output out.sarif --format github
  steadfast show stacks/ --places          what was resolved, and where it stands
  steadfast explain pdb-missing            what a rule means and how to satisfy it

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the tool could not do its work.";

/// Checks reliability invariants across the files of a GitOps repository, offline.
#[derive(Debug, Parser)]
#[command(name = "steadfast", version, about, after_help = EXAMPLES)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) look: Look,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// How text for people looks.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Look {
    /// Colours [also: NO_COLOR, FORCE_COLOR]
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        hide_possible_values = true,
        value_name = "auto|always|never"
    )]
    pub(super) color: ColourChoice,
    /// How frames are drawn [also: NO_GRAPHICS means narrated]
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        hide_possible_values = true,
        value_name = "auto|unicode|ascii|narrated"
    )]
    pub(super) style: DrawingChoice,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum ColourChoice {
    /// Where a terminal shows them
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum DrawingChoice {
    /// As the terminal can
    #[default]
    Auto,
    /// Box-drawing characters
    Unicode,
    /// Characters of ASCII
    Ascii,
    /// Sentences, for screen readers
    Narrated,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check files and folders
    Lint(Box<Lint>),
    /// Show what was resolved: workloads, replicas, disruption budgets, memory, connections
    Show(Show),
    /// List the rules
    Rules,
    /// Explain a rule, with an example
    Explain {
        /// The rule's id
        rule: String,
    },
    /// Write a config, the pre-commit hook, and a baseline of what is found today
    Init {
        /// The repository
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
    /// Print the completions of a shell
    Completions {
        /// bash, zsh, fish, powershell or elvish
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
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
    /// Raise a limit that a report names
    #[arg(long = "limit", value_name = "NAME=N", value_parser = limit)]
    pub(super) limits: Vec<(&'static Limit, u64)>,
}

/// A limit and its bound.
fn limit(written: &str) -> Result<(&'static Limit, u64), String> {
    let (name, number) = written.split_once('=').ok_or("it is written NAME=N")?;
    let names = LIMITS.map(|limit| limit.name);
    let limit = LIMITS.into_iter().find(|limit| limit.name == name).ok_or_else(|| {
        let hint =
            closest(name, &names).map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
        format!("there is no limit `{name}`{hint}: {}", names.join(", "))
    })?;
    let number =
        number.replace('_', "").parse().map_err(|_| format!("`{number}` is no number of {}", limit.what))?;
    Ok((limit, number))
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Lint {
    #[command(flatten)]
    pub(super) place: Where,
    /// Lint what is staged: the stacks of the changed files, or everything where nothing is staged
    #[arg(help_heading = "State", long, conflicts_with = "rev")]
    pub(super) staged: bool,
    /// Lint a revision, without checking it out
    #[arg(help_heading = "State", long, value_name = "REV")]
    pub(super) rev: Option<String>,
    /// Report only what REV did not have, and what has become weaker since; REV means where the two went apart
    #[arg(help_heading = "State", long, value_name = "REV")]
    pub(super) since: Option<String>,
    /// Leave out the findings that a file lists [default: the config's `baseline`]
    #[arg(help_heading = "State", long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Report what the config's baseline lists too
    #[arg(help_heading = "State", long, conflicts_with = "baseline")]
    pub(super) no_baseline: bool,
    /// Write the findings to a baseline, and report none of them
    #[arg(help_heading = "State", long, value_name = "FILE", num_args = 0..=1, require_equals = true, conflicts_with_all = ["fix", "diff", "since", "baseline"])]
    #[expect(clippy::option_option, reason = "not given, given, given with a file")]
    pub(super) write_baseline: Option<Option<PathBuf>>,
    /// Which rules run on what: phase1, strict, phase2 or all
    #[arg(help_heading = "Rules", long, value_name = "PROFILE")]
    pub(super) profile: Option<String>,
    /// Run only these rules
    #[arg(help_heading = "Rules", long, value_name = "RULE", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// Do not run these rules
    #[arg(help_heading = "Rules", long, value_name = "RULE", value_delimiter = ',')]
    pub(super) ignore: Vec<String>,
    /// human, concise, json, sarif, github, gitlab, junit or markdown; several with an --output each [default: human]
    #[arg(help_heading = "Reports", long, value_enum, hide_possible_values = true)]
    pub(super) format: Vec<Format>,
    /// Write the report of the --format before it to a file
    #[arg(help_heading = "Reports", long, value_name = "FILE")]
    pub(super) output: Vec<PathBuf>,
    /// The reports, in the order in which they are asked for
    #[arg(skip)]
    pub(super) reports: Vec<Report>,
    /// Mend what can be mended without a change of what runs
    #[arg(help_heading = "Fixes", long, conflicts_with_all = ["diff", "rev"])]
    pub(super) fix: bool,
    /// With --fix or --diff: also mend what changes what runs
    #[arg(help_heading = "Fixes", long)]
    pub(super) unsafe_fixes: bool,
    /// Show what --fix would change, as a unified diff, and write nothing
    #[arg(help_heading = "Fixes", long)]
    pub(super) diff: bool,
    /// The least severity that fails the run
    #[arg(help_heading = "Exit code", long, value_enum, default_value_t = FailOn::Warning, hide_possible_values = true, value_name = "error|warning|note")]
    pub(super) fail_on: FailOn,
    /// Exit with 0 whatever is found
    #[arg(help_heading = "Exit code", long)]
    pub(super) exit_zero: bool,
    /// Fail when something could not be resolved
    #[arg(help_heading = "Exit code", long)]
    pub(super) fail_on_unresolved: bool,
    /// With --since: fail when something has become weaker
    #[arg(help_heading = "Exit code", long, requires = "since")]
    pub(super) fail_on_weakened: bool,
    /// Fail when there is nothing to lint
    #[arg(help_heading = "Exit code", long)]
    pub(super) fail_on_empty: bool,
    /// List what could not be resolved
    #[arg(help_heading = "Reports", long)]
    pub(super) unresolved: bool,
    /// Only how many findings each rule has, in the reports human and concise
    #[arg(help_heading = "Reports", long)]
    pub(super) statistics: bool,
    /// Leave out the summary
    #[arg(help_heading = "Reports", long, short)]
    pub(super) quiet: bool,
    /// Say on standard error where the run spent its time
    #[arg(help_heading = "Reports", long)]
    pub(super) timings: bool,
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
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// JUnit XML
    Junit,
    /// Markdown, for comments and step summaries
    Markdown,
}

/// A report and the file that it goes to; none for standard output.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Report {
    pub(super) format: Format,
    pub(super) file: Option<PathBuf>,
}

impl Cli {
    /// What the user typed. The reports are paired here, since only the order tells which file is whose.
    pub(super) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
        let matches = Cli::command().try_get_matches_from(arguments)?;
        let mut cli = Cli::from_arg_matches(&matches)?;
        if let (Command::Lint(lint), Some(matches)) = (&mut cli.command, matches.subcommand_matches("lint")) {
            lint.reports = reports(lint, matches)?;
            check(lint)?;
        }
        Ok(cli)
    }
}

fn check(lint: &Lint) -> Result<(), clap::Error> {
    if lint.unsafe_fixes && !lint.fix && !lint.diff {
        let words = "--unsafe-fixes goes with --fix, which writes, or --diff, which shows";
        return Err(Cli::command().error(ErrorKind::MissingRequiredArgument, words));
    }
    Ok(())
}

fn reports(lint: &Lint, matches: &ArgMatches) -> Result<Vec<Report>, clap::Error> {
    let at = |name: &str| matches.indices_of(name).into_iter().flatten().collect::<Vec<usize>>();
    let refuse = |words: &str| Cli::command().error(ErrorKind::ArgumentConflict, words);
    let formats = at("format").into_iter().zip(&lint.format).map(|(at, format)| (at, Some(*format), None));
    let files = at("output").into_iter().zip(&lint.output).map(|(at, file)| (at, None, Some(file.clone())));
    let mut typed: Vec<(usize, Option<Format>, Option<PathBuf>)> = formats.chain(files).collect();
    typed.sort_by_key(|(at, ..)| *at);
    let mut out: Vec<Report> = Vec::new();
    for (_, format, file) in typed {
        match (format, out.last_mut()) {
            (Some(format), _) => out.push(Report { format, file: None }),
            (None, Some(last)) if last.file.is_none() => last.file = file,
            (None, None) => out.push(Report { format: Format::Human, file }),
            (None, Some(_)) => return Err(refuse("an --output follows the --format that it is for")),
        }
    }
    // `--output FILE --format json`, as one says it of one report.
    if let [Report { file: file @ Some(_), .. }, Report { format, file: None }] = &out[..]
        && lint.format.len() == 1
    {
        return Ok(vec![Report { format: *format, file: file.clone() }]);
    }
    let files: Vec<&PathBuf> = out.iter().filter_map(|report| report.file.as_ref()).collect();
    if files.iter().enumerate().any(|(index, file)| files[..index].contains(file)) {
        return Err(refuse("two reports cannot go to one file"));
    }
    if out.iter().filter(|report| report.file.is_none()).count() > 1 {
        return Err(refuse("only one --format can go to standard output: give the others an --output"));
    }
    if out.is_empty() {
        out.push(Report { format: Format::Human, file: None });
    }
    Ok(out)
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
