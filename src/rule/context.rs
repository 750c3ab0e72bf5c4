//! What a rule sees.

use super::critical::CriticalEntry;
use super::meta::RuleMeta;
use super::settings::Settings;
use crate::finding::Severity;
use crate::model::{Model, Workload};

/// The model and the settings, as one rule sees them.
pub struct Context<'a> {
    /// The facts.
    pub model: &'a Model,
    /// What the user wants.
    pub settings: &'a Settings,
    /// The rule.
    pub meta: &'static RuleMeta,
}

impl<'a> Context<'a> {
    /// The workloads that the rule is on for, with their indices.
    pub fn workloads(&self) -> impl Iterator<Item = (usize, &'a Workload)> + '_ {
        let all = self.model.workloads.iter().enumerate();
        all.filter(|(index, workload)| self.looks_at(*index, workload))
    }

    /// Whether the rule is on for a workload.
    pub fn looks_at(&self, index: usize, workload: &Workload) -> bool {
        self.settings.is_wide(self.meta) || self.critical(index, workload).is_some()
    }

    /// The critical set's entry for a workload.
    pub fn critical(&self, index: usize, workload: &Workload) -> Option<&'a CriticalEntry> {
        self.settings.critical.entry(workload, index, self.model)
    }

    /// The rule's severity on a workload.
    pub fn severity(&self, index: usize, workload: &Workload) -> Severity {
        let softer = self.meta.softer_elsewhere && self.critical(index, workload).is_none();
        if softer { self.meta.severity.lowered() } else { self.meta.severity }
    }

    /// The value of an option of the rule.
    pub fn option(&self, name: &str) -> i64 {
        self.settings.option(self.meta, name)
    }
}
