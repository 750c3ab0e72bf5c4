//! Values that only refer to a secret.

/// A value that is only a reference shows nothing: `var.x`, `${x}`, `data.vault.y["k"]`.
pub(super) fn is_reference(value: &str) -> bool {
    let inner = value.trim_matches(['"', '\'']);
    (inner.starts_with("${") && inner.ends_with('}') && inner.matches("${").count() == 1)
        || ["var.", "local.", "data.", "module.", "each.", "random_password."]
            .iter()
            .any(|p| value.starts_with(p))
        || matches!(inner, "" | "{" | "[" | "true" | "false" | "null" | "string" | "{}" | "[]")
}
