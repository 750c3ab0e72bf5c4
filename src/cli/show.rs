//! `steadfast show`.

use super::args::Show;
use super::lint::{about, counts, prefix, request, skipped};
use super::{Ended, progress, terminal};
use crate::base::{Place, is_below};
use crate::engine::run;
use crate::report::{Masker, Run, write_objects, write_show};
use std::error::Error;

pub(super) fn show(args: &Show) -> Result<Ended, Box<dyn Error>> {
    let outcome = progress::during(|| run(&request(&args.place)))?;
    let skipped = skipped(&outcome);
    let masker = Masker::new(&outcome.sources);
    let report = Run {
        sources: &outcome.sources,
        findings: &outcome.findings,
        skipped: &skipped,
        unjudged: &outcome.unjudged,
        counts: counts(&outcome),
        masker: &masker,
        about: &about,
        compared: None,
        suppressed: &[],
        internal: &[],
        prefix: &prefix(&outcome),
    };
    // A single file is asked for by its own path.
    let asked = |stack: &str, header: Place| {
        let file = outcome.sources.get(header.file);
        let holds =
            |asked: &String| [stack, file.path()].iter().any(|path| path == asked || is_below(path, asked));
        outcome.asked.iter().any(holds)
    };
    terminal::print(|out| match args.objects {
        true => write_objects(out, &report, &outcome.model, &asked),
        false => write_show(out, &report, &outcome.model, &asked, args.places),
    })?;
    Ok(Ended::Clean)
}
