//! Helm charts as data: values, profiles, and the objects that skeletons make of them.

mod application;
mod keys;
mod profile;
mod release;
mod skeleton;
mod templated;
mod values;
mod version;

pub use application::{Application, Change, ProcessMemory, applications, find_application, is_under, leaves};
pub use keys::KeyStatus;
pub use profile::{Profile, Profiles, Settings, SharedState};
pub use release::{PostRenderer, Release, ReleaseValue};
pub use skeleton::{Laid, Laying, lay_objects, unknown_objects};
pub use templated::{KnownNames, fill_templates};
pub use values::{coalesce, delete_nulls, is_truthy, merge_values, value_at};
pub use version::Version;

pub(super) use values::parse_data;
