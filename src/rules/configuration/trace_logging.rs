//! A log level that writes down everything.
//!
//! # What it does
//! Finds `trace` as the log level of authentik's server and worker, effective, and of its outposts.
//!
//! # Why it matters
//! At trace authentik logs the content of requests: cookies, tokens and queries with them. Logs have other readers than the
//! database, and its volume fills disks.
//!
//! # How to fix
//! `info`; `debug` for an afternoon.
//!
//! # Limits
//! Silent where the level is not known.
//!
//! # Fix safety
//! Unsafe: the pods log less from then on.
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
//!     attrs: { type: proxy, config: { log_level: trace } }
//! ```
//! Good:
//! ```yaml
//! # file: proxy.yaml
//! version: 1
//! metadata: { name: outposts }
//! entries:
//!   - model: authentik_outposts.outpost
//!     identifiers: { name: proxy }
//!     attrs: { type: proxy, config: { log_level: info } }
//! ```

use crate::base::Node;
use crate::finding::{Applicability, Severity};
use crate::model::Setting;
use crate::rule::changes::set_setting;
use crate::rule::{Context, Group, On, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "trace-logging",
        summary: "a log level that writes down everything",
        group: Group::Configuration,
        severity: Severity::Warning,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[],
        since: "0.1.0",
        source: include_str!("trace_logging.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for component in context.model.components.iter().filter(|c| c.application.name == "authentik") {
        let workload = &context.model.workloads[component.workload];
        let setting = component.setting("log_level", &context.model.workloads);
        let Setting::Set(node) = &setting else { continue };
        if is_trace(node) {
            let title = workload.title();
            let report = report(sink, node, &title).on_setting(workload, "log_level");
            sink.push(report.unsafe_fix("log at `info`", set_setting(&setting, "info")));
        }
    }
    for outpost in &context.model.authored.outposts {
        let Some(node) = outpost.declaration.setting("log_level").filter(|node| is_trace(node)) else {
            continue;
        };
        let title =
            format!("outpost `{}`", outpost.declaration.name.as_ref().and_then(Node::as_str).unwrap_or("?"));
        let report = report(sink, node, &title).on_outpost(outpost, "config.log_level");
        sink.push(report.unsafe_fix("log at `info`", vec![Change::set(node, "info")]));
    }
}

fn is_trace(node: &Node) -> bool {
    node.as_str().is_some_and(|level| level.eq_ignore_ascii_case("trace"))
}

fn report(sink: &Sink<'_>, node: &Node, title: &str) -> Report {
    sink.report(Severity::Warning, node.place, format!("{title} logs at trace"))
        .label("cookies and tokens are in such logs")
        .note("at trace the content of requests is written down, and whoever reads the logs reads it")
        .help("set the level to `info`, or to `debug` for as long as somebody looks")
        .through(node)
}
