//! Where a run spent its time.

use std::time::{Duration, Instant};

/// The time that each part of a run took, in order, by the clock on the wall.
#[derive(Clone, Debug)]
pub struct Timings {
    /// What was done, and how long it took.
    pub parts: Vec<(String, Duration)>,
    last: Instant,
}

impl Default for Timings {
    fn default() -> Timings {
        Timings { parts: Vec::new(), last: Instant::now() }
    }
}

impl Timings {
    /// Ends a part that began where the one before it ended.
    pub fn ended(&mut self, part: impl Into<String>) {
        let now = Instant::now();
        self.parts.push((part.into(), now - self.last));
        self.last = now;
    }
}
