//! Configuration that does not do what it says.

mod api_removed;
mod autoupdate_in_pod;
mod cache_ttl_short;
mod chart_unpinned;
mod config_key_unmounted;
mod cron_can_wedge;
mod cron_deadline_short;
mod field_invalid;
mod image_chart_skew;
mod image_floating;
mod image_reference_invalid;
mod image_tag_moving;
mod label_value_invalid;
mod patch_target_unmatched;
mod provisioner_trigger_stale;
mod secret_rotation_unnoticed;
mod setting_duplicated;
mod setting_removed;
mod setting_renamed;
mod settings_drift;
mod syntax_error;
mod trace_logging;
mod values_inert;
mod values_key_unknown;
mod workers_too_few;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &values_inert::RULE,
    &values_key_unknown::RULE,
    &setting_renamed::RULE,
    &setting_removed::RULE,
    &cache_ttl_short::RULE,
    &image_floating::RULE,
    &syntax_error::RULE,
    &chart_unpinned::RULE,
    &trace_logging::RULE,
    &cron_deadline_short::RULE,
    &cron_can_wedge::RULE,
    &image_reference_invalid::RULE,
    &label_value_invalid::RULE,
    &autoupdate_in_pod::RULE,
    &workers_too_few::RULE,
    &setting_duplicated::RULE,
    &settings_drift::RULE,
    &image_tag_moving::RULE,
    &secret_rotation_unnoticed::RULE,
    &config_key_unmounted::RULE,
    &provisioner_trigger_stale::RULE,
    &patch_target_unmatched::RULE,
    &image_chart_skew::RULE,
    &api_removed::RULE,
    &field_invalid::RULE,
];
