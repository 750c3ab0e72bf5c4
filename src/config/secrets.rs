//! `secrets`: what Secrets set that stand in no file.

use super::Reader;
use crate::base::{Map, Node};
use crate::model::StatedSecret;

const KEYS: [&str; 4] = ["name", "namespace", "values", "keys"];

impl Reader<'_> {
    /// A list of Secrets.
    pub(super) fn secrets(&mut self, node: &Node) {
        if node.as_list().is_none() {
            return self.mistake(node.place, "`secrets` is a list");
        }
        for item in node.items() {
            if let Some(secret) = self.secret(item) {
                self.config.secrets.push(secret);
            }
        }
    }

    fn secret(&mut self, item: &Node) -> Option<StatedSecret> {
        let Some(map) = item.as_map() else {
            self.mistake(item.place, "an entry of `secrets` is a mapping");
            return None;
        };
        let mut secret = StatedSecret::default();
        for field in &map.entries {
            let value = &field.value;
            match (&*field.key.name, value.as_str()) {
                ("name", Some(name)) => name.clone_into(&mut secret.name),
                ("namespace", Some(name)) => secret.namespace = Some(name.to_owned()),
                ("values", _) => secret.values = self.values(value),
                ("keys", _) => secret.keys = self.keys(value),
                (name @ ("name" | "namespace"), None) => {
                    self.mistake(value.place, format!("`{name}` is a string"));
                }
                (name, _) => self.unknown_key(field.key.place, name, &KEYS),
            }
        }
        if secret.name.is_empty() {
            self.mistake(item.place, "an entry of `secrets` has a `name`");
        }
        (!secret.name.is_empty()).then_some(secret)
    }

    fn values(&mut self, node: &Node) -> Map {
        let map = node.as_map().cloned();
        let scalar = |node: &Node| node.display().is_some();
        match map.filter(|map| map.entries.iter().all(|entry| scalar(&entry.value))) {
            Some(map) => map,
            None => {
                self.mistake(node.place, "`values` is a mapping of keys to strings");
                Map::default()
            }
        }
    }

    fn keys(&mut self, node: &Node) -> Vec<String> {
        let names: Option<Vec<String>> =
            node.items().iter().map(|item| item.as_str().map(str::to_owned)).collect();
        match names.filter(|_| node.as_list().is_some()) {
            Some(names) => names,
            None => {
                self.mistake(node.place, "`keys` is a list of names");
                Vec::new()
            }
        }
    }
}
