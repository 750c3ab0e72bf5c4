//! What the user wants: profile, levels, critical set, options.

use super::critical::{Critical, default_critical_set};
use super::facts::Facts;
use super::meta::{On, RuleMeta};
use crate::finding::Severity;
use std::collections::HashMap;

/// Which rules run on what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Profile {
    /// The default: errors everywhere, gaps on critical workloads.
    #[default]
    Phase1,
    /// Every rule but those of Phase 2, on every workload.
    Strict,
    /// `phase1` and the rules of Phase 2.
    Phase2,
    /// Everything.
    All,
}

impl Profile {
    /// All profiles by name.
    pub const NAMES: [(&'static str, Profile); 4] = [
        ("phase1", Profile::Phase1),
        ("strict", Profile::Strict),
        ("phase2", Profile::Phase2),
        ("all", Profile::All),
    ];

    /// The profile of a name.
    pub fn parse(name: &str) -> Option<Profile> {
        Profile::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, profile)| profile)
    }

    /// Whether rules look beyond critical workloads.
    pub fn is_wide(self) -> bool {
        matches!(self, Profile::Strict | Profile::All)
    }
}

/// Everything that the user decides about rules.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The profile.
    pub profile: Profile,
    /// The critical set.
    pub critical: Critical,
    /// Levels by rule: none switches it off.
    pub levels: HashMap<String, Option<Severity>>,
    /// If not empty, only these rules run, whatever the profile says.
    pub select: Vec<String>,
    /// These rules do not run.
    pub ignore: Vec<String>,
    /// These rules run beside those of the profile.
    pub also: Vec<String>,
    /// Option values by rule and name.
    pub options: HashMap<(String, String), i64>,
    /// What is stated of the world.
    pub facts: Facts,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            profile: Profile::default(),
            critical: Critical { entries: default_critical_set() },
            levels: HashMap::new(),
            select: Vec::new(),
            ignore: Vec::new(),
            also: Vec::new(),
            options: HashMap::new(),
            facts: Facts::default(),
        }
    }
}

impl Settings {
    /// Whether a rule runs.
    pub fn is_on(&self, meta: &RuleMeta) -> bool {
        if self.ignore.iter().any(|id| id == meta.id) || self.levels.get(meta.id) == Some(&None) {
            return false;
        }
        if !self.select.is_empty() {
            return self.select.iter().any(|id| id == meta.id);
        }
        let in_profile = match meta.on {
            On::Everywhere | On::Critical => true,
            On::Strict => self.profile.is_wide(),
            On::Phase2 => matches!(self.profile, Profile::Phase2 | Profile::All),
            On::All => self.profile == Profile::All,
        };
        in_profile || self.levels.contains_key(meta.id) || self.also.iter().any(|id| id == meta.id)
    }

    /// Whether a rule looks at every workload, not only at critical ones.
    pub fn is_wide(&self, meta: &RuleMeta) -> bool {
        meta.on != On::Critical || self.profile.is_wide()
    }

    /// The value of an option.
    pub fn option(&self, meta: &RuleMeta, name: &str) -> i64 {
        let set = self.options.get(&(meta.id.to_owned(), name.to_owned()));
        let default =
            || meta.options.iter().find(|option| option.name == name).map_or(0, |option| option.default);
        set.copied().unwrap_or_else(default)
    }
}
