//! Postgres servers: CloudNativePG's clusters, those of Zalando's operator, and containers that run Postgres.

use crate::base::{Entry, Node, Place};
use crate::compose::Composed;
use crate::lower::{Object, value_at};
use crate::model::{Container, EffectiveResource, EnvValue, Model, Quantity, Workload};
use crate::syntax::parse_postgres_conf;
use std::sync::Arc;

/// Whether a name leads to the server that writes, or to those that only read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// It writes.
    Primary,
    /// It only reads.
    Replica,
}

/// A Postgres server of the repository, or one that the config states.
#[derive(Clone, Debug)]
pub struct Postgres {
    /// The name.
    pub name: String,
    /// The namespace, if it is known.
    pub namespace: Option<String>,
    /// The address of what declares it.
    pub subject: String,
    /// Its header, where what it lacks would be added.
    pub header: Place,
    /// The folder of the stack.
    pub stack: Arc<str>,
    /// The Services that lead to it.
    pub services: Vec<(String, Role)>,
    /// What is set, by parameter.
    parameters: Vec<(String, Node)>,
    /// Why more may be set than is known.
    open: Option<Arc<str>>,
    /// Whether parameters that are not set have the defaults of Postgres.
    plain: bool,
    /// The memory limit of its pods.
    pub memory: Option<(Quantity, Node)>,
}

/// A parameter of a server.
#[derive(Clone, Debug)]
pub enum Parameter {
    /// Somebody set it.
    Set(Node),
    /// Nobody did: Postgres' default holds.
    Default,
    /// It cannot be known.
    Unknown(Arc<str>),
}

/// Images that run Postgres, by the last part of their repository.
const IMAGES: [&str; 7] =
    ["postgres", "postgresql", "postgis", "pgvector", "timescaledb", "timescaledb-ha", "vectorchord"];

/// Folders whose files set parameters.
const CONFIG_FOLDERS: [&str; 4] = [
    "/etc/postgresql",
    "/bitnami/postgresql/conf",
    "/opt/bitnami/postgresql/conf",
    "/var/lib/postgresql/data/postgresql.conf",
];

impl Postgres {
    /// A parameter.
    pub fn parameter(&self, name: &str) -> Parameter {
        match self.parameters.iter().rev().find(|(known, _)| known == name) {
            Some((_, node)) => match node.open_reason() {
                Some(reason) => Parameter::Unknown(reason),
                None => Parameter::Set(node.clone()),
            },
            None => match (&self.open, self.plain) {
                (Some(reason), _) => Parameter::Unknown(Arc::clone(reason)),
                (None, false) => Parameter::Unknown("the operator sets it".into()),
                (None, true) => Parameter::Default,
            },
        }
    }

    /// Whether a parameter of an extension is set.
    pub fn sets_any_of(&self, prefix: &str) -> bool {
        self.parameters.iter().any(|(name, _)| name.starts_with(prefix))
    }

    /// The role that a host has, seen from a namespace; none where it leads elsewhere.
    pub fn role_of(&self, service: &str, namespace: &str) -> Option<Role> {
        let named = self.services.iter().find(|(name, _)| name == service);
        named.filter(|_| self.namespace.as_deref() == Some(namespace)).map(|(_, role)| *role)
    }

    fn of_object(
        object: &Object,
        parameters: Vec<(String, Node)>,
        services: Vec<(String, Role)>,
    ) -> Postgres {
        let memory = object.at(&["spec", "resources", "limits", "memory"]);
        Postgres {
            name: object.name().unwrap_or("?").to_owned(),
            namespace: object.namespace().map(str::to_owned),
            subject: object.subject.clone(),
            header: object.header,
            stack: Arc::clone(&object.stack),
            services,
            parameters,
            open: open_in(object),
            plain: true,
            memory: memory.and_then(|node| Some((Quantity::of(node)?, node.clone()))),
        }
    }
}

fn open_in(object: &Object) -> Option<Arc<str>> {
    let paths: [&[&str]; 3] = [&["spec"], &["spec", "postgresql"], &["spec", "postgresql", "parameters"]];
    paths.iter().find_map(|path| object.at(path).and_then(Node::open_reason))
}

/// Parameters as a mapping states them.
fn in_mapping(node: Option<&Node>) -> Vec<(String, Node)> {
    let entries = node.and_then(Node::as_map).map(|map| &map.entries[..]).unwrap_or_default();
    let pair = |entry: &Entry| (entry.key.name.to_string(), entry.value.clone());
    entries.iter().map(pair).collect()
}

/// CloudNativePG 1.28: parameters, and libraries in a list of their own; `-rw` leads to the primary.
fn of_cloudnative_pg(object: &Object) -> Option<Postgres> {
    let is_one = object.kind() == "Cluster" && object.api_version().starts_with("postgresql.cnpg.io/");
    let name = object.name().filter(|_| is_one && !object.described)?;
    let mut parameters = in_mapping(object.at(&["spec", "postgresql", "parameters"]));
    if let Some(libraries) = object.at(&["spec", "postgresql", "shared_preload_libraries"]) {
        parameters.push(("shared_preload_libraries".to_owned(), libraries.clone()));
    }
    let services = [("rw", Role::Primary), ("ro", Role::Replica), ("r", Role::Replica)];
    let services = services.map(|(end, role)| (format!("{name}-{end}"), role)).to_vec();
    Some(Postgres::of_object(object, parameters, services))
}

/// Zalando's operator 1.15: what is not set comes from the image, which reckons with the memory.
fn of_zalando(object: &Object) -> Option<Postgres> {
    let is_one = object.kind() == "postgresql" && object.api_version().starts_with("acid.zalan.do/");
    let name = object.name().filter(|_| is_one && !object.described)?;
    let parameters = in_mapping(object.at(&["spec", "postgresql", "parameters"]));
    let services = vec![(name.to_owned(), Role::Primary), (format!("{name}-repl"), Role::Replica)];
    Some(Postgres { plain: false, ..Postgres::of_object(object, parameters, services) })
}

impl Model {
    /// The Postgres servers of the repository.
    pub fn postgres_servers(&self) -> Vec<Postgres> {
        let objects = self.objects.iter().filter(|object| object.conditional.is_none());
        let operated = objects.filter_map(|object| of_cloudnative_pg(object).or_else(|| of_zalando(object)));
        let running = self.workloads.iter().enumerate().filter(|(_, w)| {
            w.is_long_running() && w.conditional.is_none() && !w.described && w.replicas.count != Some(0)
        });
        operated.chain(running.filter_map(|(index, workload)| self.of_workload(index, workload))).collect()
    }

    fn of_workload(&self, index: usize, workload: &Workload) -> Option<Postgres> {
        let is_postgres = |c: &&Container| c.image().is_some_and(|image| IMAGES.contains(&image.name()));
        let container = workload.containers.iter().find(is_postgres)?;
        let release = workload.release.map(|release| &self.releases[release]);
        let reads = workload.component.as_deref().is_some_and(|component| component.contains("read"));
        let role = if reads { Role::Replica } else { Role::Primary };
        let services = self.services.iter().filter(|service| service.selected.contains(&index));
        let memory = match self.limit(workload, container, "memory") {
            EffectiveResource::Stated(quantity, node) => Some((quantity, node)),
            EffectiveResource::Given(given) => Some((given.quantity, given.node)),
            _ => None,
        };
        let configured = release.map(|release| in_values(release, workload)).unwrap_or_default();
        let mut parameters = in_environment(container);
        parameters.extend(configured);
        parameters.extend(in_arguments(container));
        Some(Postgres {
            name: workload.name.clone(),
            namespace: workload.namespace.clone(),
            subject: workload.subject.clone(),
            header: workload.header,
            stack: Arc::clone(&workload.stack),
            services: services.map(|service| (service.name.clone(), role)).collect(),
            parameters,
            open: open_configuration(container),
            plain: true,
            memory,
        })
    }
}

/// Variables that Bitnami's image turns into parameters (bitnami/postgresql 17: libpostgresql.sh).
const VARIABLES: [(&str, &str); 2] = [
    ("POSTGRESQL_MAX_CONNECTIONS", "max_connections"),
    ("POSTGRESQL_SHARED_PRELOAD_LIBRARIES", "shared_preload_libraries"),
];

fn in_environment(container: &Container) -> Vec<(String, Node)> {
    let set = VARIABLES.iter().filter_map(|(variable, parameter)| match container.env(variable)? {
        EnvValue::Value(node) => Some(((*parameter).to_owned(), node)),
        EnvValue::Unknown(reason, place) => Some(((*parameter).to_owned(), Node::unknown(reason, place))),
    });
    set.collect()
}

/// `-c name=value` and `--name=value`.
fn in_arguments(container: &Container) -> Vec<(String, Node)> {
    let mut out = Vec::new();
    let mut behind_flag = false;
    for text in container.argv().filter_map(Node::as_text) {
        let word = text.as_str();
        let begin = match (behind_flag, word.strip_prefix("--").is_some(), word.strip_prefix("-c")) {
            (true, ..) => Some(0),
            (_, true, _) => Some(2),
            (_, _, Some(rest)) if !rest.is_empty() => Some(2),
            _ => None,
        };
        behind_flag = word == "-c";
        let Some(begin) = begin else { continue };
        if let Some((name, value)) = word[begin..].split_once('=') {
            let start = word.len() - value.len();
            let name = name.trim().replace('-', "_").to_ascii_lowercase();
            out.push((name, Node::text(text.slice(start..word.len()), text.place(start..word.len()))));
        }
    }
    out
}

/// What Bitnami's chart writes into the configuration: `primary.configuration`, and `extendedConfiguration` over it.
fn in_values(release: &Composed, workload: &Workload) -> Vec<(String, Node)> {
    let component = workload.component.as_deref().unwrap_or("primary");
    let texts = ["configuration", "extendedConfiguration"]
        .iter()
        .filter_map(|name| value_at(&release.effective, &format!("{component}.{name}"))?.as_text());
    let settings = texts.flat_map(parse_postgres_conf);
    settings
        .map(|(name, value)| (name, Node::text(value.clone(), value.place(0..value.as_str().len()))))
        .collect()
}

/// Why a container may be set in ways that are not known: a file of parameters that it mounts or names.
fn open_configuration(container: &Container) -> Option<Arc<str>> {
    let mounts = container.node.get("volumeMounts").map(Node::items).unwrap_or_default();
    let of_config = |mount: &Node| {
        let path = mount.get("mountPath").and_then(Node::as_str).unwrap_or_default();
        CONFIG_FOLDERS.iter().any(|folder| path.starts_with(folder))
    };
    let named = container.argv().filter_map(Node::as_text).any(|text| text.as_str().contains("config_file"));
    let open = ["command", "args", "env"]
        .iter()
        .find_map(|name| container.node.get(name).and_then(Node::open_reason));
    match mounts.iter().any(of_config) || named {
        true => Some("a file of its configuration is not read".into()),
        false => open,
    }
}
