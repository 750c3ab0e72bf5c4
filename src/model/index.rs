//! Workloads by namespace and objects by name, so that joins look only where there may be something.

use super::workload::Workload;
use crate::base::Node;
use crate::lower::Object;
use std::collections::HashMap;

/// The indices of workloads by their namespace, in order. Those that only a document describes join nothing and are left
/// out.
#[derive(Debug)]
pub(super) struct ByNamespace {
    named: HashMap<String, Vec<usize>>,
    all: Vec<usize>,
    /// Those whose labels are wholly known, by namespace, key and value.
    labelled: HashMap<(String, String, String), Vec<usize>>,
    /// Those of a namespace whose labels are not wholly known.
    open: HashMap<String, Vec<usize>>,
}

impl ByNamespace {
    pub(super) fn of(workloads: &[Workload]) -> ByNamespace {
        let all: Vec<usize> =
            workloads.iter().enumerate().filter(|(_, w)| !w.described).map(|(index, _)| index).collect();
        let mut named: HashMap<String, Vec<usize>> = HashMap::new();
        let unknown = all.iter().filter(|index| workloads[**index].namespace.is_none());
        let unknown: Vec<usize> = unknown.copied().collect();
        for index in &all {
            if let Some(namespace) = &workloads[*index].namespace {
                named.entry(namespace.clone()).or_default().push(*index);
            }
        }
        // What may stand anywhere belongs to every namespace.
        for indices in named.values_mut().filter(|_| !unknown.is_empty()) {
            indices.extend(&unknown);
            indices.sort_unstable();
        }
        named.insert(String::new(), unknown);
        let mut out = ByNamespace { named, all, labelled: HashMap::new(), open: HashMap::new() };
        for index in out.all.clone() {
            out.by_labels(index, &workloads[index]);
        }
        out
    }

    fn by_labels(&mut self, index: usize, workload: &Workload) {
        let Some(namespace) = &workload.namespace else { return };
        let labels = workload.labels();
        let entries = labels.and_then(Node::as_map).map(|map| &map.entries[..]).unwrap_or_default();
        let pairs: Option<Vec<(String, String)>> =
            entries.iter().map(|entry| Some((entry.key.name.to_string(), entry.value.display()?))).collect();
        match pairs.filter(|_| labels.is_none_or(|labels| labels.open_reason().is_none())) {
            Some(pairs) => {
                for (key, value) in pairs {
                    self.labelled.entry((namespace.clone(), key, value)).or_default().push(index);
                }
            }
            None => self.open.entry(namespace.clone()).or_default().push(index),
        }
    }

    /// Those that a selector of equalities may take in a namespace, in order.
    pub(super) fn selectable(&self, namespace: Option<&str>, equalities: Option<&Node>) -> Vec<usize> {
        let first = equalities.and_then(Node::as_map).and_then(|map| {
            map.entries.iter().find_map(|entry| Some((entry.key.name.to_string(), entry.value.display()?)))
        });
        let (Some(namespace), Some((key, value))) = (namespace, first) else {
            return self.within(namespace).to_vec();
        };
        let labelled = self.labelled.get(&(namespace.to_owned(), key, value));
        let others = [labelled, self.open.get(namespace), self.named.get("")];
        let mut out: Vec<usize> = others.into_iter().flatten().flatten().copied().collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Those that are, or may be, in a namespace; all where it is not known.
    pub(super) fn within(&self, namespace: Option<&str>) -> &[usize] {
        match namespace {
            Some(namespace) => {
                let found = self.named.get(namespace).or_else(|| self.named.get(""));
                found.map_or(&[], Vec::as_slice)
            }
            None => &self.all,
        }
    }
}

/// The indices of objects by kind and name, in order.
#[derive(Debug, Default)]
pub(super) struct ByName(HashMap<String, HashMap<String, Vec<usize>>>);

impl ByName {
    pub(super) fn of(objects: &[Object]) -> ByName {
        let mut out = ByName::default();
        for (index, object) in objects.iter().enumerate() {
            let Some(name) = object.name() else { continue };
            let of_kind = out.0.entry(object.kind().to_owned()).or_default();
            of_kind.entry(name.to_owned()).or_default().push(index);
        }
        out
    }

    pub(super) fn find(&self, kind: &str, name: &str) -> &[usize] {
        self.0.get(kind).and_then(|names| names.get(name)).map_or(&[], Vec::as_slice)
    }
}
