//! Outposts and the pods that are made of them: how long a session lives, and where it is kept.

use super::Model;
use super::cleanup::{Cleanups, Interval, cleanups, longest_gap};
use super::container::Container;
use super::tmpfs::SHARED_MEMORY;
use super::workload::Workload;
use crate::base::{Node, Place};
use crate::compose::Outpost;
use crate::lower::ProxyProvider;
use std::sync::Arc;

/// Where an outpost keeps its sessions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sessions {
    /// In files below `TMPDIR`, which its image sets to /dev/shm (since authentik 2025.4.1).
    Files,
    /// In files elsewhere, since its environment sets `TMPDIR` there.
    Elsewhere(Place),
    /// In PostgreSQL, which its environment names there.
    Shared(Place),
    /// It has none: only proxies do.
    None,
    /// That is not known.
    Unknown(Arc<str>),
}

/// How long a session of a provider is valid.
#[derive(Clone, Debug)]
pub struct Validity {
    /// In seconds; none where it is not known.
    pub seconds: Option<i64>,
    /// The value; none where the provider states none.
    pub node: Option<Node>,
    /// The provider's header.
    pub header: Place,
    /// The provider's address.
    pub subject: String,
}

/// What a provider of authentik's Terraform provider gets where none is stated (2026.5.0).
const VALIDITY_OF_TERRAFORM: i64 = 600;

/// What authentik itself gives (its main branch of 2026-05-11).
const VALIDITY_OF_AUTHENTIK: i64 = 3_600;

/// Begins the names of variables that tell an outpost of a database.
const DATABASE: &str = "AUTHENTIK_POSTGRESQL__";

impl Model {
    /// The workload of an outpost's Deployment.
    pub fn workload_of(&self, outpost: &Outpost) -> Option<(usize, &Workload)> {
        let subject = outpost.deployment.as_deref()?;
        let all = self.workloads.iter().enumerate();
        all.into_iter().find(|(_, w)| w.subject == subject && w.header == outpost.declaration.header)
    }

    /// The outpost that a workload belongs to.
    pub fn outpost_of(&self, workload: &Workload) -> Option<&Outpost> {
        self.authored.outposts.iter().find(|outpost| {
            outpost.deployment.as_deref() == Some(&workload.subject)
                && outpost.declaration.header == workload.header
        })
    }

    /// The validities of the providers that an outpost serves: those that it refers to; in a blueprint, whose
    /// references cannot be followed, those of its file. Of one that stands for several instances, and of which it
    /// cannot be told which is meant, it is not known.
    pub fn validities(&self, outpost: &Outpost) -> Vec<Validity> {
        let declaration = &outpost.declaration;
        let Some(served) = &declaration.providers else { return Vec::new() };
        let is_served = |provider: &&ProxyProvider| {
            let unfollowed = || served.items().iter().any(|item| item.as_str().is_none());
            let referred = || {
                let places = |item: &Node| item.trail.places().any(|place| place == provider.header);
                served.items().iter().any(places)
            };
            match provider.blueprint {
                true => provider.header.file == declaration.header.file && unfollowed(),
                false => provider.stack == declaration.stack && referred(),
            }
        };
        let served: Vec<&ProxyProvider> = self.authored.providers.iter().filter(is_served).collect();
        let mut out: Vec<Validity> = Vec::new();
        for provider in &served {
            let own = |other: &ProxyProvider| module_of(&other.subject) == module_of(&declaration.subject);
            let instances = || served.iter().filter(|other| other.header == provider.header);
            if !own(provider) && instances().any(|other| own(other)) {
                continue;
            }
            let mut validity = Validity::of(provider);
            let alike = |other: &ProxyProvider| {
                own(other) != own(provider) || Validity::of(other).seconds == validity.seconds
            };
            if !instances().all(|other| alike(other)) {
                validity.seconds = None;
            }
            out.push(validity);
        }
        out
    }

    /// The validities that a command in another pod than the outpost's own must not undercut: those of the outposts
    /// of its stack.
    pub fn validities_of_stack(&self, stack: &str) -> Vec<Validity> {
        let outposts = self.authored.outposts.iter().filter(|outpost| !outpost.is_described());
        let here = outposts.filter(|outpost| *outpost.declaration.stack == *stack);
        here.flat_map(|outpost| self.validities(outpost)).collect()
    }

    /// What a container deletes below /dev/shm: a CronJob's at its schedule, another's in its loops.
    pub fn cleanups(&self, workload: &Workload, container: &Container) -> Cleanups {
        let interval = match workload.kind.as_str() {
            "CronJob" => self.schedule(workload),
            _ => Interval::Once,
        };
        cleanups(container, SHARED_MEMORY, &interval)
    }

    /// How often a CronJob runs.
    pub fn schedule(&self, workload: &Workload) -> Interval {
        if self.object(workload).at(&["spec", "suspend"]).is_some_and(|node| node.as_bool() != Some(false)) {
            return Interval::Unknown("it is suspended".into());
        }
        let Some(node) = self.object(workload).at(&["spec", "schedule"]) else {
            return Interval::Unknown("the schedule is not known".into());
        };
        match node.as_str().and_then(longest_gap) {
            Some(seconds) => Interval::Seconds(seconds, node.place),
            None => Interval::Unknown(
                node.open_reason().unwrap_or_else(|| "a schedule that is not understood".into()),
            ),
        }
    }
}

impl Validity {
    fn of(provider: &ProxyProvider) -> Validity {
        let default = if provider.blueprint { VALIDITY_OF_AUTHENTIK } else { VALIDITY_OF_TERRAFORM };
        let seconds = match &provider.validity {
            Some(node) => node.as_str().and_then(timedelta),
            None => Some(default),
        };
        Validity {
            seconds,
            node: provider.validity.clone(),
            header: provider.header,
            subject: provider.subject.clone(),
        }
    }

    /// Where it is stated, or the provider's header.
    pub fn place(&self) -> Place {
        self.node.as_ref().map_or(self.header, |node| node.place)
    }
}

/// Where the sessions of an outpost's pods are kept.
pub fn sessions(outpost: &Outpost, workload: &Workload) -> Sessions {
    match outpost.declaration.type_name() {
        kind if kind.as_str() == Some("proxy") => {}
        kind => {
            return match kind.open_reason() {
                Some(reason) => Sessions::Unknown(reason),
                None => Sessions::None,
            };
        }
    }
    let Some(container) = proxy_container(outpost, workload) else { return Sessions::None };
    let named = container.env_names().find(|(name, _)| name.starts_with(DATABASE));
    if let Some((_, node)) = named {
        return Sessions::Shared(node.get("name").map_or(node.place, |name| name.place));
    }
    let moved = container.env_names().find(|(name, _)| *name == "TMPDIR");
    if let Some((_, node)) = moved.filter(|(_, node)| !stays(node)) {
        return Sessions::Elsewhere(node.place);
    }
    let env = container.node.get("env");
    let unnamed = env.map(Node::items).unwrap_or_default().iter().find_map(|item| match item.get("name") {
        Some(name) => name.open_reason(),
        None => item.open_reason(),
    });
    let from = container.node.get("envFrom").map(|_| Arc::from("its environment comes from another object"));
    match env.and_then(Node::open_reason).or(unnamed).or(from) {
        Some(reason) => Sessions::Unknown(reason),
        None => Sessions::Files,
    }
}

/// Whether a variable leaves the sessions in /dev/shm.
fn stays(variable: &Node) -> bool {
    let path = variable.get("value").and_then(Node::as_str);
    path.is_some_and(|path| path.trim_end_matches('/') == SHARED_MEMORY)
}

/// The container that authentik's controller makes: it is named after the outpost's type, wherever a patch moves it.
pub fn proxy_container<'a>(outpost: &Outpost, workload: &'a Workload) -> Option<&'a Container> {
    let kind = outpost.declaration.type_name();
    let named = workload.containers.iter().find(|container| kind.as_str() == Some(&container.name));
    named.or_else(|| workload.containers.first())
}

/// The module of an address, without the resource.
fn module_of(address: &str) -> &str {
    let resource = address.rsplit_once('.').map_or(address, |(rest, _)| rest);
    resource.rsplit_once('.').map_or("", |(module, _)| module)
}

/// A duration as authentik writes it, in seconds: `weeks=4`, `hours=24;minutes=5` (authentik/lib/utils/time.py, alike
/// from 2025.8.0 to its main branch of 2026-05-11). Keys that it does not know are passed over; without any that it
/// knows, or with a part of another shape, it is an error.
pub fn timedelta(text: &str) -> Option<i64> {
    let mut held: Vec<(String, f64)> = Vec::new();
    for part in text.split(';') {
        let (key, value) = part.split_once('=').filter(|(_, value)| !value.contains('='))?;
        let value = value.trim().parse::<f64>().ok().filter(|value| value.is_finite())?;
        let key = key.to_ascii_lowercase();
        held.retain(|(known, _)| *known != key);
        held.push((key, value));
    }
    let seconds = held.iter().filter_map(|(key, value)| {
        let unit = match key.as_str() {
            "microseconds" => 1e-6,
            "milliseconds" => 1e-3,
            "seconds" => 1.0,
            "minutes" => 60.0,
            "hours" => 3_600.0,
            "days" => 86_400.0,
            "weeks" => 604_800.0,
            _ => return None,
        };
        Some(value * unit)
    });
    let known: Vec<f64> = seconds.collect();
    // What Python's timedelta holds.
    let total = known.iter().sum::<f64>();
    (!known.is_empty() && total.abs() < 86_400.0 * 1e9).then_some(total as i64)
}
