//! Volumes in memory, and where containers mount them.

use super::cleanup::only_tidies;
use super::container::Container;
use super::quantity::Quantity;
use super::workload::Workload;
use crate::base::{Key, Node, Place};

/// An `emptyDir` with `medium: Memory`.
#[derive(Clone, Debug)]
pub struct Tmpfs {
    /// The volume's name.
    pub name: String,
    /// The `emptyDir`.
    pub node: Node,
    /// The value of `medium`.
    pub medium: Node,
    /// `sizeLimit` as it is written.
    pub limit: Option<Node>,
}

/// A `volumeMount` of a container.
#[derive(Clone, Debug)]
pub struct Mount<'a> {
    /// The volume's name with its place.
    pub name: &'a Node,
    /// The mount.
    pub node: &'a Node,
}

/// The folder for shared memory: 64 MiB where nothing else is mounted there (the default of runc and containerd).
pub const SHARED_MEMORY: &str = "/dev/shm";

impl Tmpfs {
    /// The size, in bytes, that it may grow to by itself.
    pub fn size(&self) -> Option<Quantity> {
        self.limit.as_ref().and_then(Quantity::of).filter(|size| *size > Quantity::default())
    }

    /// Whether nothing limits it, and nothing unknown may.
    pub fn is_unbounded(&self) -> bool {
        // The kubelet takes 0 for no size.
        let nothing =
            self.limit.as_ref().and_then(Quantity::of).is_some_and(|size| size <= Quantity::default());
        nothing || self.limit.is_none() && self.node.open_reason().is_none()
    }
}

impl Mount<'_> {
    /// Where it is mounted, without a slash at the end.
    pub fn path(&self) -> Option<&str> {
        self.node.get("mountPath").and_then(Node::as_str).map(|path| path.trim_end_matches('/'))
    }

    /// Whether the container cannot write there.
    pub fn is_read_only(&self) -> bool {
        self.node.get("readOnly").and_then(Node::as_bool) == Some(true)
    }
}

impl Container {
    /// Its mounts.
    pub fn mounts(&self) -> impl Iterator<Item = Mount<'_>> {
        let items = self.node.get("volumeMounts").map(Node::items).unwrap_or_default();
        items.iter().filter_map(|node| Some(Mount { name: node.get("name")?, node }))
    }

    /// Whether it may write files into a volume: it is mounted so, and the container does more than look and delete.
    pub fn writes_to(&self, volume: &str) -> bool {
        self.mounts().any(|mount| mount.name.as_str() == Some(volume) && !mount.is_read_only())
            && !only_tidies(self)
    }

    /// What it mounts at a path.
    pub fn mounted_at(&self, path: &str) -> Option<Mount<'_>> {
        self.mounts().find(|mount| mount.path() == Some(path))
    }
}

impl Workload {
    /// The volumes of its pods.
    pub fn volumes(&self) -> &[Node] {
        self.pod().and_then(|pod| pod.get("volumes")).map(Node::items).unwrap_or_default()
    }

    /// The key of its volumes, else of its containers.
    pub fn volumes_key(&self) -> Option<&Key> {
        let pod = self.pod().and_then(Node::as_map)?;
        pod.entry("volumes").or_else(|| pod.entry("containers")).map(|entry| &entry.key)
    }

    /// Its volumes in memory.
    pub fn tmpfs(&self) -> Vec<Tmpfs> {
        let in_memory = |volume: &Node| {
            let node = volume.get("emptyDir")?;
            let medium = node.get("medium").filter(|medium| medium.as_str() == Some("Memory"))?;
            Some(Tmpfs {
                name: volume.get("name").and_then(Node::as_str)?.to_owned(),
                node: node.clone(),
                medium: medium.clone(),
                limit: node.get("sizeLimit").cloned(),
            })
        };
        self.volumes().iter().filter_map(in_memory).collect()
    }

    /// The volume in memory that a container mounts at a path, with the place of the mount.
    pub fn tmpfs_at(&self, container: &Container, path: &str) -> Option<(Tmpfs, Place)> {
        let mount = container.mounted_at(path)?;
        let name = mount.name.as_str()?;
        let found = self.tmpfs().into_iter().find(|tmpfs| tmpfs.name == name);
        found.map(|tmpfs| (tmpfs, mount.node.place))
    }
}
