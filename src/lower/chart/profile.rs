//! Chart profiles: what a chart reads, its defaults, and the objects that it makes.

use super::keys::{KeyStatus, key_status};
use super::values::{merge_values, value_at};
use super::version::Version;
use crate::base::{Entry, Node, Place, SourceFile, Sources, Text};
use crate::finding::closest;
use crate::syntax::yaml::parse_yaml;
use std::sync::{Arc, OnceLock};

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

/// What the replicas of a component must share.
#[derive(Clone, Debug)]
pub struct SharedState {
    /// The component.
    pub component: String,
    /// Paths of values that must be true.
    pub needs: Vec<String>,
    /// Paths of values that must not be.
    pub refuses: Vec<String>,
}

/// The profiles that a run knows: those of the repository, which go first, and those of the binary.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    own: Vec<Arc<Profile>>,
}

/// A profile of the binary, read when it is first asked for.
struct Embedded {
    chart: &'static str,
    path: &'static str,
    text: &'static str,
    profile: OnceLock<Option<Arc<Profile>>>,
}

macro_rules! embedded {
    ($($chart:literal: $path:literal),* $(,)?) => {
        [$(Embedded {
            chart: $chart,
            path: $path,
            text: include_str!(concat!("../../charts/", $path)),
            profile: OnceLock::new(),
        }),*]
    };
}

static EMBEDDED: [Embedded; 14] = embedded! {
    "app-template": "app-template-3.yaml",
    "app-template": "app-template-4.yaml",
    "app-template": "app-template-5.yaml",
    "authentik": "authentik.yaml",
    "cloudflare-tunnel": "cloudflare-tunnel.yaml",
    "cloudflare-tunnel-remote": "cloudflare-tunnel-remote.yaml",
    "cloudflared": "cloudflared.yaml",
    "cloudnative-pg": "cloudnative-pg.yaml",
    "cluster": "cluster.yaml",
    "crowdsec": "crowdsec.yaml",
    "postgresql": "postgresql.yaml",
    "redis": "redis.yaml",
    "traefik": "traefik-27.yaml",
    "traefik": "traefik.yaml",
};

/// The keys of a profile.
const PARTS: [&str; 19] = [
    "chart",
    "repositories",
    "read",
    "app_version",
    "schema",
    "application",
    "names",
    "settings",
    "shared_state",
    "image_version",
    "subcharts",
    "additional",
    "keys",
    "renames",
    "documented",
    "exclusive",
    "defaults",
    "defaults_since",
    "objects",
];

/// The operators of skeletons (docs/charts.md).
const OPERATORS: [&str; 16] = [
    "$as", "$concat", "$default", "$each", "$first", "$image", "$item", "$merge", "$needs", "$object",
    "$since", "$unknown", "$until", "$value", "$when", "$with",
];

/// What looks like an operator and is none: the skeleton would make it part of the object.
fn unknown_operators(node: &Node, mistakes: &mut Vec<(Place, String)>) {
    for entry in entries(node) {
        let name = &*entry.key.name;
        if name.starts_with('$') && !OPERATORS.contains(&name) {
            let hint = closest(name, &OPERATORS)
                .map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
            mistakes.push((entry.key.place, format!("skeletons have no operator `{name}`{hint}")));
        }
        unknown_operators(&entry.value, mistakes);
    }
    for item in node.items() {
        unknown_operators(item, mistakes);
    }
}

impl Embedded {
    fn read(&self) -> (Option<Profile>, Vec<(Place, String)>) {
        Profile::read(&Sources::default().add(self.path, self.text))
    }

    fn profile(&self) -> Option<Arc<Profile>> {
        self.profile.get_or_init(|| self.read().0.map(Arc::new)).clone()
    }
}

impl Profiles {
    /// Those of the binary, and others before them.
    pub fn with(own: Vec<Profile>) -> Profiles {
        Profiles { own: own.into_iter().map(Arc::new).collect() }
    }

    /// What is wrong with the profiles of the binary: nothing, as a test demands.
    pub fn embedded_mistakes() -> Vec<String> {
        let mut out = Vec::new();
        for embedded in &EMBEDDED {
            let (profile, mistakes) = embedded.read();
            out.extend(mistakes.into_iter().map(|(_, what)| format!("{}: {what}", embedded.path)));
            if profile.is_none_or(|profile| profile.chart != embedded.chart) {
                out.push(format!("{}: no profile of chart `{}`", embedded.path, embedded.chart));
            }
        }
        out
    }

    /// The profile of a chart at a version; where none covers the version, the last one of the chart. A
    /// repository that is not among the profile's makes it another chart.
    pub fn find(
        &self,
        chart: &str,
        repository: Option<&str>,
        version: Option<Version>,
    ) -> Option<Arc<Profile>> {
        let (repository, chart) = match chart.strip_prefix("oci://").and_then(|rest| rest.rsplit_once('/')) {
            Some((repository, name)) => (Some(format!("oci://{repository}")), name),
            None => (repository.map(|r| r.trim_end_matches('/').to_owned()), chart),
        };
        let is_of = |profile: &Arc<Profile>| {
            let named = profile.list("repositories");
            let known = repository.as_ref().is_none_or(|repository| named.contains(repository));
            profile.chart == chart && known
        };
        let embedded = EMBEDDED.iter().filter(|embedded| embedded.chart == chart);
        let all = self.own.iter().cloned().chain(embedded.filter_map(Embedded::profile));
        best(all.filter(is_of), version)
    }

    /// The profile that the repository itself brings for a chart of a name.
    pub fn own(&self, chart: &str, version: Option<Version>) -> Option<Arc<Profile>> {
        best(self.own.iter().filter(|profile| profile.chart == chart).cloned(), version)
    }
}

/// The profile that covers a version, else the last one.
fn best(profiles: impl Iterator<Item = Arc<Profile>>, version: Option<Version>) -> Option<Arc<Profile>> {
    let mut all: Vec<Arc<Profile>> = profiles.collect();
    let covering = all.iter().position(|profile| version.is_some_and(|version| profile.covers(version)));
    covering.map(|at| Arc::clone(&all[at])).or_else(|| all.pop())
}

impl Profile {
    /// Reads a profile, and says what is wrong with it.
    pub fn read(file: &SourceFile) -> (Option<Profile>, Vec<(Place, String)>) {
        let (documents, issues) = parse_yaml(&Text::of_file(file));
        let mut mistakes: Vec<(Place, String)> =
            issues.into_iter().map(|issue| (issue.place, issue.message)).collect();
        let Some(root) = documents.into_iter().next().map(|document| document.root) else {
            return (None, mistakes);
        };
        for entry in entries(&root).iter().filter(|entry| !PARTS.contains(&&*entry.key.name)) {
            let name = &entry.key.name;
            let hint =
                closest(name, &PARTS).map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
            mistakes.push((entry.key.place, format!("a chart profile has no `{name}`{hint}")));
        }
        if let Some(objects) = root.get("objects") {
            unknown_operators(objects, &mut mistakes);
        }
        let place = root.place.start();
        let profile = Profile::decode(root);
        if profile.is_none() {
            mistakes.push((place, "a chart profile needs `chart` and `read` with `from` and `to`".into()));
        }
        (profile, mistakes)
    }

    fn decode(root: Node) -> Option<Profile> {
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

    /// What the replicas of components must share.
    pub fn shared_state(&self) -> Vec<SharedState> {
        let state = |item: &Node| {
            Some(SharedState {
                component: item.get("component")?.as_str()?.to_owned(),
                needs: texts(item.get("needs")),
                refuses: texts(item.get("refuses")),
            })
        };
        self.part("shared_state").map(Node::items).unwrap_or_default().iter().filter_map(state).collect()
    }

    /// Whether the chart's templates belong to one version of the image.
    pub fn wants_its_image(&self) -> bool {
        self.part("image_version").and_then(Node::as_str) == Some("chart")
    }

    /// The application whose settings the chart sets.
    pub fn application(&self) -> Option<&str> {
        self.part("application").and_then(Node::as_str)
    }

    /// The defaults of the values at a version.
    pub fn defaults(&self, version: Option<Version>) -> Option<Node> {
        let mut defaults = self.part("defaults")?.clone();
        for change in self.part("defaults_since").map(Node::items).unwrap_or_default() {
            let since = change.get("since").and_then(Node::as_str).and_then(Version::parse);
            if let (Some(values), true) = (change.get("values"), version.is_some_and(|v| since <= Some(v))) {
                defaults = merge_values(&defaults, values);
            }
        }
        Some(defaults)
    }

    /// The key of the values that holds whole objects.
    pub fn additional(&self) -> Option<String> {
        self.part("additional").and_then(Node::as_str).map(str::to_owned)
    }

    /// The application's version where no image tag is set; `written` is the chart's as it was written.
    pub fn app_version(&self, version: Version, written: &str) -> Option<String> {
        let node = self.part("app_version")?;
        if node.as_str() == Some("same") {
            return Some(written.to_owned());
        }
        let since = |entry: &&Entry| Version::parse(&entry.key.name).is_some_and(|since| since <= version);
        entries(node).iter().rfind(since)?.value.display()
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

    /// Whether the profile knows which keys the chart reads.
    pub fn judges_keys(&self) -> bool {
        self.part("keys").is_some()
    }

    /// What the chart does with a key at a version.
    pub fn key_status(&self, names: &[&str], version: Version) -> KeyStatus {
        let Some(keys) = self.part("keys") else { return KeyStatus::Read { free_form: true } };
        match key_status(keys, names, version) {
            Some(status) => status,
            None => self.unknown(names, version),
        }
    }

    fn unknown(&self, names: &[&str], version: Version) -> KeyStatus {
        let path = names.join(".");
        let renames = self.part("renames").and_then(|node| node.as_map());
        let instead = renames.and_then(|map| map.get(&path)).and_then(Node::as_str).map(str::to_owned);
        let documented = self.list("documented").contains(&path);
        // What the schema lists and no template reads is not refused.
        let refused = !documented && self.is_closed(&names[..names.len() - 1], version);
        KeyStatus::Unknown { instead, documented, refused }
    }

    /// Whether the chart's schema lists all keys of a mapping at a version.
    fn is_closed(&self, parents: &[&str], version: Version) -> bool {
        let Some(schema) = self.part("schema") else { return false };
        let covers = |entry: &&Entry| {
            let path: Vec<&str> = entry.key.name.split('.').filter(|name| !name.is_empty()).collect();
            let same =
                path.len() == parents.len() && path.iter().zip(parents).all(|(a, b)| *a == "*" || a == b);
            same && entry.value.as_str().and_then(Version::parse).is_some_and(|since| since <= version)
        };
        schema.as_str() == Some("closed") || entries(schema).iter().any(|entry| covers(&entry))
    }
}

fn texts(node: Option<&Node>) -> Vec<String> {
    node.map(Node::items).unwrap_or_default().iter().filter_map(|n| n.as_str().map(str::to_owned)).collect()
}

/// The entries of a mapping in a profile, in order.
pub(super) fn entries(node: &Node) -> &[Entry] {
    node.as_map().map_or(&[], |map| &map.entries)
}
