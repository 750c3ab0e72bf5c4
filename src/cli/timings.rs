//! `--timings`: where a run spent its time.

use crate::engine::Timings;
use std::io::{self, Write};
use std::time::Duration;

/// Rules that took less are not told.
const LEAST: Duration = Duration::from_millis(1);

/// Writes a line for each part, and one for each rule that took a millisecond or more.
pub(super) fn write(timings: &Timings) {
    let _ = write_to(&mut io::stderr().lock(), timings);
}

fn write_to(out: &mut dyn Write, timings: &Timings) -> io::Result<()> {
    for (part, time) in &timings.parts {
        line(out, part, *time)?;
    }
    line(out, "in all", timings.parts.iter().map(|(_, time)| *time).sum())?;
    let mut rules: Vec<_> = timings.rules.iter().filter(|(_, time)| *time >= LEAST).collect();
    rules.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    for (rule, time) in rules {
        line(out, &format!("of it in {rule}"), *time)?;
    }
    Ok(())
}

fn line(out: &mut dyn Write, part: &str, time: Duration) -> io::Result<()> {
    writeln!(out, "{:>10.1} ms  {part}", time.as_secs_f64() * 1e3)
}
