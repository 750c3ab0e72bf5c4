//! Helm charts as data: values, profiles, and the objects that skeletons make of them.

mod application;
mod profile;
mod release;
mod skeleton;
mod values;
mod version;

pub use application::{Application, Change, ProcessMemory, applications, find_application, is_under, leaves};
pub use profile::{KeyStatus, Profile, Settings, find_profile, profiles};
pub use release::{Release, ReleaseValue};
pub use skeleton::{Laying, lay_objects};
pub use values::{coalesce, delete_nulls, is_truthy, merge_values, value_at};
pub use version::Version;

pub(super) use values::parse_data;
