//! Everything becomes objects in the shape of the Kubernetes API.
//!
//! A typed Terraform resource is renamed into it by one table; manifests are in it already; Helm values
//! are laid into a chart's profile. After this there is one path for all of them.

mod application;
mod document;
mod object;
mod profile;
mod release;
mod resource;
mod shell;
mod skeleton;
mod typed;
mod values;
mod version;

pub use application::{Application, Change, ProcessMemory, applications, find_application, is_under, leaves};
pub use document::{Located, objects_of_documents};
pub use object::{Ignored, Object};
pub use profile::{KeyStatus, Profile, Settings, find_profile, profiles};
pub use release::{Release, ReleaseValue};
pub use resource::{Lowered, Source, is_wanted, lower_resource};
pub use skeleton::{Laying, lay_objects};
pub use values::{coalesce, delete_nulls, is_truthy, merge_values, value_at};
pub use version::Version;
