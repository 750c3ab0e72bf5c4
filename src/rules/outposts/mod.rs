//! Outposts of authentik, and the sessions that they keep in /dev/shm.

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[];
