//! What turns objects into other objects.

mod helm;

pub use helm::{Composed, compose_release, dotted_path};
