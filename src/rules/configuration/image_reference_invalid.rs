//! A reference that is no image.
//!
//! # What it does
//! Holds image references against the grammar of the distribution specification: a repository in lower case, a tag of 128
//! characters at most, a digest behind an `@`.
//!
//! # Why it matters
//! The pod is created and waits in `InvalidImageName` for ever; a rollout stops at the first one.
//!
//! # How to fix
//! Write `repository:tag` or `repository:tag@sha256:…`.
//!
//! # Limits
//! Silent where a part of the reference is not known, or is filled in by another program.
//!
//! # Fix safety
//! Safe: the pod cannot start today. Only for a digest that stands where a tag would.
//!
//! # Example
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "Example/web:1.0.0" }] }
//! ```
//! Good:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: { name: web, namespace: shop }
//! spec:
//!   template:
//!     metadata: { labels: { app: web } }
//!     spec: { containers: [{ name: web, image: "example/web:1.0.0" }] }
//! ```

use crate::finding::{Applicability, Severity};
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};
use crate::syntax::edit::Change;

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "image-reference-invalid",
        summary: "a reference that is no image",
        group: Group::Configuration,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: Some(Applicability::Safe),
        options: &[],
        since: "0.1.0",
        source: include_str!("image_reference_invalid.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (_, workload) in context.workloads() {
        for container in workload.all_containers() {
            let Some(node) = container.node.get("image") else { continue };
            let Some(text) = node.as_str().filter(|text| !text.contains(['$', '{', '%', '<'])) else {
                continue;
            };
            let Some(wrong) = wrong(text) else { continue };
            let message = format!(
                "the image of container `{}` of {} is no valid reference: {}",
                container.name,
                workload.title(),
                wrong.why
            );
            let report = sink
                .report(Severity::Error, node.place, message)
                .label("cannot be pulled")
                .on(workload, workload.container_field(container, "image"))
                .note("the pod waits in InvalidImageName, and the rollout stops at the first one")
                .help(wrong.help);
            let fix = wrong
                .meant
                .filter(|_| workload.release.is_none())
                .map(|text| Change::set(node, text.as_str()));
            sink.push(
                report.safe_fix("write the digest behind an @", fix.into_iter().collect()).through(node),
            );
        }
    }
}

/// What is wrong with a reference.
struct Wrong {
    why: String,
    help: String,
    meant: Option<String>,
}

fn wrong(text: &str) -> Option<Wrong> {
    let made =
        |why: &str, help: &str| Some(Wrong { why: why.to_owned(), help: help.to_owned(), meant: None });
    if text.is_empty() {
        return made("it is empty", "name an image");
    }
    if text.chars().any(char::is_whitespace) {
        return made("there is a space in it", "remove the space");
    }
    if text.starts_with('/') {
        return made("no registry stands before the first `/`", "name the registry, or remove the `/`");
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    if digest.is_some_and(|digest| !is_digest(digest)) {
        return made("what follows the @ is no digest", "write `@sha256:` and 64 hexadecimal digits");
    }
    let slash = rest.rfind('/').map_or(0, |at| at + 1);
    let (repository, tag) = match rest[slash..].find(':') {
        Some(colon) => (&rest[..slash + colon], Some(&rest[slash + colon + 1..])),
        None => (rest, None),
    };
    if let Some(tag) = tag {
        if let Some(hex) =
            tag.strip_prefix("sha256:").or_else(|| tag.strip_prefix("sha256-")).filter(|hex| is_hex(hex))
        {
            let meant = format!("{repository}@sha256:{hex}");
            return Some(Wrong {
                why: "a digest stands in the place of the tag".to_owned(),
                help: format!("write `{meant}`"),
                meant: Some(meant),
            });
        }
        if !is_tag(tag) {
            return made("a tag has letters, digits, `_`, `.` and `-`, 128 at most", "correct the tag");
        }
    }
    // A registry may have capitals and a port.
    let (registry, path) = match repository.split_once('/') {
        Some((first, path)) if first.contains(['.', ':']) || first == "localhost" => (Some(first), path),
        _ => (None, repository),
    };
    if registry.is_some_and(str::is_empty) || path.is_empty() {
        return made("it has no repository", "name the repository");
    }
    if path.chars().any(|c| c.is_ascii_uppercase()) {
        return made("a repository is in lower case", "write it in lower case");
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.' | '-');
    let parts = path.split('/').all(|part| {
        let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        part.chars().all(plain) && ends(part.chars().next()) && ends(part.chars().last())
    });
    if parts { None } else { made("the repository has characters that none has", "correct the repository") }
}

fn is_tag(tag: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    (1..=128).contains(&tag.len()) && tag.chars().all(plain) && !tag.starts_with(['.', '-'])
}

fn is_digest(digest: &str) -> bool {
    digest.split_once(':').is_some_and(|(algorithm, hex)| match algorithm {
        "sha256" => is_hex(hex),
        _ => hex.len() >= 32 && hex.bytes().all(|b| b.is_ascii_alphanumeric()),
    })
}

fn is_hex(hex: &str) -> bool {
    hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}
