//! What a person states of Secrets that stand in no file of the repository.

use crate::base::{Map, Node};

/// A Secret as the config states it: all that it sets.
#[derive(Clone, Debug, Default)]
pub struct StatedSecret {
    /// The name.
    pub name: String,
    /// The namespace; any where none is stated.
    pub namespace: Option<String>,
    /// Keys with values that may be known.
    pub values: Map,
    /// Further keys, whose values nobody is to know.
    pub keys: Vec<String>,
}

/// What a Secret says of a key.
pub(super) enum Stated<'a> {
    /// This value.
    Value(&'a Node),
    /// A value that is not stated.
    Hidden,
    /// Nothing.
    Unset,
}

impl StatedSecret {
    /// The Secret of a name in a namespace.
    pub(super) fn find<'a>(
        all: &'a [StatedSecret],
        name: &str,
        namespace: Option<&str>,
    ) -> Option<&'a StatedSecret> {
        let here = |secret: &&StatedSecret| {
            secret.name == name && secret.namespace.as_deref().is_none_or(|own| Some(own) == namespace)
        };
        all.iter().find(here)
    }

    pub(super) fn says(&self, key: &str) -> Stated<'_> {
        match self.values.get(key) {
            Some(node) => Stated::Value(node),
            None if self.keys.iter().any(|known| known == key) => Stated::Hidden,
            None => Stated::Unset,
        }
    }
}
