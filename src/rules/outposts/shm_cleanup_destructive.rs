//! A cleanup of /dev/shm deletes whatever is there.
//!
//! # What it does
//! Finds commands of sidecars of an outpost, and of CronJobs that name one, that delete in /dev/shm without an age:
//! `rm -rf /dev/shm/*`, or `find` without `-mmin` and the like; as a warning, `find` without `-type f`.
//!
//! # Why it matters
//! Every user is logged out at once, and what the outpost is writing at that moment goes with it.
//!
//! # How to fix
//! `find /dev/shm -type f -mmin +60 -delete`, with an age of the sessions' validity or more.
//!
//! # Limits
//! Commands that the shell works out when it runs are unresolved.
//!
//! # Fix safety
//! Unsafe: `rm` becomes a `find` by the longest validity that is known, else by an hour. None where the command is not
//! written in one piece.
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
//!                 command: [sh, -c, "while true; do rm -rf /dev/shm/*; sleep 3600; done"]
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

use super::{Cleaner, cleaners, longest};
use crate::finding::{Applicability, Severity};
use crate::model::{Cleanup, Deletes, Model, SHARED_MEMORY};
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "shm-cleanup-destructive",
        summary: "a cleanup of /dev/shm deletes whatever is there",
        group: Group::Outposts,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("shm_cleanup_destructive.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for cleaner in cleaners(context.model) {
        for opaque in &cleaner.cleanups.opaque {
            sink.unjudged(opaque.place, opaque.reason.clone());
        }
        for cleanup in &cleaner.cleanups.found {
            match cleanup.what {
                Deletes::Everything => everything(context.model, &cleaner, cleanup, sink),
                Deletes::Found { age: None, .. } => {
                    let message = "deletes sessions of any age";
                    let report = report(Severity::Error, &cleaner, cleanup, message, sink);
                    let report = report.label("no `-mmin`, so every file goes");
                    sink.push(
                        report
                            .help("add `-mmin +` with the minutes that a session is valid, before `-delete`"),
                    );
                }
                Deletes::Found { files_only: false, .. } => {
                    let message = "deletes more than files";
                    let report = report(Severity::Warning, &cleaner, cleanup, message, sink);
                    let report = report.label("no `-type f`");
                    sink.push(report.help("add `-type f`: folders are not to go with what is in them"));
                }
                Deletes::Found { .. } => {}
            }
        }
    }
}

fn report(
    severity: Severity,
    cleaner: &Cleaner<'_>,
    cleanup: &Cleanup,
    what: &str,
    sink: &Sink<'_>,
) -> Report {
    let message = format!(
        "container `{}` of {} {what} in {}",
        cleaner.container.name,
        cleaner.workload.title(),
        cleanup.folder
    );
    sink.report(severity, cleanup.place, message)
        .on(cleaner.workload, cleaner.field("command"))
        .note("a file there is a session: its user is logged out")
}

fn everything(model: &Model, cleaner: &Cleaner<'_>, cleanup: &Cleanup, sink: &mut Sink<'_>) {
    let validities = cleaner.validities(model);
    let minutes = match longest(&validities).0.and_then(|validity| validity.seconds) {
        Some(seconds) => seconds.saturating_add(59) / 60,
        None => 60,
    };
    let command = format!("find {SHARED_MEMORY} -type f -mmin +{minutes} -delete");
    let change = Change::Reword { place: cleanup.place, to: command.clone() };
    let report = report(Severity::Error, cleaner, cleanup, "deletes everything", sink)
        .label("every session, of whatever age")
        .help(format!("delete by age: `{command}`"))
        .unsafe_fix(format!("write `{command}`"), if cleanup.alone { vec![change] } else { Vec::new() });
    sink.push(report);
}
