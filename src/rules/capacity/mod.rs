//! Resources, connections, mounted configuration.

mod config_change_unnoticed;
mod connection_age_unsafe;
mod connection_health_unchecked;
mod connection_pool_exhausted;
mod limit_below_request;
mod limitrange_exceeded;
mod pgbouncer_env_ignored;
mod pgbouncer_ghost_transactions;
mod pgbouncer_port_mismatch;
mod quantity_invalid;
mod quota_exceeded;
mod quota_unsatisfied;
mod resources_missing;
mod tmpfs_exceeds_memory;
mod tmpfs_unbounded;
mod volume_mount_unpaired;
mod worker_memory_short;

use crate::finding::Severity;
use crate::model::{ConnectionPath, Container, HostSource, Quantity};
use crate::rule::{Report, Rule};

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &resources_missing::RULE,
    &limit_below_request::RULE,
    &quantity_invalid::RULE,
    &worker_memory_short::RULE,
    &connection_age_unsafe::RULE,
    &connection_pool_exhausted::RULE,
    &connection_health_unchecked::RULE,
    &pgbouncer_ghost_transactions::RULE,
    &pgbouncer_env_ignored::RULE,
    &config_change_unnoticed::RULE,
    &volume_mount_unpaired::RULE,
    &tmpfs_unbounded::RULE,
    &tmpfs_exceeds_memory::RULE,
    &limitrange_exceeded::RULE,
    &quota_unsatisfied::RULE,
    &quota_exceeded::RULE,
    &pgbouncer_port_mismatch::RULE,
];

/// What a program needs beside the files that it keeps in memory: 256 MiB for images of authentik, else a tenth of its
/// limit, at least 16 MiB.
fn headroom(container: &Container, limit: Quantity) -> Quantity {
    let authentik = container.image().is_some_and(|image| image.repository.contains("goauthentik/"));
    let mebibytes = limit.nanos() / 10 / Quantity::mebibytes(1).nanos();
    match authentik {
        true => Quantity::mebibytes(256),
        false => Quantity::mebibytes(i64::try_from(mebibytes).unwrap_or(i64::MAX).max(16)),
    }
}

/// A memory limit, in whole mebibytes, that holds files in memory and the program beside them.
fn limit_that_holds(container: &Container, files: Quantity) -> Quantity {
    let mebibyte = Quantity::mebibytes(1).nanos();
    let mut limit = files;
    // What the program needs grows with the limit by a tenth of what that grows by: a few rounds are enough.
    for _ in 0..64 {
        let needed = files.plus(headroom(container, limit)).nanos() + mebibyte - 1;
        limit = Quantity::mebibytes(i64::try_from(needed / mebibyte).unwrap_or(i64::MAX));
        if files.plus(headroom(container, limit)) <= limit {
            break;
        }
    }
    limit
}

/// The severity of a finding that rests on the database host: a warning at most where the host is only
/// declared in values that have no effect.
fn by_host(path: &ConnectionPath<'_>, severity: Severity) -> Severity {
    match path.host {
        HostSource::Effective(_) => severity,
        HostSource::Declared(_) => severity.min(Severity::Warning),
    }
}

/// Shows what the way to the pooler rests on.
fn with_host(report: Report, path: &ConnectionPath<'_>) -> Report {
    match path.host {
        HostSource::Effective(place) => report.related(place, "connects to this PgBouncer"),
        HostSource::Declared(place) => {
            report.related(place, "the host is declared here, without effect: taken as the owner's word")
        }
    }
}
