//! steadfast reads a GitOps repository offline and checks reliability invariants across its files.
//!
//! The crate is laid out in floors; a module names only floors below its own. docs/ARCHITECTURE.md draws
//! the house, and a test holds the code to it.

pub mod base;
pub mod compose;
pub mod lower;
pub mod model;
pub mod syntax;
pub mod terraform;
