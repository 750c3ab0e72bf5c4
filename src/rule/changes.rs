//! Where a rule's change of an object is written: in the object, or in the values of the chart that makes it.

use crate::base::{Node, Place};
use crate::compose::Composed;
use crate::lower::{KeyStatus, value_at};
use crate::model::{AppComponent, Container, Model, Setting, Workload};
use crate::syntax::edit::{Change, Draft};

/// A value of a workload, such as `spec.replicas`, which its chart calls by the last name below the component.
pub fn in_workload(
    model: &Model,
    workload: &Workload,
    path: &[&str],
    value: impl Into<Draft>,
) -> Vec<Change> {
    match release_of(model, workload) {
        Some(release) => {
            path.last().map_or(Vec::new(), |name| in_component(release, workload, &[name], value))
        }
        None => vec![Change::put(&model.object(workload).root, path, value)],
    }
}

/// A value of a container, which its chart calls by the same names below the component.
pub fn in_container(
    model: &Model,
    workload: &Workload,
    container: &Container,
    path: &[&str],
    value: impl Into<Draft>,
) -> Vec<Change> {
    match release_of(model, workload) {
        Some(release) => in_component(release, workload, path, value),
        None => vec![Change::put(&container.node, path, value)],
    }
}

/// A variable of a container's environment, which its chart takes from a list below the component.
pub fn in_environment(
    model: &Model,
    workload: &Workload,
    container: &Container,
    name: &str,
    value: impl Into<Draft>,
) -> Vec<Change> {
    let item = Draft::map([("name", name.into()), ("value", value.into())]);
    match release_of(model, workload) {
        None => vec![Change::append(&container.node, &["env"], item)],
        Some(release) => workload
            .component
            .as_deref()
            .map_or(Vec::new(), |component| append_in_values(release, &[component, "env"], item)),
    }
}

/// A setting of an application beside another one, in the form in which that is set.
pub fn beside_setting(
    model: &Model,
    component: &AppComponent,
    other: &Setting,
    path: &str,
    value: &str,
) -> Vec<Change> {
    let workload = &model.workloads[component.workload];
    let container = &workload.containers[component.container];
    let settings =
        release_of(model, workload).and_then(|r| Some((r, r.profile.as_deref()?.settings.as_ref()?)));
    if let Some((release, settings)) = settings {
        let tree = value_at(&release.values, &settings.root);
        if tree.is_some_and(|tree| holds(tree, other.place())) {
            let path = format!("{}.{path}", settings.root);
            let path: Vec<&str> = path.split('.').collect();
            return in_values(release, &path, scalar(value));
        }
    }
    in_environment(model, workload, container, &component.application.variable(path), value)
}

/// Another value of a setting, in the form in which it is set.
pub fn set_setting(setting: &Setting, value: &str) -> Vec<Change> {
    let Setting::Set(node) = setting else { return Vec::new() };
    let text = node.as_text().is_some();
    vec![Change::set(node, if text { value.into() } else { scalar(value) })]
}

/// A value of a release, in the last of its documents that has the keys above it.
pub fn in_values(release: &Composed, path: &[&str], value: impl Into<Draft>) -> Vec<Change> {
    document_of(release, path).map(|document| Change::put(document, path, value)).into_iter().collect()
}

/// One more item of a list in a release's values.
pub fn append_in_values(release: &Composed, path: &[&str], item: Draft) -> Vec<Change> {
    document_of(release, path).map(|document| Change::append(document, path, item)).into_iter().collect()
}

/// The document of a release's values that a key stands in, or would.
pub fn document_of<'a>(release: &'a Composed, path: &[&str]) -> Option<&'a Node> {
    let depth = |document: &&Node| {
        let mut node = *document;
        path.iter().take_while(|name| node.get(name).inspect(|inner| node = inner).is_some()).count()
    };
    release.release.documents.iter().max_by_key(depth)
}

fn release_of<'a>(model: &'a Model, workload: &Workload) -> Option<&'a Composed> {
    model.releases.get(workload.release?)
}

fn in_component(
    release: &Composed,
    workload: &Workload,
    path: &[&str],
    value: impl Into<Draft>,
) -> Vec<Change> {
    let Some(keys) = release.keys() else { return Vec::new() };
    let below: Vec<&str> = workload.component.as_deref().into_iter().chain(path.iter().copied()).collect();
    let read =
        [below.as_slice(), path].into_iter().find(|path| matches!(keys.status(path), KeyStatus::Read { .. }));
    read.map_or(Vec::new(), |path| in_values(release, path, value))
}

/// Whether something stands in a tree.
fn holds(tree: &Node, place: Place) -> bool {
    tree.place.contains(place)
        || tree.as_map().is_some_and(|map| map.entries.iter().any(|entry| holds(&entry.value, place)))
}

fn scalar(value: &str) -> Draft {
    match (value.parse::<i64>(), value.parse::<bool>()) {
        (Ok(int), _) => int.into(),
        (_, Ok(value)) => value.into(),
        _ => value.into(),
    }
}
