//! `host:port` in texts.

use std::ops::Range;

/// A host with a port, as a text names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Address<'a> {
    /// The host's name, as written.
    pub host: &'a str,
    /// The port.
    pub port: i64,
    /// The bytes of the port.
    pub port_range: Range<usize>,
    /// Whether it can be nothing else: it stands behind a scheme or a user, or its name has a domain.
    pub is_certain: bool,
}

/// The addresses in a text. Those whose host is only partly known are left out.
pub fn addresses(text: &str) -> Vec<Address<'_>> {
    text.match_indices(':').filter_map(|(colon, _)| address(text, colon)).collect()
}

fn address(text: &str, colon: usize) -> Option<Address<'_>> {
    let behind = &text[colon + 1..];
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    let ends = behind[digits..].chars().next().is_none_or(|c| !is_of_name(c) && c != '_' && c != ':');
    let port = behind[..digits].parse().ok().filter(|port| (1..=65_535).contains(port) && ends)?;
    let before = &text[..colon];
    let start = before
        .rfind(|c| !is_of_name(c))
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let host = &before[start..];
    let lead = &before[..start];
    let behind_scheme = lead.ends_with("://");
    let begins = behind_scheme
        || lead.chars().next_back().is_none_or(|c| c.is_whitespace() || "@=,;\"'`([|".contains(c));
    let named = host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.bytes().any(|b| b.is_ascii_lowercase())
        && !host.bytes().any(|b| b.is_ascii_uppercase());
    (begins && named).then(|| Address {
        host,
        port,
        port_range: colon + 1..colon + 1 + digits,
        is_certain: behind_scheme || lead.ends_with('@') || host.contains('.'),
    })
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '.'
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn addresses_stand_behind_schemes_users_and_spaces() {
        type Expected<'a> = &'a [(&'a str, i64, bool)];
        let cases: &[(&str, Expected<'_>)] = &[
            ("redis:6379", &[("redis", 6379, false)]),
            ("postgres://a:b@pg.db.svc:5432/x?y=1", &[("pg.db.svc", 5432, true)]),
            (
                "--a=one:80 --b=two:90,three:100",
                &[("one", 80, false), ("two", 90, false), ("three", 100, false)],
            ),
            ("http://web:8080;", &[("web", 8080, true)]),
            ("registry/app:5000", &[]),
            ("nginx:1.27", &[]),
            ("a:b:1234x", &[]),
            ("${HOST}:80 $HOST:80 .:80 1:2", &[]),
            ("é:80 web:99999 web:", &[]),
            ("[::1]:80", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<_> = addresses(text).into_iter().map(|a| (a.host, a.port, a.is_certain)).collect();
            assert_eq!(found, *expected, "{text}");
        }
    }
}
