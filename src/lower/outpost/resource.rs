//! Outposts, providers and blueprints as resources of the authentik provider of Terraform.

use super::blueprint::read_authentik_document;
use super::{Carrier, OutpostDeclaration, ProxyProvider};
use crate::base::{Node, Value};
use crate::lower::object::Ignored;
use crate::lower::resource::{Lowered, Source, documents, located};
use std::sync::Arc;

const OUTPOST: &str = "authentik_outpost";
const PROVIDER: &str = "authentik_provider_proxy";
const BLUEPRINT: &str = "authentik_blueprint";

/// The types that are read.
pub(in crate::lower) const TYPES: [&str; 3] = [OUTPOST, PROVIDER, BLUEPRINT];

/// Reads a resource of one of these types.
pub(in crate::lower) fn read_resource(source: &Source<'_>, out: &mut Lowered) {
    let body = source.body;
    match source.kind {
        OUTPOST => {
            let config = body.get("config").map(|node| match &node.value {
                Value::Text(text) => {
                    let parsed = documents(text, &mut out.issues).into_iter().next();
                    let unknown = || Node::unknown("a configuration that is not understood", node.place);
                    parsed.filter(|root| root.as_map().is_some()).unwrap_or_else(unknown)
                }
                _ => node.clone(),
            });
            out.authentik.outposts.push(OutpostDeclaration {
                carrier: Carrier::Resource,
                name: body.get("name").cloned(),
                kind: body.get("type").cloned(),
                managed: None,
                config,
                service_connection: body.get("service_connection").cloned(),
                providers: body.get("protocol_providers").cloned(),
                subject: source.address.to_owned(),
                header: source.header,
                stack: Arc::clone(source.stack),
                conditional: source.conditional.cloned(),
                ignored: ignored(source.ignore_changes),
            });
        }
        PROVIDER => out.authentik.providers.push(ProxyProvider {
            validity: body.get("access_token_validity").cloned(),
            subject: source.address.to_owned(),
            header: source.header,
            stack: Arc::clone(source.stack),
            blueprint: false,
        }),
        BLUEPRINT => {
            let text = body.get("content").and_then(Node::as_text);
            for root in text.map(|text| documents(text, &mut out.issues)).unwrap_or_default() {
                out.authentik.join(read_authentik_document(&root, &located(source), Carrier::Blueprint));
            }
        }
        _ => {}
    }
}

/// Whatever is made of an outpost comes from its arguments.
fn ignored(references: &[String]) -> Ignored {
    let live = |reference: &&String| {
        let name = reference.split(['.', '[']).next().unwrap_or_default();
        matches!(name, "all" | "config" | "name" | "type")
    };
    Ignored::from_references(
        &references.iter().find(live).map(|_| "all".to_owned()).into_iter().collect::<Vec<_>>(),
    )
}
