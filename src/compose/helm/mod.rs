//! Helm: values documents merged in order, `set` over them, defaults under them, and the chart's objects.

mod objects;
mod post_render;
mod values;

pub use values::dotted_path;

use super::chart::{Chart, Charts, effective_of, reads_of_values};
use crate::base::{Node, Place};
use crate::lower::{
    KeyStatus, Object, PostRenderer, Profile, Profiles, Release, Version, coalesce, is_truthy, value_at,
};
use crate::syntax::go_template::TemplateReads;
use objects::chart_objects;
use post_render::post_render;
use std::sync::Arc;
use values::user_values;

/// A release with its merged values.
#[derive(Debug)]
pub struct Composed {
    /// The release.
    pub release: Release,
    /// What the user set, merged.
    pub values: Node,
    /// The chart's defaults under it; the same as `values` where they are not known.
    pub effective: Node,
    /// What is known of the chart.
    pub profile: Option<Arc<Profile>>,
    /// The chart, where it stands in the repository.
    pub chart: Option<Arc<Chart>>,
    /// The chart's version, if it is known.
    pub version: Option<Version>,
    /// Why the chart's objects are not known, if they are not.
    pub opaque: Option<Arc<str>>,
    /// Why there may be further objects beside those that are known.
    pub partial: Option<(Arc<str>, Place)>,
}

/// What a release makes.
pub struct Made {
    /// The release.
    pub composed: Composed,
    /// Its objects.
    pub objects: Vec<Object>,
    /// The releases of the charts that its chart depends on.
    pub dependencies: Vec<Release>,
}

/// What is known of charts.
pub struct ChartKnowledge<'a, 'f> {
    /// Profiles.
    pub profiles: &'a Profiles,
    /// Those that stand in the repository.
    pub charts: &'a Charts<'f>,
}

/// Merges a release's values and lays out the objects of its chart.
pub fn compose_release(release: Release, index: usize, known: &ChartKnowledge<'_, '_>) -> Made {
    let values = user_values(&release);
    let chart = release.local.as_deref().and_then(|dir| known.charts.get(dir));
    // A range is met by the chart that stands there.
    let exact = |node: Option<&Node>| node.and_then(Node::as_str).and_then(Version::exact);
    let version = exact(release.version.as_ref()).or_else(|| exact(chart.as_ref()?.version.as_ref()));
    let profile = profile_of(&release, chart.as_deref(), version, known.profiles);
    let effective = match (&chart, profile.as_ref().and_then(|profile| profile.defaults(version))) {
        (_, Some(defaults)) => coalesce(&defaults, &values, release.header),
        (Some(chart), None) => effective_of(chart, &values),
        (None, None) => values.clone(),
    };
    let opaque = opaque_reason(&release, chart.as_deref(), profile.as_deref(), version);
    let mut composed =
        Composed { release, values, effective, profile, chart, version, opaque, partial: None };
    let dependencies = dependencies(&mut composed);
    let (Some(profile), Some(version), None) = (composed.profile.clone(), version, &composed.opaque) else {
        return Made { composed, objects: Vec::new(), dependencies };
    };
    let (objects, unknown) = chart_objects(&composed, &profile, version, index);
    composed.partial = subchart(&profile, &composed.effective).or(unknown);
    match post_render(&composed.release.post_renderers, objects, known.charts.files()) {
        Ok(objects) => Made { composed, objects, dependencies },
        Err(reason) => {
            composed.opaque = Some(reason);
            Made { composed, objects: Vec::new(), dependencies }
        }
    }
}

/// The profile of a release's chart. A chart in the repository has one only where it is known whose it is: a
/// folder of a well-known name may hold anything.
fn profile_of(
    release: &Release,
    chart: Option<&Chart>,
    version: Option<Version>,
    profiles: &Profiles,
) -> Option<Arc<Profile>> {
    let unknown =
        [&release.chart, &release.repository].into_iter().flatten().any(|n| n.open_reason().is_some());
    let repository = release.repository.as_ref().and_then(Node::as_str);
    match chart {
        _ if unknown || release.keys_only => None,
        Some(chart) if repository.is_none() || release.depth == 0 => profiles.own(&chart.name, version),
        _ => profiles.find(release.chart.as_ref()?.as_str()?, repository, version),
    }
}

/// Charts that depend on charts that depend on charts, at most.
const DEEPEST: usize = 4;

/// The chart's name, without the registry that it comes from.
fn chart_name(release: &Release) -> &str {
    let name = release.chart.as_ref().and_then(Node::as_str).unwrap_or("?");
    match name.strip_prefix("oci://") {
        Some(address) => address.rsplit('/').next().unwrap_or(address),
        None => name,
    }
}

fn dependencies(composed: &mut Composed) -> Vec<Release> {
    let (Some(chart), None) = (composed.chart.clone(), &composed.profile) else { return Vec::new() };
    if composed.release.depth >= DEEPEST {
        if let Some(dependency) = chart.dependencies.first() {
            composed.partial =
                Some(("charts inside charts are followed no further".into(), dependency.place));
        }
        return Vec::new();
    }
    let made = chart.dependencies.iter();
    made.filter_map(|dependency| dependency.release(&chart, &composed.release, &composed.effective)).collect()
}

impl Composed {
    /// The chart as findings name it.
    pub fn chart_title(&self) -> String {
        let name = match (&self.chart, &self.profile) {
            (Some(chart), None) => &chart.name,
            (_, Some(profile)) => &profile.chart,
            (None, None) => chart_name(&self.release),
        };
        self.version.map_or_else(|| name.to_owned(), |version| format!("{name} {version}"))
    }

    /// What the chart does with the keys of its values; none where that is not known.
    pub fn keys(&self) -> Option<Keys<'_>> {
        let table = match (&self.profile, self.version, &self.chart) {
            (Some(profile), Some(version), _) if profile.covers(version) && profile.judges_keys() => {
                Table::Profile(profile, version)
            }
            (None, _, Some(chart)) => Table::Chart(chart),
            _ => return None,
        };
        let mut also = reads_of_values(&self.effective);
        also.join(self.release.also_read.clone());
        Some(Keys { table, also })
    }
}

/// What a chart does with the keys of a release's values.
pub struct Keys<'a> {
    table: Table<'a>,
    /// What templates in the values read, and others than the chart.
    also: TemplateReads,
}

enum Table<'a> {
    Profile(&'a Profile, Version),
    Chart(&'a Chart),
}

impl Keys<'_> {
    /// What the chart does with the key at a path of names.
    pub fn status(&self, names: &[&str]) -> KeyStatus {
        if let Some(free_form) = self.also.reads_key(names, &|_| false) {
            return KeyStatus::Read { free_form };
        }
        match self.table {
            Table::Profile(profile, version) => profile.key_status(names, version),
            Table::Chart(chart) => chart.key_status(names),
        }
    }
}

/// A subchart that is switched on, or may be.
fn subchart(profile: &Profile, effective: &Node) -> Option<(Arc<str>, Place)> {
    profile.list("subcharts").into_iter().find_map(|path| {
        let node = value_at(effective, &path)?;
        let on = is_truthy(Some(node)) != Some(false);
        on.then(|| (format!("what the subchart behind `{path}` makes is not known").into(), node.place))
    })
}

fn opaque_reason(
    release: &Release,
    local: Option<&Chart>,
    profile: Option<&Profile>,
    version: Option<Version>,
) -> Option<Arc<str>> {
    let mut renderers = release.post_renderers.iter();
    if let Some(reason) = renderers.find_map(|renderer| match renderer {
        PostRenderer::Unknown(reason) => Some(reason),
        PostRenderer::Kustomize(..) => None,
    }) {
        return Some(Arc::clone(reason));
    }
    let unknown = [&release.chart, &release.repository].into_iter().flatten().find_map(Node::open_reason);
    if let Some(reason) = unknown {
        return Some(format!("which chart this is, is not known: {reason}").into());
    }
    let chart = chart_name(release);
    let Some(profile) = profile else {
        return match local {
            Some(local) if local.makes_objects => Some(
                format!(
                    "the templates of chart `{}` are not rendered: its objects are not known",
                    local.name
                )
                .into(),
            ),
            Some(_) => None,
            None => Some(format!("there is no profile of chart `{chart}`: its objects are not known").into()),
        };
    };
    let (from, to) = profile.read;
    match version {
        None => Some(format!("the version of chart `{chart}` is not known").into()),
        Some(version) if !profile.covers(version) => Some(
            format!("chart `{chart}` {version} lies outside of what its profile was read at: {from} to {to}")
                .into(),
        ),
        Some(_) => None,
    }
}
