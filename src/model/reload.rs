//! Whether something restarts pods when a ConfigMap or Secret of theirs changes.

use super::{Container, Model, Workload};
use crate::base::{Entry, Node};
use crate::lower::{Object, value_at};

/// What happens to the pods when an object that they use changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reload {
    /// A controller restarts them: stakater's Reloader or Wave.
    Happens,
    /// Reloader looks for objects that are marked, and this one is not.
    SearchInVain,
    /// Nothing.
    Nothing,
    /// It cannot be known.
    Unknown,
}

const SEARCH: &str = "reloader.stakater.com/search";
const MATCH: &str = "reloader.stakater.com/match";

impl Model {
    /// What happens to the pods of a workload when a ConfigMap or Secret changes; `marks` are the annotations of that.
    /// (Annotations and options of Reloader 1.4 and Wave 0.7.)
    pub fn reload(&self, workload: &Workload, kind: &str, name: &str, marks: Option<&Node>) -> Reload {
        let object = self.object(workload);
        match workload.annotated_reload(object, kind, name, marks) {
            Reload::SearchInVain | Reload::Nothing
                if !workload.opts_out(object) && self.reloads_all(workload.namespace.as_deref()) =>
            {
                Reload::Happens
            }
            reload => reload,
        }
    }

    /// Whether a Reloader of the repository restarts whatever uses what changes, in this namespace.
    fn reloads_all(&self, namespace: Option<&str>) -> bool {
        let spares = |ignored: &str| -> bool { ignored.split(',').any(|one| Some(one.trim()) == namespace) };
        let by_chart = self.releases.iter().any(|release| {
            let named = release.release.chart.as_ref().and_then(Node::as_str) == Some("reloader");
            let value =
                |key: &str| value_at(&release.effective, &format!("reloader.{key}")).and_then(Node::display);
            named
                && value("autoReloadAll").as_deref() == Some("true")
                && !value("ignoreNamespaces").is_some_and(|ignored| spares(&ignored))
        });
        let containers = || self.workloads.iter().flat_map(|workload| &workload.containers);
        by_chart || containers().any(|container| is_reloader_of_all(container, spares))
    }
}

/// Whether a container runs Reloader for all that does not opt out.
fn is_reloader_of_all(container: &Container, spares: impl Fn(&str) -> bool) -> bool {
    let named = container.image().is_some_and(|image| image.name() == "reloader");
    let args =
        || container.node.get("args").map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str);
    named
        && args().any(|arg| matches!(arg, "--auto-reload-all" | "--auto-reload-all=true"))
        && !args().filter_map(|arg| arg.strip_prefix("--namespaces-to-ignore=")).any(spares)
}

impl Workload {
    fn opts_out(&self, object: &Object) -> bool {
        let all = [object.at(&["metadata", "annotations"]), self.annotations()];
        let auto = |node: &Node| node.get("reloader.stakater.com/auto").and_then(Node::display);
        all.into_iter().flatten().filter_map(auto).any(|value| value == "false")
    }

    fn annotated_reload(&self, object: &Object, kind: &str, name: &str, marks: Option<&Node>) -> Reload {
        let all = [object.at(&["metadata", "annotations"]), self.annotations()];
        let entries = || all.into_iter().flatten().filter_map(Node::as_map).flat_map(|map| &map.entries);
        if entries().any(|entry| restarts(entry, kind, name)) {
            return Reload::Happens;
        }
        if all.into_iter().flatten().any(|node| node.open_reason().is_some()) {
            return Reload::Unknown;
        }
        let searches = entries().any(|entry| &*entry.key.name == SEARCH && is_on(entry));
        let marked = marks.and_then(|marks| marks.get(MATCH)).and_then(Node::display);
        match (searches, marked.as_deref()) {
            (true, Some("true")) => Reload::Happens,
            (true, None) if marks.is_some_and(|marks| marks.open_reason().is_some()) => Reload::Unknown,
            (true, _) => Reload::SearchInVain,
            (false, _) => Reload::Nothing,
        }
    }
}

fn is_on(entry: &Entry) -> bool {
    entry.value.display().as_deref() != Some("false")
}

/// Whether an annotation restarts pods when this object changes.
fn restarts(entry: &Entry, kind: &str, name: &str) -> bool {
    let value = entry.value.display();
    let named = |value: &str| value.split(',').any(|one| one.trim() == name);
    match &*entry.key.name {
        SEARCH => false,
        "configmap.reloader.stakater.com/reload" => kind == "ConfigMap" && value.as_deref().is_none_or(named),
        "secret.reloader.stakater.com/reload" => kind == "Secret" && value.as_deref().is_none_or(named),
        "configmap.reloader.stakater.com/auto" => kind == "ConfigMap" && is_on(entry),
        "secret.reloader.stakater.com/auto" => kind == "Secret" && is_on(entry),
        key if key.contains("reloader.stakater.com/") || key.starts_with("wave.pusher.com/") => is_on(entry),
        _ => false,
    }
}
