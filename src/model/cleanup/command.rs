//! The commands that a container runs, through shells and `kubectl exec`.

use super::find::{Argument, EXPANDED, read_find};
use super::{Cleanup, Deletes, Interval, sleep_seconds};
use crate::base::{HOLE, Node, Place, Text, TextBuilder};
use crate::model::container::Container;
use crate::syntax::shell::{Statement, Word, parse_shell};
use std::sync::Arc;

/// Shells inside shells that are looked into.
const DEEPEST: usize = 8;

const SHELLS: [&str; 6] = ["sh", "bash", "ash", "dash", "ksh", "zsh"];

/// Programs that run the command behind them.
const WRAPPERS: [&str; 12] = [
    "busybox", "command", "env", "exec", "gosu", "ionice", "nice", "nohup", "su-exec", "sudo", "time",
    "timeout",
];

/// Options of these that take a value.
const VALUED: [&str; 10] = ["-n", "-c", "-k", "-s", "-u", "-g", "-I", "-P", "-L", "-d"];

/// One simple command that runs.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Its words; none for those that the shell works out.
    pub words: Vec<(Option<String>, Place)>,
    /// How often.
    pub interval: Interval,
    /// The words of the command that its output goes to.
    pub next: Vec<String>,
    /// The words of the kubectl that runs it in a pod, what the shell works out as `…`.
    pub remote: Option<String>,
    /// Which of its words a shell leaves as they are: patterns in quotes, and those that no shell sees.
    literal: Vec<bool>,
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
const TIDY: [&str; 25] = [
    "find", "rm", "sleep", "echo", "date", "true", "false", ":", "set", "trap", "wait", "du", "df", "ls",
    "wc", "test", "[", "exit", "break", "continue", "cd", "read", "unlink", "printf", "xargs",
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
        let words: Vec<&str> =
            self.words.iter().map(|(word, _)| word.as_deref().unwrap_or_default()).collect();
        let piped = words.first() == Some(&"xargs")
            && !words.iter().any(|word| matches!(base_name(word), "rm" | "unlink"));
        piped
            || words.windows(2).any(|pair| {
                matches!(pair[0], "-exec" | "-execdir" | "-ok" | "-fprint" | "-fls")
                    && !["rm", "ls", "stat"].contains(&base_name(pair[1]))
            })
    }
}

/// The simple commands that a container runs, when it is run at an interval.
pub fn commands(container: &Container, interval: &Interval) -> Commands {
    let mut walk = Walk::default();
    let words: Vec<Piece> = container.argv().map(Piece::of_node).collect();
    walk.command(&words, &[], &Site { interval: interval.clone(), remote: None, depth: 0 });
    walk.ran
}

/// A word with its text, as far as it may be a script itself.
#[derive(Clone)]
struct Piece {
    text: Option<String>,
    place: Place,
    source: Option<Text>,
    literal: bool,
}

impl Piece {
    fn of_node(node: &Node) -> Piece {
        let source = node.as_text().cloned();
        let text = node.display().filter(|text| !text.contains(HOLE));
        Piece { text, place: node.place, source, literal: true }
    }

    fn of_word(word: &Word, script: &Text) -> Piece {
        let place = script.place(word.range.clone());
        let mut source = TextBuilder::new();
        for part in &word.parts {
            source.push_range(script, part.clone());
        }
        let source = word.text.is_some().then(|| source.finish(place));
        let text = word.text.clone().filter(|text| !text.contains(HOLE));
        Piece { text, place, source, literal: word.quoted }
    }
}

/// Where a command runs.
#[derive(Clone)]
struct Site {
    interval: Interval,
    remote: Option<String>,
    depth: usize,
}

impl Site {
    fn below(&self) -> Site {
        Site { depth: self.depth + 1, ..self.clone() }
    }
}

#[derive(Default)]
struct Walk {
    ran: Commands,
    functions: Vec<(String, Vec<Statement>, Text)>,
}

impl Walk {
    fn command(&mut self, words: &[Piece], next: &[String], site: &Site) {
        let words = unwrapped(words);
        let Some(first) = words.first() else { return };
        if site.depth >= DEEPEST {
            self.opaque(first.place, "a shell inside of too many others");
            return;
        }
        let program = first.text.as_deref().map(base_name).unwrap_or_default().to_owned();
        if let Some((_, body, script)) = self.functions.iter().find(|(name, ..)| *name == program).cloned() {
            return self.statements(&body, &script, &site.below());
        }
        if SHELLS.contains(&program.as_str()) {
            return self.shell(words, site);
        }
        self.ran.commands.push(Ran {
            words: words.iter().map(|word| (word.text.clone(), word.place)).collect(),
            interval: site.interval.clone(),
            next: next.to_vec(),
            remote: site.remote.clone(),
            literal: words.iter().map(|word| word.literal).collect(),
        });
        match program.as_str() {
            "kubectl" => self.kubectl(words, next, site),
            "xargs" => {
                let command = behind_options(&words[1..]);
                // What it takes from the pipeline is no file of its own.
                if command.first().and_then(|word| word.text.as_deref()).map(base_name) != Some("rm") {
                    self.command(command, next, &site.below());
                }
            }
            _ => {}
        }
    }

    fn shell(&mut self, words: &[Piece], site: &Site) {
        let flag = words.iter().position(|word| {
            let text = word.text.as_deref().unwrap_or_default();
            text.starts_with('-') && !text.starts_with("--") && text.ends_with('c')
        });
        match flag.and_then(|at| words.get(at + 1)) {
            Some(script) => self.script(script, &site.below()),
            None => self.opaque(words[0].place, "a script that stands elsewhere"),
        }
    }

    /// What kubectl runs in a pod. No shell there sees the words.
    fn kubectl(&mut self, words: &[Piece], next: &[String], site: &Site) {
        let Some(at) = words.iter().position(|word| word.text.as_deref() == Some("--")) else { return };
        let shown = words[..at].iter().map(|word| word.text.clone().unwrap_or_else(|| "…".to_owned()));
        let remote = Some(shown.collect::<Vec<_>>().join(" "));
        let inner: Vec<Piece> =
            words[at + 1..].iter().map(|word| Piece { literal: true, ..word.clone() }).collect();
        self.command(&inner, next, &Site { remote, ..site.below() });
    }

    fn script(&mut self, piece: &Piece, site: &Site) {
        let Some(text) = &piece.source else {
            self.opaque(piece.place, EXPANDED);
            return;
        };
        match parse_shell(text.as_str()) {
            Some(script) => {
                self.ran.redirects |= script.redirects;
                self.statements(&script.statements, text, site);
            }
            None => self.opaque(piece.place, "a script that is not understood"),
        }
    }

    fn opaque(&mut self, place: Place, reason: &str) {
        self.ran.opaque.push(Opaque { place, reason: reason.into() });
    }

    fn statements(&mut self, statements: &[Statement], script: &Text, site: &Site) {
        for statement in statements {
            match statement {
                Statement::Command(words) => {
                    let words: Vec<Piece> = words.iter().map(|word| Piece::of_word(word, script)).collect();
                    self.command(&words, &[], site);
                }
                Statement::Pipeline(parts) => self.pipeline(parts, script, site),
                Statement::Group(inner) | Statement::Branch(inner) => self.statements(inner, script, site),
                Statement::Function(name, body) => {
                    self.functions.push((name.clone(), body.clone(), script.clone()));
                }
                Statement::Loop { endless, body } => {
                    let interval = match (*endless, sleeps_inside(body)) {
                        (true, _) => pause(body, script),
                        (false, true) => Interval::Unknown("a loop that sleeps and ends".into()),
                        (false, false) => site.interval.clone(),
                    };
                    self.statements(body, script, &Site { interval, ..site.clone() });
                    // Nothing runs behind a loop that does not end.
                    if *endless && !ends(body) {
                        return;
                    }
                }
            }
        }
    }

    fn pipeline(&mut self, parts: &[Statement], script: &Text, site: &Site) {
        for (index, part) in parts.iter().enumerate() {
            let Statement::Command(words) = part else {
                self.statements(std::slice::from_ref(part), script, site);
                continue;
            };
            let next = match parts.get(index + 1) {
                Some(Statement::Command(words)) => {
                    words.iter().filter_map(|word| word.text.clone()).collect()
                }
                _ => Vec::new(),
            };
            let words: Vec<Piece> = words.iter().map(|word| Piece::of_word(word, script)).collect();
            self.command(&words, &next, site);
        }
    }
}

/// The words of the command that is run in the end.
fn unwrapped(mut words: &[Piece]) -> &[Piece] {
    while let Some(program) = words.first().and_then(|word| word.text.as_deref()).map(base_name) {
        if !WRAPPERS.contains(&program) {
            break;
        }
        let mut rest = behind_options(&words[1..]);
        let assigned = |word: &Piece| word.text.as_deref().is_none_or(|text| text.contains('='));
        match program {
            // A duration, and a user.
            "timeout" | "su-exec" | "gosu" => rest = rest.get(1..).unwrap_or_default(),
            "env" => rest = &rest[rest.iter().take_while(|word| assigned(word)).count()..],
            _ => {}
        }
        words = rest;
    }
    words
}

/// Words without the options before the first that is none.
fn behind_options(words: &[Piece]) -> &[Piece] {
    let mut at = 0;
    while let Some(text) =
        words.get(at).and_then(|word| word.text.as_deref()).filter(|text| text.starts_with('-'))
    {
        at += if VALUED.contains(&text) { 2 } else { 1 };
    }
    words.get(at..).unwrap_or_default()
}

fn base_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

fn is_command(words: &[Word], program: &str) -> bool {
    words.first().is_some_and(|word| word.text.as_deref().map(base_name) == Some(program))
}

fn has_command(statements: &[Statement], programs: &[&str]) -> bool {
    let mut commands = Vec::new();
    for statement in statements {
        statement.commands(&mut commands);
    }
    commands.iter().any(|words| programs.iter().any(|program| is_command(words, program)))
}

fn sleeps_inside(body: &[Statement]) -> bool {
    has_command(body, &["sleep"])
}

/// Whether a loop has a way out.
fn ends(body: &[Statement]) -> bool {
    has_command(body, &["break", "exit", "exec", "return"])
}

/// How long an endless loop sleeps in each round: what stands in it directly. What only sleeps at times, or several times
/// in a round, is not known.
fn pause(body: &[Statement], script: &Text) -> Interval {
    let mut direct: Vec<&[Word]> = Vec::new();
    if !collect_sleeps(body, &mut direct) {
        return Interval::Unknown("how long the loop sleeps hangs on conditions".into());
    }
    let Some(place) =
        direct.first().and_then(|words| words.get(1)).map(|word| script.place(word.range.clone()))
    else {
        return Interval::Unknown("a loop that does not sleep".into());
    };
    let known = |text: &str| !text.contains(HOLE);
    let seconds = direct.iter().map(|words| {
        let texts: Option<Vec<&str>> =
            words[1..].iter().map(|word| word.text.as_deref().filter(|text| known(text))).collect();
        sleep_seconds(texts?.into_iter())
    });
    match seconds.sum::<Option<i64>>() {
        Some(seconds) => Interval::Seconds(seconds, place),
        None => Interval::Unknown("how long the loop sleeps is not known".into()),
    }
}

/// The sleeps of each round; false where one only comes at times.
fn collect_sleeps<'a>(body: &'a [Statement], out: &mut Vec<&'a [Word]>) -> bool {
    body.iter().all(|statement| match statement {
        Statement::Command(words) => {
            if is_command(words, "sleep") {
                out.push(words);
            }
            true
        }
        Statement::Group(inner) => collect_sleeps(inner, out),
        Statement::Branch(inner)
        | Statement::Pipeline(inner)
        | Statement::Function(_, inner)
        | Statement::Loop { body: inner, .. } => !sleeps_inside(inner),
    })
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
        remote: command.remote.clone(),
        interval: command.interval.clone(),
    };
    match base_name(program) {
        "find" => {
            let concerned =
                arguments.iter().any(|(word, _)| word.is_none_or(|word| is_inside(&absolute(word), folder)));
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
            // One file by its name is no cleanup, and a pattern that no shell sees is the name of no file.
            let pattern = |path: &str| path.contains(['*', '?', '[']);
            let whole_folder = |path: &str| path.trim_end_matches('/') == folder;
            let literal = |at: Place| {
                let index = command.words.iter().position(|(_, place)| *place == at);
                index.and_then(|index| command.literal.get(index)).copied() == Some(true)
            };
            let targets = operands.iter().filter_map(|(word, at)| Some((absolute((*word)?), *at)));
            let inside = targets.filter(|(path, at)| {
                is_inside(path, folder) && (whole_folder(path) || pattern(path) && !literal(*at))
            });
            Ok(inside.map(|(path, at)| made(path, at, Deletes::Everything, operands.len() == 1)).collect())
        }
        _ => Ok(Vec::new()),
    }
}
