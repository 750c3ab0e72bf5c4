//! Hash functions. What a hash is does not matter offline; what it is a hash of does: the value is unknown,
//! and its trail keeps every place that the hashed content was written at.

use super::Call;
use crate::base::{Node, Place, SourceFile, provenance};

/// Hashes of a string.
const OF_STRINGS: [&str; 6] = ["md5", "sha1", "sha256", "sha512", "base64sha256", "base64sha512"];

/// Hashes of a file.
pub(super) const OF_FILES: [&str; 6] =
    ["filemd5", "filesha1", "filesha256", "filesha512", "filebase64sha256", "filebase64sha512"];

/// The hash of a string, if the function is one.
pub(super) fn call(call: &Call<'_>) -> Option<Node> {
    if !OF_STRINGS.contains(&call.name) {
        return None;
    }
    let places = call.arg(0).map(provenance).unwrap_or_default();
    Some(hash(call, places))
}

/// The hash of a file.
pub(super) fn of_file(call: &Call<'_>, file: &SourceFile) -> Node {
    hash(call, vec![Place::new(file.id(), 0, file.text().len())])
}

fn hash(call: &Call<'_>, places: Vec<Place>) -> Node {
    Node::unknown(format!("a hash, by `{}`", call.name), call.place).through_all(places)
}
