//! `steadfast init`.

use super::{Ended, terminal};
use crate::engine::{Initialised, initialise};
use crate::finding::counted;
use crate::report::printable;
use std::error::Error;
use std::path::Path;

pub(super) fn init(dir: &Path) -> Result<Ended, Box<dyn Error>> {
    let Initialised { written, left, findings } = initialise(dir)?;
    terminal::print(|out| {
        for path in &written {
            writeln!(out, "wrote {}", printable(&path.display().to_string()))?;
        }
        for (path, why) in &left {
            writeln!(out, "{}", printable(&format!("left {} alone: {why}", path.display())))?;
        }
        match findings {
            None => {}
            Some(0) => writeln!(out, "steadfast finds nothing here today")?,
            Some(count) => {
                let known = counted(count as i64, "finding");
                writeln!(out, "the baseline lists {known} of today: only what is new is reported")?;
            }
        }
        let hook = written.iter().any(|path| path.ends_with(".pre-commit-config.yaml"));
        writeln!(out, "next: steadfast lint{}", if hook { ", and pre-commit install" } else { "" })
    })?;
    Ok(Ended::Clean)
}
