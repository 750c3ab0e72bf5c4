//! A cleanup of /dev/shm runs more seldom than the age that it deletes by.
//!
//! # What it does
//! Reads the commands of sidecars of an outpost, and of CronJobs that name one: `find … -mmin +A` with `sleep S` in an
//! endless loop, or the schedule. A file is A minutes and one interval old when it goes at the latest.
//!
//! # Why it matters
//! A cleanup of files older than an hour that runs once a day leaves files of 25 hours. The volume was most likely sized
//! for an hour.
//!
//! # How to fix
//! Run it as often as the age, or more.
//!
//! # Limits
//! Silent where the interval or the age is not known; what the shell works out when it runs is unresolved.
//!
//! # Fix safety
//! Unsafe: it sleeps as long as the age. None for a schedule.
//!
//! # Example
//! Bad:
//! ```yaml
//! # file: proxy.yaml
//! version: 1
//! metadata: { name: outposts }
//! entries:
//!   - model: authentik_outposts.outpost
//!     identifiers: { name: proxy }
//!     attrs:
//!       type: proxy
//!       config:
//!         kubernetes_json_patches:
//!           deployment:
//!             - op: add
//!               path: /spec/template/spec/containers/-
//!               value:
//!                 name: tidy
//!                 image: busybox:1.37.0
//!                 command: [sh, -c, "while true; do find /dev/shm -type f -mmin +60 -delete; sleep 86400; done"]
//! ```
//! Good:
//! ```yaml
//! # file: proxy.yaml
//! version: 1
//! metadata: { name: outposts }
//! entries:
//!   - model: authentik_outposts.outpost
//!     identifiers: { name: proxy }
//!     attrs:
//!       type: proxy
//!       config:
//!         kubernetes_json_patches:
//!           deployment:
//!             - op: add
//!               path: /spec/template/spec/containers/-
//!               value:
//!                 name: tidy
//!                 image: busybox:1.37.0
//!                 command: [sh, -c, "while true; do find /dev/shm -type f -mmin +60 -delete; sleep 3600; done"]
//! ```

use super::{aged, cleaners, minutes_in_words, seconds_in_words};
use crate::finding::{Applicability, Severity};
use crate::model::Interval;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "shm-cleanup-slow",
        summary: "a cleanup of /dev/shm runs more seldom than the age that it deletes by",
        group: Group::Outposts,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("shm_cleanup_slow.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for cleaner in cleaners(context.model) {
        for (cleanup, minutes, age) in aged(&cleaner.cleanups) {
            let (seconds, place) = match &cleanup.interval {
                Interval::Seconds(seconds, place) => (*seconds, *place),
                Interval::Unknown(reason) => {
                    sink.unjudged(cleanup.program, reason.clone());
                    continue;
                }
                Interval::Once => continue,
            };
            if seconds <= minutes.saturating_mul(60) {
                continue;
            }
            let worst = seconds_in_words(minutes.saturating_mul(60).saturating_add(seconds));
            let every = seconds_in_words(seconds);
            let message = format!(
                "container `{}` of {} deletes files of {} every {every}: they get {worst} old",
                cleaner.container.name,
                cleaner.workload.title(),
                minutes_in_words(minutes)
            );
            let wanted = minutes.saturating_mul(60).to_string();
            let changes = match cleaner.workload.kind.as_str() {
                "CronJob" => Vec::new(),
                _ if minutes < 1 => Vec::new(),
                _ => vec![Change::Reword { place, to: wanted.clone() }],
            };
            let report = sink
                .report(Severity::Warning, place, message)
                .label(format!("every {every}"))
                .related(age, format!("older than {}", minutes_in_words(minutes)))
                .on(cleaner.workload, cleaner.field("command"))
                .note("between two runs the files of the whole interval stay: the volume must hold them too")
                .help(format!("run it every {} or more often", minutes_in_words(minutes)))
                .unsafe_fix(format!("sleep {wanted} seconds"), changes);
            sink.push(report);
        }
    }
}
