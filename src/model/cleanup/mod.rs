//! What containers delete of a folder, and how often: commands of sidecars and CronJobs.

mod command;
mod find;
mod schedule;

pub use command::{Cleanups, Commands, Opaque as OpaqueCommand, Ran, cleanups, commands, only_tidies};
pub use schedule::{longest_gap, sleep_seconds};

use crate::base::Place;
use std::sync::Arc;

/// A command that deletes in a folder.
#[derive(Clone, Debug)]
pub struct Cleanup {
    /// The name of the command's program, with its place.
    pub program: Place,
    /// All of the command.
    pub place: Place,
    /// The folder that it deletes in.
    pub folder: String,
    /// The place of the folder.
    pub folder_place: Place,
    /// What it deletes.
    pub what: Deletes,
    /// The words of the kubectl that runs it in another pod, what the shell works out as `…`.
    pub remote: Option<String>,
    /// Whether the command deletes nothing else.
    pub alone: bool,
    /// How often it runs.
    pub interval: Interval,
}

/// What a command deletes.
#[derive(Clone, Debug)]
pub enum Deletes {
    /// What a pattern of the shell names, whatever it is: `rm`.
    Everything,
    /// What `find` finds.
    Found {
        /// Whether these are files alone: `-type f`.
        files_only: bool,
        /// Whether it looks into folders of the folder.
        below: bool,
        /// The age in minutes that a file has at least, and where it is written.
        age: Option<(i64, Place)>,
    },
}

/// How often something runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Interval {
    /// Once.
    Once,
    /// With at most so many seconds between two runs, and where that is written.
    Seconds(i64, Place),
    /// That is not known, for a reason.
    Unknown(Arc<str>),
}

impl Cleanup {
    /// The age in minutes that a file has at least when it is deleted.
    pub fn age(&self) -> Option<(i64, Place)> {
        match &self.what {
            Deletes::Found { age, .. } => *age,
            Deletes::Everything => None,
        }
    }
}
