//! Everything becomes objects in the shape of the Kubernetes API.
//!
//! A typed Terraform resource is renamed into it by one table; manifests are in it already; Helm values
//! are laid into a chart's profile. After this there is one path for all of them.

mod chart;
mod document;
mod object;
mod outpost;
mod removed_api;
mod resource;
mod shell;
mod typed;

pub use chart::{
    Application, Change, KeyStatus, KnownNames, Laid, Laying, PostRenderer, ProcessMemory, Profile, Profiles,
    Release, ReleaseValue, Settings, SharedState, Version, applications, coalesce, delete_nulls,
    fill_templates, find_application, is_truthy, is_under, lay_objects, leaves, merge_values,
    unknown_objects, value_at,
};
pub use document::{Located, objects_of_documents};
pub use object::{Ignored, Object, without_indices};
pub use outpost::{
    AUTHENTIK_MARKS, Authentik, COMPONENT_FIELD, Carrier, ControllerObjects, OutpostDeclaration,
    ProxyProvider, components, controller_objects, read_authentik_document,
};
pub use removed_api::{RemovedApi, oldest_supported, removed_api};
pub use resource::{Lowered, Provisioned, Source, is_wanted, lower_resource};
pub use typed::typed_spelling;
