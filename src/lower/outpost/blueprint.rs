//! Documents of authentik: blueprints, and the configuration of an outpost by itself.

use super::{Authentik, Carrier, OutpostDeclaration, ProxyProvider};
use crate::base::{Node, Place};
use crate::lower::document::Located;
use std::sync::Arc;

/// What a text names that holds such a document.
pub const AUTHENTIK_MARKS: [&str; 2] = ["authentik_outposts.outpost", PATCHES];

const OUTPOST_MODEL: &str = "authentik_outposts.outpost";
const PROVIDER_MODEL: &str = "authentik_providers_proxy.proxyprovider";
const PATCHES: &str = "kubernetes_json_patches";

/// The outposts and providers of a document: entries of a blueprint, or a configuration with patches, which is of an
/// outpost that nobody names. `carrier` says what the latter stands in.
pub fn read_authentik_document(root: &Node, located: &Located, carrier: Carrier) -> Authentik {
    let mut out = Authentik::default();
    let entries = root.get("entries").filter(|entries| entries.as_list().is_some());
    for entry in entries.map(Node::items).unwrap_or_default() {
        match entry.get("model").and_then(Node::as_str) {
            // What is to be absent is made by nobody.
            _ if entry.get("state").and_then(Node::as_str) == Some("absent") => {}
            Some(OUTPOST_MODEL) => out.outposts.push(outpost(entry, located, carrier)),
            Some(PROVIDER_MODEL) => out.providers.push(provider(entry, located)),
            _ => {}
        }
    }
    if let Some(entry) = root.as_map().and_then(|map| map.entry(PATCHES)) {
        let header = located.header.unwrap_or(entry.key.place);
        out.outposts.push(OutpostDeclaration {
            name: None,
            kind: None,
            managed: None,
            config: Some(root.clone()),
            service_connection: None,
            providers: None,
            subject: located.subject.clone().unwrap_or_else(|| PATCHES.to_owned()),
            ..bare(located, header, carrier)
        });
    }
    out
}

fn bare(located: &Located, header: Place, carrier: Carrier) -> OutpostDeclaration {
    OutpostDeclaration {
        carrier,
        name: None,
        kind: None,
        managed: None,
        config: None,
        service_connection: None,
        providers: None,
        subject: String::new(),
        header,
        stack: Arc::clone(&located.stack),
        conditional: located.conditional.clone(),
        ignored: located.ignored.clone(),
    }
}

fn outpost(entry: &Node, located: &Located, carrier: Carrier) -> OutpostDeclaration {
    let field = |name: &str| entry.at(&["attrs", name]).or_else(|| entry.at(&["identifiers", name]));
    let name = field("name").cloned();
    let shown = name.as_ref().and_then(Node::as_str).unwrap_or("?");
    let header = entry.get("model").map_or(entry.place, |model| model.place);
    // In a page it is only shown.
    let carrier = if carrier == Carrier::Page { carrier } else { Carrier::Blueprint };
    let conditions =
        entry.get("conditions").filter(|list| list.as_list().is_none_or(|l| !l.items.is_empty()));
    OutpostDeclaration {
        subject: within(located, format!("outpost/{shown}")),
        conditional: conditions
            .map(|_| "it hangs on conditions of the blueprint".into())
            .or_else(|| located.conditional.clone()),
        kind: field("type").cloned(),
        managed: field("managed").cloned(),
        config: entry.at(&["attrs", "config"]).cloned(),
        service_connection: field("service_connection").cloned(),
        providers: field("providers").cloned(),
        name,
        ..bare(located, header, carrier)
    }
}

/// An address inside of the resource that holds the blueprint.
fn within(located: &Located, name: String) -> String {
    located.subject.as_ref().map_or(name.clone(), |subject| format!("{subject}:{name}"))
}

fn provider(entry: &Node, located: &Located) -> ProxyProvider {
    let field = |name: &str| entry.at(&["attrs", name]).or_else(|| entry.at(&["identifiers", name]));
    ProxyProvider {
        validity: field("access_token_validity").cloned(),
        subject: within(located, format!("provider/{}", field("name").and_then(Node::as_str).unwrap_or("?"))),
        header: entry.get("model").map_or(entry.place, |model| model.place),
        stack: Arc::clone(&located.stack),
        blueprint: true,
    }
}
