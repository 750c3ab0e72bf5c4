//! What the user states of the world that no file shows.

use crate::lower::Version;

/// Facts about what the repository is deployed to.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The release of Kubernetes that the manifests are meant for: major and minor count.
    pub kubernetes: Option<Version>,
    /// Nodes that pods may be placed on.
    pub nodes: Option<i64>,
    /// Postgres servers that stand in no file.
    pub postgres: Vec<StatedPostgres>,
}

/// A Postgres server that the config states.
#[derive(Clone, Debug)]
pub struct StatedPostgres {
    /// The host, as poolers name it.
    pub host: String,
    /// `max_connections`.
    pub max_connections: i64,
}
