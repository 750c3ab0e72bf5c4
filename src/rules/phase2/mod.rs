//! Postgres behind its poolers, and what authentik asks of it and of Traefik.

mod flow_duration_unscaled;
mod forward_auth_uncached;
mod pool_mode_transaction_unsafe;
mod postgres_buffers_misfit;
mod postgres_connections_oversubscribed;
mod postgres_statements_untracked;
mod tasklog_unbounded;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &postgres_connections_oversubscribed::RULE,
    &postgres_buffers_misfit::RULE,
    &postgres_statements_untracked::RULE,
    &pool_mode_transaction_unsafe::RULE,
    &tasklog_unbounded::RULE,
    &forward_auth_uncached::RULE,
    &flow_duration_unscaled::RULE,
];
