//! Workloads: what makes pods.

use super::container::Container;
use super::image::Image;
use super::pod_template::pod_templates;
use crate::base::{Node, Place};
use crate::lower::{Ignored, Object};
use std::sync::Arc;

/// Something that makes pods.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The index of its object.
    pub object: usize,
    /// The kind: Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod, or that of a custom resource.
    pub kind: String,
    /// The name; `?` when it is unknown.
    pub name: String,
    /// The namespace, if it is known.
    pub namespace: Option<String>,
    /// The address that findings give.
    pub subject: String,
    /// The folder of the stack.
    pub stack: Arc<str>,
    /// The header of what declares it.
    pub header: Place,
    /// Why it may not exist.
    pub conditional: Option<Arc<str>>,
    /// Whether only a document describes it that nobody is known to apply.
    pub described: bool,
    /// Fields that Terraform does not keep as declared.
    pub ignored: Ignored,
    /// The chart component.
    pub component: Option<Arc<str>>,
    /// The release that makes it.
    pub release: Option<usize>,
    /// The chart's name, where a profile made it.
    pub chart: Option<String>,
    /// The pod template (a Pod's own mapping): metadata and spec.
    pub template: Node,
    /// Where the template stands in the object, such as `spec.template`.
    pub template_path: String,
    /// Containers and native sidecars.
    pub containers: Vec<Container>,
    /// Containers that end before the others start.
    pub init_containers: Vec<Container>,
    /// How many pods.
    pub replicas: Replicas,
}

/// The effective number of pods.
#[derive(Clone, Debug)]
pub struct Replicas {
    /// The number; none when it is unknown.
    pub count: Option<i64>,
    /// Why it is unknown.
    pub unknown: Option<Arc<str>>,
    /// The value that a person would change: where it is written, else the workload's header.
    pub node: Option<Node>,
    /// Whether an autoscaler's floor decides.
    pub autoscaled: bool,
}

impl Workload {
    /// Reads the workloads that an object is, one for each of its pod templates.
    pub fn read(object: &Object, index: usize, chart: Option<&str>) -> Vec<Workload> {
        let of_template = |(path, template)| Workload::of_template(object, index, chart, path, template);
        pod_templates(object).into_iter().filter_map(of_template).collect()
    }

    fn of_template(
        object: &Object,
        index: usize,
        chart: Option<&str>,
        template_path: String,
        template: Node,
    ) -> Option<Workload> {
        let spec = template.get("spec")?;
        let mut containers: Vec<Container> = spec
            .get("containers")
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .map(|c| Container::new(c, false))
            .collect();
        let init = spec.get("initContainers").map(Node::items).unwrap_or_default();
        let (sidecars, init): (Vec<&Node>, Vec<&Node>) =
            init.iter().partition(|c| c.get("restartPolicy").and_then(Node::as_str) == Some("Always"));
        containers.extend(sidecars.into_iter().map(|c| Container::new(c, true)));
        let init_containers = init.into_iter().map(|c| Container::new(c, true)).collect();
        Some(Workload {
            object: index,
            kind: object.kind().to_owned(),
            name: object.name().unwrap_or("?").to_owned(),
            namespace: object.namespace().map(str::to_owned),
            subject: object.subject.clone(),
            stack: Arc::clone(&object.stack),
            header: object.header,
            conditional: object.conditional.clone(),
            described: object.described,
            ignored: object.ignored.clone(),
            component: object.component.clone(),
            release: object.release,
            chart: chart.map(str::to_owned),
            template,
            template_path,
            containers,
            init_containers,
            replicas: Replicas::declared(object),
        })
    }

    /// The labels of its pods.
    pub fn labels(&self) -> Option<&Node> {
        self.template.at(&["metadata", "labels"])
    }

    /// The annotations of its pods.
    pub fn annotations(&self) -> Option<&Node> {
        self.template.at(&["metadata", "annotations"])
    }

    /// The pod spec.
    pub fn pod(&self) -> Option<&Node> {
        self.template.get("spec")
    }

    /// Whether it keeps a number of pods running, so that replicas and budgets mean something.
    pub fn is_scalable(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController" | "Rollout"
        )
    }

    /// Whether its pods are meant to run on and on.
    pub fn is_long_running(&self) -> bool {
        self.is_scalable() || self.kind == "DaemonSet"
    }

    /// The path of a field of a container, as findings give it.
    pub fn container_field(&self, container: &Container, field: &str) -> String {
        let list = if container.sidecar { "initContainers" } else { "containers" };
        let prefix =
            if self.template_path.is_empty() { String::new() } else { format!("{}.", self.template_path) };
        let tail = if field.is_empty() { String::new() } else { format!(".{field}") };
        format!("{prefix}spec.{list}[{}]{tail}", container.name)
    }

    /// The path of a field of the pod template.
    pub fn template_field(&self, field: &str) -> String {
        if self.template_path.is_empty() {
            field.to_owned()
        } else {
            format!("{}.{field}", self.template_path)
        }
    }

    /// The field of its containers' environment, without their names.
    pub fn environment_field(&self) -> String {
        self.template_field("spec.containers.env")
    }

    /// A name for people: kind and name.
    pub fn title(&self) -> String {
        match self.name.as_str() {
            "?" => self.subject.clone(),
            name => format!("{} `{name}`", self.kind),
        }
    }

    /// Its containers, those that end before the others start among them.
    pub fn all_containers(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter().chain(&self.init_containers)
    }

    /// The image of its first container, which says what it is.
    pub fn image(&self) -> Option<Image> {
        self.containers.first().and_then(Container::image)
    }
}

impl Replicas {
    fn declared(object: &Object) -> Replicas {
        if matches!(object.kind(), "DaemonSet" | "Job" | "CronJob" | "Pod") {
            let unknown = Some(format!("a {} has no number of replicas", object.kind()).into());
            return Replicas { count: None, unknown, node: None, autoscaled: false };
        }
        let node = object.at(&["spec", "replicas"]);
        let open = object.at(&["spec"]).and_then(Node::open_reason);
        let (count, unknown) = match node {
            Some(node) => (node.as_int_lenient(), node.open_reason()),
            None => (open.is_none().then_some(1), open),
        };
        Replicas { count, unknown, node: node.cloned(), autoscaled: false }
    }

    /// The place of the value, or the workload's header.
    pub fn place(&self, header: Place) -> Place {
        self.node.as_ref().map_or(header, |node| node.place)
    }
}
