//! Typed facts with places, and the joins between them.

mod address;
mod authored;
mod autoscaler;
mod budget;
mod claims;
mod cleanup;
mod connections;
mod container;
mod declared;
mod disruption;
mod governance;
mod guarantee;
mod image;
mod index;
mod outposts;
mod pod_template;
mod pooler;
mod postgres;
mod quantity;
mod quota;
mod reload;
mod resources;
mod rights;
mod rollout;
mod selector;
mod service;
mod settings;
mod siblings;
mod spread;
mod stated;
mod tmpfs;
mod workload;

use crate::base::{Node, Place};
use crate::compose::Composed;
use crate::lower::Object;
use crate::syntax::Issue;
use crate::terraform::{Absent, Problem};
use index::{ByName, ByNamespace};
use std::collections::BTreeSet;
use std::sync::Arc;

pub use address::{Address, addresses};
pub use authored::{Authored, Mention, Unapplied};
pub use autoscaler::Autoscaler;
pub use budget::Budget;
pub use claims::SingleNodeClaim;
pub use cleanup::{
    Cleanup, Cleanups, Commands, Deletes, Interval, OpaqueCommand, Ran, cleanups, commands, longest_gap,
    only_tidies,
};
pub use connections::{ClientSide, ConnectionPath, HostSource, Threads};
pub use container::{Container, EnvValue, Probe, ProbeKind};
pub use declared::{DeclaredForm, DeclaredSetting, SetTwice};
pub use disruption::{Demand, IntOrPercent};
pub use governance::{DefaultLimit, LimitRange, Namespace};
pub use guarantee::Guarantee;
pub use image::Image;
pub use outposts::{Sessions, Validity, proxy_container, sessions, timedelta};
pub use pooler::{IniValue, PoolSize, Pooler};
pub use postgres::{Parameter, Pool, Pools, Postgres, Role, postgres_size};
pub use quantity::Quantity;
pub use quota::{Counted, Quota};
pub use reload::Reload;
pub use resources::EffectiveResource;
pub use rights::{Granted, Rights};
pub use rollout::Rollout;
pub use selector::{Label as LabelValue, equalities, label, selects};
pub use service::{Service, service_of_host};
pub use settings::{AppComponent, Seconds, SecretState, Setting, secret_state};
pub use spread::{SpreadTerm, Takes, unmet_pairs};
pub use stated::StatedSecret;
pub use tmpfs::{Mount, SHARED_MEMORY, Tmpfs};
pub use workload::{Replicas, Workload};

/// Something that may make objects which cannot be known.
#[derive(Clone, Debug)]
pub struct Opaque {
    /// The folder of the stack.
    pub stack: Arc<str>,
    /// The namespace that the objects would stand in; none for any.
    pub namespace: Option<String>,
    /// Why they cannot be known.
    pub reason: Arc<str>,
    /// Where it is declared.
    pub place: Place,
}

/// Everything that rules look at.
#[derive(Debug, Default)]
pub struct Model {
    /// All objects.
    pub objects: Vec<Object>,
    /// Helm releases with their values.
    pub releases: Vec<Composed>,
    /// What makes pods.
    pub workloads: Vec<Workload>,
    /// Disruption budgets.
    pub budgets: Vec<Budget>,
    /// Autoscalers.
    pub autoscalers: Vec<Autoscaler>,
    /// Services.
    pub services: Vec<Service>,
    /// Namespaces.
    pub namespaces: Vec<Namespace>,
    /// LimitRanges, written or made by policies.
    pub limit_ranges: Vec<LimitRange>,
    /// PgBouncer workloads.
    pub poolers: Vec<Pooler>,
    /// Components of known applications.
    pub components: Vec<AppComponent>,
    /// What may make further objects.
    pub opaque: Vec<Opaque>,
    /// Outposts and JSON patches.
    pub authored: Authored,
    /// Where objects that are known may make pods that are not.
    doubts: Doubts,
    names: ByName,
    /// What the parsers met, with the folder of the stack.
    pub issues: Vec<(Arc<str>, Issue)>,
    /// What evaluation met, with the folder of the stack.
    pub problems: Vec<(Arc<str>, Problem)>,
    /// What a known count of 0 or an empty for_each leaves out, with the folder of the stack.
    pub absent: Vec<(Arc<str>, Absent)>,
}

impl Model {
    /// Joins objects and releases, with what is stated of Secrets that stand nowhere.
    pub fn build(
        objects: Vec<Object>,
        releases: Vec<Composed>,
        secrets: &[StatedSecret],
        authored: Authored,
    ) -> Model {
        let chart =
            |o: &Object| o.release.and_then(|r| releases[r].profile.as_deref()).map(|p| p.chart.as_str());
        let read = |(i, o): (usize, &Object)| Workload::read(o, i, chart(o));
        let mut workloads: Vec<Workload> = objects.iter().enumerate().flat_map(read).collect();
        let index = ByNamespace::of(&workloads);
        let names = ByName::of(&objects);
        let autoscalers = Autoscaler::read_all(&objects, &workloads, &index);
        autoscaler::apply_floors(&autoscalers, &objects, &mut workloads);
        let indexed = || objects.iter().enumerate();
        Model {
            budgets: indexed().filter_map(|(i, o)| Budget::read(o, i, &workloads, &index)).collect(),
            services: indexed().filter_map(|(i, o)| Service::read(o, i, &workloads, &index)).collect(),
            namespaces: objects.iter().filter_map(Namespace::read).collect(),
            limit_ranges: objects.iter().flat_map(LimitRange::read).collect(),
            poolers: pooler::find_poolers(&workloads, &objects, &names),
            components: settings::find_components(&workloads, &releases, secrets),
            doubts: Doubts::of(&objects, &workloads),
            authored,
            names,
            autoscalers,
            workloads,
            objects,
            releases,
            ..Model::default()
        }
    }

    /// Whether nothing that cannot be known could place pods in a namespace.
    pub fn is_fully_known(&self, namespace: &str, stack: &str) -> bool {
        // What a cluster brings itself stands in no repository.
        if namespace.starts_with("kube-") {
            return false;
        }
        let may_place = |o: &Opaque| match o.namespace.as_deref() {
            Some(named) => named == namespace,
            None => &*o.stack == stack,
        };
        !self.opaque.iter().any(may_place) && !self.doubts.covers(namespace)
    }

    /// Whether what stands in a namespace of one stack is about the pods of another: a stack of its own for the namespaces
    /// has none itself, while one that has may be another cluster.
    pub fn reaches(&self, from: &str, namespace: &str, stack: &str) -> bool {
        from == stack || !self.has_pods(namespace, from)
    }

    /// Whether something makes pods in a namespace of a stack, so that what selects none there was meant to.
    pub fn has_pods(&self, namespace: &str, stack: &str) -> bool {
        self.workloads.iter().any(|workload| {
            !workload.described
                && workload.namespace.as_deref() == Some(namespace)
                && *workload.stack == *stack
        })
    }

    /// The objects of a kind that have a name, in whatever namespace.
    pub fn named(&self, kind: &str, name: &str) -> impl Iterator<Item = &Object> {
        self.names.find(kind, name).iter().map(|index| &self.objects[*index])
    }

    /// The ConfigMaps and Secrets behind a volume of a workload: several where it is projected.
    pub fn mounted_objects(&self, workload: &Workload, volume: &str) -> Vec<&Object> {
        pooler::mounted_objects(workload, volume, &self.objects, &self.names)
    }

    /// The object of a workload.
    pub fn object(&self, workload: &Workload) -> &Object {
        &self.objects[workload.object]
    }

    /// The Services that select a workload, or may.
    pub fn services_of(&self, workload: usize) -> impl Iterator<Item = &Service> {
        self.services.iter().filter(move |s| s.selected.contains(&workload) || s.perhaps.contains(&workload))
    }
}

/// Namespaces in which not all pods are known, though the objects are.
#[derive(Debug, Default)]
struct Doubts {
    /// Whether that is so everywhere, since a namespace is not known.
    everywhere: bool,
    namespaces: BTreeSet<String>,
}

impl Doubts {
    fn of(objects: &[Object], workloads: &[Workload]) -> Doubts {
        let doubtful = |w: &&Workload| !w.described && (w.conditional.is_some() || has_open_labels(w));
        let of_workloads = workloads.iter().filter(doubtful).map(|w| w.namespace.clone());
        let operated = objects.iter().filter(|object| is_operated(object));
        let of_operators = operated.map(|object| object.namespace().map(str::to_owned));
        let mut out = Doubts::default();
        for namespace in of_workloads.chain(of_operators) {
            match namespace {
                Some(namespace) => drop(out.namespaces.insert(namespace)),
                None => out.everywhere = true,
            }
        }
        out
    }

    fn covers(&self, namespace: &str) -> bool {
        self.everywhere || self.namespaces.contains(namespace)
    }
}

fn has_open_labels(workload: &Workload) -> bool {
    workload.labels().and_then(Node::open_reason).is_some()
}

/// Groups whose objects make no pods, though their kinds are not the API's own.
const PODLESS_GROUPS: [&str; 14] = [
    "kyverno.io",
    "cert-manager.io",
    "external-secrets.io",
    "gateway.networking.k8s.io",
    "traefik.io",
    "cilium.io",
    "networking.istio.io",
    "keda.sh",
    "source.toolkit.fluxcd.io",
    "notification.toolkit.fluxcd.io",
    "grafana.integreatly.org",
    "bitnami.com",
    "metallb.io",
    "volsync.backube",
];

/// Kinds of other groups that make no pods.
const PODLESS_KINDS: [&str; 5] = ["ServiceMonitor", "PodMonitor", "PrometheusRule", "Probe", "ScrapeConfig"];

/// Whether an operator may make pods of an object: its group is not the API's own, and nothing is known that
/// says otherwise.
fn is_operated(object: &Object) -> bool {
    let Some((group, _)) = object.api_version().split_once('/') else { return false };
    let own = !group.contains('.') || group.ends_with(".k8s.io");
    !own && !PODLESS_GROUPS.contains(&group) && !PODLESS_KINDS.contains(&object.kind())
}
