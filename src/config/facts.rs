//! `cluster` and `postgres`: what the repository is deployed to.

use super::Reader;
use crate::base::Node;
use crate::lower::Version;
use crate::rule::StatedPostgres;

const CLUSTER_KEYS: [&str; 2] = ["kubernetes", "nodes"];
const POSTGRES_KEYS: [&str; 2] = ["host", "max_connections"];

impl Reader<'_> {
    /// The release of Kubernetes, and the number of nodes.
    pub(super) fn cluster(&mut self, node: &Node) {
        let Some(map) = node.as_map() else { return self.mistake(node.place, "`cluster` is a mapping") };
        for entry in &map.entries {
            let value = &entry.value;
            match &*entry.key.name {
                // 1.30 without quotes is the number 1.3.
                "kubernetes" => {
                    match value.as_str().filter(|text| is_release(text)).and_then(Version::parse) {
                        Some(version) => self.config.settings.facts.kubernetes = Some(version),
                        None => self
                            .mistake(value.place, "`kubernetes` is a release as a string, such as \"1.34\""),
                    }
                }
                "nodes" => match value.as_int().filter(|n| *n > 0) {
                    Some(nodes) => self.config.settings.facts.nodes = Some(nodes),
                    None => self.mistake(value.place, "`nodes` is a number, 1 or more"),
                },
                name => self.unknown_key(entry.key.place, name, &CLUSTER_KEYS),
            }
        }
    }

    /// Postgres servers that stand in no file.
    pub(super) fn postgres(&mut self, node: &Node) {
        if node.as_list().is_none() {
            return self.mistake(node.place, "`postgres` is a list");
        }
        for item in node.items() {
            let Some(map) = item.as_map() else {
                self.mistake(item.place, "an entry of `postgres` is a mapping");
                continue;
            };
            let (mut host, mut most) = (None, None);
            for entry in &map.entries {
                let value = &entry.value;
                match &*entry.key.name {
                    "host" => match value.as_str().filter(|host| !host.is_empty()) {
                        Some(text) => host = Some(text.to_owned()),
                        None => self.mistake(value.place, "`host` is a string"),
                    },
                    "max_connections" => match value.as_int().filter(|n| *n > 0) {
                        Some(number) => most = Some(number),
                        None => self.mistake(value.place, "`max_connections` is a number, 1 or more"),
                    },
                    name => self.unknown_key(entry.key.place, name, &POSTGRES_KEYS),
                }
            }
            let both = ["host", "max_connections"].iter().all(|name| map.get(name).is_some());
            match (host, most) {
                (Some(host), Some(max_connections)) => {
                    self.config.settings.facts.postgres.push(StatedPostgres { host, max_connections });
                }
                _ if !both => {
                    self.mistake(item.place, "an entry of `postgres` has a `host` and its `max_connections`");
                }
                _ => {}
            }
        }
    }
}

/// Whether a text is a release of Kubernetes: major and minor, and perhaps a patch.
fn is_release(text: &str) -> bool {
    let parts: Vec<&str> = text.strip_prefix('v').unwrap_or(text).split('.').collect();
    let number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (2..=3).contains(&parts.len()) && parts.iter().all(number)
}
