//! A scheduling term of another shape than its list wants.
//!
//! # What it does
//! Holds each term of node affinity, pod affinity, pod anti-affinity and topology spread against the shape that the API gives
//! it (core/v1 of Kubernetes 1.34): fields that do not exist there, fields that must be there, operators, and values that an
//! operator needs or refuses.
//!
//! # Why it matters
//! Required and preferred terms look alike and are not: one is the term itself, the other wraps it with a weight. A field in
//! the wrong place is dropped with a warning that nobody reads, or the object is refused.
//!
//! # How to fix
//! Move the fields to where the message says.
//!
//! # Limits
//! Terms that are not wholly known are judged by what is known of them.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec:
//!       containers: [{ name: web, image: "web:1.0.0" }]
//!       affinity:
//!         podAntiAffinity:
//!           requiredDuringSchedulingIgnoredDuringExecution:
//!             - weight: 100
//!               podAffinityTerm: { labelSelector: { matchLabels: { app: web } }, topologyKey: kubernetes.io/hostname }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec:
//!       containers: [{ name: web, image: "web:1.0.0" }]
//!       affinity:
//!         podAntiAffinity:
//!           requiredDuringSchedulingIgnoredDuringExecution:
//!             - labelSelector: { matchLabels: { app: web } }
//!               topologyKey: kubernetes.io/hostname
//! ```

use crate::base::{Map, Node, Place, Value};
use crate::finding::{Severity, closest};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "affinity-term-malformed",
        summary: "a scheduling term of another shape than its list wants",
        group: Group::Availability,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("affinity_term_malformed.rs"),
    },
    check: Some(check),
};

/// The shape of a mapping of the API.
struct Shape {
    fields: &'static [(&'static str, Kind)],
    required: &'static [&'static str],
    /// The operators of a requirement.
    operators: &'static [&'static str],
}

/// The shape of a field.
#[derive(Clone, Copy)]
enum Kind {
    Any,
    One(&'static Shape),
    List(&'static Shape),
}

use Kind::{Any, List, One};

const OF_LABELS: [&str; 4] = ["In", "NotIn", "Exists", "DoesNotExist"];
const OF_NODES: [&str; 6] = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];
const REQUIREMENT_FIELDS: [(&str, Kind); 3] = [("key", Any), ("operator", Any), ("values", Any)];
const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

static REQUIREMENT: Shape =
    Shape { fields: &REQUIREMENT_FIELDS, required: &["key", "operator"], operators: &OF_LABELS };
static NODE_REQUIREMENT: Shape =
    Shape { fields: &REQUIREMENT_FIELDS, required: &["key", "operator"], operators: &OF_NODES };
static SELECTOR: Shape = shape(&[("matchLabels", Any), ("matchExpressions", List(&REQUIREMENT))], &[]);
static POD_TERM: Shape = shape(
    &[
        ("labelSelector", One(&SELECTOR)),
        ("namespaceSelector", One(&SELECTOR)),
        ("namespaces", Any),
        ("topologyKey", Any),
        ("matchLabelKeys", Any),
        ("mismatchLabelKeys", Any),
    ],
    &["topologyKey"],
);
static WEIGHTED_POD_TERM: Shape =
    shape(&[("weight", Any), ("podAffinityTerm", One(&POD_TERM))], &["weight", "podAffinityTerm"]);
static POD_AFFINITY: Shape =
    shape(&[(REQUIRED, List(&POD_TERM)), (PREFERRED, List(&WEIGHTED_POD_TERM))], &[]);
static NODE_TERM: Shape =
    shape(&[("matchExpressions", List(&NODE_REQUIREMENT)), ("matchFields", List(&NODE_REQUIREMENT))], &[]);
static NODE_SELECTOR: Shape = shape(&[("nodeSelectorTerms", List(&NODE_TERM))], &["nodeSelectorTerms"]);
static WEIGHTED_NODE_TERM: Shape =
    shape(&[("weight", Any), ("preference", One(&NODE_TERM))], &["weight", "preference"]);
static NODE_AFFINITY: Shape =
    shape(&[(REQUIRED, One(&NODE_SELECTOR)), (PREFERRED, List(&WEIGHTED_NODE_TERM))], &[]);
static AFFINITY: Shape = shape(
    &[
        ("nodeAffinity", One(&NODE_AFFINITY)),
        ("podAffinity", One(&POD_AFFINITY)),
        ("podAntiAffinity", One(&POD_AFFINITY)),
    ],
    &[],
);
static CONSTRAINT: Shape = shape(
    &[
        ("maxSkew", Any),
        ("topologyKey", Any),
        ("whenUnsatisfiable", Any),
        ("labelSelector", One(&SELECTOR)),
        ("minDomains", Any),
        ("nodeAffinityPolicy", Any),
        ("nodeTaintsPolicy", Any),
        ("matchLabelKeys", Any),
    ],
    &["maxSkew", "topologyKey", "whenUnsatisfiable"],
);

const fn shape(fields: &'static [(&'static str, Kind)], required: &'static [&'static str]) -> Shape {
    Shape { fields, required, operators: &[] }
}

/// What does not fit.
struct Fault {
    place: Place,
    /// The path of what holds it, from the pod spec.
    at: String,
    what: String,
    help: String,
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads() {
        let Some(pod) = workload.pod() else { continue };
        // The provider of Terraform fills in what is missing in typed blocks.
        let mut walk = Walk { faults: Vec::new(), complete: !context.model.object(workload).lenient };
        for (field, kind) in [("affinity", One(&AFFINITY)), ("topologySpreadConstraints", List(&CONSTRAINT))]
        {
            if let Some(node) = pod.get(field) {
                walk.value(node, kind, field);
            }
        }
        for fault in walk.faults {
            let report = sink
                .report(
                    Severity::Error,
                    fault.place,
                    format!("{} in `{}` of {}", fault.what, short(&fault.at), workload.title()),
                )
                .label("not what the API expects here")
                .on(workload, workload.template_field(&format!("spec.{}", fault.at)))
                .note("the API refuses the object, or drops the field with a warning that nobody reads")
                .help(fault.help);
            sink.push(report);
        }
    }
}

/// A path for people: the long names cut.
fn short(path: &str) -> String {
    path.replace("DuringSchedulingIgnoredDuringExecution", "…")
}

struct Walk {
    faults: Vec<Fault>,
    /// Whether fields that must be there are looked for.
    complete: bool,
}

impl Walk {
    fn fault(&mut self, place: Place, at: &str, what: String, help: impl Into<String>) {
        self.faults.push(Fault { place, at: at.to_owned(), what, help: help.into() });
    }

    fn value(&mut self, node: &Node, kind: Kind, at: &str) {
        match (kind, &node.value) {
            (One(shape), Value::Map(map)) => self.mapping(node, map, shape, at),
            (One(_), Value::List(_)) => {
                self.fault(
                    node.place,
                    at,
                    "a list stands where one mapping belongs".into(),
                    "write the mapping itself",
                );
            }
            (List(shape), Value::List(list)) => {
                for (index, item) in list.items.iter().enumerate() {
                    self.value(item, One(shape), &format!("{at}[{index}]"));
                }
            }
            (List(_), Value::Map(_)) => {
                self.fault(
                    node.place,
                    at,
                    "a mapping stands where a list belongs".into(),
                    "make it an item of a list",
                );
            }
            _ => {}
        }
    }

    fn mapping(&mut self, node: &Node, map: &Map, shape: &Shape, at: &str) {
        let known = |name: &str| shape.fields.iter().find(|(field, _)| *field == name);
        let foreign =
            map.entries.iter().find(|entry| known(&entry.key.name).is_none() && !entry.value.is_null());
        if let Some(entry) = foreign {
            let help = belongs(&entry.key.name, shape);
            self.fault(entry.key.place, at, format!("there is no field `{}`", entry.key.name), help);
        } else if map.open.is_none()
            && self.complete
            && let Some(name) = shape.required.iter().find(|name| node.get(name).is_none())
        {
            self.fault(head(node, map), at, format!("`{name}` is missing"), format!("add `{name}`"));
        }
        if !shape.operators.is_empty() {
            self.requirement(node, shape, at);
        }
        for entry in &map.entries {
            if let Some((name, kind)) = known(&entry.key.name) {
                self.value(&entry.value, *kind, &format!("{at}.{name}"));
            }
        }
    }

    fn requirement(&mut self, node: &Node, shape: &Shape, at: &str) {
        let Some(operator) = node.get("operator") else { return };
        let Some(name) = operator.as_str() else { return };
        if !shape.operators.contains(&name) {
            let help = format!("the operators are {}", shape.operators.join(", "));
            return self.fault(operator.place, at, format!("there is no operator `{name}`"), help);
        }
        let values = node.get("values");
        if values.or(Some(node)).is_some_and(|node| node.open_reason().is_some()) {
            return;
        }
        let count = values.map_or(0, |values| values.items().len());
        let what = match name {
            "In" | "NotIn" if count == 0 => "needs values",
            "Exists" | "DoesNotExist" if count > 0 => "takes no values",
            "Gt" | "Lt" if count != 1 => "needs one value",
            _ => return,
        };
        self.fault(
            operator.place,
            at,
            format!("operator `{name}` {what}"),
            "give the operator what it needs",
        );
    }
}

/// Where something that is missing would be added.
fn head(node: &Node, map: &Map) -> Place {
    map.entries.first().map_or(node.place, |entry| entry.key.place)
}

/// Where a field belongs that does not exist here.
fn belongs(name: &str, shape: &Shape) -> String {
    let has = |shape: &Shape| shape.fields.iter().any(|(field, _)| *field == name);
    let is = |other: &Shape| std::ptr::eq(shape.fields, other.fields);
    if is(&POD_TERM) && has(&WEIGHTED_POD_TERM) {
        return "a required term has no weight and no wrapping: write `labelSelector` and `topologyKey` themselves".into();
    }
    if is(&WEIGHTED_POD_TERM) && has(&POD_TERM) {
        return format!(
            "a preferred term is wrapped: put `{name}` under `podAffinityTerm`, beside a `weight`"
        );
    }
    if is(&WEIGHTED_NODE_TERM) && has(&NODE_TERM) {
        return format!("a preferred term is wrapped: put `{name}` under `preference`, beside a `weight`");
    }
    let names: Vec<&str> = shape.fields.iter().map(|(field, _)| *field).collect();
    match closest(name, &names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the fields are {}", names.join(", ")),
    }
}
