//! A cleanup of /dev/shm deletes sessions that are still valid.
//!
//! # What it does
//! Compares the age by which sidecars and CronJobs delete files in /dev/shm of an outpost with the longest
//! `access_token_validity` of the providers that it serves.
//!
//! # Why it matters
//! The file is the session. A user whose file is gone is logged out in the middle of their work, and their next request
//! makes a new one.
//!
//! # How to fix
//! Delete by an age that is not below the validity, or shorten the validity to what people need. Where the volume does
//! not hold sessions for that long, make it larger.
//!
//! # Limits
//! Silent where the providers or their validity are not known. The provider's default counts where none is stated: 10
//! minutes of the Terraform provider, an hour of authentik itself.
//!
//! # Example
//! Bad:
//! ```hcl
//! resource "authentik_provider_proxy" "app" {
//!   name                  = "app"
//!   access_token_validity = "weeks=4"
//! }
//!
//! resource "authentik_outpost" "proxy" {
//!   name               = "proxy"
//!   protocol_providers = [authentik_provider_proxy.app.id]
//!   config = jsonencode({
//!     kubernetes_json_patches = {
//!       deployment = [{
//!         op   = "add"
//!         path = "/spec/template/spec/containers/-"
//!         value = {
//!           name    = "tidy"
//!           image   = "busybox:1.37.0"
//!           command = ["sh", "-c", "while true; do find /dev/shm -type f -mmin +60 -delete; sleep 3600; done"]
//!         }
//!       }]
//!     }
//!   })
//! }
//! ```
//! Good:
//! ```hcl
//! resource "authentik_provider_proxy" "app" {
//!   name                  = "app"
//!   access_token_validity = "hours=1"
//! }
//!
//! resource "authentik_outpost" "proxy" {
//!   name               = "proxy"
//!   protocol_providers = [authentik_provider_proxy.app.id]
//!   config = jsonencode({
//!     kubernetes_json_patches = {
//!       deployment = [{
//!         op   = "add"
//!         path = "/spec/template/spec/containers/-"
//!         value = {
//!           name    = "tidy"
//!           image   = "busybox:1.37.0"
//!           command = ["sh", "-c", "while true; do find /dev/shm -type f -mmin +60 -delete; sleep 3600; done"]
//!         }
//!       }]
//!     }
//!   })
//! }
//! ```

use super::{aged, cleaners, longest, minutes_in_words, seconds_in_words};
use crate::finding::Severity;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "shm-cleanup-logs-out",
        summary: "a cleanup of /dev/shm deletes sessions that are still valid",
        group: Group::Outposts,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("shm_cleanup_logs_out.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for cleaner in cleaners(context.model) {
        let validities = cleaner.validities(context.model);
        let (longest, unknown) = longest(&validities);
        if let Some(unknown) = unknown.filter(|_| !cleaner.cleanups.found.is_empty()) {
            sink.unjudged(unknown.place(), "how long a session of this provider is valid is not known");
        }
        if !cleaner.cleanups.found.is_empty()
            && let Some(outpost) = context.model.outpost_of(cleaner.workload)
            && let Some(served) = outpost.declaration.providers.as_ref()
            && (served.open_reason().is_some() || served.items().len() > validities.len())
        {
            sink.unjudged(
                served.place,
                "how long the sessions of some of these providers are valid is not known",
            );
        }
        let Some((validity, seconds)) = longest.and_then(|validity| Some((validity, validity.seconds?)))
        else {
            continue;
        };
        for (_, minutes, age) in aged(&cleaner.cleanups) {
            if minutes.saturating_mul(60) >= seconds {
                continue;
            }
            let (deleted, valid) = (minutes_in_words(minutes), seconds_in_words(seconds));
            let message = format!(
                "container `{}` of {} deletes sessions after {deleted} that are valid for {valid}",
                cleaner.container.name,
                cleaner.workload.title()
            );
            let report = sink
                .report(Severity::Warning, age, message)
                .label(format!("older than {deleted}"))
                .related(validity.place(), format!("{} lets a session live for {valid}", validity.subject))
                .on(cleaner.workload, cleaner.field("command"))
                .note("the file is the session: whoever it belongs to is logged out, and logs in again")
                .help("delete by an age of the validity or more, or shorten access_token_validity");
            sink.push(report);
        }
    }
}
