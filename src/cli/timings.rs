//! `--timings`: where a run spent its time.

use crate::engine::Timings;
use std::io::{self, Write};
use std::time::Duration;

/// Parts that took less are told together.
const LEAST: Duration = Duration::from_millis(1);

/// Writes a line for each part that took a millisecond or more, and one for the rest.
pub(super) fn write(timings: &Timings) {
    let _ = write_to(&mut io::stderr().lock(), timings);
}

fn write_to(out: &mut dyn Write, timings: &Timings) -> io::Result<()> {
    let mut rest = Duration::ZERO;
    for (part, time) in &timings.parts {
        if *time < LEAST {
            rest += *time;
        } else {
            line(out, part, *time)?;
        }
    }
    line(out, "parts of less than a millisecond", rest)?;
    line(out, "in all", timings.parts.iter().map(|(_, time)| *time).sum())
}

fn line(out: &mut dyn Write, part: &str, time: Duration) -> io::Result<()> {
    writeln!(out, "{:>10.1} ms  {part}", time.as_secs_f64() * 1e3)
}
