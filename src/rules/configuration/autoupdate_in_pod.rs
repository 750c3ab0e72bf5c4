//! cloudflared replaces itself inside of its pod.
//!
//! # What it does
//! Finds containers of cloudflared whose command is known and has no `--no-autoupdate`, and no `NO_AUTOUPDATE` in the
//! environment.
//!
//! # Why it matters
//! cloudflared downloads a newer version of itself and restarts: all replicas at about the same time, in a version that no
//! file names, and back again when the pod is replaced.
//!
//! # How to fix
//! `--no-autoupdate` before `run`.
//!
//! # Limits
//! Silent where the command or the environment is not known, where a file of configuration may say so, and where the
//! image's own command runs.
//!
//! # Fix safety
//! Unsafe: the pods restart, and keep the version of their image. Sets `NO_AUTOUPDATE`, which is the flag by another name.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: tunnel, image: "cloudflare/cloudflared:2026.2.0", args: [tunnel, run] }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: tunnel, image: "cloudflare/cloudflared:2026.2.0", args: [tunnel, --no-autoupdate, run] }] }
//! ```

use crate::base::Node;
use crate::finding::{Applicability, Severity};
use crate::model::{Container, EnvValue};
use crate::rule::changes::in_environment;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "autoupdate-in-pod",
        summary: "cloudflared replaces itself inside of its pod",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("autoupdate_in_pod.rs"),
    },
    check: Some(check),
};

const IMAGE: &str = "cloudflare/cloudflared";
const FLAG: &str = "--no-autoupdate";

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads() {
        for container in workload.containers.iter().filter(|container| is_cloudflared(container)) {
            let words: Vec<&Node> = ["command", "args"]
                .iter()
                .filter_map(|list| container.node.get(list))
                .flat_map(Node::items)
                .collect();
            let lists = ["command", "args", "env"].iter().filter_map(|list| container.node.get(list));
            let open = container.node.open_reason().or_else(|| lists.into_iter().find_map(Node::open_reason));
            if let Some(reason) = open.or_else(|| words.iter().find_map(|word| word.open_reason())) {
                sink.unjudged(container.head(), reason);
                continue;
            }
            // A file of configuration may say so, too.
            let configured =
                words.iter().filter_map(|word| word.as_str()).any(|word| word.contains("--config"))
                    || container
                        .mounts()
                        .any(|mount| mount.path().is_none_or(|path| path.contains("cloudflared")));
            let told = configured
                || words.iter().filter_map(|word| word.as_str()).any(switches_off)
                || container.env("NO_AUTOUPDATE").is_some_and(|value| !is_false(&value))
                || container.node.get("envFrom").is_some();
            let runs = words.iter().find(|word| word.as_str().is_some_and(|word| word.contains("tunnel")));
            let Some(word) = runs.filter(|_| !told) else { continue };
            let message = format!("container `{}` of {} updates itself", container.name, workload.title());
            let report = sink
                .report(Severity::Warning, word.place, message)
                .label(format!("no `{FLAG}`"))
                .on(workload, workload.container_field(container, "args"))
                .note("all replicas restart at about the same time, in a version that no file names")
                .help(format!("add `{FLAG}` behind `tunnel`"));
            let fix = in_environment(context.model, workload, container, "NO_AUTOUPDATE", "true");
            sink.push(report.through(word).unsafe_fix("switch updates off in the environment", fix));
        }
    }
}

fn switches_off(word: &str) -> bool {
    word.contains(FLAG) && !word.contains("--no-autoupdate=false")
}

fn is_false(value: &EnvValue) -> bool {
    matches!(value, EnvValue::Value(node) if node.display().is_some_and(|text| matches!(text.to_lowercase().as_str(), "false" | "0" | "f")))
}

fn is_cloudflared(container: &Container) -> bool {
    container.image().is_some_and(|image| image.short_repository() == IMAGE)
}
