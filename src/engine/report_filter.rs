//! Which findings are reported: those of what was asked for, each once, in order.

use crate::base::Sources;
use crate::finding::{Finding, Unjudged};

/// Whether a path lies in, or is, one of the asked paths. The empty path is the root.
pub(super) fn is_asked(asked: &[String], path: &str) -> bool {
    asked.iter().any(|asked| {
        asked.is_empty()
            || path == asked
            || path.strip_prefix(asked.as_str()).is_some_and(|rest| rest.starts_with('/'))
    })
}

/// Whether a finding concerns what was asked for: its place does, or a place that takes part, or its
/// stack is one that an asked path belongs to.
pub(super) fn concerns(
    finding: &Finding,
    asked: &[String],
    asked_stacks: &[String],
    sources: &Sources,
) -> bool {
    let mut labels = std::iter::once(&finding.primary).chain(&finding.related);
    labels.any(|label| is_asked(asked, sources.get(label.place.file).path()))
        || asked_stacks.iter().any(|stack| **stack == *finding.stack)
}

/// The stacks that asked files and folders belong to: the innermost one that holds them.
pub(super) fn stacks_of(asked: &[String], stacks: &[String]) -> Vec<String> {
    let holds = |stack: &str, path: &str| {
        path == stack || path.strip_prefix(stack).is_some_and(|r| r.starts_with('/'))
    };
    asked
        .iter()
        .filter_map(|path| stacks.iter().filter(|s| !s.is_empty() && holds(s, path)).max_by_key(|s| s.len()))
        .cloned()
        .collect()
}

/// What findings are ordered by.
pub(super) fn order(f: &Finding, sources: &Sources) -> (String, u32, &'static str, u32, String, String) {
    let path = sources.get(f.primary.place.file).path().to_owned();
    (path, f.primary.place.span.start, f.rule, f.primary.place.span.end, f.message.clone(), f.subject.clone())
}

/// Sorts findings by path, start and rule, and joins those that several callers of a module bring.
pub(super) fn in_order(mut findings: Vec<Finding>, sources: &Sources) -> Vec<Finding> {
    findings.sort_by_cached_key(|finding| order(finding, sources));
    let mut out: Vec<Finding> = Vec::new();
    for finding in findings {
        match out.last_mut() {
            Some(last)
                if last.rule == finding.rule
                    && last.primary.place == finding.primary.place
                    && last.message == finding.message =>
            {
                last.instances += 1;
            }
            _ => out.push(finding),
        }
    }
    out
}

/// Sorts what was not judged by place, and drops what stands twice.
pub(super) fn unjudged_in_order(mut unjudged: Vec<Unjudged>, sources: &Sources) -> Vec<Unjudged> {
    unjudged.sort_by_cached_key(|u| {
        (sources.get(u.place.file).path().to_owned(), u.place.span.start, u.rule, u.reason.clone())
    });
    unjudged.dedup();
    unjudged
}
