//! The poolers in front of a Postgres server, and the connections that they may open.

use super::server::{Postgres, Role};
use crate::base::{Node, Place};
use crate::lower::Object;
use crate::model::{Model, Pooler, service_of_host};
use std::sync::Arc;

/// Connections that a pooler may open to one server.
#[derive(Clone, Debug)]
pub struct Pool {
    /// The pooler, for people.
    pub title: String,
    /// Its address.
    pub subject: String,
    /// Its header.
    pub header: Place,
    /// The folder of its stack.
    pub stack: Arc<str>,
    /// Where the size of its pools stands, else its header.
    pub place: Place,
    /// How the number comes about, such as `3 × (20 + 5)`.
    pub sum: String,
    /// Connections of all its pods.
    pub connections: i64,
    /// What they lead to.
    pub role: Role,
}

/// The poolers in front of a server.
#[derive(Clone, Debug, Default)]
pub struct Pools {
    /// Those whose sizes are known.
    pub known: Vec<Pool>,
    /// Those that lead to the server and whose sizes are not, with why.
    pub unknown: Vec<(Place, Arc<str>)>,
}

impl Model {
    /// The poolers whose pools lead to a server.
    pub fn pools_of(&self, server: &Postgres) -> Pools {
        let leads = |host: &str, namespace: Option<&str>| {
            let (service, namespace) = service_of_host(host, namespace)?;
            server.role_of(service, namespace)
        };
        let mut pools = self.pools_to(&leads);
        for object in self.objects.iter().filter(|object| is_pooler(object)) {
            let cluster = object.at(&["spec", "cluster", "name"]).and_then(Node::as_str);
            let same = object.namespace().map(str::to_owned) == server.namespace;
            if cluster == Some(server.name.as_str()) && same {
                pools.add(of_cloudnative_pg(object), object.header);
            }
        }
        pools
    }

    /// The poolers whose pools lead to a host that stands in no file.
    pub fn pools_to_host(&self, host: &str) -> Pools {
        let wanted = host.trim_end_matches('.');
        self.pools_to(&|named, _| (named.trim_end_matches('.') == wanted).then_some(Role::Primary))
    }

    fn pools_to(&self, leads: &dyn Fn(&str, Option<&str>) -> Option<Role>) -> Pools {
        let mut pools = Pools::default();
        for pooler in &self.poolers {
            let workload = &self.workloads[pooler.workload];
            if workload.conditional.is_some() || workload.described {
                continue;
            }
            for (database, host) in pooler.targets() {
                if let Some(role) = leads(&host, workload.namespace.as_deref()) {
                    pools.add(self.of_pgbouncer(pooler, &database, role), workload.header);
                }
            }
        }
        pools
    }

    fn of_pgbouncer(&self, pooler: &Pooler, database: &str, role: Role) -> Result<Pool, Arc<str>> {
        let workload = &self.workloads[pooler.workload];
        let pods = workload.replicas.count.ok_or("the number of its replicas is not known")?;
        let size = pooler.connections_per_pod(Some(database)).ok_or("the size of its pools is not known")?;
        Ok(Pool {
            title: workload.title(),
            subject: workload.subject.clone(),
            header: workload.header,
            stack: Arc::clone(&workload.stack),
            place: size.place.or_else(|| pooler.header()).unwrap_or(workload.header),
            sum: sum(pods, size.pool, size.reserve, size.total),
            connections: pods.saturating_mul(size.total),
            role,
        })
    }
}

impl Pools {
    fn add(&mut self, pool: Result<Pool, Arc<str>>, header: Place) {
        match pool {
            Ok(pool) => self.known.push(pool),
            Err(reason) => self.unknown.push((header, reason)),
        }
    }

    /// Those of a role.
    pub fn of(&self, role: Role) -> impl Iterator<Item = &Pool> {
        self.known.iter().filter(move |pool| pool.role == role)
    }
}

fn sum(pods: i64, pool: i64, reserve: i64, total: i64) -> String {
    let each = if reserve > 0 { format!("({pool} + {reserve})") } else { pool.to_string() };
    let capped = if total < pool + reserve { format!(" capped at {total}") } else { String::new() };
    format!("{pods} × {each}{capped}")
}

fn is_pooler(object: &Object) -> bool {
    object.kind() == "Pooler"
        && object.api_version().starts_with("postgresql.cnpg.io/")
        && object.conditional.is_none()
        && !object.described
}

/// CloudNativePG's Pooler (1.28): `instances` of PgBouncer, whose parameters are strings.
fn of_cloudnative_pg(object: &Object) -> Result<Pool, Arc<str>> {
    let spec = object.at(&["spec"]);
    let parameters = object.at(&["spec", "pgbouncer", "parameters"]);
    let open = [spec, object.at(&["spec", "pgbouncer"]), parameters].into_iter().flatten();
    if let Some(reason) = open.into_iter().find_map(Node::open_reason) {
        return Err(reason);
    }
    let number = |node: Option<&Node>, default: i64| match node {
        None => Ok(default),
        Some(node) => node.as_int_lenient().ok_or_else(|| Arc::from("the size of its pools is not known")),
    };
    let parameter = |name: &str| parameters.and_then(|parameters| parameters.get(name));
    let pods = number(object.at(&["spec", "instances"]), 1)?;
    let pool = number(parameter("default_pool_size"), 20)?;
    let reserve = number(parameter("reserve_pool_size"), 0)?;
    let caps = [number(parameter("max_db_connections"), 0)?, number(parameter("max_user_connections"), 0)?];
    let cap = caps.into_iter().filter(|cap| *cap > 0).min();
    let total = cap.map_or(pool + reserve, |cap| cap.min(pool + reserve));
    let replica = object.at(&["spec", "type"]).and_then(Node::as_str).is_some_and(|kind| kind != "rw");
    let place = parameter("default_pool_size").map(|node| node.place);
    Ok(Pool {
        title: format!("Pooler `{}`", object.name().unwrap_or("?")),
        subject: object.subject.clone(),
        header: object.header,
        stack: Arc::clone(&object.stack),
        place: place.unwrap_or(object.header),
        sum: sum(pods, pool, reserve, total),
        connections: pods.saturating_mul(total),
        role: if replica { Role::Replica } else { Role::Primary },
    })
}
