//! Which keys of the values a chart reads.

use super::version::Version;
use crate::base::Node;

/// What a chart does with a key of the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyStatus {
    /// A template reads it, or a part of it.
    Read {
        /// Whether everything below it is read, whatever its name.
        free_form: bool,
    },
    /// No template reads it.
    Unknown {
        /// The key that is read in its place, if that is known.
        instead: Option<String>,
        /// Whether the chart's documentation lists it all the same.
        documented: bool,
        /// Whether Helm refuses it, by the chart's schema.
        refused: bool,
    },
}

/// The status of a key in a table of keys as profiles have it; none where the table does not list it.
pub(super) fn key_status(keys: &Node, names: &[&str], version: Version) -> Option<KeyStatus> {
    let mut known = keys;
    for name in names {
        if is_leaf(known) {
            break;
        }
        let map = known.as_map()?;
        known = map.get(name).or_else(|| map.get("*")).filter(|node| in_range(node, version))?;
    }
    Some(KeyStatus::Read { free_form: is_leaf(known) })
}

/// A leaf is `null`, or a mapping of nothing but `$since` and `$until`.
fn is_leaf(node: &Node) -> bool {
    node.as_map().is_none_or(|map| map.entries.iter().all(|entry| entry.key.name.starts_with('$')))
}

fn in_range(node: &Node, version: Version) -> bool {
    let bound = |name: &str| node.get(name).and_then(Node::as_str).and_then(Version::parse);
    bound("$since").is_none_or(|since| since <= version)
        && bound("$until").is_none_or(|until| version < until)
}
