//! Terraform and Terragrunt, evaluated as far as the files alone allow.
//!
//! Evaluation is lazy, memoised, safe against cycles, and bounded. What is read at apply time is unknown
//! and spreads as unknown; it is never guessed.

mod access;
mod blocks;
mod equality;
mod evaluate;
mod functions;
mod instance;
mod limits;
mod log;
mod module;
mod modules;
mod operators;
mod render;
mod resources;
mod scope;
mod sets;
mod stack;
mod terragrunt;
mod types;
mod variables;

pub use evaluate::evaluate_alone;
pub use log::{Log, Problem, ProblemKind, Unresolved};
pub use module::is_terraform;
pub use modules::Modules;
pub use resources::{Absent, Resource};
pub use stack::{Stack, evaluate_stack, find_stacks};
