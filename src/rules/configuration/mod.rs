//! Configuration that does not do what it says.

mod cache_ttl_short;
mod image_floating;
mod setting_removed;
mod setting_renamed;
mod syntax_error;
mod values_inert;
mod values_key_unknown;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &values_inert::RULE,
    &values_key_unknown::RULE,
    &setting_renamed::RULE,
    &setting_removed::RULE,
    &cache_ttl_short::RULE,
    &image_floating::RULE,
    &syntax_error::RULE,
];
