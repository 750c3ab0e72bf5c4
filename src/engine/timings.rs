//! Where a run spent its time.

use std::time::{Duration, Instant};

/// The time that each part of a run took, in order, by the clock on the wall.
#[derive(Clone, Debug)]
pub struct Timings {
    /// What was done, and how long it took.
    pub parts: Vec<(String, Duration)>,
    /// What each rule took of the time of the part `judge`: more in all, where they ran beside one another.
    pub rules: Vec<(&'static str, Duration)>,
    last: Instant,
}

impl Default for Timings {
    fn default() -> Timings {
        Timings { parts: Vec::new(), rules: Vec::new(), last: Instant::now() }
    }
}

impl Timings {
    /// Adds what a rule took of a part that has ended.
    pub fn within(&mut self, rule: &'static str, time: Duration) {
        self.rules.push((rule, time));
    }

    /// Ends a part that began where the one before it ended.
    pub fn ended(&mut self, part: impl Into<String>) {
        let now = Instant::now();
        self.parts.push((part.into(), now - self.last));
        self.last = now;
    }
}
