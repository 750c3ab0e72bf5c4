//! An application's effective settings: its environment, the Secret that its chart renders, its defaults.

use super::container::{Container, EnvValue};
use super::image::Image;
use super::stated::{Stated, StatedSecret};
use super::workload::Workload;
use crate::base::{Node, Number, Place, Value};
use crate::compose::Composed;
use crate::lower::{Application, Version, applications, find_application, is_truthy, value_at};
use std::sync::Arc;

/// One component of an application, as a workload runs it.
#[derive(Debug)]
pub struct AppComponent {
    /// The application.
    pub application: &'static Application,
    /// `server` or `worker`.
    pub component: String,
    /// The index of the workload.
    pub workload: usize,
    /// The index of the container.
    pub container: usize,
    /// The application's version: the image's tag, else the chart's appVersion.
    pub version: Option<Version>,
    /// Whether a chart's profile made it: its containers read one Secret of the chart.
    of_chart: bool,
    base: Base,
}

/// Where settings come from that the environment does not name.
#[derive(Debug)]
enum Base {
    /// The chart's Secret: this tree of values.
    Values(Node),
    /// A Secret outside of the repository, of which the config states all.
    Stated(StatedSecret),
    /// Something outside of the repository.
    External(Arc<str>),
    /// Nothing: the application's defaults.
    Defaults,
}

/// An effective setting.
#[derive(Clone, Debug)]
pub enum Setting {
    /// A person set it.
    Set(Node),
    /// The application's default, with the place at which it would be set.
    Default(Node),
    /// It cannot be known.
    Unknown(Arc<str>, Place),
}

impl Setting {
    /// The value, if it is known.
    pub fn node(&self) -> Option<&Node> {
        match self {
            Setting::Set(node) | Setting::Default(node) => Some(node),
            Setting::Unknown(..) => None,
        }
    }

    /// The place of the value, or of what hides it.
    pub fn place(&self) -> Place {
        match self {
            Setting::Set(node) | Setting::Default(node) => node.place,
            Setting::Unknown(_, place) => *place,
        }
    }

    /// The integer, if it is one.
    pub fn int(&self) -> Option<i64> {
        self.node().and_then(Node::as_int_lenient)
    }

    /// The boolean, if it is one.
    pub fn bool(&self) -> Option<bool> {
        match &self.node()?.value {
            Value::Bool(value) => Some(*value),
            // authentik's get_bool: anything but "true" is false.
            Value::Text(text) if text.is_known() => Some(text.as_str().eq_ignore_ascii_case("true")),
            _ => None,
        }
    }

    /// Whether a person set it.
    pub fn is_set(&self) -> bool {
        matches!(self, Setting::Set(_))
    }
}

/// A number of seconds that may be without limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seconds {
    /// So many.
    Finite(i64),
    /// No limit.
    Unlimited,
}

impl Setting {
    /// An optional number as authentik reads it: JSON where it decodes, and `null`, `none` and nothing
    /// mean no limit.
    pub fn seconds(&self) -> Option<Seconds> {
        let node = self.node()?;
        match &node.value {
            Value::Null => Some(Seconds::Unlimited),
            Value::Number(Number::Int(int)) => Some(Seconds::Finite(*int)),
            Value::Text(text) if text.is_known() => match text.as_str().trim().trim_matches('"') {
                "" | "null" | "none" | "None" => Some(Seconds::Unlimited),
                number => number.parse().ok().map(Seconds::Finite),
            },
            _ => None,
        }
    }
}

/// Finds the components of known applications among the workloads.
pub(super) fn find_components(
    workloads: &[Workload],
    releases: &[Composed],
    secrets: &[StatedSecret],
) -> Vec<AppComponent> {
    workloads
        .iter()
        .enumerate()
        .filter_map(|(index, workload)| component(workload, index, releases, secrets))
        .collect()
}

fn component(
    workload: &Workload,
    index: usize,
    releases: &[Composed],
    secrets: &[StatedSecret],
) -> Option<AppComponent> {
    let release = workload.release.and_then(|release| releases.get(release));
    let profile = release.and_then(|release| release.profile.as_deref());
    let of_chart = profile.and_then(|p| p.application()).and_then(find_application);
    let (application, component, container) = match (of_chart, &workload.component) {
        (Some(application), Some(component)) => (application, component.to_string(), 0),
        _ => by_image(workload)?,
    };
    let image = workload.containers.get(container)?.image();
    let version = image.and_then(|image| image.tag).as_deref().and_then(Version::parse);
    let stated = |name: &Node| StatedSecret::find(secrets, name.as_str()?, workload.namespace.as_deref());
    let base = match release {
        Some(release) => base_of(release, &stated),
        None => match workload.containers[container].node.get("envFrom") {
            Some(from) if only_secret(from).and_then(stated).is_some() => only_secret(from)
                .and_then(stated)
                .map_or(Base::Defaults, |secret| Base::Stated(secret.clone())),
            Some(from) if !from.items().is_empty() || from.open_reason().is_some() => {
                Base::External("the environment comes from another object".into())
            }
            _ => Base::Defaults,
        },
    };
    Some(AppComponent {
        application,
        component,
        workload: index,
        container,
        version,
        of_chart: profile.is_some(),
        base,
    })
}

fn by_image(workload: &Workload) -> Option<(&'static Application, String, usize)> {
    for (index, container) in workload.containers.iter().enumerate() {
        let Some(image) = container.image() else { continue };
        let known = |a: &&Application| {
            a.images.iter().any(|known| Image::parse(known).short_repository() == image.short_repository())
        };
        let Some(application) = applications().iter().find(known) else { continue };
        let arguments =
            container.node.get("args").or_else(|| container.node.get("command")).map(Node::items)?;
        let component =
            arguments.iter().filter_map(Node::as_str).find_map(|a| application.component_of(a))?;
        return Some((application, component.to_owned(), index));
    }
    None
}

/// The Secret that a container takes its whole environment from, where there is one and nothing else.
fn only_secret(from: &Node) -> Option<&Node> {
    let [one] = from.items() else { return None };
    one.at(&["secretRef", "name"]).filter(|_| from.open_reason().is_none() && one.get("prefix").is_none())
}

/// The chart's Secret, unless another Secret stands in for it.
fn base_of<'a>(release: &Composed, stated: &dyn Fn(&Node) -> Option<&'a StatedSecret>) -> Base {
    let Some(settings) = release.profile.as_deref().and_then(|profile| profile.settings.as_ref()) else {
        return Base::Defaults;
    };
    match secret_state(release) {
        SecretState::Rendered => {
            let tree = value_at(&release.effective, &settings.root).cloned();
            tree.map_or(Base::Defaults, Base::Values)
        }
        SecretState::Replaced(named) => match stated(&named) {
            Some(secret) => Base::Stated(secret.clone()),
            None => {
                let name = named.as_str().unwrap_or("?");
                let reason =
                    format!("the settings come from Secret `{name}`, which the chart does not render");
                Base::External(reason.into())
            }
        },
        SecretState::Disabled(_)
            if release.version.is_some_and(|v| settings.optional_since.is_some_and(|since| v >= since)) =>
        {
            Base::Defaults
        }
        SecretState::Disabled(_) => {
            Base::External("the chart renders no Secret, and its pods read one by its name".into())
        }
        SecretState::Unknown(reason) => Base::External(reason),
    }
}

/// Whether a chart renders the Secret of its settings tree.
#[derive(Clone, Debug)]
pub enum SecretState {
    /// It does.
    Rendered,
    /// Another Secret, named here, is read in its place.
    Replaced(Node),
    /// It is switched off here.
    Disabled(Node),
    /// That cannot be known.
    Unknown(Arc<str>),
}

/// What becomes of a release's settings tree.
pub fn secret_state(release: &Composed) -> SecretState {
    let unknown = |node: Option<&Node>| {
        SecretState::Unknown(
            node.and_then(Node::open_reason).unwrap_or_else(|| "the chart's version is not known".into()),
        )
    };
    let Some(settings) = release.profile.as_deref().and_then(|profile| profile.settings.as_ref()) else {
        return SecretState::Rendered;
    };
    let (path, since) = &settings.replaced_by;
    let Some(version) = release.version else { return unknown(None) };
    if version >= *since {
        let named = value_at(&release.effective, path);
        match (is_truthy(named), named) {
            (Some(true), Some(named)) => return SecretState::Replaced(named.clone()),
            (None, named) => return unknown(named),
            _ => {}
        }
    }
    let enabled = value_at(&release.effective, &settings.rendered_when);
    match (is_truthy(enabled), enabled) {
        (Some(false), Some(node)) => SecretState::Disabled(node.clone()),
        (None, node) => unknown(node),
        _ => SecretState::Rendered,
    }
}

impl AppComponent {
    /// Whether the settings tree of the chart's values reaches its pods.
    pub(super) fn reads_values(&self) -> bool {
        matches!(self.base, Base::Values(_))
    }

    /// Whether a setting comes from a Secret outside of the chart, so that what its values declare has no
    /// effect, and no variable of the environment says otherwise.
    pub(super) fn rests_on_values(&self, workloads: &[Workload], path: &str) -> bool {
        let container = &workloads[self.workload].containers[self.container];
        matches!(self.base, Base::External(_)) && container.env(&self.application.variable(path)).is_none()
    }

    /// The effective value of a setting, under its name or one that it had before.
    pub fn setting(&self, path: &str, workloads: &[Workload]) -> Setting {
        match self.stated_setting(path, workloads) {
            Setting::Default(node) => self.set_beside(path, workloads).unwrap_or(Setting::Default(node)),
            setting => setting,
        }
    }

    /// What the old name of another setting sets this one to.
    fn set_beside(&self, path: &str, workloads: &[Workload]) -> Option<Setting> {
        let version = self.version?;
        let change =
            self.application.renamed.iter().find(|change| change.also == path && change.holds_at(version))?;
        match self.stated_setting(&change.path, workloads) {
            Setting::Set(node) if node.display().is_some_and(|value| value.eq_ignore_ascii_case("true")) => {
                let reason = format!("`{}` sets it, to what depends on the release", change.path);
                Some(Setting::Unknown(reason.into(), node.place))
            }
            _ => None,
        }
    }

    /// Whether nothing states a setting, so that the application's default holds.
    pub fn is_left_out(&self, path: &str, workloads: &[Workload]) -> bool {
        self.declared(path, workloads).is_none()
    }

    fn stated_setting(&self, path: &str, workloads: &[Workload]) -> Setting {
        let workload = &workloads[self.workload];
        let place = || settings_place(&workload.containers[self.container], workload);
        self.declared(path, workloads).unwrap_or_else(|| self.default(path, place()))
    }

    /// What is stated of a setting in the environment, a Secret or values; none where the default holds.
    fn declared(&self, path: &str, workloads: &[Workload]) -> Option<Setting> {
        let workload = &workloads[self.workload];
        let container = &workload.containers[self.container];
        let names: Vec<&str> = match self.version {
            Some(version) => self.application.names_of(path, version).collect(),
            None => vec![path],
        };
        for name in &names {
            match container.env(&self.application.variable(name)) {
                Some(EnvValue::Value(node)) => return Some(outside(node)),
                Some(EnvValue::Unknown(reason, place)) => return Some(Setting::Unknown(reason, place)),
                None => {}
            }
        }
        let place = settings_place(container, workload);
        if let Some(reason) = self.other_sources(container) {
            return Some(Setting::Unknown(reason, place));
        }
        match &self.base {
            Base::External(reason) => Some(Setting::Unknown(Arc::clone(reason), place)),
            Base::Stated(secret) => self.in_secret(secret, &names, place),
            Base::Values(tree) => in_values(tree, &names, place),
            Base::Defaults => None,
        }
    }

    /// Sources of environment beside the chart's own Secret.
    fn other_sources(&self, container: &Container) -> Option<Arc<str>> {
        let from = container.node.get("envFrom")?;
        let own = usize::from(self.of_chart || matches!(self.base, Base::Stated(_)));
        let more = from.items().len() > own || from.open_reason().is_some();
        (more && !matches!(self.base, Base::External(_)))
            .then(|| "the environment also comes from other objects".into())
    }

    fn in_secret(&self, secret: &StatedSecret, names: &[&str], place: Place) -> Option<Setting> {
        for name in names {
            match secret.says(&self.application.variable(name)) {
                Stated::Value(node) => return Some(outside(node.clone())),
                Stated::Hidden => {
                    let reason = format!("Secret `{}` sets it to a value that is not stated", secret.name);
                    return Some(Setting::Unknown(reason.into(), place));
                }
                Stated::Unset => {}
            }
        }
        None
    }

    fn default(&self, path: &str, place: Place) -> Setting {
        if !self.version.is_some_and(|version| self.application.covers(version)) {
            let version =
                self.version.map_or_else(|| "its version".to_owned(), |version| version.to_string());
            return Setting::Unknown(
                format!("the default of `{path}` at {version} is not known").into(),
                place,
            );
        }
        match self.application.default(path) {
            Some(default) => Setting::Default(Node { place, ..default.clone() }.as_default()),
            None => Setting::Unknown(format!("the default of `{path}` is not known").into(), place),
        }
    }
}

/// What the values say that a chart renders into its Secret.
fn in_values(tree: &Node, names: &[&str], place: Place) -> Option<Setting> {
    for name in names {
        let Some(node) = value_at(tree, name) else { continue };
        if let Some(reason) = node.open_reason() {
            return Some(Setting::Unknown(reason, node.place));
        }
        // The chart leaves empty strings out of the Secret.
        if node.is_null() || node.as_str() == Some("") {
            continue;
        }
        if node.is_written() {
            return Some(outside(node.clone()));
        }
        return Some(match node.as_str() {
            Some(text) if text.contains("{{") => {
                Setting::Unknown("a Go template in the values".into(), node.place)
            }
            _ => Setting::Default(node.clone()),
        });
    }
    Some(Setting::Unknown(tree.open_reason()?, place))
}

/// Values that the application itself reads from elsewhere, and Go templates, are not known here.
fn outside(node: Node) -> Setting {
    match node.as_str() {
        Some(text) if text.starts_with("env://") || text.starts_with("file://") => {
            Setting::Unknown("the value is read from elsewhere when the pod starts".into(), node.place)
        }
        Some(text) if text.contains("{{") => {
            Setting::Unknown("a Go template in the values".into(), node.place)
        }
        _ => Setting::Set(node),
    }
}

/// Where a setting would be added: the container's environment, else the container.
fn settings_place(container: &Container, workload: &Workload) -> Place {
    let env = container.node.as_map().and_then(|map| map.entry("env"));
    let head = || if container.node.is_written() { container.head() } else { workload.header };
    env.filter(|entry| entry.value.is_written()).map_or_else(head, |entry| entry.key.place)
}
