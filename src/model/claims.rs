//! Claims that one node, or one pod, at a time may use.

use super::Model;
use super::workload::Workload;
use crate::base::Node;

/// A claim that a workload's pods mount, whose modes are all `ReadWriteOnce` or `ReadWriteOncePod`.
#[derive(Clone, Copy, Debug)]
pub struct SingleNodeClaim<'a> {
    /// The index of the PersistentVolumeClaim.
    pub object: usize,
    /// Its name, where the workload mounts it.
    pub name: &'a Node,
    /// Its access modes.
    pub modes: &'a Node,
    /// Whether even on one node only one pod may use it.
    pub one_pod: bool,
}

impl Model {
    /// The claims of a workload that stand in the repository and only one node at a time may use.
    pub fn single_node_claims<'a>(&'a self, workload: &'a Workload) -> Vec<SingleNodeClaim<'a>> {
        let volumes = workload.pod().and_then(|pod| pod.get("volumes")).map(Node::items).unwrap_or_default();
        let names = volumes.iter().filter_map(|volume| volume.at(&["persistentVolumeClaim", "claimName"]));
        names.filter_map(|name| self.single_node_claim(workload, name)).collect()
    }

    fn single_node_claim<'a>(
        &'a self,
        workload: &'a Workload,
        name: &'a Node,
    ) -> Option<SingleNodeClaim<'a>> {
        let (wanted, namespace) = (name.as_str()?, workload.namespace.as_deref()?);
        let claims = self
            .names
            .find("PersistentVolumeClaim", wanted)
            .iter()
            .map(|index| (*index, &self.objects[*index]));
        let own = claims.filter(|(_, object)| !object.described && object.namespace() == Some(namespace));
        let (object, claim) = own.min_by_key(|(_, object)| object.stack != workload.stack)?;
        let modes = claim.at(&["spec", "accessModes"])?;
        let words: Option<Vec<&str>> = modes.items().iter().map(Node::as_str).collect();
        let words = words.filter(|words| !words.is_empty() && modes.open_reason().is_none())?;
        let single = words.iter().all(|word| matches!(*word, "ReadWriteOnce" | "ReadWriteOncePod"));
        single.then(|| SingleNodeClaim { object, name, modes, one_pod: words.contains(&"ReadWriteOncePod") })
    }
}
