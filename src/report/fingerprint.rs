//! What identifies a finding from one run to the next.

use crate::finding::Finding;
use xxhash_rust::xxh3::xxh3_128;

/// A fingerprint of rule, subject, field and path: the same while lines move.
pub fn fingerprint(finding: &Finding, path: &str) -> String {
    let text = [finding.rule, &finding.subject, &finding.field, path].join("\0");
    format!("{:032x}", xxh3_128(text.as_bytes()))
}
