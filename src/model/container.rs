//! Containers, their probes and environment.

use super::image::Image;
use crate::base::{Entry, HOLE, Node, Place};
use std::sync::Arc;

/// One container of a pod.
#[derive(Clone, Debug)]
pub struct Container {
    /// The name; `?` when it is unknown.
    pub name: String,
    /// The container's mapping.
    pub node: Node,
    /// Whether it is an init container that keeps running.
    pub sidecar: bool,
}

/// Which probe.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProbeKind {
    /// `livenessProbe`.
    Liveness,
    /// `readinessProbe`.
    Readiness,
    /// `startupProbe`.
    Startup,
}

impl ProbeKind {
    /// The field's name.
    pub fn field(self) -> &'static str {
        match self {
            ProbeKind::Liveness => "livenessProbe",
            ProbeKind::Readiness => "readinessProbe",
            ProbeKind::Startup => "startupProbe",
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            ProbeKind::Liveness => "liveness",
            ProbeKind::Readiness => "readiness",
            ProbeKind::Startup => "startup",
        }
    }
}

/// An environment variable of a container.
#[derive(Clone, Debug)]
pub enum EnvValue {
    /// Set to a value.
    Value(Node),
    /// Taken from elsewhere, or not known.
    Unknown(Arc<str>, Place),
}

/// A probe with Kubernetes' defaults.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The probe's mapping.
    pub node: Node,
}

impl Container {
    /// Reads a container.
    pub fn new(node: &Node, sidecar: bool) -> Container {
        let name = node.get("name").and_then(Node::as_str).unwrap_or("?").to_owned();
        Container { name, node: node.clone(), sidecar }
    }

    /// Where something that it lacks would be added: its block's header, or its name where it is an item
    /// of a list, so that not the whole of it is meant.
    pub fn head(&self) -> Place {
        let name = self.node.get("name").map(|name| name.place);
        name.filter(|name| self.node.place.contains(*name)).unwrap_or(self.node.place)
    }

    /// The image reference; without tag and digest where only the repository is known.
    pub fn image(&self) -> Option<Image> {
        let text = self.node.get("image")?.as_text()?.as_str();
        let Some((known, rest)) = text.split_once(HOLE) else { return Some(Image::parse(text)) };
        let (repository, _) = known.rsplit_once([':', '@']).filter(|_| !rest.contains('/'))?;
        Some(Image { tag: None, digest: None, ..Image::parse(repository) })
    }

    /// A probe that has a handler.
    pub fn probe(&self, kind: ProbeKind) -> Option<Probe> {
        let node = self.node.get(kind.field())?;
        let handlers = ["httpGet", "tcpSocket", "exec", "grpc"];
        let handled =
            handlers.iter().any(|handler| node.get(handler).is_some()) || node.open_reason().is_some();
        handled.then(|| Probe { node: node.clone() })
    }

    /// Its command and arguments, as far as they are stated.
    pub fn argv(&self) -> impl Iterator<Item = &Node> {
        ["command", "args"].into_iter().filter_map(|field| self.node.get(field)).flat_map(Node::items)
    }

    /// The ports that it declares.
    pub fn ports(&self) -> &[Node] {
        self.node.get("ports").map(Node::items).unwrap_or_default()
    }

    /// An environment variable: of equal names the last wins, and anything unknown among them may win.
    pub fn env(&self, name: &str) -> Option<EnvValue> {
        let list = self.node.get("env")?;
        let unnamed = |item: &Node| item.get("name").map_or_else(|| item.open_reason(), Node::open_reason);
        if let Some(reason) = list.open_reason().or_else(|| list.items().iter().find_map(unnamed)) {
            return Some(EnvValue::Unknown(reason, list.place));
        }
        let found =
            list.items().iter().rev().find(|item| item.get("name").and_then(Node::as_str) == Some(name));
        found.map(|item| match item.get("value") {
            Some(value) => match value.open_reason() {
                Some(reason) => EnvValue::Unknown(reason, value.place),
                None => EnvValue::Value(value.clone()),
            },
            None if item.get("valueFrom").is_some() => {
                EnvValue::Unknown(format!("{name} comes from another object").into(), item.place)
            }
            None => EnvValue::Value(Node::made("", item.place)),
        })
    }

    /// The names of its environment variables with their places.
    pub fn env_names(&self) -> impl Iterator<Item = (&str, &Node)> {
        let items = self.node.get("env").map(Node::items).unwrap_or_default();
        items.iter().filter_map(|item| Some((item.get("name")?.as_str()?, item)))
    }

    /// A resource such as `memory` under `requests` or `limits`.
    pub fn resource(&self, side: &str, name: &str) -> Option<&Node> {
        self.node.at(&["resources", side, name])
    }

    /// The key of its resources, else where they would be added.
    pub fn resources_place(&self) -> Place {
        let entry = self.node.as_map().and_then(|map| map.entry("resources"));
        let written = |entry: &&Entry| entry.value.is_written();
        // Of what a chart merges, only the parts are written.
        let part = || entry?.value.as_map()?.entries.iter().find(written).map(|part| part.key.place);
        entry.filter(written).map(|entry| entry.key.place).or_else(part).unwrap_or_else(|| self.head())
    }

    /// Why what its resources do not state may be stated all the same.
    pub fn resources_open(&self) -> Option<Arc<str>> {
        let resources = self.node.get("resources")?;
        let parts = [Some(resources), resources.get("requests"), resources.get("limits")];
        parts.into_iter().flatten().find_map(Node::open_reason)
    }
}

impl Probe {
    fn number(&self, field: &str, default: i64) -> Option<i64> {
        match self.node.get(field) {
            // The API replaces 0 by the default.
            Some(node) => node.as_int_lenient().map(|value| if value == 0 { default } else { value }),
            None if self.node.open_reason().is_some() => None,
            None => Some(default),
        }
    }

    /// Seconds between two checks; none when unknown.
    pub fn period(&self) -> Option<i64> {
        self.number("periodSeconds", 10)
    }

    /// Seconds that one check may take; none when unknown.
    pub fn timeout(&self) -> Option<i64> {
        self.number("timeoutSeconds", 1)
    }

    /// Failures in a row that count; none when unknown.
    pub fn failures(&self) -> Option<i64> {
        self.number("failureThreshold", 3)
    }

    /// Seconds of failure until Kubernetes acts: failures × period.
    pub fn budget(&self) -> Option<i64> {
        Some(self.failures()?.saturating_mul(self.period()?))
    }

    /// Seconds from the start of the container to the first check, `initialDelaySeconds`; none when unknown.
    pub fn initial_delay(&self) -> Option<i64> {
        self.number("initialDelaySeconds", 0)
    }

    /// The port of its network check.
    pub fn port(&self) -> Option<&Node> {
        ["httpGet", "tcpSocket", "grpc"].iter().find_map(|handler| self.node.at(&[handler, "port"]))
    }
}
