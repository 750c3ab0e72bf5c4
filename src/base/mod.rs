//! The placed tree: values that know where they were written.
//!
//! Every value, whatever language it was written in, becomes a [`Node`]. Nothing here knows HCL from
//! YAML, and nothing here reads a file: [`Files`] is what evaluation asks for paths that it computes.

mod files;
pub mod limit;
mod node;
mod number;
mod place;
mod provenance;
mod secret_key;
mod source;
mod text;
mod value;

pub use files::{FileError, Files, MemoryFiles, is_below, join_path, parent_dir, relative_path};
pub use node::{Node, Origin, Trail};
pub use number::Number;
pub use place::{FileId, Place, Span};
pub use provenance::provenance;
pub use secret_key::is_secret_key;
pub use source::{Position, SourceFile, Sources};
pub use text::{HOLE, Text, TextBuilder};
pub use value::{Entry, Key, List, Map, Unknown, Value};
