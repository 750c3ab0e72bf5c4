//! What changed since another state, in words.

use super::Run;
use crate::base::{Place, Sources};
use crate::finding::{Compared, Finding, Weakened};

/// Letters of a commit that people write.
const SHORT: usize = 8;

/// The other state, as people name a commit.
pub(super) fn base_name(compared: &Compared) -> &str {
    compared.base.get(..SHORT).unwrap_or(&compared.base)
}

/// `path:line:column`.
pub(super) fn position(sources: &Sources, place: Place, prefix: &str) -> String {
    let file = sources.get(place.file);
    let at = file.position(place.span.start);
    format!("{prefix}{}:{}:{}", file.path(), at.line, at.column)
}

/// `subject field: was → is`.
pub(super) fn weakened_words(weakened: &Weakened) -> String {
    format!("{} {}: {} → {}", weakened.subject, weakened.field, weakened.was, weakened.is)
}

/// A line for each change: gone findings, then what is weaker.
pub(super) fn lines(run: &Run<'_>) -> Vec<String> {
    let Some(compared) = run.compared else { return Vec::new() };
    let gone = |finding: &Finding| {
        let at = position(&compared.sources, finding.primary.place, run.prefix);
        format!("{at}: gone[{}] {}", finding.rule, finding.message)
    };
    let weaker = |weakened: &Weakened| {
        let at = position(run.sources, weakened.place, run.prefix);
        format!("{at}: weakened[{}] {}", weakened.rule, weakened_words(weakened))
    };
    compared.gone.iter().map(gone).chain(compared.weakened.iter().map(weaker)).collect()
}
