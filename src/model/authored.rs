//! What stands beside the objects: outposts, JSON patches, and pages that speak of them.

use crate::base::{Place, Text};
use crate::compose::{Outpost, PatchSet, PatchUse};
use crate::lower::{Provisioned, ProxyProvider};
use std::sync::Arc;

/// What a repository declares beside objects and releases.
#[derive(Debug, Default)]
pub struct Authored {
    /// Outposts of authentik.
    pub outposts: Vec<Outpost>,
    /// Their providers.
    pub providers: Vec<ProxyProvider>,
    /// JSON patches.
    pub patches: Vec<PatchSet>,
    /// Patches that nothing names.
    pub unapplied: Vec<Unapplied>,
    /// The patches of kustomizations, with the folder.
    pub uses: Vec<(Arc<str>, PatchUse)>,
    /// Documents that commands of Terraform's provisioners apply.
    pub provisioned: Vec<Provisioned>,
    /// Wrong names of an outpost's labels or container in pages, with the folder.
    pub mentions: Vec<(Arc<str>, Place)>,
}

/// A document with patches that nothing in the repository names.
#[derive(Clone, Debug)]
pub struct Unapplied {
    /// What it is, in words.
    pub what: &'static str,
    /// Where it begins.
    pub place: Place,
    /// The folder.
    pub stack: Arc<str>,
}

/// A name that people write for an outpost's pods or their container, and that these do not have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mention {
    /// The wrong name.
    pub wrong: &'static str,
    /// The right one.
    pub right: &'static str,
}

/// The label of the pods, and the name of their container, by the wrong names that are around.
const MENTIONS: [Mention; 2] = [
    Mention { wrong: "authentik-proxy-outpost", right: "authentik-outpost-proxy" },
    Mention { wrong: "authentik-proxy", right: "proxy" },
];

impl Mention {
    /// The label that tells what a pod runs.
    pub const KEY: &'static str = "app.kubernetes.io/name";
    /// The wrong name of the label, and the right one.
    pub const LABEL: Mention = MENTIONS[0];
    /// The wrong name of the container, and the right one.
    pub const CONTAINER: Mention = MENTIONS[1];

    /// Whether a text may hold one.
    pub fn stands_in(text: &str) -> bool {
        text.contains(Mention::CONTAINER.wrong)
    }

    /// Where the wrong label stands as the value of a selector.
    pub fn find(text: &Text) -> impl Iterator<Item = Place> {
        let string = text.as_str();
        let wrong = Mention::LABEL.wrong;
        let places = string.match_indices(wrong).filter_map(|(at, _)| {
            let before = string[..at].trim_end_matches([' ', '"', '\'', '=', ':']);
            let after = string[at + wrong.len()..].chars().next();
            let whole = after.is_none_or(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
            (whole && before.ends_with(Mention::KEY)).then(|| text.place(at..at + wrong.len()))
        });
        places.collect::<Vec<_>>().into_iter()
    }
}
