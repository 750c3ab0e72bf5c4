//! authentik's processes do not fit into the memory limit.
//!
//! # What it does
//! Each web worker of the server and each process of the worker preloads Django, at about 500 MiB (300 MiB
//! for the worker since 2026.5), beside 256 MiB for the container. It holds the effective memory limit
//! against that sum. Below the processes alone it is an error, below the sum a warning, and a warning too
//! where the number of workers is the default.
//!
//! # Why it matters
//! The kernel kills a worker in the middle of a login, the master starts it again, and it dies again.
//!
//! # How to fix
//! Raise limits.memory, or run fewer workers. Threads cost no memory to speak of.
//!
//! # Limits
//! Silent where the limit, the number of workers or the version cannot be known.
//!
//! # Fix safety
//! Unsafe: pods need more room on a node. It raises the limit to the sum, rounded up to 256 MiB.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: authentik, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: authentik } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           env: [{ name: AUTHENTIK_WEB__WORKERS, value: "3" }]
//!           resources: { limits: { memory: 1.5Gi } }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: authentik, namespace: auth }
//! spec:
//!   template:
//!     metadata: { labels: { app: authentik } }
//!     spec:
//!       containers:
//!         - name: server
//!           image: ghcr.io/goauthentik/server:2026.2.2
//!           args: [server]
//!           env: [{ name: AUTHENTIK_WEB__WORKERS, value: "3" }]
//!           resources: { limits: { memory: 2Gi } }
//! ```

use crate::finding::{Applicability, Severity, counted};
use crate::model::{AppComponent, Container, EffectiveResource, Quantity, Setting};
use crate::rule::changes::in_container;
use crate::rule::{Context, Group, On, OptionMeta, Report, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "worker-memory-short",
        summary: "authentik's processes do not fit into the memory limit",
        group: Group::Capacity,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Unsafe),
        options: &[
            OptionMeta {
                name: "process-mebibytes",
                default: 0,
                doc: "memory of one process, in MiB; 0 means by version",
            },
            OptionMeta {
                name: "base-mebibytes",
                default: 0,
                doc: "memory beside the processes, in MiB; 0 means by version",
            },
        ],
        since: "0.1.0",
        source: include_str!("worker_memory_short.rs"),
    },
    check: Some(check),
};

/// What the processes of a component need.
struct Need {
    processes: i64,
    each: i64,
    base: i64,
}

impl Need {
    fn alone(&self) -> i64 {
        self.processes.saturating_mul(self.each)
    }

    /// The sum as a round quantity that holds it.
    fn amount(&self) -> String {
        const STEP: i64 = 256;
        let round = (self.total() + STEP - 1) / STEP * STEP;
        if round % 1024 == 0 { format!("{}Gi", round / 1024) } else { format!("{round}Mi") }
    }

    fn total(&self) -> i64 {
        self.alone().saturating_add(self.base)
    }
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for component in &context.model.components {
        let workload = &context.model.workloads[component.workload];
        let container = &workload.containers[component.container];
        let limit = context.model.limit(workload, container, "memory");
        if matches!(limit, EffectiveResource::Unknown) {
            sink.unjudged(container.resources_place(), "its memory limit is not known");
        }
        let Some(quantity) = limit.quantity() else { continue };
        let path = if component.component == "server" { "web.workers" } else { "worker.processes" };
        let setting = component.setting(path, &context.model.workloads);
        if let Setting::Unknown(reason, place) = &setting {
            sink.unjudged(*place, reason.clone());
        }
        let Some(need) = need(context, component, &setting) else {
            if setting.int().is_some() {
                sink.unjudged(setting.place(), "what a process needs at this version is not known");
            }
            continue;
        };
        if quantity >= Quantity::mebibytes(need.total()) {
            continue;
        }
        let short = quantity < Quantity::mebibytes(need.alone()) && setting.is_set();
        let severity = if short { Severity::Error } else { Severity::Warning };
        let place = match &limit {
            EffectiveResource::Stated(_, node) => node.place,
            _ => container.resources_place(),
        };
        let message = format!(
            "{} of authentik's {} need {} MiB, the limit is {quantity}",
            counted(need.processes, if path == "web.workers" { "worker" } else { "process" })
                .replace("processs", "processes"),
            component.component,
            need.total(),
        );
        let report = sink
            .report(severity, place, message)
            .on(workload, workload.container_field(container, "resources.limits.memory"));
        let (amount, path) = (need.amount(), ["resources", "limits", "memory"]);
        let fix = match &limit {
            EffectiveResource::Stated(_, node) => vec![Change::set(node, amount.as_str())],
            _ => in_container(context.model, workload, container, &path, amount.as_str()),
        };
        let report = words(report, component, container, &limit, &setting, &need);
        sink.push(report.unsafe_fix(format!("limit memory at {amount}"), fix));
    }
}

fn need(context: &Context<'_>, component: &AppComponent, setting: &Setting) -> Option<Need> {
    let memory = component.version.and_then(|version| component.application.memory(version));
    let known = memory.map(|memory| match component.component.as_str() {
        "server" => (memory.server_worker, memory.server_base),
        _ => (memory.worker_process, memory.worker_base),
    });
    let option = |name: &str| Some(context.option(name)).filter(|own| *own != 0);
    Some(Need {
        processes: setting.int()?,
        each: option("process-mebibytes").or(known.map(|(each, _)| each))?,
        base: option("base-mebibytes").or(known.map(|(_, base)| base))?,
    })
}

fn words(
    report: Report,
    component: &AppComponent,
    container: &Container,
    limit: &EffectiveResource,
    setting: &Setting,
    need: &Need,
) -> Report {
    let sum = format!("{} × {} + {} = {} MiB", need.processes, need.each, need.base, need.total());
    let report = report
        .label(format!("needs {sum}"))
        .note("the kernel kills a process in the middle of a request; it starts again, and is killed again")
        .help(format!(
            "raise limits.memory of `{}` to {}Mi or more, or run fewer processes",
            container.name,
            need.total()
        ));
    let report = match limit {
        EffectiveResource::Given(given) => {
            report.related_node(&given.node, format!("LimitRange {} gives this limit", given.name))
        }
        EffectiveResource::Stated(_, node) => report.through(node),
        _ => report,
    };
    match setting {
        Setting::Set(node) => {
            report.related_node(node, format!("{} of the {}", need.processes, component.component))
        }
        _ => report,
    }
}
