//! Go templates of Helm charts: which values they read, and which templates they call.
//!
//! Templates are not rendered. What is asked is only whether a key of the values can matter, so wherever a
//! template does something that cannot be followed, the value counts as read, with everything below it.

mod actions;
mod reads;
mod scope;

pub use reads::{Read, TemplateReads, template_reads};
