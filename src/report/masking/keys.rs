//! Which keys and values are secrets.

/// Whether a key's last words name a secret: `password`, `db_token`, `apiKey`, `AUTHENTIK_SECRET_KEY`. A
/// name of a secret object (`secretName`) is none.
pub(super) fn is_secret_key(key: &str) -> bool {
    let words = words_of(key);
    let Some(last) = words.last().filter(|_| !words.iter().any(|word| word == "existing")) else {
        return false;
    };
    let before = words.len().checked_sub(2).map(|i| words[i].as_str());
    match last.as_str() {
        "password" | "passwd" | "pass" | "pwd" | "pw" | "passphrase" | "token" | "secret" | "dsn"
        | "credentials" | "apikey" | "privatekey" | "passwords" | "passphrases" => true,
        last if ["password", "passwd", "passphrase", "token"].iter().any(|end| last.ends_with(end)) => true,
        "key" => matches!(
            before,
            Some(
                "secret"
                    | "api"
                    | "access"
                    | "private"
                    | "encryption"
                    | "signing"
                    | "master"
                    | "auth"
                    | "license"
            )
        ),
        _ => false,
    }
}

fn words_of(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower_before = false;
    for c in key.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && lower_before) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A value that is only a reference shows nothing: `var.x`, `${x}`, `data.vault.y["k"]`.
pub(super) fn is_reference(value: &str) -> bool {
    let inner = value.trim_matches(['"', '\'']);
    (inner.starts_with("${") && inner.ends_with('}') && inner.matches("${").count() == 1)
        || ["var.", "local.", "data.", "module.", "each.", "random_password."]
            .iter()
            .any(|p| value.starts_with(p))
        || matches!(inner, "" | "{" | "[" | "true" | "false" | "null" | "string" | "{}" | "[]")
}
