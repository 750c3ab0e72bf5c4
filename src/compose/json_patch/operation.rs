//! Operations of a JSON patch, read from a placed tree.

use super::apply::{Dialect, carry_out};
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
    /// The operation that was meant.
    pub corrected: Option<Box<Operation>>,
    /// Whether evanphx/json-patch takes it all the same.
    pub tolerated: bool,
}

impl Invalid {
    fn new(place: Place, message: impl Into<String>, help: impl Into<String>) -> Invalid {
        Invalid {
            place,
            message: message.into(),
            help: help.into(),
            meant: None,
            corrected: None,
            tolerated: false,
        }
    }

    /// What comes of an object when the operation that was meant is carried out.
    pub(super) fn carried_out(&self, object: &Node) -> Option<Node> {
        carry_out(object, self.corrected.as_deref()?, Dialect::Strict).ok()
    }
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
            _ => {
                let message = "a JSON patch is a list of operations";
                Some(Item::Invalid(Box::new(Invalid::new(
                    list.place,
                    message,
                    "put the operation into a list",
                ))))
            }
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
    // What is nearly right is read on, so that what else is wrong is not hidden.
    let mut nearly = None;
    let verb = verb(node, &mut nearly)?;
    let path = pointer(node, verb, "path", &mut nearly)?;
    let from = match verb {
        Verb::Move | Verb::Copy => Some(pointer(node, verb, "from", &mut nearly)?),
        _ => None,
    };
    let value = match verb {
        Verb::Add | Verb::Replace | Verb::Test => Some(value(node, verb)?),
        _ => None,
    };
    let operation = Box::new(Operation { node: node.clone(), verb, path, from, value });
    Ok(match nearly {
        None => Item::Operation(operation),
        Some(invalid) => Item::Invalid(Box::new(Invalid { corrected: Some(operation), ..invalid })),
    })
}

fn verb(node: &Node, nearly: &mut Option<Invalid>) -> Result<Verb, Item> {
    let Some(op) = node.get("op") else { return Err(absent(node, "op", "an operation has no `op`")) };
    let word = text(op)?;
    if let Some((_, verb)) = Verb::ALL.iter().find(|(known, _)| *known == word) {
        return Ok(*verb);
    }
    let known: Vec<&str> = Verb::ALL.iter().map(|(known, _)| *known).collect();
    let message = format!("there is no operation `{word}`");
    let near = closest(&word.to_ascii_lowercase(), &known);
    match Verb::ALL.iter().find(|(known, _)| near == Some(known)) {
        Some((near, verb)) => {
            let meant = Some((op.clone(), (*near).to_owned()));
            *nearly = Some(Invalid { meant, ..Invalid::new(op.place, message, format!("write `{near}`")) });
            Ok(*verb)
        }
        None => {
            let help = format!("write one of {}", known.join(", "));
            Err(Item::Invalid(Box::new(Invalid::new(op.place, message, help))))
        }
    }
}

fn pointer(
    node: &Node,
    verb: Verb,
    field: &'static str,
    nearly: &mut Option<Invalid>,
) -> Result<Pointer, Item> {
    let message = format!("`{}` has no `{field}`", verb.word());
    let Some(path) = node.get(field) else { return Err(absent(node, field, message)) };
    let text = text(path)?;
    match Pointer::read(path, text) {
        Ok(pointer) => Ok(pointer),
        Err(PointerError::NoSlash) => {
            let message = format!("{field} `{text}` does not begin with a slash");
            match Pointer::read_without_slash(path, text) {
                Some(pointer) => {
                    let meant = pointer.head(pointer.steps.len());
                    let invalid = Invalid::new(path.place, message, format!("write `{meant}`"));
                    let first = Invalid { meant: Some((path.clone(), meant)), ..invalid };
                    nearly.get_or_insert(first);
                    Ok(pointer)
                }
                None => {
                    let help = "write the names one after the other, each behind a slash: `/spec/replicas`";
                    Err(Item::Invalid(Box::new(Invalid::new(path.place, message, help))))
                }
            }
        }
        Err(PointerError::Escape(range)) => {
            let place = path.as_text().map_or(path.place, |whole| whole.place(range.clone()));
            let message = format!("`{}` is no escape", text.get(range).unwrap_or(text));
            let help = "write a tilde as `~0` and a slash inside of a key as `~1`";
            Err(Item::Invalid(Box::new(Invalid { tolerated: true, ..Invalid::new(place, message, help) })))
        }
    }
}

/// The value; `null` is one.
fn value(node: &Node, verb: Verb) -> Result<Node, Item> {
    let value = node.as_map().and_then(|map| map.get("value")).cloned();
    value.ok_or_else(|| match absent(node, "value", format!("`{}` has no `value`", verb.word())) {
        Item::Invalid(invalid) => Item::Invalid(Box::new(Invalid { tolerated: true, ..*invalid })),
        other => other,
    })
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
    Item::Invalid(Box::new(Invalid::new(place, message, format!("add `{field}`"))))
}

fn invalid(place: Place, message: &str) -> Item {
    let help = "write it as RFC 6902 says: `{ op: add, path: /spec/replicas, value: 3 }`";
    Item::Invalid(Box::new(Invalid::new(place, message, help)))
}
