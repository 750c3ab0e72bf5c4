//! Private keys in PEM (RFC 7468), by what stands around them.

use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static KEY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?P<key>[^-]*)").ok());

/// Byte ranges of the keys, without the lines around them.
pub(super) fn private_keys(text: &str) -> Vec<Range<usize>> {
    let found = KEY.iter().flat_map(|regex| regex.captures_iter(text));
    found.filter_map(|found| found.name("key")).map(|key| key.range()).collect()
}
