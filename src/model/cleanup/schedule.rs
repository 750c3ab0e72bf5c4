//! How long it is from one run to the next.

use croner::Cron;
use std::str::FromStr;

/// Runs of a schedule that are looked at.
const RUNS: usize = 12_000;

/// The arguments of `sleep` in seconds: numbers with `s`, `m`, `h` or `d`, which GNU's adds up. Fractions round down.
pub fn sleep_seconds<'a>(arguments: impl Iterator<Item = &'a str>) -> Option<i64> {
    let mut total = None;
    for argument in arguments {
        let unit = argument.chars().last().filter(char::is_ascii_alphabetic);
        let number = unit.map_or(argument, |_| &argument[..argument.len() - 1]);
        let factor = match unit {
            None | Some('s') => 1.0,
            Some('m') => 60.0,
            Some('h') => 3_600.0,
            Some('d') => 86_400.0,
            Some(_) => return None,
        };
        let seconds = number.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0)? * factor;
        total = Some(total.unwrap_or(0) + seconds.min(1e15) as i64);
    }
    total
}

/// The longest time in seconds between two runs of a CronJob's schedule: five fields, or one of the macros of
/// robfig/cron, which Kubernetes uses. None where it is not understood, and where so many runs lie between two gaps that
/// not all are looked at.
pub fn longest_gap(schedule: &str) -> Option<i64> {
    let schedule = schedule.trim();
    // A zone moves all runs alike, but for the hour of a change.
    let schedule = match schedule.split_once(' ') {
        Some((zone, rest)) if zone.starts_with("TZ=") || zone.starts_with("CRON_TZ=") => rest.trim(),
        _ => schedule,
    };
    if let Some(every) = schedule.strip_prefix("@every ") {
        return go_duration(every.trim());
    }
    // croner takes more than robfig/cron does.
    if schedule.contains(['L', 'W', '#'])
        || schedule.split_whitespace().nth(4).is_some_and(|day| day.contains('7'))
    {
        return None;
    }
    let cron = Cron::from_str(schedule).ok()?;
    let start = chrono::DateTime::from_timestamp(1_704_067_200, 0)?;
    let runs: Vec<i64> = cron.iter_after(start).take(RUNS).map(|run| run.timestamp()).collect();
    let covered = runs.last()? - runs.first()?;
    (runs.len() < RUNS || covered >= cycle(schedule))
        .then(|| runs.windows(2).map(|pair| pair[1] - pair[0]).max())?
}

/// The seconds after which a schedule comes round, and one run more.
fn cycle(schedule: &str) -> i64 {
    const DAY: i64 = 86_400;
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    let any = |at: usize| fields.get(at).is_some_and(|field| matches!(*field, "*" | "?"));
    match (any(2) && any(3), any(4)) {
        (true, true) => 2 * DAY,
        (true, false) => 15 * DAY,
        _ => 367 * DAY,
    }
}

/// A duration as Go writes it: `1h30m`.
fn go_duration(text: &str) -> Option<i64> {
    let mut total = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, tail) = rest.split_at(digits);
        let unit = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let factor = match &tail[..unit] {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * factor;
        rest = &tail[unit..];
    }
    (total > 0.0).then_some(total as i64)
}
