//! Which keys name secrets.

/// Last words that say in which form a secret is.
const FORMS: [&str; 6] = ["b64", "base", "base64", "data", "pem", "txt"];

/// Whether a key's last words name a secret: `password`, `db_token`, `apiKey`, `AUTHENTIK_SECRET_KEY`. A
/// name of a secret object (`secretName`) is none.
pub fn is_secret_key(key: &str) -> bool {
    let mut words = words_of(key);
    // What such a key holds is the secret in some form.
    while words.len() > 1 && words.last().is_some_and(|last| FORMS.contains(&last.as_str())) {
        words.pop();
    }
    let Some(last) =
        words.last().filter(|_| !words.iter().any(|word| word == "existing" || word == "checksum"))
    else {
        return false;
    };
    let before = words.len().checked_sub(2).map(|i| words[i].as_str());
    match last.as_str() {
        "password" | "passwd" | "pass" | "pwd" | "pw" | "passphrase" | "token" | "secret" | "dsn"
        | "credential" | "credentials" | "apikey" | "privatekey" | "passwords" | "passphrases"
        | "userlist" | "dockerconfigjson" => true,
        "hash" | "phrase" => matches!(before, Some("password" | "pass")),
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
                    | "account"
                    | "client"
                    | "cookie"
                    | "hmac"
                    | "jwt"
                    | "session"
                    | "shared"
                    | "ssh"
                    | "storage"
                    | "tls"
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
