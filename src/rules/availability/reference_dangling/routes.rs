//! What routes and StatefulSets refer to.

use super::Reference;
use crate::base::Node;
use crate::lower::Object;

const UNANSWERED: &str = "whoever calls the route gets an error";

pub(super) fn references(object: &Object) -> Vec<Reference<'_>> {
    let group = object.api_version().split('/').next().unwrap_or_default();
    match (object.kind(), group) {
        ("Ingress", "networking.k8s.io") => of_ingress(object),
        ("HTTPRoute" | "GRPCRoute" | "TCPRoute" | "TLSRoute", "gateway.networking.k8s.io") => {
            of_rules(object, "backendRefs", "spec.rules")
        }
        ("IngressRoute" | "IngressRouteTCP", "traefik.io" | "traefik.containo.us") => of_routes(object),
        ("StatefulSet", "apps") => of_stateful_set(object),
        _ => Vec::new(),
    }
}

fn service<'a>(name: &'a Node, namespace: Option<&'a Node>, field: &str, why: &'static str) -> Reference<'a> {
    Reference { kind: "Service", name, key: None, namespace, field: field.to_owned(), why }
}

fn of_ingress(object: &Object) -> Vec<Reference<'_>> {
    let rules = object.at(&["spec", "rules"]).map(Node::items).unwrap_or_default();
    let paths = rules.iter().filter_map(|rule| rule.at(&["http", "paths"])).flat_map(Node::items);
    let backends = paths.filter_map(|path| path.get("backend")).chain(object.at(&["spec", "defaultBackend"]));
    let names = backends.filter_map(|backend| backend.at(&["service", "name"]));
    names.map(|name| service(name, None, "spec.rules", UNANSWERED)).collect()
}

/// Whether a reference of a route is to a Service.
fn is_service(item: &Node) -> bool {
    let kind = item.get("kind").and_then(Node::as_str).unwrap_or("Service");
    kind == "Service" && item.get("group").and_then(Node::as_str).is_none_or(str::is_empty)
}

fn of_rules<'a>(object: &'a Object, list: &str, field: &str) -> Vec<Reference<'a>> {
    let rules = object.at(&["spec", "rules"]).map(Node::items).unwrap_or_default();
    let items = rules.iter().filter_map(|rule| rule.get(list)).flat_map(Node::items);
    let named = items.filter(|item| is_service(item));
    named
        .filter_map(|item| Some(service(item.get("name")?, item.get("namespace"), field, UNANSWERED)))
        .collect()
}

fn of_routes(object: &Object) -> Vec<Reference<'_>> {
    let routes = object.at(&["spec", "routes"]).map(Node::items).unwrap_or_default();
    let items = routes.iter().filter_map(|route| route.get("services")).flat_map(Node::items);
    // Traefik's own services have such names.
    let named = items.filter(|item| {
        is_service(item) && item.get("name").and_then(Node::as_str).is_none_or(|name| !name.contains('@'))
    });
    named
        .filter_map(|item| Some(service(item.get("name")?, item.get("namespace"), "spec.routes", UNANSWERED)))
        .collect()
}

fn of_stateful_set(object: &Object) -> Vec<Reference<'_>> {
    let name = object.at(&["spec", "serviceName"]);
    let why = "its pods have no names in DNS, by which they find each other";
    name.map(|name| service(name, None, "spec.serviceName", why)).into_iter().collect()
}
