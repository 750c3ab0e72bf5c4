//! The way of an application's database connections: host, Service, PgBouncer, pool.

use super::Model;
use super::pooler::{PoolSize, Pooler};
use super::service::{Service, service_of_host};
use super::settings::{AppComponent, Seconds, Setting};
use super::workload::Workload;
use crate::base::{Node, Place};
use crate::lower::value_at;
use std::sync::Arc;

/// The components of one application that share a PgBouncer.
#[derive(Clone, Debug)]
pub struct ConnectionPath<'a> {
    /// The PgBouncer.
    pub pooler: &'a Pooler,
    /// Its workload.
    pub pooler_workload: &'a Workload,
    /// Further PgBouncers behind the same Service.
    pub siblings: Vec<(&'a Pooler, &'a Workload)>,
    /// The database's name, if it is known.
    pub database: Option<String>,
    /// The clients.
    pub clients: Vec<ClientSide<'a>>,
    /// How the host is known.
    pub host: HostSource,
}

/// One component's side of the connections.
#[derive(Clone, Debug)]
pub struct ClientSide<'a> {
    /// The component.
    pub component: &'a AppComponent,
    /// Its workload.
    pub workload: &'a Workload,
    /// How long a connection is kept; none when unknown.
    pub max_age: Option<Seconds>,
    /// The setting behind it.
    pub max_age_setting: Setting,
    /// Threads that each hold a connection, in all pods.
    pub threads: Option<Threads>,
}

/// A product of replicas, processes and threads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Threads {
    /// Pods.
    pub replicas: i64,
    /// Processes in each.
    pub processes: i64,
    /// Threads in each.
    pub each: i64,
    /// Whether a factor is only known to be at least what stands here.
    pub at_least: bool,
}

impl Threads {
    /// All threads.
    pub fn total(self) -> i64 {
        self.replicas.saturating_mul(self.processes).saturating_mul(self.each)
    }
}

/// How a database host is known.
#[derive(Clone, Debug)]
pub enum HostSource {
    /// It is in effect.
    Effective(Place),
    /// It is declared in values that have no effect; the owner's word.
    Declared(Place),
}

impl Model {
    /// The ways from application components to the poolers of the repository: one for each pooler,
    /// release, namespace and database. What may not exist takes no part.
    pub fn connection_paths(&self) -> Vec<ConnectionPath<'_>> {
        let mut paths: Vec<ConnectionPath<'_>> = Vec::new();
        for component in &self.components {
            let workload = &self.workloads[component.workload];
            if workload.conditional.is_some() {
                continue;
            }
            let Some((host, source)) = self.database_host(component) else { continue };
            let poolers = self.poolers_of(&host, workload);
            let Some((pooler, siblings)) = poolers.split_first() else { continue };
            let client = self.client(component, workload);
            let pooler_workload = &self.workloads[pooler.workload];
            if pooler_workload.conditional.is_some() {
                continue;
            }
            let database = self.database_name(component);
            let identity = |w: &Workload| (w.release, Arc::clone(&w.stack), w.namespace.clone());
            let same = |path: &&mut ConnectionPath<'_>| {
                path.pooler.workload == pooler.workload
                    && path.database == database
                    && path.clients.iter().any(|c| identity(c.workload) == identity(workload))
            };
            match paths.iter_mut().find(same) {
                Some(path) => path.clients.push(client),
                None => paths.push(ConnectionPath {
                    pooler,
                    pooler_workload,
                    siblings: siblings.iter().map(|p| (*p, &self.workloads[p.workload])).collect(),
                    database,
                    clients: vec![client],
                    host: source,
                }),
            }
        }
        paths
    }

    fn database_name(&self, component: &AppComponent) -> Option<String> {
        let setting = component.setting("postgresql.name", &self.workloads);
        setting.node().and_then(Node::as_str).map(str::to_owned)
    }

    /// The host that a component connects to. Where its settings come from outside, the host that the
    /// values declare counts as the owner's word.
    pub fn database_host(&self, component: &AppComponent) -> Option<(String, HostSource)> {
        let setting = component.setting("postgresql.host", &self.workloads);
        if let Some(node) = setting.node() {
            return Some((node.as_str()?.to_owned(), HostSource::Effective(node.place)));
        }
        if !component.rests_on_values(&self.workloads, "postgresql.host") {
            return None;
        }
        let release = &self.releases[self.workloads[component.workload].release?];
        let root = &release.profile.as_deref()?.settings.as_ref()?.root;
        let declared = value_at(&release.values, &format!("{root}.postgresql.host"))?;
        Some((declared.as_str()?.to_owned(), HostSource::Declared(declared.place)))
    }

    /// The Service that a host names, seen from a workload.
    pub fn service_of(&self, host: &str, from: &Workload) -> Option<&Service> {
        let (name, namespace) = service_of_host(host, from.namespace.as_deref())?;
        let named =
            self.services.iter().filter(|s| s.name == name && s.namespace.as_deref() == Some(namespace));
        named.min_by_key(|service| service.stack != from.stack)
    }

    /// The first PgBouncer behind a host.
    pub fn pooler_of(&self, host: &str, from: &Workload) -> Option<&Pooler> {
        self.poolers_of(host, from).into_iter().next()
    }

    /// The PgBouncers behind a host.
    fn poolers_of(&self, host: &str, from: &Workload) -> Vec<&Pooler> {
        let service = self.service_of(host, from);
        let behind = |pooler: &&Pooler| service.is_some_and(|s| s.selected.contains(&pooler.workload));
        self.poolers.iter().filter(behind).collect()
    }

    fn client<'a>(&'a self, component: &'a AppComponent, workload: &'a Workload) -> ClientSide<'a> {
        let setting = component.setting("postgresql.conn_max_age", &self.workloads);
        ClientSide {
            component,
            workload,
            max_age: setting.seconds(),
            max_age_setting: setting,
            threads: self.threads(component, workload),
        }
    }

    /// Threads of a component. A factor that cannot be known counts as the least that it can be.
    fn threads(&self, component: &AppComponent, workload: &Workload) -> Option<Threads> {
        let (processes, threads) = match component.component.as_str() {
            "server" => ("web.workers", "web.threads"),
            _ => ("worker.processes", "worker.threads"),
        };
        let factor = |path: &str| component.setting(path, &self.workloads).int();
        let (processes, threads) = (factor(processes), factor(threads));
        Some(Threads {
            replicas: workload.replicas.count?,
            processes: processes.unwrap_or(1),
            each: threads.unwrap_or(1),
            at_least: processes.is_none() || threads.is_none() || workload.replicas.autoscaled,
        })
    }
}

impl ConnectionPath<'_> {
    /// Server connections that all pods behind the Service may open for this application: for each PgBouncer its pods and
    /// the pool of one. None where one of them is not known.
    pub fn capacity(&self) -> Option<Vec<(i64, PoolSize)>> {
        let all = std::iter::once((self.pooler, self.pooler_workload)).chain(self.siblings.iter().copied());
        let share = |(pooler, workload): (&Pooler, &Workload)| {
            let pods = workload.replicas.count.filter(|_| workload.conditional.is_none())?;
            Some((pods, pooler.connections_per_pod(self.database.as_deref())?))
        };
        all.map(share).collect()
    }

    /// Server connections of all pods behind the Service together.
    pub fn slots(&self) -> Option<i64> {
        let pools = self.capacity()?;
        Some(pools.iter().map(|(pods, pool)| pods.saturating_mul(pool.total)).fold(0, i64::saturating_add))
    }

    /// Why the client side is not known, if it is not.
    pub fn unknown_age(&self) -> Option<(Arc<str>, Place)> {
        self.clients.iter().find_map(|client| match &client.max_age_setting {
            Setting::Unknown(reason, place) => Some((Arc::clone(reason), *place)),
            _ => None,
        })
    }
}
