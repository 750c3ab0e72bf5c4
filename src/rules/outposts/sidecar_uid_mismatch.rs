//! A cleanup of /dev/shm runs as another user than the one whose files it deletes.
//!
//! # What it does
//! Compares `runAsUser` of a sidecar that deletes below /dev/shm with that of the outpost's own container, which is 1000
//! where nothing is stated, when the cleanup also looks into folders.
//!
//! # Why it matters
//! The folder of the volume is open to everyone, folders in it belong to the user that made them. There the deletion
//! fails with `Permission denied`, and the sidecar runs on.
//!
//! # How to fix
//! `runAsUser: 1000`, or `-maxdepth 1`.
//!
//! # Limits
//! Silent where the sidecar states no user: its image decides then. Root with all capabilities may delete anything.
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
//!                 command: [sh, -c, "while true; do find /dev/shm -type f -mmin +60 -delete; sleep 3600; done"]
//!                 securityContext: { runAsUser: 65534 }
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
//!                 securityContext: { runAsUser: 1000 }
//! ```

use super::{cleaners, is_proxy};
use crate::base::Node;
use crate::finding::Severity;
use crate::model::{Cleanup, Container, Deletes, Model, Workload, proxy_container};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "sidecar-uid-mismatch",
        summary: "a cleanup runs as another user than the one whose files it deletes",
        group: Group::Outposts,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("sidecar_uid_mismatch.rs"),
    },
    check: Some(check),
};

/// The user of the images of outposts (authentik 2025.8.0 to its main branch of 2026-05-11).
const PROXY_USER: i64 = 1000;

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for cleaner in cleaners(context.model).filter(|cleaner| is_proxy(context.model, cleaner.workload)) {
        let Some(first) =
            proxy(context.model, cleaner.workload).filter(|first| first.name != cleaner.container.name)
        else {
            continue;
        };
        let Some(user) = user(cleaner.container, cleaner.workload) else { continue };
        let Some(uid) = sink.known(user).and_then(Node::as_int_lenient) else { continue };
        let own = self::user(first, cleaner.workload).map_or(Some(PROXY_USER), Node::as_int_lenient);
        let below = cleaner.cleanups.found.iter().any(looks_below);
        if !below || own == Some(uid) || own.is_none() || uid == 0 && !drops_capabilities(cleaner.container) {
            continue;
        }
        let message = format!(
            "container `{}` of {} deletes as user {uid} what user {} writes",
            cleaner.container.name,
            cleaner.workload.title(),
            own.unwrap_or(PROXY_USER)
        );
        let report = sink
            .report(Severity::Warning, user.place, message)
            .label(format!("not {}", own.unwrap_or(PROXY_USER)))
            .on(cleaner.workload, cleaner.field("securityContext.runAsUser"))
            .note("in a folder that another user made the deletion fails, and the loop goes on as if nothing were wrong")
            .help(format!("set `runAsUser: {}`, or keep to the folder itself with `-maxdepth 1`", own.unwrap_or(PROXY_USER)));
        sink.push(report.through(user));
    }
}

/// The container whose files are deleted.
fn proxy<'a>(model: &Model, workload: &'a Workload) -> Option<&'a Container> {
    match model.outpost_of(workload) {
        Some(outpost) => proxy_container(outpost, workload),
        None => workload.containers.first(),
    }
}

fn user<'a>(container: &'a Container, workload: &'a Workload) -> Option<&'a Node> {
    let path = ["securityContext", "runAsUser"];
    container.node.at(&path).or_else(|| workload.pod()?.at(&path))
}

fn looks_below(cleanup: &Cleanup) -> bool {
    matches!(cleanup.what, Deletes::Found { below: true, .. } | Deletes::Everything)
}

fn drops_capabilities(container: &Container) -> bool {
    let dropped = container.node.at(&["securityContext", "capabilities", "drop"]);
    !dropped.map(Node::items).unwrap_or_default().is_empty()
}
