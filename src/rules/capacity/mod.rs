//! Resources, connections, mounted configuration.

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[];
