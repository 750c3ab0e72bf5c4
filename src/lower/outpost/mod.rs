//! Outposts of authentik: where they are declared, and the objects that its controller makes of them.

mod blueprint;
mod controller;
mod resource;

pub use blueprint::{AUTHENTIK_MARKS, read_authentik_document};
pub use controller::{COMPONENT_FIELD, ControllerObjects, components, controller_objects};
pub(super) use resource::{TYPES, read_resource};

use super::object::Ignored;
use crate::base::{Node, Place};
use std::sync::Arc;

/// What declares an outpost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Carrier {
    /// An `authentik_outpost` of Terraform.
    Resource,
    /// An entry of a blueprint.
    Blueprint,
    /// A YAML document with `kubernetes_json_patches`, which somebody may paste into authentik.
    Document,
    /// Such a document in the text of a page.
    Page,
}

/// An outpost as a file declares it.
#[derive(Clone, Debug)]
pub struct OutpostDeclaration {
    /// What declares it.
    pub carrier: Carrier,
    /// Its name in authentik.
    pub name: Option<Node>,
    /// Its type: `proxy`, `ldap`, `radius`, `rac`.
    pub kind: Option<Node>,
    /// Who manages it: `goauthentik.io/outposts/embedded` for the one inside authentik's server.
    pub managed: Option<Node>,
    /// Its configuration.
    pub config: Option<Node>,
    /// What runs it: a connection to a cluster, or to a host with Docker.
    pub service_connection: Option<Node>,
    /// The providers that it serves: references, or keys.
    pub providers: Option<Node>,
    /// The address.
    pub subject: String,
    /// The header of what declares it.
    pub header: Place,
    /// The folder of the stack.
    pub stack: Arc<str>,
    /// Why it may not exist.
    pub conditional: Option<Arc<str>>,
    /// Fields that are not kept as declared.
    pub ignored: Ignored,
}

/// A proxy provider, whose access tokens say how long a session lasts.
#[derive(Clone, Debug)]
pub struct ProxyProvider {
    /// `access_token_validity`.
    pub validity: Option<Node>,
    /// The address.
    pub subject: String,
    /// The header of what declares it.
    pub header: Place,
    /// The folder of the stack.
    pub stack: Arc<str>,
    /// Whether it stands in a blueprint, whose references cannot be followed.
    pub blueprint: bool,
}

/// What declares outposts and their providers.
#[derive(Clone, Debug, Default)]
pub struct Authentik {
    /// Outposts.
    pub outposts: Vec<OutpostDeclaration>,
    /// Proxy providers.
    pub providers: Vec<ProxyProvider>,
}

impl Authentik {
    /// Adds what another holds.
    pub fn join(&mut self, other: Authentik) {
        self.outposts.extend(other.outposts);
        self.providers.extend(other.providers);
    }
}
