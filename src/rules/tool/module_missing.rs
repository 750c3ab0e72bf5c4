//! A module call whose local source is not there.
//!
//! # What it does
//! Follows the local `source` of each module call, and reports those that lead to no folder.
//!
//! # Why it matters
//! `terraform init` fails, and nothing of the module can be judged.
//!
//! # How to fix
//! Correct the path; it is relative to the folder of the file that calls.
//!
//! # Limits
//! Remote sources are listed as unresolved, and so are folders without Terraform files: Terraform takes them for modules
//! that are empty.
//!
//! # Example
//! Bad:
//! ```hcl
//! module "db" {
//!   source = "./modules/database"
//! }
//! ```
//! Good:
//! ```hcl
//! module "db" {
//!   source = "./modules/db"
//! }
//! # file: stacks/app/modules/db/main.tf
//! locals {
//!   name = "db"
//! }
//! ```

use crate::finding::Severity;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::terraform::ProblemKind;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "module-missing",
        summary: "a module call whose local source is not there",
        group: Group::Tool,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("module_missing.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let words =
        ["not there", "`terraform init` fails, and nothing of the module is judged", "correct the path"];
    super::problems(context, sink, ProblemKind::ModuleMissing, words);
}
