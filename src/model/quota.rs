//! ResourceQuotas, and what the pods of a namespace count against them.

use super::Model;
use super::container::Container;
use super::quantity::Quantity;
use super::resources::EffectiveResource;
use super::workload::Workload;
use crate::base::{Entry, Node};
use crate::lower::Object;

/// A ResourceQuota without scopes, or with the one of pods that run on and on.
#[derive(Clone, Copy, Debug)]
pub struct Quota<'a> {
    /// The object.
    pub object: &'a Object,
    /// The namespace.
    pub namespace: &'a str,
    /// Whether only some pods count.
    pub scoped: bool,
}

/// What a quota may count of pods.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counted {
    /// A resource (`cpu`, `memory`) of `requests` or `limits`.
    Resource(&'static str, &'static str),
    /// Pods.
    Pods,
}

/// What is counted by the names of `spec.hard` (quota of k8s.io/kubernetes 1.34: evaluator/core/pods.go).
const COUNTED: [(&str, Counted); 8] = [
    ("cpu", Counted::Resource("requests", "cpu")),
    ("memory", Counted::Resource("requests", "memory")),
    ("requests.cpu", Counted::Resource("requests", "cpu")),
    ("requests.memory", Counted::Resource("requests", "memory")),
    ("limits.cpu", Counted::Resource("limits", "cpu")),
    ("limits.memory", Counted::Resource("limits", "memory")),
    ("pods", Counted::Pods),
    ("count/pods", Counted::Pods),
];

impl<'a> Quota<'a> {
    /// Reads a quota; none where its scopes are others, or it may not exist.
    pub fn read(object: &'a Object) -> Option<Quota<'a>> {
        if object.kind() != "ResourceQuota" || object.conditional.is_some() || object.described {
            return None;
        }
        let scopes = object.at(&["spec", "scopes"]);
        let names: Vec<&str> =
            scopes.map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str).collect();
        let followed = match scopes {
            Some(scopes) => names == ["NotTerminating"] && scopes.open_reason().is_none(),
            None => true,
        };
        let namespace = object.namespace()?;
        (followed && object.at(&["spec", "scopeSelector"]).is_none()).then_some(Quota {
            object,
            namespace,
            scoped: scopes.is_some(),
        })
    }

    /// Whether an object is a quota of which [`Quota::read`] says nothing, since its scopes leave pods out by what is not
    /// followed.
    pub fn is_of_other_pods(object: &Object) -> bool {
        let has_scopes =
            ["scopes", "scopeSelector"].iter().any(|field| object.at(&["spec", *field]).is_some());
        object.kind() == "ResourceQuota" && !object.described && has_scopes && Quota::read(object).is_none()
    }

    /// What it limits of pods, with the entries of `spec.hard`.
    pub fn limits(&self) -> impl Iterator<Item = (Counted, &'a Entry)> {
        let hard = self.object.at(&["spec", "hard"]).and_then(Node::as_map);
        let entries = hard.map(|map| &map.entries[..]).unwrap_or_default();
        entries.iter().filter_map(|entry| {
            let (_, counted) = COUNTED.iter().find(|(name, _)| *name == &*entry.key.name)?;
            Some((*counted, entry))
        })
    }
}

impl Model {
    /// What one pod of a workload counts: its containers together, or the init container that needs more than they.
    /// None where that is not known.
    pub fn counted(&self, workload: &Workload, counted: Counted) -> Option<Quantity> {
        let Counted::Resource(side, resource) = counted else { return Some(Quantity::whole(1)) };
        if workload.pod()?.get("resources").is_some() {
            return None;
        }
        let of = |container: &Container| match self.effective(workload, container, side, resource) {
            EffectiveResource::Unknown => None,
            other => Some(other.quantity().unwrap_or_default()),
        };
        let main: Option<Vec<Quantity>> = workload.containers.iter().map(of).collect();
        let init: Option<Vec<Quantity>> = workload.init_containers.iter().map(of).collect();
        let sum = main?.into_iter().fold(Quantity::default(), Quantity::plus);
        Some(init?.into_iter().fold(sum, Ord::max))
    }

    /// The effective request or limit of a container.
    pub fn effective(
        &self,
        workload: &Workload,
        container: &Container,
        side: &str,
        resource: &str,
    ) -> EffectiveResource {
        match side {
            "limits" => self.limit(workload, container, resource),
            _ => self.request(workload, container, resource),
        }
    }
}
