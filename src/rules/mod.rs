//! The rules, one file each. A rule is a pure function from the model to findings.
//!
//! To add one: write its file, add a line to its group's `RULES`, and a folder under `testdata/rules/`.

pub mod availability;
pub mod capacity;
pub mod configuration;
pub mod outposts;
pub mod patches;
pub mod phase2;
pub mod probes;
pub mod tool;

use crate::rule::Rule;

/// All rules, group by group.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let groups = [
        availability::RULES,
        probes::RULES,
        capacity::RULES,
        configuration::RULES,
        patches::RULES,
        outposts::RULES,
        phase2::RULES,
        tool::RULES,
    ];
    groups.into_iter().flatten().copied()
}

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.meta.id == id)
}
