//! What a namespace imposes on its pods: LimitRanges, written or made by Kyverno.

use super::quantity::Quantity;
use super::selector::selects;
use crate::base::{Node, Place};
use crate::lower::Object;
use std::sync::Arc;

/// Limits for the containers of namespaces.
#[derive(Clone, Debug)]
pub struct LimitRange {
    /// The name.
    pub name: String,
    /// Which namespaces it governs.
    pub scope: Scope,
    /// The address of what declares it.
    pub subject: String,
    /// The item of `limits` for containers.
    pub item: Node,
    /// Whether a policy makes it.
    pub policy: bool,
    /// The folder of the stack.
    pub stack: Arc<str>,
    /// Whether it may not exist, or hangs on conditions that cannot be told.
    doubtful: bool,
}

/// Which namespaces a LimitRange stands in.
#[derive(Clone, Debug)]
pub enum Scope {
    /// This one.
    Named(String),
    /// Those that a policy's rule matches.
    Matched {
        /// The rule's `match`.
        matching: Node,
        /// The rule's `exclude`.
        exclude: Option<Node>,
    },
}

/// A Namespace object.
#[derive(Clone, Debug)]
pub struct Namespace {
    /// The name.
    pub name: String,
    /// The labels.
    pub labels: Option<Node>,
    /// The header of what declares it.
    pub header: Place,
    /// The folder of the stack.
    pub stack: Arc<str>,
}

/// The default that a LimitRange gives for a resource: the value that a pod without one gets.
#[derive(Clone, Debug)]
pub struct DefaultLimit {
    /// The value.
    pub quantity: Quantity,
    /// The value as written, with its place.
    pub node: Node,
    /// The LimitRange's name.
    pub name: String,
    /// Whether a policy makes the LimitRange.
    pub policy: bool,
    /// The folder of the stack that it belongs to.
    pub stack: Arc<str>,
}

impl Namespace {
    /// Reads a Namespace.
    pub fn read(object: &Object) -> Option<Namespace> {
        if object.kind() != "Namespace" || object.conditional.is_some() {
            return None;
        }
        Some(Namespace {
            name: object.name()?.to_owned(),
            labels: object.at(&["metadata", "labels"]).cloned(),
            header: object.header,
            stack: Arc::clone(&object.stack),
        })
    }
}

impl LimitRange {
    /// The LimitRanges that an object is or makes.
    pub fn read(object: &Object) -> Vec<LimitRange> {
        match object.kind() {
            "LimitRange" => {
                let Some(namespace) = object.namespace() else { return Vec::new() };
                let limits = object.at(&["spec", "limits"]);
                container_items(limits)
                    .map(|item| LimitRange {
                        name: object.name().unwrap_or("?").to_owned(),
                        scope: Scope::Named(namespace.to_owned()),
                        subject: object.subject.clone(),
                        item: item.clone(),
                        policy: false,
                        stack: Arc::clone(&object.stack),
                        doubtful: object.conditional.is_some(),
                    })
                    .collect()
            }
            "ClusterPolicy" => object
                .at(&["spec", "rules"])
                .map(Node::items)
                .unwrap_or_default()
                .iter()
                .flat_map(|rule| generated(object, rule))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it stands in a namespace; none where that is unknown.
    pub fn governs(&self, name: &str, namespace: Option<&Namespace>) -> Option<bool> {
        let governs = self.matches(name, namespace);
        if self.doubtful && governs != Some(false) { None } else { governs }
    }

    fn matches(&self, name: &str, namespace: Option<&Namespace>) -> Option<bool> {
        match &self.scope {
            Scope::Named(named) => Some(named == name),
            Scope::Matched { matching, exclude } => {
                let labels = namespace.map(|namespace| namespace.labels.clone());
                let taken = matched(matching, name, labels.as_ref())?;
                match exclude {
                    Some(exclude) if taken => {
                        matched(exclude, name, labels.as_ref()).map(|excluded| !excluded)
                    }
                    _ => Some(taken),
                }
            }
        }
    }

    /// The limit that a container without one gets: `default`, or `max` where there is no default.
    pub fn default_limit(&self, resource: &str) -> Option<DefaultLimit> {
        self.value(&["default", resource]).or_else(|| self.value(&["max", resource]))
    }

    /// The request that a container without request and limit gets.
    pub fn default_request(&self, resource: &str) -> Option<DefaultLimit> {
        self.value(&["defaultRequest", resource])
            .or_else(|| self.default_limit(resource))
            .or_else(|| self.value(&["min", resource]))
    }

    /// The most that a container's limit may be.
    pub fn most(&self, resource: &str) -> Option<DefaultLimit> {
        self.value(&["max", resource])
    }

    fn value(&self, path: &[&str]) -> Option<DefaultLimit> {
        let node = self.item.at(path)?;
        let quantity = Quantity::of(node)?;
        Some(DefaultLimit {
            quantity,
            node: node.clone(),
            name: self.name.clone(),
            policy: self.policy,
            stack: Arc::clone(&self.stack),
        })
    }
}

fn container_items(limits: Option<&Node>) -> impl Iterator<Item = &Node> {
    let items = limits.map(Node::items).unwrap_or_default().iter();
    items.filter(|item| item.get("type").and_then(Node::as_str).is_none_or(|t| t == "Container"))
}

/// The LimitRange that a rule of a Kyverno policy makes for namespaces.
fn generated(object: &Object, rule: &Node) -> Vec<LimitRange> {
    let Some(generate) = rule.get("generate") else { return Vec::new() };
    let (Some(matching), true) =
        (rule.get("match"), generate.get("kind").and_then(Node::as_str) == Some("LimitRange"))
    else {
        return Vec::new();
    };
    let limits = generate.at(&["data", "spec", "limits"]);
    let scope = Scope::Matched { matching: matching.clone(), exclude: rule.get("exclude").cloned() };
    let name = generate.get("name").and_then(Node::as_str).unwrap_or("?");
    container_items(limits)
        .map(|item| LimitRange {
            name: name.to_owned(),
            scope: scope.clone(),
            subject: object.subject.clone(),
            item: item.clone(),
            policy: true,
            stack: Arc::clone(&object.stack),
            doubtful: object.conditional.is_some() || rule.get("preconditions").is_some(),
        })
        .collect()
}

/// Whether a `match` or `exclude` of a Kyverno rule takes a Namespace: `any`, `all`, or the old form with
/// `resources` at the top.
fn matched(filter: &Node, name: &str, labels: Option<&Option<Node>>) -> Option<bool> {
    if let Some(any) = filter.get("any") {
        let taken: Vec<_> = any.items().iter().map(|f| resources_match(f, name, labels)).collect();
        return if taken.contains(&Some(true)) { Some(true) } else { all_known(&taken).then_some(false) };
    }
    if let Some(all) = filter.get("all") {
        let taken: Vec<_> = all.items().iter().map(|f| resources_match(f, name, labels)).collect();
        return if taken.contains(&Some(false)) { Some(false) } else { all_known(&taken).then_some(true) };
    }
    resources_match(filter, name, labels)
}

fn all_known(parts: &[Option<bool>]) -> bool {
    parts.iter().all(Option::is_some)
}

fn resources_match(filter: &Node, name: &str, labels: Option<&Option<Node>>) -> Option<bool> {
    let resources = filter.get("resources")?;
    // Annotations, operations, subjects, roles: what they hold is not in the files.
    let others = |node: &Node, known: &[&str]| {
        node.as_map().is_some_and(|map| {
            map.open.is_some() || map.entries.iter().any(|e| !known.contains(&&*e.key.name))
        })
    };
    let conditional = others(filter, &["resources"])
        || others(resources, &["kinds", "names", "namespaces", "selector", "name"]);
    let listed = |field: &str| resources.get(field).map(Node::items);
    if let Some(kinds) = listed("kinds") {
        let namespace =
            kinds.iter().filter_map(Node::as_str).any(|kind| matches!(kind, "Namespace" | "v1/Namespace"));
        if !namespace {
            return Some(false);
        }
    }
    for field in ["names", "namespaces"] {
        let named =
            |names: &[Node]| names.iter().filter_map(Node::as_str).any(|pattern| wildcard(pattern, name));
        if listed(field).is_some_and(|names| !named(names)) {
            return Some(false);
        }
    }
    if resources.get("name").and_then(Node::as_str).is_some_and(|pattern| !wildcard(pattern, name)) {
        return Some(false);
    }
    match (resources.get("selector"), labels) {
        (None, _) if conditional => None,
        (None, _) => Some(true),
        (Some(_), None) => None,
        (Some(selector), Some(labels)) => {
            selects(Some(selector), labels.as_ref()).filter(|taken| !(*taken && conditional))
        }
    }
}

/// `*` for any characters, `?` for one. Goes back to the last `*` only, so that no pattern takes long.
fn wildcard(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    (p, t) = (at + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}
