//! Helm charts that stand in the repository: what they read, what they depend on, and releases of them that
//! nothing in the repository declares.

mod dependencies;
mod keys;
mod load;
mod schema;
mod standalone;

pub use dependencies::Dependency;
pub(super) use dependencies::effective_of;
pub(super) use keys::reads_of_values;
pub use load::{Chart, Charts};

/// The name of a chart's own file.
pub const CHART_FILE: &str = "Chart.yaml";
