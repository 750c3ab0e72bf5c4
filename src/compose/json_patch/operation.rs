//! Operations of a JSON patch, read from a placed tree.

use super::pointer::{Pointer, PointerError};
use crate::base::{Node, Place, Value};
use crate::finding::closest;
use std::sync::Arc;

/// What an operation does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// Adds a member or an item, or replaces a member.
    Add,
    /// Removes what is there.
    Remove,
    /// Replaces what is there.
    Replace,
    /// Removes what is there and adds it elsewhere.
    Move,
    /// Adds what is there elsewhere too.
    Copy,
    /// Fails where something else is there.
    Test,
}

impl Verb {
    /// All verbs with their words.
    pub const ALL: [(&'static str, Verb); 6] = [
        ("add", Verb::Add),
        ("remove", Verb::Remove),
        ("replace", Verb::Replace),
        ("move", Verb::Move),
        ("copy", Verb::Copy),
        ("test", Verb::Test),
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        Verb::ALL.iter().find(|(_, verb)| *verb == self).map_or("", |(word, _)| word)
    }
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The operation's mapping.
    pub node: Node,
    /// What it does.
    pub verb: Verb,
    /// Where.
    pub path: Pointer,
    /// Where from; there for `move` and `copy`.
    pub from: Option<Pointer>,
    /// With what; there for `add`, `replace` and `test`.
    pub value: Option<Node>,
}

/// What is wrong with an operation, whatever it is applied to.
#[derive(Clone, Debug)]
pub struct Invalid {
    /// The place.
    pub place: Place,
    /// What is wrong, as the end of a sentence.
    pub message: String,
    /// What to do, in the imperative.
    pub help: String,
    /// The text that was meant, in the place of which one.
    pub meant: Option<(Node, String)>,
}

/// An item of a list of operations.
#[derive(Clone, Debug)]
pub enum Item {
    /// An operation.
    Operation(Box<Operation>),
    /// None, for a reason.
    Invalid(Box<Invalid>),
    /// It cannot be known what it is.
    Unknown(Place, Arc<str>),
}

impl Item {
    /// Reads an item of a list.
    pub fn read(node: &Node) -> Item {
        read(node).unwrap_or_else(|item| item)
    }

    /// What stands in the place of a list of operations and is none.
    pub fn of_no_list(list: &Node) -> Option<Item> {
        match (&list.value, list.open_reason()) {
            (Value::List(_), _) => None,
            (_, Some(reason)) => Some(Item::Unknown(list.place, reason)),
            _ => Some(Item::Invalid(Box::new(Invalid {
                place: list.place,
                message: "a JSON patch is a list of operations".to_owned(),
                help: "put the operation into a list".to_owned(),
                meant: None,
            }))),
        }
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        match self {
            Item::Operation(operation) => operation.node.place,
            Item::Invalid(invalid) => invalid.place,
            Item::Unknown(place, _) => *place,
        }
    }

    /// The operation, where it is one.
    pub fn operation(&self) -> Option<&Operation> {
        match self {
            Item::Operation(operation) => Some(operation),
            _ => None,
        }
    }
}

fn read(node: &Node) -> Result<Item, Item> {
    if node.as_map().is_none() {
        return Err(match node.open_reason() {
            Some(reason) => Item::Unknown(node.place, reason),
            None => invalid(node.place, "an operation is a mapping with `op` and `path`"),
        });
    }
    let verb = verb(node)?;
    let path = pointer(node, verb, "path")?;
    let from = match verb {
        Verb::Move | Verb::Copy => Some(pointer(node, verb, "from")?),
        _ => None,
    };
    let value = match verb {
        Verb::Add | Verb::Replace | Verb::Test => Some(value(node, verb)?),
        _ => None,
    };
    Ok(Item::Operation(Box::new(Operation { node: node.clone(), verb, path, from, value })))
}

fn verb(node: &Node) -> Result<Verb, Item> {
    let Some(op) = node.get("op") else { return Err(absent(node, "op", "an operation has no `op`")) };
    let word = text(op)?;
    if let Some((_, verb)) = Verb::ALL.iter().find(|(known, _)| *known == word) {
        return Ok(*verb);
    }
    let known: Vec<&str> = Verb::ALL.iter().map(|(known, _)| *known).collect();
    let nearest = closest(&word.to_ascii_lowercase(), &known);
    let help = match nearest {
        Some(nearest) => format!("write `{nearest}`"),
        None => format!("write one of {}", known.join(", ")),
    };
    Err(Item::Invalid(Box::new(Invalid {
        place: op.place,
        message: format!("there is no operation `{word}`"),
        help,
        meant: nearest.map(|nearest| (op.clone(), nearest.to_owned())),
    })))
}

fn pointer(node: &Node, verb: Verb, field: &'static str) -> Result<Pointer, Item> {
    let message = format!("`{}` has no `{field}`", verb.word());
    let Some(path) = node.get(field) else { return Err(absent(node, field, message)) };
    let text = text(path)?;
    Pointer::read(path, text).map_err(|error| {
        Item::Invalid(Box::new(match error {
            PointerError::NoSlash => Invalid {
                place: path.place,
                message: format!("{field} `{text}` does not begin with a slash"),
                help: format!("write `/{text}`"),
                meant: Some((path.clone(), format!("/{text}"))),
            },
            PointerError::Escape(range) => Invalid {
                place: path.as_text().map_or(path.place, |whole| whole.place(range.clone())),
                message: format!("`{}` is no escape", text.get(range).unwrap_or(text)),
                help: "write a tilde as `~0` and a slash inside of a key as `~1`".to_owned(),
                meant: None,
            },
        }))
    })
}

/// The value; `null` is one.
fn value(node: &Node, verb: Verb) -> Result<Node, Item> {
    let value = node.as_map().and_then(|map| map.get("value")).cloned();
    value.ok_or_else(|| absent(node, "value", format!("`{}` has no `value`", verb.word())))
}

fn text(node: &Node) -> Result<&str, Item> {
    if let Some(text) = node.as_str() {
        return Ok(text);
    }
    Err(match node.open_reason() {
        Some(reason) => Item::Unknown(node.place, reason),
        None => invalid(node.place, "this is no string"),
    })
}

/// A member that is not there, unless something unknown may bring it.
fn absent(node: &Node, field: &str, message: impl Into<String>) -> Item {
    if let Some(reason) = node.open_reason() {
        return Item::Unknown(node.place, reason);
    }
    let member = |name: &str| node.as_map().and_then(|map| map.entry(name)).map(|entry| entry.value.place);
    let place = member("op").filter(|_| field != "op").or_else(|| member("path")).unwrap_or(node.place);
    Item::Invalid(Box::new(Invalid {
        place,
        message: message.into(),
        help: format!("add `{field}`"),
        meant: None,
    }))
}

fn invalid(place: Place, message: &str) -> Item {
    let help = "write it as RFC 6902 says: `{ op: add, path: /spec/replicas, value: 3 }`".to_owned();
    Item::Invalid(Box::new(Invalid { place, message: message.to_owned(), help, meant: None }))
}
