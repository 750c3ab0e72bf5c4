//! A duration in nanoseconds that is read as seconds.
//!
//! # What it does
//! Finds rules, alerts and dashboards that use `authentik_flow_execution_duration` without dividing by 10⁹.
//!
//! # Why it matters
//! The metric counts nanoseconds, while its buckets are made for seconds: an alert on «more than 2» is always red or never, and a
//! dashboard shows years.
//!
//! # How to fix
//! Divide by `1e9`. Quantiles over its buckets tell nothing: use the sum by the count.
//!
//! # Limits
//! Looked for in PrometheusRules, VMRules, ConfigMaps and Grafana's dashboards. In a text that is not JSON one division counts for
//! all uses.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: monitoring.coreos.com/v1
//! kind: PrometheusRule
//! metadata: { name: authentik, namespace: auth }
//! spec:
//!   groups:
//!     - name: authentik
//!       rules:
//!         - alert: FlowsSlow
//!           expr: histogram_quantile(0.95, rate(authentik_flow_execution_duration_bucket[5m])) > 2
//! ```
//! Good:
//! ```yaml
//! apiVersion: monitoring.coreos.com/v1
//! kind: PrometheusRule
//! metadata: { name: authentik, namespace: auth }
//! spec:
//!   groups:
//!     - name: authentik
//!       rules:
//!         - alert: FlowsSlow
//!           expr: histogram_quantile(0.95, rate(authentik_flow_execution_duration_bucket[5m])) / 1e9 > 2
//! ```

use crate::base::{Node, Text, Value};
use crate::finding::Severity;
use crate::lower::Object;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use std::ops::Range;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "flow-duration-unscaled",
        summary: "a duration in nanoseconds that is read as seconds",
        group: Group::Phase2,
        severity: Severity::Note,
        softer_elsewhere: false,
        on: On::Phase2,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("flow_duration_unscaled.rs"),
    },
    check: Some(check),
};

const METRIC: &str = "authentik_flow_execution_duration";

/// Kinds that hold expressions.
const KINDS: [&str; 5] =
    ["PrometheusRule", "VMRule", "ConfigMap", "GrafanaDashboard", "GrafanaAlertRuleGroup"];

/// Ways to write 10⁹.
const BILLION: [&str; 9] =
    ["1e9", "1e09", "1e+9", "1e+09", "1e-9", "1e-09", "1000000000", "0.000000001", "10^9"];

/// Values inside values that are looked into.
const DEEPEST: usize = 32;

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for object in context.model.objects.iter().filter(|object| KINDS.contains(&object.kind())) {
        let mut texts = Vec::new();
        collect(&object.root, 0, &mut texts);
        for text in texts {
            in_text(object, text, sink);
        }
    }
}

fn collect<'a>(node: &'a Node, depth: usize, out: &mut Vec<&'a Text>) {
    if depth > DEEPEST {
        return;
    }
    match &node.value {
        Value::Text(text) if text.as_str().contains(METRIC) => out.push(text),
        Value::Map(map) => map.entries.iter().for_each(|entry| collect(&entry.value, depth + 1, out)),
        Value::List(list) => list.items.iter().for_each(|item| collect(item, depth + 1, out)),
        _ => {}
    }
}

fn in_text(object: &Object, text: &Text, sink: &mut Sink<'_>) {
    let string = text.as_str();
    let mut judged = 0;
    for (at, _) in string.match_indices(METRIC) {
        let range = expression(string, at);
        // Several uses in one expression are one finding.
        if range.start < judged {
            continue;
        }
        judged = range.end;
        // How often it ran is no duration.
        let used = &string[range];
        let counted = used.matches(METRIC).count() == used.matches(&format!("{METRIC}_count")).count();
        if counted || BILLION.iter().any(|billion| used.contains(billion)) {
            continue;
        }
        let report = sink
            .report(Severity::Note, text.place(at..at + METRIC.len()), format!("{METRIC} counts nanoseconds"))
            .label("not divided by 1e9")
            .on_object(object, METRIC)
            .note("its buckets are made for seconds: an alert on it is always red or never, and a dashboard shows years")
            .help("divide by 1e9, and use the sum by the count in the place of quantiles");
        sink.push(report);
    }
}

/// The expression around a place: in JSON the string that it stands in, in a file of rules the
/// `expr`, else the whole text.
fn expression(string: &str, at: usize) -> Range<usize> {
    let is_json = string.trim_start().starts_with(['{', '[']);
    if !is_json {
        // A file of rules holds many.
        let start = string[..at].rfind("expr:").unwrap_or(0);
        return start..string[at..].find("expr:").map_or(string.len(), |end| at + end);
    }
    let bytes = string.as_bytes();
    let is_quote = |i: &usize| bytes[*i] == b'"' && (*i == 0 || bytes[*i - 1] != b'\\');
    let start = (0..at).rev().find(is_quote).unwrap_or(0);
    start..(at..bytes.len()).find(is_quote).unwrap_or(bytes.len())
}
