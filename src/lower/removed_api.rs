//! Versions of the API that Kubernetes no longer serves, by the table in removed_apis.yaml.

use super::chart::{Version, parse_data};
use crate::base::Node;
use std::sync::OnceLock;

/// A kind under a version of the API that is gone.
#[derive(Clone, Debug)]
pub struct RemovedApi {
    /// The group and version, as `policy/v1beta1`.
    pub api: String,
    /// The kinds.
    kinds: Vec<String>,
    /// The release of Kubernetes that no longer serves it.
    pub removed_in: Version,
    /// The group and version that serves the kind now; none where nothing does.
    pub to: Option<String>,
    /// Whether objects keep their shape under that.
    pub same: bool,
    /// A field that must be stated for that.
    pub given: Option<String>,
}

struct Table {
    oldest_supported: Option<Version>,
    rows: Vec<RemovedApi>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let root = parse_data(include_str!("removed_apis.yaml"));
        let rows = root.get("removed").map(Node::items).unwrap_or_default();
        Table {
            oldest_supported: root.get("oldest_supported").and_then(Node::as_str).and_then(Version::parse),
            rows: rows.iter().filter_map(row).collect(),
        }
    })
}

fn row(node: &Node) -> Option<RemovedApi> {
    let text = |name: &str| node.get(name).and_then(Node::as_str).map(str::to_owned);
    let kinds = node.get("kinds")?.items().iter().filter_map(|kind| kind.as_str().map(str::to_owned));
    Some(RemovedApi {
        api: text("api")?,
        kinds: kinds.collect(),
        removed_in: Version::parse(&text("in")?)?,
        to: text("to"),
        same: node.get("same").and_then(Node::as_bool) == Some(true),
        given: text("given"),
    })
}

/// The entry of a kind under a version of the API, if no supported release of Kubernetes serves it.
pub fn removed_api(api: &str, kind: &str) -> Option<&'static RemovedApi> {
    table().rows.iter().find(|row| row.api == api && row.kinds.iter().any(|known| known == kind))
}

/// The oldest release of Kubernetes that was supported when the table was read.
pub fn oldest_supported() -> Option<Version> {
    table().oldest_supported
}
