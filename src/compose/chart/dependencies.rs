//! The charts that a chart depends on: Chart.yaml's `dependencies` (requirements.yaml in charts of Helm 2), the
//! versions of its lock file, and what stands in `charts/`.

use super::keys::reads_of_values;
use super::load::{Chart, Charts};
use crate::base::{Map, Node, Place, Value, join_path};
use crate::lower::{Ignored, Release, merge_values, value_at};
use crate::syntax::go_template::{Read, TemplateReads};
use std::sync::Arc;

/// A chart that another depends on.
#[derive(Debug)]
pub struct Dependency {
    /// The key of the parent's values that holds its values: its alias or name.
    pub key: String,
    /// Its name.
    pub name: Node,
    /// Its version: the locked one, else the one declared.
    pub version: Option<Node>,
    /// Its repository.
    pub repository: Option<Node>,
    /// Paths of the parent's values of which the first that is set switches it on or off.
    pub conditions: Vec<String>,
    /// Names of the parent's `tags` of which one switches it on or off.
    pub tags: Vec<String>,
    /// Paths of its own values that its parent imports.
    pub imports: Vec<String>,
    /// Where it is declared.
    pub place: Place,
    /// The chart, where it stands in the repository.
    pub chart: Option<Arc<Chart>>,
}

pub(super) fn dependencies(
    charts: &Charts<'_>,
    dir: &str,
    root: &Node,
    open: &mut Vec<String>,
) -> Vec<Dependency> {
    let document = |name: &str| join_path(dir, name).and_then(|path| charts.document(&path));
    let old = document("requirements.yaml");
    let lock = document("Chart.lock").or_else(|| document("requirements.lock"));
    let list = root.get("dependencies").or_else(|| old.as_ref()?.get("dependencies"));
    let items = list.map(Node::items).unwrap_or_default();
    let mut out: Vec<Dependency> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        // The n-th of a name is locked as the n-th of that name: aliases may differ in their versions.
        let same = |other: &&Node| {
            other.get("name").and_then(Node::as_str) == item.get("name").and_then(Node::as_str)
        };
        let nth = items[..index].iter().filter(same).count();
        let locked =
            lock.as_ref().and_then(|lock| lock.get("dependencies")).map(Node::items).unwrap_or_default();
        out.extend(dependency(charts, dir, item, locked.iter().filter(same).nth(nth), open));
    }
    out.extend(undeclared(charts, dir, &out, open));
    out
}

fn dependency(
    charts: &Charts<'_>,
    dir: &str,
    item: &Node,
    locked: Option<&Node>,
    open: &mut Vec<String>,
) -> Option<Dependency> {
    let name = item.get("name")?;
    let text = |field: &str| item.get(field).and_then(Node::as_str);
    let version = item.get("version").cloned();
    let version = match locked.and_then(|locked| locked.get("version")) {
        // The declared version stays the place that a person would change.
        Some(locked) => Some(Node { place: version.map_or(locked.place, |v| v.place), ..locked.clone() }),
        None => version,
    };
    let named =
        |url: &Node| !url.as_str().is_some_and(|url| url.starts_with('@') || url.starts_with("alias:"));
    let repository = item.get("repository").map(|url| match named(url) {
        true => url.clone(),
        false => Node::unknown("a repository that is named on each machine", url.place),
    });
    let file = text("repository").and_then(|url| url.strip_prefix("file://"));
    let folder = match file {
        Some(path) => join_path(dir, path),
        None => join_path(dir, &format!("charts/{}", name.as_str()?)),
    };
    let conditions = text("condition").unwrap_or_default();
    Some(Dependency {
        key: text("alias").or(name.as_str())?.to_owned(),
        name: name.clone(),
        version,
        repository: repository.filter(|_| file.is_none()),
        conditions: conditions
            .split(',')
            .map(|path| path.trim().to_owned())
            .filter(|p| !p.is_empty())
            .collect(),
        tags: item
            .get("tags")
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .filter_map(|t| t.as_str().map(str::to_owned))
            .collect(),
        imports: imports(item),
        place: name.place,
        chart: folder.and_then(|folder| charts.inside(&folder, open)),
    })
}

/// The paths of its values that a parent imports: below `exports`, or as they are named.
fn imports(item: &Node) -> Vec<String> {
    let path = |import: &Node| match import.as_str() {
        Some(name) => Some(format!("exports.{name}")),
        None => import.get("child").and_then(Node::as_str).map(str::to_owned),
    };
    item.get("import-values").map(Node::items).unwrap_or_default().iter().filter_map(path).collect()
}

/// Charts in `charts/` that Chart.yaml does not list: Helm loads them all the same.
fn undeclared(
    charts: &Charts<'_>,
    dir: &str,
    declared: &[Dependency],
    open: &mut Vec<String>,
) -> Vec<Dependency> {
    let Some(folder) = join_path(dir, "charts") else { return Vec::new() };
    let below = charts.files.below(&folder);
    let names = below.iter().filter_map(|path| {
        let (name, rest) = path.strip_prefix(&folder)?.strip_prefix('/')?.split_once('/')?;
        (rest == super::CHART_FILE).then_some(name)
    });
    let found = names.filter_map(|name| charts.inside(&format!("{folder}/{name}"), open));
    let known = |chart: &Arc<Chart>| {
        declared.iter().any(|d| d.chart.as_ref().is_some_and(|known| known.dir == chart.dir))
    };
    found
        .filter(|chart| !known(chart))
        .map(|chart| Dependency {
            key: chart.name.clone(),
            name: Node::made(chart.name.as_str(), chart.place),
            version: chart.version.clone(),
            repository: None,
            conditions: Vec::new(),
            tags: Vec::new(),
            imports: Vec::new(),
            place: chart.place,
            chart: Some(chart),
        })
        .collect()
}

impl Dependency {
    /// Whether the values switch it on; `Err` says why that is not known. A condition that is no boolean decides
    /// nothing, as in Helm.
    fn is_on(&self, values: &Node) -> Result<bool, Arc<str>> {
        for condition in &self.conditions {
            let node = value_at(values, condition);
            match node.map(|node| (&node.value, node.open_reason())) {
                Some((Value::Bool(on), _)) => return Ok(*on),
                Some((_, Some(reason))) => return Err(reason),
                _ => {}
            }
        }
        let tags = values.get("tags");
        let of_tag =
            |tag: &String| tags.and_then(|tags| tags.get(tag)).map(|node| node.as_bool().ok_or(node));
        match self.tags.iter().find_map(of_tag) {
            // One tag that is on is enough; several are not weighed against each other.
            Some(Ok(true)) | None => Ok(true),
            Some(Ok(false)) if self.tags.len() == 1 => Ok(false),
            _ => Err("a tag decides whether this chart is there".into()),
        }
    }

    /// The release of it that a release of its parent makes, with the parent's effective values; none where
    /// it is switched off.
    pub fn release(&self, by: &Chart, parent: &Release, values: &Node) -> Option<Release> {
        let conditional = match self.is_on(values) {
            Ok(true) => None,
            Ok(false) => return None,
            Err(reason) => Some(reason),
        };
        let entry = values.as_map().and_then(|map| map.entry(&self.key));
        let mut documents: Vec<Node> = Vec::new();
        if let Some(reason) = values.as_map().and_then(|map| map.open.clone()).filter(|_| entry.is_none()) {
            documents.push(Node::unknown(reason, values.place));
        }
        documents.extend(entry.map(|entry| entry.value.clone()));
        documents.extend(global(values));
        Some(Release {
            name: parent.name.clone(),
            chart: Some(self.name.clone()),
            repository: self.repository.clone(),
            version: self.version.clone(),
            namespace: parent.namespace.clone(),
            documents,
            sets: Vec::new(),
            subject: parent.subject.clone(),
            header: entry.filter(|e| e.value.is_written()).map_or(self.place, |entry| entry.key.place),
            stack: Arc::clone(&parent.stack),
            conditional: conditional.or_else(|| parent.conditional.clone()),
            ignored: Ignored::clone(&parent.ignored),
            post_renderers: parent.post_renderers.clone(),
            local: self.chart.as_ref().map(|chart| chart.dir.clone()),
            keys_only: parent.keys_only,
            also_read: self.read_by_others(by, parent, values),
            depth: parent.depth + 1,
        })
    }
}

impl Dependency {
    /// What others read of its values: conditions, what the charts above it name of them or pass on whole, and
    /// what templates of its own names say that stand in other charts. The values that all share are nobody's alone.
    fn read_by_others(&self, by: &Chart, parent: &Release, values: &Node) -> TemplateReads {
        let mut above = parent.also_read.clone();
        above.join(reads_of_values(values));
        for chart in std::iter::once(by).chain(by.local()) {
            above.reads.extend(chart.reads.reads.iter().cloned());
        }
        let conditions = self.conditions.iter().map(|path| path.split('.').map(str::to_owned).collect());
        above.reads.extend(conditions.map(|path: Vec<String>| Read { path, deep: false }));
        let inside = above.reads.into_iter().filter_map(|read| match read.path.split_first() {
            Some((first, rest)) if *first == self.key => Some(Read { path: rest.to_vec(), deep: read.deep }),
            None if read.deep => Some(read),
            _ => None,
        });
        let imported = self.imports.iter().map(|path| path.split('.').map(str::to_owned).collect());
        let imported = imported.map(|path: Vec<String>| Read { path, deep: true });
        let shared = Read { path: vec!["global".to_owned()], deep: true };
        let mut out = TemplateReads {
            reads: inside.chain(imported).chain([shared]).collect(),
            ..TemplateReads::default()
        };
        for other in std::iter::once(by).chain(by.local()).filter(|other| self.uses(other)) {
            out.reads.extend(other.reads.reads.iter().cloned());
        }
        out
    }

    /// Whether another chart defines a template of a name that this one defines or calls: Helm knows one of each
    /// name.
    fn uses(&self, other: &Chart) -> bool {
        let Some(own) = self.chart.as_deref().filter(|own| own.dir != other.dir) else { return false };
        let named = |name: &String| own.reads.defines.contains(name) || own.reads.calls.contains(name);
        other.reads.defines.iter().any(named)
    }
}

/// The values that every subchart gets.
fn global(values: &Node) -> Option<Node> {
    let map = values.as_map()?;
    let entry = map.entry("global")?;
    let mut only = Map::default();
    only.insert(entry.key.clone(), entry.value.clone());
    Some(Node { value: Value::Map(Arc::new(only)), ..values.clone() })
}

/// The effective values of a local chart: its values.yaml under what a release sets. Both were written in the
/// repository, and keep their places.
pub(in crate::compose) fn effective_of(chart: &Chart, values: &Node) -> Node {
    merge_values(&chart.defaults, values)
}
