//! Input, pipeline, output of a run: the only place that reads files.

mod applications;
mod authentik;
mod boundary;
mod compare;
mod discover;
mod disk;
mod files;
mod fixes;
mod git;
mod init;
mod input;
mod judge;
mod known;
mod load;
mod manifests;
mod pipeline;
mod report_filter;
mod silence;
mod timings;

pub use boundary::find_root;
pub use files::RepositoryFiles;
pub use fixes::{Fixed, TextChange, Written, fix, write_changes};
pub use git::Snapshot;
pub use init::{Initialised, initialise};
pub use known::{Recorded, record};
pub use load::lower_stack;
pub use pipeline::{Adjust, BaselineUse, Outcome, Request, Skipped, Summary, run};
pub use timings::Timings;

use std::fmt;

/// Why the tool could not do its work.
#[derive(Debug)]
pub struct EngineError(pub String);

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EngineError {}
