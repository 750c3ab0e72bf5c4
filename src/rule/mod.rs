//! What a rule is, and what it is given: a model, settings, and a sink.

pub mod changes;
mod context;
mod critical;
mod docs;
mod facts;
mod meta;
mod settings;
mod sink;

pub use context::Context;
pub use critical::{Critical, CriticalEntry, default_critical_set};
pub use docs::{Docs, Example, ExampleFile, FIX_SECTION, SECTIONS};
pub use facts::{Facts, StatedPostgres};
pub use meta::{Group, On, OptionMeta, Rule, RuleMeta};
pub use settings::{Profile, Settings};
pub use sink::{Report, Sink};
