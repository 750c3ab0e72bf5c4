//! Services, and the way from a host name to them.

use super::budget::prefer_own_stack;
use super::index::ByNamespace;
use super::selector::equalities;
use super::workload::Workload;
use crate::base::Node;
use crate::lower::Object;
use std::sync::Arc;

/// A Service.
#[derive(Clone, Debug)]
pub struct Service {
    /// The index of its object.
    pub object: usize,
    /// The name.
    pub name: String,
    /// The namespace, if it is known.
    pub namespace: Option<String>,
    /// The folder of the stack.
    pub stack: Arc<str>,
    /// The selector.
    pub selector: Option<Node>,
    /// The ports.
    pub ports: Vec<Node>,
    /// Indices of the workloads that it selects.
    pub selected: Vec<usize>,
    /// Indices of the workloads that it may select.
    pub perhaps: Vec<usize>,
}

impl Service {
    /// Reads a Service and finds its workloads.
    pub(super) fn read(
        object: &Object,
        index: usize,
        workloads: &[Workload],
        by_namespace: &ByNamespace,
    ) -> Option<Service> {
        if object.kind() != "Service" || object.described {
            return None;
        }
        let selector = object.at(&["spec", "selector"]).cloned();
        let (mut selected, mut perhaps) = (Vec::new(), Vec::new());
        let filled = selector.as_ref().is_some_and(|s| s.as_map().is_none_or(|m| !m.entries.is_empty()));
        for i in by_namespace.selectable(object.namespace(), selector.as_ref()).into_iter().filter(|_| filled)
        {
            let workload = &workloads[i];
            let same_namespace =
                object.namespace().is_some() && object.namespace() == workload.namespace.as_deref();
            match equalities(selector.as_ref(), workload.labels()) {
                Some(true) if same_namespace => selected.push(i),
                None if same_namespace => perhaps.push(i),
                _ => {}
            }
        }
        prefer_own_stack(&mut selected, workloads, &object.stack);
        Some(Service {
            object: index,
            name: object.name()?.to_owned(),
            namespace: object.namespace().map(str::to_owned),
            stack: Arc::clone(&object.stack),
            ports: object.at(&["spec", "ports"]).map(Node::items).unwrap_or_default().to_vec(),
            selector,
            selected,
            perhaps,
        })
    }
}

/// The name and namespace that a host of the cluster's DNS means, seen from a namespace.
pub fn service_of_host<'a>(host: &'a str, namespace: Option<&'a str>) -> Option<(&'a str, &'a str)> {
    let mut parts = host.trim_end_matches('.').split('.');
    let name = parts.next().filter(|name| !name.is_empty())?;
    match (parts.next(), parts.next()) {
        (None, _) => Some((name, namespace?)),
        (Some(namespace), None | Some("svc")) => Some((name, namespace)),
        _ => None,
    }
}
