//! What turns objects into other objects.

mod application_set;
mod argo;
mod assemble;
mod chart;
mod flux;
mod helm;
mod json_patch;
mod k3s;
mod kustomize;
mod outpost;
mod patch_carriers;
mod strategic;
mod substitute;

pub use application_set::{Expansion, applications_of, is_application_set};
pub use argo::{Deployment, Folder, application, is_application, with_options};
pub use assemble::{Group, assemble};
pub use chart::{CHART_FILE, Chart, Charts, Dependency};
pub use flux::{helm_release, is_flux_kustomization, is_helm_release};
pub use helm::{ChartKnowledge, Composed, Keys, Made, compose_release, dotted_path};
pub use json_patch::{
    Base, Dialect, Failure, Invalid, Item, Operation, Outcome, PatchSet, Patcher, Pointer, Stage, Step, Verb,
    array_index, carry_out,
};
pub use k3s::{is_k3s_chart, is_k3s_config, k3s_release};
pub use kustomize::{Built, FILE_NAMES as KUSTOMIZATION_FILES, PatchUse};
pub use outpost::{Outpost, compose_outpost};
pub use patch_carriers::{is_operation_list, policy_patches, release_patches};
pub use strategic::strategic_merge;
