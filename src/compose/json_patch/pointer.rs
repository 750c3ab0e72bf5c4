//! JSON Pointers (RFC 6901) whose every step knows where it was written.

use crate::base::{Node, Place, Value};
use std::ops::Range;

/// A path into a document.
#[derive(Clone, Debug)]
pub struct Pointer {
    /// The text as written.
    pub node: Node,
    /// The names and indices, from the outermost.
    pub steps: Vec<Step>,
}

/// A name or an index of a pointer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The name with its escapes resolved.
    pub name: String,
    /// The bytes of the pointer's text that it was read from, without the slash.
    pub range: Range<usize>,
}

/// Why a text is no pointer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PointerError {
    /// It is not empty and begins with another character than a slash.
    NoSlash,
    /// A tilde that neither `0` nor `1` follows, at these bytes.
    Escape(Range<usize>),
}

impl Pointer {
    /// Reads a known text.
    pub fn read(node: &Node, text: &str) -> Result<Pointer, PointerError> {
        let mut steps = Vec::new();
        if !text.is_empty() {
            let rest = text.strip_prefix('/').ok_or(PointerError::NoSlash)?;
            let mut at = 1;
            for part in rest.split('/') {
                steps.push(Step { name: unescaped(part, at)?, range: at..at + part.len() });
                at += part.len() + 1;
            }
        }
        Ok(Pointer { node: node.clone(), steps })
    }

    /// Reads a text whose first slash is missing; none where it has no other, and may be a path of another kind.
    pub fn read_without_slash(node: &Node, text: &str) -> Option<Pointer> {
        let mut pointer = Pointer::read(node, &format!("/{text}")).ok()?;
        for step in &mut pointer.steps {
            step.range = step.range.start - 1..step.range.end - 1;
        }
        let named = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let first = pointer.names().next().is_some_and(named);
        (first && (pointer.steps.len() > 1 || !text.contains(['.', '$']))).then_some(pointer)
    }

    /// The place of a step in the pointer's text.
    pub fn place(&self, step: usize) -> Place {
        match (self.node.as_text(), self.steps.get(step)) {
            (Some(text), Some(step)) => text.place(step.range.clone()),
            _ => self.node.place,
        }
    }

    /// The first steps, written as a pointer.
    pub fn head(&self, steps: usize) -> String {
        let escaped = |step: &Step| format!("/{}", step.name.replace('~', "~0").replace('/', "~1"));
        self.steps[..steps.min(self.steps.len())].iter().map(escaped).collect()
    }

    /// The names of its steps.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(|step| step.name.as_str())
    }

    /// The last step.
    pub fn last(&self) -> Option<&str> {
        self.steps.last().map(|step| step.name.as_str())
    }

    /// Whether both lead to the same place of a document, as far as their texts tell.
    pub fn is_same(&self, other: &Pointer) -> bool {
        self.names().eq(other.names())
    }

    /// Whether it leads to something inside of what another leads to.
    pub fn is_inside(&self, other: &Pointer) -> bool {
        self.steps.len() > other.steps.len() && other.names().zip(self.names()).all(|(a, b)| a == b)
    }

    /// What it leads to in a document.
    pub fn find<'a>(&self, document: &'a Node) -> Option<&'a Node> {
        find(document, &self.steps)
    }

    /// What its first steps lead to in a document.
    pub fn find_head<'a>(&self, document: &'a Node, steps: usize) -> Option<&'a Node> {
        find(document, &self.steps[..steps.min(self.steps.len())])
    }

    /// What it leads to without its last step.
    pub fn find_parent<'a>(&self, document: &'a Node) -> Option<&'a Node> {
        find(document, &self.steps[..self.steps.len().checked_sub(1)?])
    }
}

/// What steps lead to in a document.
fn find<'a>(document: &'a Node, steps: &[Step]) -> Option<&'a Node> {
    steps.iter().try_fold(document, |node, step| match &node.value {
        Value::Map(map) => map.get(&step.name),
        Value::List(list) => list.items.get(array_index(&step.name)?),
        _ => None,
    })
}

/// An index of an array: digits without a leading zero.
pub fn array_index(step: &str) -> Option<usize> {
    let plain = step == "0" || !step.starts_with('0') && step.bytes().all(|b| b.is_ascii_digit());
    step.parse().ok().filter(|_| plain)
}

fn unescaped(part: &str, at: usize) -> Result<String, PointerError> {
    let mut out = String::with_capacity(part.len());
    let mut rest = part.char_indices();
    while let Some((index, c)) = rest.next() {
        if c != '~' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some((_, '0')) => out.push('~'),
            Some((_, '1')) => out.push('/'),
            other => {
                let end = other.map_or(part.len(), |(next, c)| next + c.len_utf8());
                return Err(PointerError::Escape(at + index..at + end));
            }
        }
    }
    Ok(out)
}
