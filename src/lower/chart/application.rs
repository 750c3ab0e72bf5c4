//! What is known of an application's settings, by version.

use super::profile::entries;
use super::values::parse_data;
use super::version::Version;
use crate::base::Node;
use std::sync::OnceLock;

/// The settings of an application.
#[derive(Debug)]
pub struct Application {
    root: Node,
    /// Its name.
    pub name: String,
    /// What the names of its environment variables begin with.
    pub prefix: String,
    /// The versions that the defaults were read at, first and last.
    pub read: (Version, Version),
    /// Repositories of its image.
    pub images: Vec<String>,
    /// Settings under another name.
    pub renamed: Vec<Change>,
    /// Settings that do nothing any more.
    pub removed: Vec<Change>,
    /// Keys of the chart's values that do nothing any more.
    pub removed_values: Vec<Change>,
}

/// A setting that changed at a version.
#[derive(Clone, Debug)]
pub struct Change {
    /// The path of the setting, or of a group of them.
    pub path: String,
    /// The new path; empty where there is none.
    pub to: String,
    /// The setting that the old name sets beside the new one, to what depends on the release; empty where there is none.
    pub also: String,
    /// The first version that has the change.
    pub since: Version,
    /// The first version that has forgotten it.
    pub until: Option<Version>,
    /// Why.
    pub why: String,
}

impl Change {
    /// Whether a version has the change.
    pub fn holds_at(&self, version: Version) -> bool {
        self.since <= version && self.until.is_none_or(|until| version < until)
    }
}

/// What one process needs, in MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessMemory {
    /// Each web worker of the server.
    pub server_worker: i64,
    /// The server's container beside its workers.
    pub server_base: i64,
    /// Each process of the worker.
    pub worker_process: i64,
    /// The worker's container beside its processes.
    pub worker_base: i64,
}

/// The application of a name.
pub fn find_application(name: &str) -> Option<&'static Application> {
    applications().iter().find(|application| application.name == name)
}

/// All applications that are known.
pub fn applications() -> &'static [Application] {
    static APPLICATIONS: OnceLock<Vec<Application>> = OnceLock::new();
    APPLICATIONS.get_or_init(|| {
        let texts = [include_str!("../../charts/authentik-settings.yaml")];
        texts.into_iter().filter_map(Application::decode).collect()
    })
}

impl Application {
    fn decode(text: &'static str) -> Option<Application> {
        let root = parse_data(text);
        let string = |name: &str| root.get(name).and_then(Node::as_str).map(str::to_owned);
        let changes = |name: &str| {
            root.get(name).map(Node::items).unwrap_or_default().iter().filter_map(change).collect()
        };
        let version = |bound: &str| root.at(&["read", bound]).and_then(Node::as_str).and_then(Version::parse);
        let images = root.get("images").map(Node::items).unwrap_or_default();
        Some(Application {
            name: string("application")?,
            prefix: string("prefix")?,
            read: (version("from")?, version("to")?),
            images: images.iter().filter_map(|image| image.as_str().map(str::to_owned)).collect(),
            renamed: changes("renamed"),
            removed: changes("removed"),
            removed_values: changes("removed_values"),
            root,
        })
    }

    /// The default of a setting.
    pub fn default(&self, path: &str) -> Option<&Node> {
        self.root.get("defaults")?.as_map()?.get(path)
    }

    /// The component that a container started with an argument is.
    pub fn component_of(&self, argument: &str) -> Option<&str> {
        self.root.at(&["components", argument])?.as_str()
    }

    /// Whether the loss of a setting changes how the service holds up.
    pub fn is_reliability(&self, path: &str) -> bool {
        let groups = self.root.get("reliability").map(Node::items).unwrap_or_default();
        groups.iter().filter_map(Node::as_str).any(|group| is_under(path, group))
    }

    /// Whether all components must have the same value of a setting.
    pub fn is_shared(&self, path: &str) -> bool {
        let groups = self.root.get("shared").map(Node::items).unwrap_or_default();
        groups.iter().filter_map(Node::as_str).any(|group| is_under(path, group))
    }

    /// What a process needs at a version; none where the data does not say.
    pub fn memory(&self, version: Version) -> Option<ProcessMemory> {
        let rows = self.root.get("memory").map(Node::items).unwrap_or_default();
        let bound = |row: &Node, name: &str| row.get(name).and_then(Node::as_str).and_then(Version::parse);
        let row = rows.iter().find(|row| {
            bound(row, "since").is_none_or(|since| since <= version)
                && bound(row, "until").is_none_or(|until| version < until)
        })?;
        let number = |name: &str| row.get(name).and_then(Node::as_int_lenient);
        Some(ProcessMemory {
            server_worker: number("server_worker")?,
            server_base: number("base")?,
            worker_process: number("worker_process")?,
            worker_base: number("worker_base")?,
        })
    }

    /// The names under which a setting is read: old ones first, since what stands under an old name is
    /// written over the new one (authentik's lib/config.py, check_deprecations).
    pub fn names_of<'a>(&'a self, path: &'a str, version: Version) -> impl Iterator<Item = &'a str> {
        let old = self.renamed.iter().filter(move |c| c.to == path && c.holds_at(version));
        old.map(|c| c.path.as_str()).chain(std::iter::once(path))
    }

    /// Whether the defaults were read at a version.
    pub fn covers(&self, version: Version) -> bool {
        self.read.0 <= version && version <= self.read.1
    }

    /// The environment variable of a setting.
    pub fn variable(&self, path: &str) -> String {
        format!("{}{}", self.prefix, path.replace('.', "__").to_uppercase())
    }

    /// The setting of an environment variable.
    pub fn setting(&self, variable: &str) -> Option<String> {
        Some(variable.strip_prefix(self.prefix.as_str())?.replace("__", ".").to_lowercase())
    }
}

/// Whether a path is a group's or lies in it.
pub fn is_under(path: &str, group: &str) -> bool {
    path == group || path.strip_prefix(group).is_some_and(|rest| rest.starts_with('.'))
}

fn change(node: &Node) -> Option<Change> {
    let text = |name: &str| node.get(name).and_then(Node::as_str).map(str::to_owned);
    Some(Change {
        path: text("path")?,
        to: text("to").unwrap_or_default(),
        also: text("also").unwrap_or_default(),
        since: text("since").as_deref().and_then(Version::parse)?,
        until: text("until").as_deref().and_then(Version::parse),
        why: text("why").unwrap_or_default(),
    })
}

/// The dotted paths of the leaves of a mapping, with their keys and values.
pub fn leaves(node: &Node) -> Vec<(String, &crate::base::Entry)> {
    let mut out = Vec::new();
    collect_leaves(node, "", &mut out);
    out
}

fn collect_leaves<'a>(node: &'a Node, prefix: &str, out: &mut Vec<(String, &'a crate::base::Entry)>) {
    for entry in entries(node) {
        let path = if prefix.is_empty() {
            entry.key.name.to_string()
        } else {
            format!("{prefix}.{}", entry.key.name)
        };
        match entry.value.as_map() {
            Some(map) if !map.entries.is_empty() => collect_leaves(&entry.value, &path, out),
            _ => out.push((path, entry)),
        }
    }
}
