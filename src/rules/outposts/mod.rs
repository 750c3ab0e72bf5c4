//! Outposts of authentik, and the sessions that they keep in /dev/shm.

mod cleanup_cronjob_incomplete;
mod outpost_embedded_noop;
mod outpost_label_wrong;
mod outpost_patch_undeployed;
mod outpost_sessions_unshared;
mod shm_capacity_short;
mod shm_cleanup_destructive;
mod shm_cleanup_logs_out;
mod shm_cleanup_slow;
mod shm_undersized;
mod sidecar_uid_mismatch;
mod sidecar_unhardened;

use crate::base::Node;
use crate::model::{Cleanup, Cleanups, Container, Model, Validity, Workload};
use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &shm_undersized::RULE,
    &shm_capacity_short::RULE,
    &shm_cleanup_slow::RULE,
    &shm_cleanup_logs_out::RULE,
    &shm_cleanup_destructive::RULE,
    &sidecar_unhardened::RULE,
    &sidecar_uid_mismatch::RULE,
    &outpost_patch_undeployed::RULE,
    &outpost_embedded_noop::RULE,
    &outpost_sessions_unshared::RULE,
    &outpost_label_wrong::RULE,
    &cleanup_cronjob_incomplete::RULE,
];

/// The image of a proxy, also where somebody deploys it without authentik's controller.
const PROXY_IMAGE: &str = "goauthentik/proxy";

/// A container that deletes in /dev/shm of an outpost's pods.
struct Cleaner<'a> {
    workload: &'a Workload,
    container: &'a Container,
    cleanups: Cleanups,
}

impl Cleaner<'_> {
    /// The path of a field of its container, as findings give it.
    fn field(&self, field: &str) -> String {
        self.workload.container_field(self.container, field)
    }

    /// The validities of the sessions that it may delete.
    fn validities(&self, model: &Model) -> Vec<Validity> {
        match model.outpost_of(self.workload) {
            Some(outpost) => model.validities(outpost),
            None => model.validities_of_stack(&self.workload.stack),
        }
    }
}

/// The containers that delete in /dev/shm of an outpost: sidecars in its pods, and commands of other pods that name one.
fn cleaners(model: &Model) -> impl Iterator<Item = Cleaner<'_>> {
    model.workloads.iter().flat_map(move |workload| {
        let inside = is_proxy(model, workload);
        let concerned = move |container: &&Container| inside || names_outpost(container);
        workload.containers.iter().filter(concerned).map(move |container| {
            let mut cleanups = model.cleanups(workload, container);
            // Another pod deletes in the outpost's where kubectl goes there, or somewhere that is not known.
            let reaches =
                |target: &str| target.contains("outpost") || target.contains('…') || target.contains("{}");
            cleanups.found.retain(|cleanup| inside || cleanup.remote.as_deref().is_some_and(reaches));
            Cleaner { workload, container, cleanups }
        })
    })
}

/// Whether a workload's pods are those of an outpost of type proxy.
fn is_proxy(model: &Model, workload: &Workload) -> bool {
    let image = |container: &Container| {
        container.image().is_some_and(|image| {
            let name = image.short_repository();
            name == PROXY_IMAGE || name.ends_with(&format!("/{PROXY_IMAGE}"))
        })
    };
    match model.outpost_of(workload) {
        Some(outpost) => outpost.declaration.type_name().as_str() == Some("proxy"),
        None => workload.containers.iter().any(image),
    }
}

/// Whether a container's command line names an outpost: the Deployment that the controller makes, or its label.
fn names_outpost(container: &Container) -> bool {
    let words =
        ["command", "args"].iter().filter_map(|field| container.node.get(field)).flat_map(Node::items);
    words.filter_map(Node::as_text).any(|text| text.as_str().contains("outpost"))
}

/// A time in minutes, in the largest unit that divides it.
fn minutes_in_words(minutes: i64) -> String {
    let (amount, unit) = match minutes {
        m if m != 0 && m % 1_440 == 0 => (m / 1_440, "day"),
        m if m != 0 && m % 60 == 0 => (m / 60, "hour"),
        m => (m, "minute"),
    };
    crate::finding::counted(amount, unit)
}

/// A time in seconds, in minutes where it is whole ones.
fn seconds_in_words(seconds: i64) -> String {
    match seconds % 60 {
        0 => minutes_in_words(seconds / 60),
        _ => crate::finding::counted(seconds, "second"),
    }
}

/// The longest validity that is known, and whether one is not.
fn longest(validities: &[Validity]) -> (Option<&Validity>, Option<&Validity>) {
    let unknown = validities.iter().find(|validity| validity.seconds.is_none());
    (validities.iter().filter(|v| v.seconds.is_some()).max_by_key(|v| v.seconds), unknown)
}

/// The cleanups of a container whose files have an age.
fn aged(cleanups: &Cleanups) -> impl Iterator<Item = (&Cleanup, i64, crate::base::Place)> {
    cleanups.found.iter().filter_map(|cleanup| {
        let (minutes, place) = cleanup.age()?;
        Some((cleanup, minutes, place))
    })
}
