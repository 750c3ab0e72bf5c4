//! What went wrong, in words.

use super::apply::Failure;
use super::operation::Operation;
use super::pointer::Pointer;
use crate::base::Place;
use crate::finding::counted;

impl Failure {
    /// Why an operation cannot be carried out, as a sentence without a full stop.
    pub fn words(&self, operation: &Operation) -> String {
        let path = operation.source();
        match self {
            Failure::ParentMissing(steps) => format!("there is no `{}`", operation.path.head(*steps)),
            Failure::NoContainer(steps) => {
                format!("`{}` is neither an object nor an array", operation.path.head(*steps))
            }
            Failure::TargetMissing(steps) => format!("there is no `{}`", path.head(*steps)),
            Failure::Outside(items) => format!(
                "`{}` has {}",
                operation.path.head(operation.path.steps.len().saturating_sub(1)),
                counted(i64::try_from(*items).unwrap_or(i64::MAX), "item")
            ),
            Failure::NoIndex(steps) => {
                let step = operation.path.steps.get(steps.saturating_sub(1));
                format!("`{}` is no index of an array", step.map_or("", |step| step.name.as_str()))
            }
            Failure::TestFailed => format!("`{}` holds another value", path.head(path.steps.len())),
            Failure::IntoItself => format!("`{}` would be moved into itself", path.head(path.steps.len())),
            Failure::Unknown(reason) => reason.to_string(),
        }
    }

    /// The part of the path that leads nowhere.
    pub fn place(&self, operation: &Operation) -> Place {
        let source = operation.source();
        match self {
            Failure::ParentMissing(steps) | Failure::NoIndex(steps) | Failure::NoContainer(steps) => {
                operation.path.place(steps.saturating_sub(1))
            }
            Failure::TargetMissing(steps) => source.place(steps.saturating_sub(1)),
            Failure::Outside(_) => operation.path.place(operation.path.steps.len().saturating_sub(1)),
            Failure::TestFailed | Failure::IntoItself | Failure::Unknown(_) => source.node.place,
        }
    }
}

impl Operation {
    /// The path of what it takes: `from`, where it has one.
    pub fn source(&self) -> &Pointer {
        self.from.as_ref().unwrap_or(&self.path)
    }
}
