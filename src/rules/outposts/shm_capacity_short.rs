//! More sessions than /dev/shm of an outpost holds.
//!
//! # What it does
//! Multiplies the sessions that begin in a minute, the bytes of each in whole pages, and the time that a file lives: the
//! longest `access_token_validity` of the outpost's providers, or what a cleanup leaves, if that is less. Compares it with
//! four fifths of the volume.
//!
//! # Why it matters
//! Files live as long as the session is valid. At 18 a minute and 7 days that is 181,440 files, 709 MiB: a volume of 512Mi
//! is full on the fifth day.
//!
//! # How to fix
//! Make the volume larger, shorten the validity, or clean up more often. Set the options to what `ls /dev/shm | wc -l`
//! shows in an hour.
//!
//! # Limits
//! Off by default, since the rate is a guess until it is measured. Silent where neither a validity nor a cleanup is known.
//!
//! # Example
//! Bad:
//! ```hcl
//! resource "authentik_provider_proxy" "app" {
//!   name                  = "app"
//!   access_token_validity = "days=7"
//! }
//!
//! resource "authentik_outpost" "proxy" {
//!   name               = "proxy"
//!   protocol_providers = [authentik_provider_proxy.app.id]
//!   config = jsonencode({
//!     kubernetes_json_patches = {
//!       deployment = [
//!         { op = "add", path = "/spec/template/spec/volumes", value = [{ name = "dshm", emptyDir = { medium = "Memory", sizeLimit = "512Mi" } }] },
//!         { op = "add", path = "/spec/template/spec/containers/0/volumeMounts", value = [{ name = "dshm", mountPath = "/dev/shm" }] },
//!       ]
//!     }
//!   })
//! }
//! ```
//! Good:
//! ```hcl
//! resource "authentik_provider_proxy" "app" {
//!   name                  = "app"
//!   access_token_validity = "hours=24"
//! }
//!
//! resource "authentik_outpost" "proxy" {
//!   name               = "proxy"
//!   protocol_providers = [authentik_provider_proxy.app.id]
//!   config = jsonencode({
//!     kubernetes_json_patches = {
//!       deployment = [
//!         { op = "add", path = "/spec/template/spec/volumes", value = [{ name = "dshm", emptyDir = { medium = "Memory", sizeLimit = "512Mi" } }] },
//!         { op = "add", path = "/spec/template/spec/containers/0/volumeMounts", value = [{ name = "dshm", mountPath = "/dev/shm" }] },
//!       ]
//!     }
//!   })
//! }
//! ```

use super::{aged, longest, seconds_in_words};
use crate::base::Place;
use crate::compose::Outpost;
use crate::finding::Severity;
use crate::model::{Interval, Model, Quantity, SHARED_MEMORY, Sessions, Workload, proxy_container, sessions};
use crate::rule::{Context, Group, On, OptionMeta, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "shm-capacity-short",
        summary: "more sessions than /dev/shm of an outpost holds",
        group: Group::Outposts,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Strict,
        fix: None,
        options: &OPTIONS,
        since: "0.1.0",
        source: include_str!("shm_capacity_short.rs"),
    },
    check: Some(check),
};

const OPTIONS: [OptionMeta; 2] = [
    OptionMeta {
        name: "sessions-per-minute",
        default: 18,
        doc: "Files that appear in /dev/shm in a minute, over all users.",
    },
    OptionMeta { name: "session-bytes", default: 1500, doc: "The size of such a file, in bytes." },
];

/// A page of memory, in bytes: the least that a file takes.
const PAGE: i64 = 4096;

/// How long a file lives, in seconds, with what says so.
struct Lifetime {
    seconds: i64,
    place: Place,
    words: String,
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for outpost in &context.model.authored.outposts {
        let Some((_, workload)) = context.model.workload_of(outpost) else { continue };
        if sessions(outpost, workload) != Sessions::Files {
            continue;
        }
        let Some(container) = proxy_container(outpost, workload) else { continue };
        let Some((tmpfs, _)) = workload.tmpfs_at(container, SHARED_MEMORY) else { continue };
        let Some((node, size)) = tmpfs.limit.as_ref().zip(tmpfs.size()) else { continue };
        let Some(lifetime) = lifetime(context.model, outpost, workload) else {
            sink.unjudged(node.place, "how long a session of this outpost lives is not known");
            continue;
        };
        let rate = context.option("sessions-per-minute").max(0);
        let pages = context.option("session-bytes").max(1).saturating_add(PAGE - 1) / PAGE;
        let files = i128::from(rate) * i128::from(lifetime.seconds) / 60;
        let bytes = Quantity::whole(i64::try_from(files * i128::from(pages * PAGE)).unwrap_or(i64::MAX));
        if bytes.nanos() * 10 <= size.nanos() * 8 {
            continue;
        }
        let lives = seconds_in_words(lifetime.seconds);
        let message = format!(
            "{rate} sessions a minute × {} bytes × {lives} = {:.0}Mi, more than 80 % of {size}",
            pages * PAGE,
            bytes.nanos() as f64 / Quantity::mebibytes(1).nanos() as f64
        );
        let report = sink
            .report(Severity::Warning, node.place, message)
            .label(format!("{files} files of {lives}"))
            .related(lifetime.place, lifetime.words)
            .on(workload, workload.template_field(&format!("spec.volumes[{}]", tmpfs.name)))
            .note("a file lives as long as its session is valid, or until something deletes it; when the volume is full, nobody can log in")
            .help("make the volume larger, the validity shorter, or the cleanup stricter; set the rule's options to what you measure");
        sink.push(report.through(node));
    }
}

/// The longest validity of the providers, or what the quickest cleanup leaves.
fn lifetime(model: &Model, outpost: &Outpost, workload: &Workload) -> Option<Lifetime> {
    let validities = model.validities(outpost);
    let (validity, unknown) = longest(&validities);
    let validity = validity.filter(|_| unknown.is_none()).and_then(|validity| {
        let seconds = validity.seconds?;
        let words = format!("a session is valid for {}", seconds_in_words(seconds));
        Some(Lifetime { seconds, place: validity.place(), words })
    });
    let cleaned = workload.containers.iter().flat_map(|container| {
        let cleanups = model.cleanups(workload, container);
        aged(&cleanups)
            .filter_map(|(cleanup, minutes, place)| {
                let Interval::Seconds(interval, _) = cleanup.interval else { return None };
                let seconds = minutes.saturating_mul(60).saturating_add(interval);
                let words = format!("deletes files that are {} old at the latest", seconds_in_words(seconds));
                Some(Lifetime { seconds, place, words })
            })
            .collect::<Vec<_>>()
    });
    cleaned.chain(validity).min_by_key(|lifetime| lifetime.seconds)
}
