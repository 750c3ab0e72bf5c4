//! What a parser has to say beside its tree.

use crate::base::Place;

/// Something that a parser met.
#[derive(Clone, Debug)]
pub struct Issue {
    /// What kind of thing.
    pub kind: IssueKind,
    /// Where.
    pub place: Place,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// The other place that takes part: the first of two keys.
    pub other: Option<Place>,
}

/// The kinds of [`Issue`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IssueKind {
    /// The text does not parse.
    Syntax,
    /// A key stands twice in one mapping of YAML or JSON.
    DuplicateKey,
    /// A key stands twice in one object of HCL, which takes the last.
    DuplicateObjectKey,
    /// Nested more deeply than the parser goes. The file may be valid.
    TooDeep,
}

impl Issue {
    /// A syntax issue.
    pub fn syntax(place: Place, message: impl Into<String>) -> Issue {
        Issue { kind: IssueKind::Syntax, place, message: message.into(), other: None }
    }

    /// A second key of the same name in a mapping.
    pub fn duplicate(name: &str, place: Place, first: Place) -> Issue {
        let message = format!("key `{name}` stands twice in this mapping");
        Issue { kind: IssueKind::DuplicateKey, place, message, other: Some(first) }
    }

    /// A second key of the same name in an object of HCL.
    pub fn duplicate_in_object(name: &str, place: Place, first: Place) -> Issue {
        let message = format!("key `{name}` stands twice in this object");
        Issue { kind: IssueKind::DuplicateObjectKey, place, message, other: Some(first) }
    }

    /// Nesting beyond a limit.
    pub fn too_deep(place: Place, message: impl Into<String>) -> Issue {
        Issue { kind: IssueKind::TooDeep, place, message: message.into(), other: None }
    }
}
