//! Versions of charts and applications, compared by their leading numbers.

use std::fmt;

/// Up to three numbers, such as those of `2026.2.2` or `v1.4`. What follows them (`-rc1`, `+build`) does
/// not count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Version([u32; 3]);

impl Version {
    /// Reads a version; none where the text does not begin with a number.
    pub fn parse(text: &str) -> Option<Version> {
        let text = text.trim().trim_start_matches('v');
        let numbers = text.split(|c: char| !(c.is_ascii_digit() || c == '.')).next()?;
        let mut parts = [0; 3];
        for (slot, part) in parts.iter_mut().zip(numbers.split('.')) {
            *slot = part.parse().ok()?;
        }
        Some(Version(parts))
    }

    /// Reads the version of a chart that was released; none for a range, such as `1.2` or `~1.2.0`, and for what
    /// came before a release, such as `1.2.0-rc.1`.
    pub fn exact(text: &str) -> Option<Version> {
        let numbers = text.trim().trim_start_matches('v').split('+').next()?;
        let parts: Vec<&str> = numbers.split('.').collect();
        let number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        Version::parse(numbers).filter(|_| parts.len() == 3 && parts.iter().all(number))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Version([major, minor, patch]) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}
