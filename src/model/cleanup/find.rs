//! The command line of `find`, as far as it says what is deleted.

use super::Deletes;
use crate::base::Place;

/// An argument with its place; none of it where the shell works it out.
pub(super) type Argument<'a> = (Option<&'a str>, Place);

/// What a `find` deletes in which folders: its own `-delete`, an `-exec rm`, or what follows it in a pipeline.
pub(super) struct Find {
    pub(super) folders: Vec<(String, Place)>,
    pub(super) what: Deletes,
    pub(super) deletes: bool,
    /// Whether files are among what it finds, and not folders or links alone.
    pub(super) finds_files: bool,
    /// Whether the shell works a folder out.
    pub(super) unknown_folder: bool,
}

/// Predicates that take one argument and only narrow what is found.
const NARROWING: [&str; 13] = [
    "-path",
    "-ipath",
    "-wholename",
    "-regex",
    "-user",
    "-group",
    "-perm",
    "-mindepth",
    "-newer",
    "-links",
    "-inum",
    "-uid",
    "-gid",
];

/// Words that take no argument and change nothing of what is deleted.
const HARMLESS: [&str; 10] = [
    "-print",
    "-print0",
    "-depth",
    "-xdev",
    "-mount",
    "-noleaf",
    "-ignore_readdir_race",
    "-a",
    "-and",
    "-follow",
];

/// Options before the folders.
const LEADING: [&str; 3] = ["-L", "-H", "-P"];

/// Reads the arguments of `find`; the reason where they are not wholly understood.
pub(super) fn read_find(arguments: &[Argument<'_>]) -> Result<Find, &'static str> {
    let mut found = Find {
        folders: Vec::new(),
        what: Deletes::Found { files_only: false, below: true, age: None },
        deletes: false,
        finds_files: true,
        unknown_folder: false,
    };
    let (mut files_only, mut others_only, mut below, mut age) = (false, false, true, None);
    let mut deleted: Option<Deletes> = None;
    let mut rest = arguments.iter();
    while let Some((word, place)) = rest.next() {
        let Some(word) = *word else {
            // A folder that is not known.
            found.unknown_folder = true;
            continue;
        };
        if LEADING.contains(&word) {
            continue;
        }
        if !word.starts_with(['-', '(', '!']) {
            found.folders.push((word.trim_end_matches('/').to_owned(), *place));
            continue;
        }
        match word {
            "-delete" => {
                deleted.get_or_insert(Deletes::Found { files_only, below, age });
            }
            "-exec" | "-execdir" | "-ok" => {
                if executes_rm(&mut rest)? {
                    deleted.get_or_insert(Deletes::Found { files_only, below, age });
                }
            }
            "-type" => match value(&mut rest)? {
                "f" => files_only = true,
                _ => others_only = true,
            },
            // No session is empty, and its file begins with `session_`.
            "-empty" => others_only = true,
            "-size" => others_only |= matches!(value(&mut rest)?, "0" | "0c" | "-1c"),
            "-name" | "-iname" => others_only |= !may_be_session(value(&mut rest)?),
            "-maxdepth" => below = value(&mut rest)? != "1",
            "-mmin" | "-amin" | "-cmin" => age = age.max(older(&mut rest, 1)?),
            "-mtime" | "-atime" | "-ctime" => age = age.max(older(&mut rest, 1_440)?),
            known if NARROWING.contains(&known) => drop(rest.next()),
            known if HARMLESS.contains(&known) => {}
            _ => return Err("conditions of `find` that are not understood here"),
        }
    }
    // Conditions are asked from left to right: what stands behind the deletion narrows nothing.
    found.deletes = deleted.is_some() && !others_only;
    found.what = deleted.unwrap_or(Deletes::Found { files_only, below, age });
    found.finds_files = !others_only;
    Ok(found)
}

/// Whether a pattern takes the files of sessions: authentik names them `session_` and some characters.
fn may_be_session(pattern: &str) -> bool {
    let glob = globset::Glob::new(pattern).map(|glob| glob.compile_matcher());
    glob.is_err() || glob.is_ok_and(|glob| glob.is_match("session_A2B3C4D5E6F7"))
}

pub(super) const EXPANDED: &str = "the shell works out a part of the command when it runs";

fn value<'a>(rest: &mut std::slice::Iter<'_, Argument<'a>>) -> Result<&'a str, &'static str> {
    rest.next().and_then(|(word, _)| *word).ok_or(EXPANDED)
}

/// `+N` units: a file is then older than N whole ones. Another sign is no lower bound of the age.
fn older(
    rest: &mut std::slice::Iter<'_, Argument<'_>>,
    minutes: i64,
) -> Result<Option<(i64, Place)>, &'static str> {
    let Some((Some(word), place)) = rest.next() else { return Err(EXPANDED) };
    if word.starts_with('-') {
        return Err("an age that young files have");
    }
    let Some(number) = word.strip_prefix('+') else { return Ok(None) };
    let units: i64 = number.parse().map_err(|_| "an age that is no number")?;
    // Whole days are counted: `+1` begins at two.
    let units = if minutes == 1 { units } else { units.saturating_add(1) };
    Ok(Some((units.saturating_mul(minutes), *place)))
}

/// Whether an `-exec` runs `rm`; its words end with `;` or `+`.
fn executes_rm(rest: &mut std::slice::Iter<'_, Argument<'_>>) -> Result<bool, &'static str> {
    let mut words = Vec::new();
    for (word, _) in rest.by_ref() {
        match word {
            Some(";" | "+") => break,
            Some(word) => words.push(*word),
            None => return Err(EXPANDED),
        }
    }
    let program = words.first().map(|word| word.rsplit('/').next().unwrap_or(word));
    match program {
        Some("rm" | "unlink") => Ok(true),
        Some("ls" | "echo" | "stat" | "touch") => Ok(false),
        _ => Err("a program that `find` runs is not understood here"),
    }
}
