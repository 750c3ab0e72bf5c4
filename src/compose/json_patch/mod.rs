//! JSON patches (RFC 6902) on placed trees.

mod apply;
mod operation;
mod pointer;
mod set;
mod words;

pub use apply::{Dialect, Failure, carry_out};
pub use operation::{Invalid, Item, Operation, Verb};
pub use pointer::{Pointer, Step, array_index};
pub use set::{Base, Outcome, PatchSet, Patcher, Stage};
