//! What a node can hold.

use super::node::Node;
use super::number::Number;
use super::place::Place;
use super::text::Text;
use std::sync::Arc;

/// A value of any of the languages. Cloning is cheap: containers and texts are shared.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`, `~`, or nothing written.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(Text),
    /// A sequence.
    List(Arc<List>),
    /// A mapping, in the order written.
    Map(Arc<Map>),
    /// Something that cannot be known offline.
    Unknown(Unknown),
}

/// Why a value is not known, and what is known of it all the same.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// The cause, in words that finish the sentence "unresolved: …".
    pub reason: Arc<str>,
    /// The expression cannot be evaluated at all: `try` goes on to its next argument.
    pub failed: bool,
}

impl Unknown {
    /// An unknown for a reason.
    pub fn new(reason: impl Into<Arc<str>>) -> Unknown {
        Unknown { reason: reason.into(), failed: false }
    }
}

/// A sequence.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The items that are known to be there.
    pub items: Vec<Node>,
    /// Set when further items may exist, with the reason.
    pub open: Option<Arc<str>>,
    /// Whether it is a set of Terraform's, whose items are their own keys.
    pub set: bool,
}

/// A mapping. Keys are unique.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// The entries that are known to be there, in the order written.
    pub entries: Vec<Entry>,
    /// Set when further entries may exist, with the reason.
    pub open: Option<Arc<str>>,
}

/// One entry of a [`Map`].
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key and where it was written.
    pub key: Key,
    /// The value.
    pub value: Node,
}

/// A mapping's key.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key as text.
    pub name: Arc<str>,
    /// Where it was written.
    pub place: Place,
}

impl Map {
    /// The entry of a key.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| &*entry.key.name == name)
    }

    /// The value of a key.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|entry| &entry.value)
    }

    /// Sets a key, in place where it exists.
    pub fn insert(&mut self, key: Key, value: Node) {
        match self.entries.iter_mut().find(|entry| entry.key.name == key.name) {
            Some(entry) => *entry = Entry { key, value },
            None => self.entries.push(Entry { key, value }),
        }
    }
}
