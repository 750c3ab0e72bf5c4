//! The objects that authentik's controller makes of an outpost, before patches: controller.yaml.

use super::OutpostDeclaration;
use crate::base::{Entry, Key, List, Map, Node, Origin, Place, Text, TextBuilder, Trail, Value};
use crate::lower::chart::parse_data;
use std::sync::{Arc, OnceLock};

/// The key of an outpost's configuration that holds its patches by component.
pub const COMPONENT_FIELD: &str = "kubernetes_json_patches";

/// What the controller makes.
#[derive(Clone, Debug)]
pub struct ControllerObjects {
    /// The Deployment; the one of the embedded outpost is made by nobody.
    pub deployment: Node,
    /// The Service.
    pub service: Node,
}

/// The name of the outpost inside authentik's server.
const EMBEDDED_NAME: &str = "authentik Embedded Outpost";

/// Who manages it.
const EMBEDDED_BY: &str = "goauthentik.io/outposts/embedded";

/// How the controller names objects where the configuration says nothing else.
const NAMING: &str = "ak-outpost-%(name)s";

impl OutpostDeclaration {
    /// What says that it is the outpost inside authentik's server.
    pub fn embedded(&self) -> Option<&Node> {
        let managed = self.managed.as_ref().filter(|node| node.as_str() == Some(EMBEDDED_BY));
        managed.or_else(|| self.name.as_ref().filter(|node| node.as_str() == Some(EMBEDDED_NAME)))
    }

    /// Whether it runs on a host with Docker, of which no object of Kubernetes is made.
    pub fn runs_in_docker(&self) -> bool {
        let reason = self.service_connection.as_ref().and_then(Node::unknown_reason);
        reason.is_some_and(|reason| reason.contains("service_connection_docker"))
    }

    /// Whether the controller makes a component: not one that is switched off.
    pub fn makes(&self, component: &str) -> bool {
        let off = self.setting("kubernetes_disabled_components").map(Node::items).unwrap_or_default();
        !self.runs_in_docker() && !off.iter().any(|name| name.as_str() == Some(component))
    }

    /// A key of its configuration.
    pub fn setting(&self, name: &str) -> Option<&Node> {
        self.config.as_ref().and_then(|config| config.get(name))
    }

    /// A key of its configuration, else the controller's default for it.
    fn setting_or(&self, name: &str, default: impl FnOnce(Place) -> Node) -> Node {
        if let Some(node) = self.setting(name) {
            return node.clone();
        }
        match self.config.as_ref().and_then(Node::open_reason) {
            Some(reason) => Node::unknown(reason, self.header),
            None => default(self.header).as_default(),
        }
    }

    /// Its type. One of which nothing is said is a proxy, as in authentik and its provider.
    pub fn type_name(&self) -> Node {
        let default = || Node::made("proxy", self.header).as_default();
        self.kind.clone().unwrap_or_else(default)
    }
}

/// The keys under which the controller looks for patches.
pub fn components() -> Vec<&'static str> {
    let known = data().get("components").map(Node::items).unwrap_or_default();
    known.iter().filter_map(Node::as_str).collect()
}

/// The objects of an outpost. `namespace` is that of authentik, if it is known.
pub fn controller_objects(outpost: &OutpostDeclaration, namespace: Option<&Node>) -> ControllerObjects {
    let filler = Filler { outpost, values: values(outpost, namespace) };
    ControllerObjects { deployment: filler.part("deployment"), service: filler.part("service") }
}

fn data() -> &'static Node {
    static DATA: OnceLock<Node> = OnceLock::new();
    DATA.get_or_init(|| parse_data(include_str!("controller.yaml")))
}

/// What the scalars that begin with `$` stand for.
fn values(outpost: &OutpostDeclaration, namespace: Option<&Node>) -> Vec<(&'static str, Node)> {
    let header = outpost.header;
    let made = |text: String| Node::made(text, header).as_default();
    let unknown = |reason: &str| Node::unknown(reason.to_owned(), header);
    let kind = outpost.type_name();
    let of_kind = |prefix: &str| match kind.as_str() {
        Some(kind) => made(format!("{prefix}{kind}")),
        None => unknown("the outpost's type is not known"),
    };
    let slug = match outpost.name.as_ref().and_then(Node::as_str) {
        Some(name) if name.is_ascii() => made(slug(name)),
        Some(_) => unknown("how authentik writes this name in ASCII is not known"),
        None => unknown("the outpost's name is not known"),
    };
    let version = || unknown("the version of authentik");
    let authentik = || match namespace {
        Some(namespace) => namespace.clone(),
        None => unknown("the namespace of authentik is not known"),
    };
    vec![
        ("$name", object_name(outpost, &slug)),
        ("$slug", slug),
        ("$namespace", outpost.setting_or("kubernetes_namespace", |_| authentik())),
        ("$application", of_kind("authentik-")),
        ("$label", of_kind("authentik-outpost-")),
        ("$version", version()),
        ("$uuid", unknown("an id that authentik gives")),
        ("$replicas", outpost.setting_or("kubernetes_replicas", |header| Node::int(1, header))),
        ("$pullSecrets", pull_secrets(outpost)),
        ("$image", outpost.setting_or("container_image", |_| image(&kind, header))),
        ("$containerPorts", ports(&kind, header, true)),
        ("$servicePorts", ports(&kind, header, false)),
        (
            "$serviceType",
            outpost.setting_or("kubernetes_service_type", |header| Node::made("ClusterIP", header)),
        ),
        ("$type", kind),
    ]
}

fn object_name(outpost: &OutpostDeclaration, slug: &Node) -> Node {
    let template = outpost.setting_or("object_naming_template", |header| Node::made(NAMING, header));
    let Some(text) = template.as_str() else { return template };
    let mut out = TextBuilder::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("%(") {
        out.push_made(before, template.place, Trail::default());
        let Some((field, after)) = after.split_once(")s") else {
            return Node::unknown("a naming template that is not understood", template.place);
        };
        match (field, slug.as_str()) {
            ("name", Some(name)) => out.push_made(name, template.place, Trail::default()),
            ("name", None) => out.push_hole(template.place, "the outpost's name is not known".into()),
            _ => out.push_hole(template.place, "an id that authentik gives".into()),
        }
        rest = after;
    }
    out.push_made(rest, template.place, Trail::default());
    let text = out.finish(template.place);
    match text.is_known() {
        true => Node::made(label_of(text.as_str()), template.place).as_default(),
        false => Node::text(text, template.place).as_default(),
    }
}

fn pull_secrets(outpost: &OutpostDeclaration) -> Node {
    let names = outpost.setting_or("kubernetes_image_pull_secrets", |header| Node::list(Vec::new(), header));
    let named = |node: &Node| {
        let mut map = Map::default();
        map.insert(Key { name: "name".into(), place: node.place }, node.clone());
        Node::map(map, node.place)
    };
    let items = names.items().iter().map(named).collect();
    let open = names.open_reason();
    Node { value: Value::List(Arc::new(List { items, open, set: false })), ..names }
}

/// The image of a type; which tag is decided by authentik's own version.
fn image(kind: &Node, header: Place) -> Node {
    let Some(kind) = kind.as_str() else { return Node::unknown("the outpost's type is not known", header) };
    let mut out = TextBuilder::new();
    out.push_made(&format!("ghcr.io/goauthentik/{kind}:"), header, Trail::default());
    out.push_hole(header, "the version of authentik".into());
    Node::text(out.finish(header), header)
}

/// The ports of a type, as those of a container or of a Service.
fn ports(kind: &Node, header: Place, container: bool) -> Node {
    let known = kind.as_str().and_then(|kind| data().get("ports")?.get(kind));
    let Some(known) = known else { return Node::unknown("the ports of this type are not known", header) };
    let port = |item: &Node| {
        let mut map = Map::default();
        let mut put = |name: &str, node: Node| {
            map.insert(Key { name: name.into(), place: header }, placed(&node, header));
        };
        let number = |name: &str| item.get(name).cloned();
        let inner = number("inner").or_else(|| number("port")).unwrap_or_else(|| Node::null(header));
        put("name", item.get("name").cloned().unwrap_or_else(|| Node::null(header)));
        put("protocol", item.get("protocol").cloned().unwrap_or_else(|| Node::made("TCP", header)));
        if container {
            put("containerPort", inner);
        } else {
            put("port", number("port").unwrap_or_else(|| Node::null(header)));
            put("targetPort", inner);
        }
        Node::map(map, header).as_default()
    };
    let open = Some("which further ports there are depends on the version of authentik".into());
    let list = List { items: known.items().iter().map(port).collect(), open, set: false };
    Node::new(Value::List(Arc::new(list)), header).as_default()
}

/// Lays values into the data.
struct Filler<'a> {
    outpost: &'a OutpostDeclaration,
    values: Vec<(&'static str, Node)>,
}

impl Filler<'_> {
    fn part(&self, name: &str) -> Node {
        data().get(name).map_or_else(|| Node::null(self.outpost.header), |node| self.fill(node))
    }

    fn fill(&self, node: &Node) -> Node {
        let place = self.outpost.header;
        let name = node.as_str().unwrap_or_default();
        if name == "$serviceSelector" {
            return self.service_selector();
        }
        if let Some((_, value)) = self.values.iter().find(|(known, _)| *known == name) {
            return value.clone();
        }
        let value = match &node.value {
            Value::Map(map) => {
                let entry = |entry: &Entry| Entry {
                    key: Key { name: Arc::clone(&entry.key.name), place },
                    value: self.fill(&entry.value),
                };
                Value::Map(Arc::new(Map { entries: map.entries.iter().map(entry).collect(), open: None }))
            }
            Value::List(list) => {
                let items = list.items.iter().map(|item| self.fill(item)).collect();
                Value::List(Arc::new(List { items, open: None, set: false }))
            }
            Value::Text(text) => Value::Text(Text::made(text.shared(), place)),
            other => other.clone(),
        };
        Node { value, place, trail: Trail::default(), origin: Origin::Default }
    }

    /// The Service of the embedded outpost selects authentik's server.
    fn service_selector(&self) -> Node {
        if self.outpost.embedded().is_some() {
            return self.part("embedded");
        }
        let labels = data()
            .get("deployment")
            .and_then(|deployment| deployment.at(&["spec", "selector", "matchLabels"]));
        labels.map_or_else(|| Node::null(self.outpost.header), |labels| self.fill(labels))
    }
}

/// The same value at another place, as a default.
fn placed(node: &Node, place: Place) -> Node {
    Node { place, trail: Trail::default(), origin: Origin::Default, ..node.clone() }
}

/// A name as the controller makes one that Kubernetes takes: at most 63 letters, digits and hyphens.
fn label_of(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' };
    slug(name).chars().map(plain).take(LONGEST_NAME).collect()
}

/// Characters of a label of DNS, at most.
const LONGEST_NAME: usize = 63;

/// A name of ASCII as Django's `slugify` writes it: letters, digits, underscores and hyphens, in lower case.
fn slug(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ' | '\t'));
    let lower: String = kept.map(|c| c.to_ascii_lowercase()).collect();
    let words: Vec<&str> = lower.split([' ', '\t', '-']).filter(|word| !word.is_empty()).collect();
    words.join("-").trim_matches(['-', '_']).to_owned()
}
