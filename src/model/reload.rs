//! Whether something restarts pods when a ConfigMap or Secret of theirs changes.

use super::workload::Workload;
use crate::base::{Entry, Node};
use crate::lower::Object;

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

impl Workload {
    /// What happens to its pods when a ConfigMap or Secret changes. `object` is its own, `marks` are the annotations of
    /// the ConfigMap or Secret. (Annotations of Reloader 1.4 and Wave 0.7.)
    pub fn reload(&self, object: &Object, kind: &str, name: &str, marks: Option<&Node>) -> Reload {
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
