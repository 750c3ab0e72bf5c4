//! The commands that a container runs, through shells and `kubectl exec`.

use super::find::{Argument, EXPANDED, read_find};
use super::{Cleanup, Deletes, Interval, sleep_seconds};
use crate::base::{HOLE, Node, Place, Text};
use crate::model::container::Container;
use crate::syntax::shell::{Statement, Word, parse_shell};
use std::sync::Arc;

/// Shells inside shells that are looked into.
const DEEPEST: usize = 8;

const SHELLS: [&str; 6] = ["sh", "bash", "ash", "dash", "ksh", "zsh"];

/// Programs that run the command behind them.
const WRAPPERS: [&str; 8] = ["exec", "sudo", "nice", "ionice", "busybox", "command", "nohup", "time"];

/// One simple command that runs.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Its words; none for those that the shell works out.
    pub words: Vec<(Option<String>, Place)>,
    /// How often.
    pub interval: Interval,
    /// The words of the command that its output goes to.
    pub next: Vec<String>,
}

/// Something whose commands are not known.
#[derive(Clone, Debug)]
pub struct Opaque {
    /// Where it stands.
    pub place: Place,
    /// Why.
    pub reason: Arc<str>,
}

/// What a container deletes.
#[derive(Clone, Debug, Default)]
pub struct Cleanups {
    /// Its commands that delete.
    pub found: Vec<Cleanup>,
    /// What may delete and is not understood.
    pub opaque: Vec<Opaque>,
}

/// What a container deletes in a folder or below it, when it is run at an interval.
pub fn cleanups(container: &Container, folder: &str, interval: &Interval) -> Cleanups {
    let ran = commands(container, interval);
    let mut out = Cleanups { found: Vec::new(), opaque: ran.opaque };
    let mentions = container.argv().filter_map(Node::as_text).any(|text| text.as_str().contains(folder));
    let mut inside = false;
    for command in &ran.commands {
        inside = command.folder_entered().map_or(inside, |entered| is_inside(entered, folder));
        match cleanup(command, folder, inside) {
            Ok(found) => out.found.extend(found),
            Err(reason) => {
                let place = command.words.first().map(|(_, place)| *place);
                out.opaque.extend(place.map(|place| Opaque { place, reason: reason.into() }));
            }
        }
    }
    // What does not name the folder has nothing to do with it.
    out.opaque.retain(|_| mentions);
    out
}

/// The commands of a container.
#[derive(Clone, Debug, Default)]
pub struct Commands {
    /// Simple commands, in order.
    pub commands: Vec<Ran>,
    /// What is not understood.
    pub opaque: Vec<Opaque>,
    /// Whether a script writes into files by redirecting.
    pub redirects: bool,
}

impl Ran {
    /// The folder that a `cd` goes to.
    fn folder_entered(&self) -> Option<&str> {
        match &self.words[..] {
            [(Some(program), _), (Some(folder), _), ..] if program == "cd" => Some(folder),
            _ => None,
        }
    }
}

fn is_inside(path: &str, folder: &str) -> bool {
    let path = path.trim_end_matches('/');
    path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Programs that write no files.
const TIDY: [&str; 18] = [
    "find", "rm", "sleep", "echo", "date", "true", "false", ":", "set", "trap", "wait", "du", "df", "ls",
    "wc", "test", "[", "exit",
];

/// Whether all that a container runs is known and writes no files: it looks and deletes.
pub fn only_tidies(container: &Container) -> bool {
    let ran = commands(container, &Interval::Once);
    let tidy = |command: &Ran| match command.words.first() {
        Some((Some(program), _)) => TIDY.contains(&base_name(program)) && !command.executes_others(),
        _ => false,
    };
    // Without a command of its own the image's runs.
    container.node.get("command").is_some()
        && ran.opaque.is_empty()
        && !ran.redirects
        && !ran.commands.is_empty()
        && ran.commands.iter().all(tidy)
}

impl Ran {
    /// Whether a `find` runs something that may write.
    fn executes_others(&self) -> bool {
        let words: Vec<&str> = self.words.iter().map(|(word, _)| word.as_deref().unwrap_or_default()).collect();
        words.windows(2).any(|pair| {
            matches!(pair[0], "-exec" | "-execdir" | "-ok" | "-fprint" | "-fls") && !["rm", "ls", "stat"].contains(&base_name(pair[1]))
        })
    }
}

/// The simple commands that a container runs, when it is run at an interval.
pub fn commands(container: &Container, interval: &Interval) -> Commands {
    let mut walk = Walk::default();
    let words: Vec<Piece> = container.argv().map(Piece::of_node).collect();
    walk.command(&words, interval, &[], 0);
    walk.ran
}

/// A word with its text, as far as it may be a script itself.
#[derive(Clone)]
struct Piece {
    text: Option<String>,
    place: Place,
    source: Option<Text>,
}

impl Piece {
    fn of_node(node: &Node) -> Piece {
        let source = node.as_text().cloned();
        Piece { text: node.display().filter(|text| !text.contains(HOLE)), place: node.place, source }
    }

    fn of_word(word: &Word, script: &Text) -> Piece {
        let source = word.inner.clone().map(|inner| script.slice(inner));
        let text = word.text.clone().filter(|text| !text.contains(HOLE));
        Piece { text, place: script.place(word.range.clone()), source }
    }
}

#[derive(Default)]
struct Walk {
    ran: Commands,
}

impl Walk {
    fn command(&mut self, words: &[Piece], interval: &Interval, next: &[String], depth: usize) {
        let words = unwrapped(words);
        let Some(first) = words.first() else { return };
        if depth >= DEEPEST {
            self.opaque(first.place, "a shell inside of too many others");
            return;
        }
        let program = first.text.as_deref().map(base_name).unwrap_or_default();
        if SHELLS.contains(&program) {
            let flag = words.iter().position(|word| {
                word.text
                    .as_deref()
                    .is_some_and(|t| t.starts_with('-') && !t.starts_with("--") && t.ends_with('c'))
            });
            match flag.and_then(|at| words.get(at + 1)) {
                Some(script) => self.script(script, interval, depth + 1),
                None => self.opaque(first.place, "a script that stands elsewhere"),
            }
            return;
        }
        self.ran.commands.push(Ran {
            words: words.iter().map(|word| (word.text.clone(), word.place)).collect(),
            interval: interval.clone(),
            next: next.to_vec(),
        });
        // What kubectl runs in a pod.
        if program == "kubectl"
            && let Some(at) = words.iter().position(|word| word.text.as_deref() == Some("--"))
        {
            self.command(&words[at + 1..], interval, next, depth + 1);
        }
    }

    fn script(&mut self, piece: &Piece, interval: &Interval, depth: usize) {
        let Some(text) = &piece.source else {
            self.opaque(piece.place, EXPANDED);
            return;
        };
        match parse_shell(text.as_str()) {
            Some(script) => {
                self.ran.redirects |= script.redirects;
                self.statements(&script.statements, text, interval, depth);
            }
            None => self.opaque(piece.place, "a script that is not understood"),
        }
    }

    fn opaque(&mut self, place: Place, reason: &str) {
        self.ran.opaque.push(Opaque { place, reason: reason.into() });
    }

    fn statements(&mut self, statements: &[Statement], script: &Text, interval: &Interval, depth: usize) {
        for statement in statements {
            match statement {
                Statement::Command(words) => {
                    let words: Vec<Piece> = words.iter().map(|word| Piece::of_word(word, script)).collect();
                    self.command(&words, interval, &[], depth);
                }
                Statement::Pipeline(parts) => self.pipeline(parts, script, interval, depth),
                Statement::Group(inner) => self.statements(inner, script, interval, depth),
                Statement::Loop { endless, body } => {
                    let own = if *endless { pause(body, script) } else { interval.clone() };
                    self.statements(body, script, &own, depth);
                }
            }
        }
    }

    fn pipeline(&mut self, parts: &[Statement], script: &Text, interval: &Interval, depth: usize) {
        for (index, part) in parts.iter().enumerate() {
            let Statement::Command(words) = part else {
                self.statements(std::slice::from_ref(part), script, interval, depth);
                continue;
            };
            let next = match parts.get(index + 1) {
                Some(Statement::Command(words)) => {
                    words.iter().filter_map(|word| word.text.clone()).collect()
                }
                _ => Vec::new(),
            };
            let words: Vec<Piece> = words.iter().map(|word| Piece::of_word(word, script)).collect();
            self.command(&words, interval, &next, depth);
        }
    }
}

/// The words of the command that is run in the end.
fn unwrapped(mut words: &[Piece]) -> &[Piece] {
    while let Some(program) = words.first().and_then(|word| word.text.as_deref()).map(base_name) {
        let skip = match program {
            "timeout" => {
                1 + words[1..]
                    .iter()
                    .take_while(|w| w.text.as_deref().is_some_and(|t| t.starts_with('-')))
                    .count()
                    + 1
            }
            wrapper if WRAPPERS.contains(&wrapper) => 1,
            _ => break,
        };
        words = words.get(skip..).unwrap_or_default();
    }
    words
}

fn base_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

/// How long an endless loop sleeps in each round.
fn pause(body: &[Statement], script: &Text) -> Interval {
    let mut commands = Vec::new();
    for statement in body {
        statement.commands(&mut commands);
    }
    let sleeps: Vec<&[Word]> = commands
        .into_iter()
        .filter(|words| {
            words.first().is_some_and(|word| word.text.as_deref().map(base_name) == Some("sleep"))
        })
        .collect();
    let Some(place) =
        sleeps.first().and_then(|words| words.get(1)).map(|word| script.place(word.range.clone()))
    else {
        return Interval::Unknown("a loop that does not sleep".into());
    };
    let known = |text: &str| !text.contains(HOLE);
    let seconds = sleeps.iter().map(|words| {
        let texts: Option<Vec<&str>> =
            words[1..].iter().map(|word| word.text.as_deref().filter(|text| known(text))).collect();
        sleep_seconds(texts?.into_iter())
    });
    match seconds.sum::<Option<i64>>() {
        Some(seconds) => Interval::Seconds(seconds, place),
        None => Interval::Unknown("how long the loop sleeps is not known".into()),
    }
}

/// The cleanups of one command in a folder; `entered` says whether it runs there.
fn cleanup(command: &Ran, folder: &str, entered: bool) -> Result<Vec<Cleanup>, &'static str> {
    let Some((Some(program), place)) = command.words.first() else { return Ok(Vec::new()) };
    let arguments: Vec<Argument<'_>> =
        command.words[1..].iter().map(|(word, place)| (word.as_deref(), *place)).collect();
    // A path that does not begin at the root begins where the script is.
    let absolute = |path: &str| match (path.starts_with('/'), entered) {
        (false, true) => format!("{folder}/{}", path.trim_start_matches("./").trim_start_matches('.')),
        _ => path.to_owned(),
    };
    let whole = command.words.last().map_or(*place, |(_, last)| place.to(*last));
    let made = |target: String, at: Place, what: Deletes, alone: bool| Cleanup {
        program: *place,
        place: whole,
        folder: target.trim_end_matches('/').to_owned(),
        folder_place: at,
        what,
        alone,
        interval: command.interval.clone(),
    };
    match base_name(program) {
        "find" => {
            let concerned = arguments.iter().any(|(word, _)| word.is_none_or(|word| is_inside(&absolute(word), folder)));
            if !concerned {
                return Ok(Vec::new());
            }
            let found = read_find(&arguments)?;
            let piped = found.finds_files
                && command.next.first().is_some_and(|word| base_name(word) == "xargs")
                && command.next.iter().any(|word| base_name(word) == "rm");
            if found.unknown_folder && (found.deletes || piped) {
                return Err(EXPANDED);
            }
            let folders = found.folders.iter().map(|(path, at)| (absolute(path), *at));
            let inside = folders.filter(|(path, _)| (found.deletes || piped) && is_inside(path, folder));
            Ok(inside.map(|(path, at)| made(path, at, found.what.clone(), false)).collect())
        }
        "rm" => {
            let operands: Vec<&Argument<'_>> =
                arguments.iter().filter(|(word, _)| word.is_none_or(|word| !word.starts_with('-'))).collect();
            if operands.iter().any(|(word, _)| word.is_none()) {
                return Err(EXPANDED);
            }
            // One file by its name is no cleanup.
            let many = |path: &str| path.contains(['*', '?', '[']) || path.trim_end_matches('/') == folder;
            let targets = operands.iter().filter_map(|(word, at)| Some((absolute((*word)?), *at)));
            let inside = targets.filter(|(path, _)| is_inside(path, folder) && many(path));
            Ok(inside.map(|(path, at)| made(path, at, Deletes::Everything, operands.len() == 1)).collect())
        }
        _ => Ok(Vec::new()),
    }
}
