//! JSON patches (RFC 6902).

mod json_patch_index_shifted;
mod json_patch_invalid;
mod json_patch_not_idempotent;
mod json_patch_overwrites;
mod json_patch_parent_missing;
mod json_patch_target_missing;

use crate::compose::{PatchSet, Patcher};
use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &json_patch_invalid::RULE,
    &json_patch_parent_missing::RULE,
    &json_patch_target_missing::RULE,
    &json_patch_overwrites::RULE,
    &json_patch_index_shifted::RULE,
    &json_patch_not_idempotent::RULE,
];

/// What follows from an operation that cannot be carried out.
fn consequence(set: &PatchSet) -> &'static str {
    match set.patcher {
        Patcher::Outpost => {
            "authentik's controller carries out all operations of the list or none: the Deployment in the cluster \
             stays as it was, whatever else the outpost's configuration says"
        }
        Patcher::Kustomize => "the build of the whole kustomization fails, and nothing of it is applied",
        Patcher::Kyverno => "the policy does not change the object, or refuses it",
    }
}
