//! Chart profiles: what a chart reads, its defaults, and the objects that it makes.

use super::values::{parse_data, value_at};
use super::version::Version;
use crate::base::{Entry, Node};
use std::sync::OnceLock;

/// What is known of one chart.
#[derive(Debug)]
pub struct Profile {
    root: Node,
    /// The chart's name.
    pub chart: String,
    /// The versions that it was read at, first and last.
    pub read: (Version, Version),
    /// Where the chart's settings tree goes, if it has one.
    pub settings: Option<Settings>,
}

/// A tree of values that a chart turns into environment variables.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The key of the tree.
    pub root: String,
    /// What the names of the variables begin with.
    pub prefix: String,
    /// Paths that act in other ways too.
    pub apart: Vec<String>,
    /// The tree is rendered only when this is true.
    pub rendered_when: String,
    /// When this names something, the tree is not rendered; since a version.
    pub replaced_by: (String, Version),
    /// Since this version the containers read no Secret where the tree is switched off and nothing stands
    /// in for it.
    pub optional_since: Option<Version>,
    /// The components whose containers take them.
    pub components: Vec<String>,
}

/// What a chart does with a key of the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyStatus {
    /// A template reads it, or a part of it.
    Read,
    /// No template reads it.
    Unknown {
        /// The key that is read in its place, if that is known.
        instead: Option<String>,
        /// Whether the chart's documentation lists it all the same.
        documented: bool,
    },
}

/// All profiles of the binary.
pub fn profiles() -> &'static [Profile] {
    static PROFILES: OnceLock<Vec<Profile>> = OnceLock::new();
    PROFILES.get_or_init(|| {
        [include_str!("../../charts/authentik.yaml")].into_iter().filter_map(Profile::decode).collect()
    })
}

/// The profile of a chart. A repository that is not among the profile's makes it another chart.
pub fn find_profile(chart: &str, repository: Option<&str>) -> Option<&'static Profile> {
    let (repository, chart) = match chart.strip_prefix("oci://").and_then(|rest| rest.rsplit_once('/')) {
        Some((repository, name)) => (Some(format!("oci://{repository}")), name),
        None => (repository.map(str::to_owned), chart),
    };
    profiles().iter().find(|profile| {
        let named = profile.list("repositories");
        let trimmed = repository.as_deref().map(|r| r.trim_end_matches('/'));
        profile.chart == chart && trimmed.is_none_or(|repository| named.iter().any(|r| r == repository))
    })
}

impl Profile {
    fn decode(text: &'static str) -> Option<Profile> {
        let root = parse_data(text);
        let string = |path: &str| value_at(&root, path).and_then(Node::as_str).map(str::to_owned);
        let version = |path: &str| string(path).as_deref().and_then(Version::parse);
        let list = |path: &str| texts(value_at(&root, path));
        let settings = string("settings.root").and_then(|settings_root| {
            Some(Settings {
                root: settings_root,
                prefix: string("settings.prefix")?,
                apart: list("settings.apart"),
                rendered_when: string("settings.rendered_when")?,
                replaced_by: (string("settings.replaced_by.path")?, version("settings.replaced_by.since")?),
                optional_since: version("settings.optional_since"),
                components: list("settings.components"),
            })
        });
        let (chart, read) = (string("chart")?, (version("read.from")?, version("read.to")?));
        Some(Profile { root, chart, read, settings })
    }

    /// A part of the profile's data.
    pub(super) fn part(&self, path: &str) -> Option<&Node> {
        value_at(&self.root, path)
    }

    /// A list of strings of the profile's data.
    pub fn list(&self, path: &str) -> Vec<String> {
        texts(self.part(path))
    }

    /// The application whose settings the chart sets.
    pub fn application(&self) -> Option<&str> {
        self.part("application").and_then(Node::as_str)
    }

    /// The defaults of the values.
    pub fn defaults(&self) -> Option<&Node> {
        self.part("defaults")
    }

    /// The key of the values that holds whole objects.
    pub fn additional(&self) -> Option<String> {
        self.part("additional").and_then(Node::as_str).map(str::to_owned)
    }

    /// Whether the application's version is the chart's where no image tag is set.
    pub fn app_version_is_chart_version(&self) -> bool {
        self.part("app_version").and_then(Node::as_str) == Some("same")
    }

    /// Whether the profile speaks for a version.
    pub fn covers(&self, version: Version) -> bool {
        self.read.0 <= version && version <= self.read.1
    }

    /// Pairs of keys of which the template prints the first and drops the second.
    pub fn exclusive(&self) -> Vec<(String, String)> {
        let items = self.part("exclusive").map(Node::items).unwrap_or_default();
        let text = |node: &Node, name: &str| node.get(name).and_then(Node::as_str).map(str::to_owned);
        items.iter().filter_map(|item| Some((text(item, "wins")?, text(item, "loses")?))).collect()
    }

    /// What the chart does with a key at a version.
    pub fn key_status(&self, path: &str, version: Version) -> KeyStatus {
        let Some(mut known) = self.part("keys") else { return KeyStatus::Read };
        for name in path.split('.') {
            let Some(map) = known.as_map() else { return KeyStatus::Read };
            if is_leaf(known) {
                return KeyStatus::Read;
            }
            match map.get(name).or_else(|| map.get("*")).filter(|node| in_range(node, version)) {
                Some(child) => known = child,
                None => return self.unknown(path),
            }
        }
        KeyStatus::Read
    }

    /// Whether what lies below a key is free-form: everything there is read.
    pub fn is_free_form(&self, path: &str) -> bool {
        let Some(mut known) = self.part("keys") else { return true };
        for name in path.split('.') {
            match known.as_map().and_then(|map| map.get(name).or_else(|| map.get("*"))) {
                Some(child) => known = child,
                None => return false,
            }
            if is_leaf(known) {
                return true;
            }
        }
        is_leaf(known)
    }

    fn unknown(&self, path: &str) -> KeyStatus {
        let renames = self.part("renames").and_then(|node| node.as_map());
        let instead = renames.and_then(|map| map.get(path)).and_then(Node::as_str).map(str::to_owned);
        KeyStatus::Unknown { instead, documented: self.list("documented").iter().any(|key| key == path) }
    }
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

fn texts(node: Option<&Node>) -> Vec<String> {
    node.map(Node::items).unwrap_or_default().iter().filter_map(|n| n.as_str().map(str::to_owned)).collect()
}

/// The entries of a mapping in a profile, in order.
pub(super) fn entries(node: &Node) -> &[Entry] {
    node.as_map().map_or(&[], |map| &map.entries)
}
