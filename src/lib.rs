//! steadfast reads a GitOps repository offline and checks reliability invariants across its files.
//!
//! The crate is laid out in floors; a module names only floors below its own. docs/ARCHITECTURE.md draws
//! the house, and a test holds the code to it.

pub mod base;
pub mod cli;
pub mod compose;
pub mod config;
pub mod engine;
pub mod finding;
pub mod lower;
pub mod model;
pub mod report;
pub mod rule;
pub mod rules;
pub mod suppress;
pub mod syntax;
pub mod terraform;
