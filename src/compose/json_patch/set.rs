//! A list of operations and what it is applied to.

use super::apply::{Dialect, Failure, carry_out, mended, size};
use super::operation::{Item, Operation, Verb};
use super::pointer::Pointer;
use crate::base::{Node, Place};
use std::sync::Arc;

/// Who carries a patch out, which decides what it says when it cannot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Patcher {
    /// The controller of authentik, for its outposts: python-json-patch.
    Outpost,
    /// Kustomize, also inside Flux: evanphx/json-patch.
    Kustomize,
    /// Kyverno, when an object is admitted: evanphx/json-patch.
    Kyverno,
}

impl Patcher {
    /// How closely it takes an operation.
    fn dialect(self) -> Dialect {
        match self {
            Patcher::Outpost => Dialect::Strict,
            Patcher::Kustomize | Patcher::Kyverno => Dialect::Lenient,
        }
    }
}

/// What a list is applied to.
#[derive(Clone, Debug)]
pub struct Base {
    /// The object, in words.
    pub title: String,
    /// The object; unknown where it stands in no file.
    pub object: Node,
}

/// A list of operations.
#[derive(Clone, Debug)]
pub struct PatchSet {
    /// Who carries it out.
    pub patcher: Patcher,
    /// What it is applied to.
    pub base: Base,
    /// The list.
    pub list: Node,
    /// Its operations in order, each with what happens to it.
    pub stages: Vec<Stage>,
    /// The address of what declares it.
    pub subject: String,
    /// The header of what declares it.
    pub header: Place,
    /// The folder of the stack.
    pub stack: Arc<str>,
    /// Why it may not exist.
    pub conditional: Option<Arc<str>>,
    /// Whether `lifecycle.ignore_changes` covers it.
    pub ignored: bool,
}

/// An operation and what happens to it.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The operation.
    pub item: Item,
    /// The object as it is before it; none where that is not known, or where an earlier one failed for good.
    pub before: Option<Node>,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// What becomes of an operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It is carried out.
    Done,
    /// It cannot be, and nothing of the list is.
    Failed(Failure),
    /// It is invalid, whatever it is applied to.
    Invalid,
    /// That is not known.
    Unknown(Arc<str>),
    /// An earlier one failed for good.
    NotReached,
}

impl PatchSet {
    /// Carries a list out, one operation after the other, as far as it goes.
    pub fn new(patcher: Patcher, base: Base, list: &Node, subject: &str, header: Place) -> PatchSet {
        let mut state = match base.object.unknown_reason() {
            Some(reason) => Err(Outcome::Unknown(Arc::clone(reason))),
            None => Ok(base.object.clone()),
        };
        let mut stages = Vec::new();
        let no_list = Item::of_no_list(list).or_else(|| too_long(list));
        if let Some(item) = no_list {
            let outcome = step(&item, patcher.dialect(), &mut state);
            stages.push(Stage { item, before: None, outcome });
        }
        for node in list.items().iter().take(MOST_OPERATIONS) {
            let item = counted_forwards(Item::read(node), patcher);
            let before = state.as_ref().ok().cloned();
            let outcome = step(&item, patcher.dialect(), &mut state);
            stages.push(Stage { item, before, outcome });
        }
        PatchSet {
            patcher,
            base,
            list: list.clone(),
            stages,
            subject: subject.to_owned(),
            header,
            stack: Arc::from(""),
            conditional: None,
            ignored: false,
        }
    }

    /// A list of which no object is known that it is applied to.
    pub fn of_nothing(patcher: Patcher, list: &Node) -> PatchSet {
        let object = Node::unknown("the object that this patch is for is in no file", list.place);
        let base = Base { title: "an object that is in no file".to_owned(), object };
        PatchSet::new(patcher, base, list, "", list.place.start())
    }

    /// The object behind all operations; none where one of them is not carried out, since none is then. Where the only
    /// mistake is that something is appended to an array which is not there, it is the object that was meant, so that what
    /// else is wrong with it is not hidden until that is mended.
    pub fn patched(&self) -> Result<Node, Arc<str>> {
        let mut object = self.base.object.clone();
        if let Some(reason) = object.unknown_reason().or(self.list.open_reason().as_ref()) {
            return Err(Arc::clone(reason));
        }
        let failed = |why: &str| Arc::from(format!("a patch that cannot be applied: {why}"));
        for stage in &self.stages {
            object = match (&stage.item, &stage.outcome) {
                (Item::Operation(operation), Outcome::Done) => {
                    let done = carry_out(&object, operation, self.patcher.dialect());
                    done.map_err(|failure| failed(&failure.words(operation)))?
                }
                (Item::Operation(operation), Outcome::Failed(failure)) => match mended(&object, operation) {
                    Some(meant) => meant,
                    None => return Err(failed(&failure.words(operation))),
                },
                (Item::Invalid(invalid), _) => match invalid.carried_out(&object) {
                    Some(meant) => meant,
                    None => return Err(failed(&invalid.message)),
                },
                (_, Outcome::Unknown(reason)) => return Err(Arc::clone(reason)),
                _ => return Err(failed("an earlier operation fails")),
            };
        }
        Ok(object)
    }

    /// Where the first operation stands that is not carried out.
    pub fn stopped_at(&self) -> Option<Place> {
        self.stages.iter().find(|stage| stage.outcome != Outcome::Done).map(|stage| stage.item.place())
    }

    /// The operations that are well formed, with their stages.
    pub fn operations(&self) -> impl Iterator<Item = (usize, &Operation, &Stage)> {
        let all = self.stages.iter().enumerate();
        all.filter_map(|(index, stage)| Some((index, stage.item.operation()?, stage)))
    }
}

/// Operations of a list that are carried out, at most: each keeps the object as it was before.
const MOST_OPERATIONS: usize = 500;

fn too_long(list: &Node) -> Option<Item> {
    let reason = || format!("the list has more than {MOST_OPERATIONS} operations");
    (list.items().len() > MOST_OPERATIONS).then(|| Item::Unknown(list.place.start(), reason().into()))
}

/// An operation as RFC 6902 means it. evanphx/json-patch also counts from the end of an array (`-1`), and takes escapes
/// and absent values that the standard does not know.
fn counted_forwards(item: Item, patcher: Patcher) -> Item {
    let backwards = |pointer: &Pointer| {
        pointer.names().any(|name| {
            name.strip_prefix('-')
                .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
        })
    };
    if patcher == Patcher::Outpost {
        return item;
    }
    match &item {
        Item::Operation(operation)
            if backwards(&operation.path) || operation.from.as_ref().is_some_and(backwards) =>
        {
            Item::Unknown(operation.path.node.place, "an index that is counted from the end".into())
        }
        Item::Invalid(invalid) if invalid.tolerated => {
            Item::Unknown(invalid.place, "an operation that some programs take".into())
        }
        _ => item,
    }
}

/// Values inside of an object, at most: copies of an object into itself double it each time.
const MOST_VALUES: usize = 100_000;

fn step(item: &Item, dialect: Dialect, state: &mut Result<Node, Outcome>) -> Outcome {
    let (operation, object) = match (item, &*state) {
        (Item::Invalid(invalid), state_now) => {
            let meant = state_now.as_ref().ok().and_then(|object| invalid.carried_out(object));
            *state = meant.ok_or(Outcome::NotReached);
            return Outcome::Invalid;
        }
        (Item::Unknown(_, reason), _) => {
            *state = Err(Outcome::Unknown(Arc::clone(reason)));
            return Outcome::Unknown(Arc::clone(reason));
        }
        (_, Err(outcome)) => return outcome.clone(),
        (Item::Operation(operation), Ok(object)) => (operation, object),
    };
    match carry_out(object, operation, dialect) {
        Ok(changed) if operation.verb == Verb::Copy && size(&changed, MOST_VALUES) >= MOST_VALUES => {
            let reason: Arc<str> = format!("the object grows beyond {MOST_VALUES} values").into();
            *state = Err(Outcome::Unknown(Arc::clone(&reason)));
            Outcome::Unknown(reason)
        }
        Ok(changed) => {
            *state = Ok(changed);
            Outcome::Done
        }
        Err(Failure::Unknown(reason)) => {
            *state = Err(Outcome::Unknown(Arc::clone(&reason)));
            Outcome::Unknown(reason)
        }
        Err(failure) => {
            *state = mended(object, operation).ok_or(Outcome::NotReached);
            Outcome::Failed(failure)
        }
    }
}
