//! PgBouncer: the workload, its mounted ini, and the pool arithmetic.

use super::index::ByName;
use super::workload::Workload;
use crate::base::{HOLE, Node, Place, Value};
use crate::lower::Object;
use crate::syntax::{Ini, IniEntry, parse_ini};

/// A PgBouncer workload with the ini that it mounts.
#[derive(Clone, Debug)]
pub struct Pooler {
    /// The index of the workload.
    pub workload: usize,
    /// The index of the container.
    pub container: usize,
    /// The ini, if a ConfigMap of the repository holds it.
    pub ini: Option<Ini>,
}

/// A setting of the ini, or PgBouncer's default.
#[derive(Clone, Debug)]
pub struct IniValue {
    /// The number.
    pub value: i64,
    /// Where it is set; none for the default.
    pub node: Option<Node>,
}

/// Image repositories of PgBouncer by their last part.
const IMAGE_NAMES: [&str; 2] = ["pgbouncer", "docker-pgbouncer"];

/// Finds the PgBouncer workloads.
pub(super) fn find_poolers(workloads: &[Workload], objects: &[Object], names: &ByName) -> Vec<Pooler> {
    let mut poolers = Vec::new();
    for (index, workload) in workloads.iter().enumerate() {
        let container = workload
            .containers
            .iter()
            .position(|c| c.image().is_some_and(|image| IMAGE_NAMES.contains(&image.name())));
        if let Some(container) = container {
            let ini = mounted_ini(workload, container, objects, names);
            poolers.push(Pooler { workload: index, container, ini });
        }
    }
    poolers
}

/// The ini among the ConfigMaps and Secrets that the container mounts.
fn mounted_ini(workload: &Workload, container: usize, objects: &[Object], names: &ByName) -> Option<Ini> {
    let mounts = workload.containers[container].node.get("volumeMounts").map(Node::items).unwrap_or_default();
    for mount in mounts {
        let Some(name) = mount.get("name").and_then(Node::as_str) else { continue };
        let wanted = mount.get("subPath").and_then(Node::as_str);
        for source in mounted_objects(workload, name, objects, names) {
            for field in ["data", "stringData"] {
                let entries =
                    source.at(&[field]).and_then(Node::as_map).map(|m| &m.entries[..]).unwrap_or_default();
                for entry in entries.iter().filter(|entry| wanted.is_none_or(|key| key == &*entry.key.name)) {
                    let Value::Text(text) = &entry.value.value else { continue };
                    if !text.as_str().contains("[pgbouncer]") {
                        continue;
                    }
                    return Some(parse_ini(text).0);
                }
            }
        }
    }
    None
}

/// The ConfigMaps and Secrets behind a volume of a workload: several where it is projected.
pub(super) fn mounted_objects<'a>(
    workload: &Workload,
    volume: &str,
    objects: &'a [Object],
    names: &ByName,
) -> Vec<&'a Object> {
    let volumes = workload.pod().and_then(|pod| pod.get("volumes")).map(Node::items).unwrap_or_default();
    let Some(volume) = volumes.iter().find(|v| v.get("name").and_then(Node::as_str) == Some(volume)) else {
        return Vec::new();
    };
    let projected = volume.at(&["projected", "sources"]).map(Node::items).unwrap_or_default();
    std::iter::once(volume)
        .chain(projected)
        .filter_map(|source| source_object(workload, source, objects, names))
        .collect()
}

fn source_object<'a>(
    workload: &Workload,
    source: &Node,
    objects: &'a [Object],
    names: &ByName,
) -> Option<&'a Object> {
    let secret = || source.at(&["secret", "secretName"]).or_else(|| source.at(&["secret", "name"]));
    let (kind, name) = match source.at(&["configMap", "name"]) {
        Some(name) => ("ConfigMap", name.as_str()?),
        None => ("Secret", secret()?.as_str()?),
    };
    let named = names.find(kind, name).iter().map(|index| &objects[*index]);
    let same = named.filter(|o| o.namespace() == workload.namespace.as_deref());
    same.min_by_key(|o| o.stack != workload.stack)
}

impl Pooler {
    /// The header of the `[pgbouncer]` section.
    pub fn header(&self) -> Option<Place> {
        let sections = &self.ini.as_ref()?.sections;
        sections
            .iter()
            .find(|section| section.name.name.eq_ignore_ascii_case("pgbouncer"))
            .map(|s| s.name.place)
    }

    /// A setting of the `[pgbouncer]` section.
    pub fn entry(&self, key: &str) -> Option<&IniEntry> {
        self.ini.as_ref()?.get("pgbouncer", key)
    }

    /// The ini, where no other file may hold settings too.
    fn whole(&self) -> Option<&Ini> {
        self.ini.as_ref().filter(|ini| ini.includes.is_none())
    }

    /// The `%include` that makes settings unknown, if there is one.
    pub fn includes(&self) -> Option<Place> {
        self.ini.as_ref()?.includes
    }

    /// A numeric setting, or its default; none when it is unknown.
    pub fn number(&self, key: &str, default: i64) -> Option<IniValue> {
        self.whole()?;
        match self.entry(key) {
            Some(entry) => {
                let value = entry.value.as_int_lenient()?;
                Some(IniValue { value, node: Some(entry.value.clone()) })
            }
            None => Some(IniValue { value: default, node: None }),
        }
    }

    /// The entry of `[databases]` that serves a database: its own, else `*`.
    pub fn database(&self, name: Option<&str>) -> Option<&IniEntry> {
        let ini = self.ini.as_ref()?;
        let named = name.and_then(|name| ini.get("databases", name));
        named.or_else(|| ini.get("databases", "*")).or_else(|| {
            let mut all = ini.entries("databases");
            let only = all.next();
            only.filter(|_| name.is_none() && all.next().is_none())
        })
    }

    /// A parameter of a database's connection string, such as `pool_size`: none where it is not set, an
    /// error where it is not known.
    fn database_parameter(&self, database: Option<&str>, key: &str) -> Result<Option<String>, NotKnown> {
        let Some(entry) = self.database(database) else { return Ok(None) };
        let text = entry.value.as_text().ok_or(NotKnown)?.as_str();
        match parameters(text).into_iter().rev().find(|(name, _)| name == key) {
            Some((_, value)) if value.contains(HOLE) => Err(NotKnown),
            Some((_, value)) => Ok(Some(value)),
            // A hole between the pairs may hold any of them.
            None if text.split_whitespace().any(|word| word.starts_with(HOLE)) => Err(NotKnown),
            None => Ok(None),
        }
    }

    /// The databases that it serves, with the hosts that they stand on, as far as these are known.
    pub fn targets(&self) -> Vec<(String, String)> {
        let entries = self.ini.iter().flat_map(|ini| ini.entries("databases"));
        let host = |entry: &IniEntry| {
            let pairs = parameters(entry.value.as_text()?.as_str());
            let (_, host) = pairs.into_iter().rev().find(|(name, _)| name == "host")?;
            (!host.contains(HOLE)).then(|| (entry.key.name.to_string(), host))
        };
        entries.filter_map(host).collect()
    }

    fn database_number(&self, database: Option<&str>, key: &str) -> Result<Option<i64>, NotKnown> {
        match self.database_parameter(database, key)? {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| NotKnown),
        }
    }

    /// The pool mode that a database is served in, with the line that says so; the default is `session`.
    pub fn pool_mode(&self, database: Option<&str>) -> Option<(String, Option<Place>)> {
        self.whole()?;
        if let Some(mode) = self.database_parameter(database, "pool_mode").ok()? {
            return Some((mode, self.database(database).map(|entry| entry.whole)));
        }
        match self.entry("pool_mode") {
            Some(entry) => Some((entry.value.as_str()?.to_owned(), Some(entry.whole))),
            None => Some(("session".to_owned(), None)),
        }
    }

    /// The pool modes of all databases that it serves, each with the line that says so; that of the whole where none are
    /// listed. None where one is not known.
    pub fn pool_modes(&self) -> Option<Vec<(String, Option<Place>)>> {
        let names: Vec<&str> = self.whole()?.entries("databases").map(|entry| &*entry.key.name).collect();
        if names.is_empty() {
            return Some(vec![self.pool_mode(None)?]);
        }
        names.into_iter().map(|name| self.pool_mode(Some(name))).collect()
    }

    /// Server connections that one pod opens for one user of a database, at most, with the reserve that
    /// is part of them.
    pub fn connections_per_pod(&self, database: Option<&str>) -> Option<PoolSize> {
        let of_database = |key: &str| self.database_number(database, key).ok();
        let size = self.number("default_pool_size", 20)?;
        let reserve = self.number("reserve_pool_size", 0)?;
        let reserve_timeout = self.number("reserve_pool_timeout", 5)?.value;
        let pool = of_database("pool_size")?.unwrap_or(size.value);
        // Called `reserve_pool` up to PgBouncer 1.23.
        let own_reserve = of_database("reserve_pool_size")?.or(of_database("reserve_pool")?);
        let extra = if reserve_timeout == 0 { 0 } else { own_reserve.unwrap_or(reserve.value) };
        let caps = [
            of_database("max_db_connections")?.unwrap_or(self.number("max_db_connections", 0)?.value),
            self.number("max_user_connections", 0)?.value,
        ];
        let cap = caps.into_iter().filter(|cap| *cap > 0).min();
        let both = pool.saturating_add(extra);
        let total = cap.map_or(both, |cap| cap.min(both));
        let of_default = || self.entry("default_pool_size").map(|entry| entry.whole);
        let own = of_database("pool_size")?.and_then(|_| self.database(database)).map(|entry| entry.whole);
        Some(PoolSize { pool, reserve: extra, total, place: own.or_else(of_default) })
    }
}

/// A parameter that is set to something unknown.
struct NotKnown;

/// The size of one pod's pool, in server connections.
#[derive(Clone, Debug)]
pub struct PoolSize {
    /// `default_pool_size`, or the database's own.
    pub pool: i64,
    /// The reserve that counts.
    pub reserve: i64,
    /// Both, under the caps.
    pub total: i64,
    /// The line that sets the size.
    pub place: Option<Place>,
}

/// The `key=value` pairs of a connection string; values may be quoted with `'`.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut rest = text.trim();
    while let Some((key, behind)) = rest.split_once('=') {
        let behind = behind.trim_start();
        let (value, after) = match behind.strip_prefix('\'') {
            Some(quoted) => quoted.split_once('\'').unwrap_or((quoted, "")),
            None => behind.split_once(char::is_whitespace).unwrap_or((behind, "")),
        };
        out.push((key.trim().to_owned(), value.to_owned()));
        rest = after.trim_start();
    }
    out
}
