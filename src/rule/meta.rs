//! A rule is a value.

use super::context::Context;
use super::docs::Docs;
use super::sink::Sink;
use crate::finding::{Applicability, Severity};

/// A rule: what is said of it, and the function that looks for it.
#[derive(Debug)]
pub struct Rule {
    /// What is said of it.
    pub meta: RuleMeta,
    /// Looks through the model. None for ids that the tool itself reports while it works.
    pub check: Option<fn(&Context<'_>, &mut Sink<'_>)>,
}

/// What is said of a rule.
#[derive(Debug)]
pub struct RuleMeta {
    /// The id: public API, names the bad thing in kebab-case, never changes.
    pub id: &'static str,
    /// One line.
    pub summary: &'static str,
    /// The group.
    pub group: Group,
    /// The severity; of rules marked so, that on critical workloads.
    pub severity: Severity,
    /// Whether the severity is one level lower on workloads that are not critical.
    pub softer_elsewhere: bool,
    /// Where it is on.
    pub on: On,
    /// Whether it can mend what it finds, and with what its fixes are at best.
    pub fix: Option<Applicability>,
    /// Numbers that the config may set.
    pub options: &'static [OptionMeta],
    /// The version of steadfast that brought it.
    pub since: &'static str,
    /// The rule's source, whose module docs are its documentation.
    pub source: &'static str,
}

/// The groups of rules.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Group {
    /// Replicas, budgets, rollouts, placement.
    Availability,
    /// Probes.
    Probes,
    /// Resources, connections, volumes.
    Capacity,
    /// Configuration that does not do what it says.
    Configuration,
    /// JSON patches.
    Patches,
    /// Outposts of authentik and /dev/shm.
    Outposts,
    /// What comes after the hardening: Postgres behind its poolers, and what authentik asks of it.
    Phase2,
    /// What the tool says of its own work.
    Tool,
}

impl Group {
    /// The word that formats use.
    pub fn word(self) -> &'static str {
        match self {
            Group::Availability => "availability",
            Group::Probes => "probes",
            Group::Capacity => "capacity",
            Group::Configuration => "configuration",
            Group::Patches => "patches",
            Group::Outposts => "outposts",
            Group::Phase2 => "phase2",
            Group::Tool => "tool",
        }
    }
}

/// Where a rule is on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum On {
    /// In the default profile, on every workload.
    Everywhere,
    /// In the default profile on critical workloads; in `strict` on every one.
    Critical,
    /// In `strict`.
    Strict,
    /// In `phase2`.
    Phase2,
    /// In `all`.
    All,
}

/// A number that the config may set.
#[derive(Debug)]
pub struct OptionMeta {
    /// The name.
    pub name: &'static str,
    /// The default.
    pub default: i64,
    /// What it means, with its unit.
    pub doc: &'static str,
}

impl RuleMeta {
    /// The documentation.
    pub fn docs(&self) -> Docs {
        Docs::of_source(self.source)
    }

    /// The page of the documentation.
    pub fn url(&self) -> String {
        const PAGE: &str =
            concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/v", env!("CARGO_PKG_VERSION"), "/docs/rules.md");
        format!("{PAGE}#{}", self.id)
    }
}
