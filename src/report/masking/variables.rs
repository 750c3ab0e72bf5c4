//! Names of Terraform's sensitive variables.

use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

static BLOCK: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?ms)^variable[ \t]+"([^"]+)"[ \t]*\{(.*?)^\}"#).ok());

/// The names that a file's `variable` blocks declare sensitive.
pub(super) fn sensitive(text: &str) -> Vec<String> {
    let found = BLOCK.iter().flat_map(|block| block.captures_iter(text));
    let is_sensitive =
        |body: &str| body.split_whitespace().collect::<Vec<_>>().join(" ").contains("sensitive = true");
    found.filter(|found| is_sensitive(&found[2])).map(|found| found[1].to_owned()).collect()
}

/// The same of Terraform's JSON syntax, where a block is an object, or a list of them.
pub(super) fn sensitive_in_json(text: &str) -> Vec<String> {
    let Ok(root) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let blocks = one_or_many(&root["variable"]).iter().filter_map(Value::as_object).flatten();
    let is_sensitive = |body: &Value| one_or_many(body).iter().any(|body| body["sensitive"] == true);
    blocks.filter(|(_, body)| is_sensitive(body)).map(|(name, _)| name.clone()).collect()
}

fn one_or_many(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}
