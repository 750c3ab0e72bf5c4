//! What the dot stands for, as far as it is known.

use super::actions::{Start, Word};

/// Methods of Helm's values that give the values themselves, in another form (pkg/chartutil/values.go).
const METHODS: [&str; 5] = ["AsMap", "YAML", "Table", "PathValue", "Encode"];

/// Names of a path that are followed.
const LONGEST: usize = 32;

/// Fields up to a method: what it is asked of is read whole.
fn without_method(fields: &[String]) -> Vec<String> {
    fields.iter().take_while(|field| !METHODS.contains(&field.as_str())).cloned().collect()
}

/// What the dot stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Dot {
    /// What the template was called with: the root, as a rule.
    Given,
    /// A value at a path.
    Value(Vec<String>),
    /// Something that was counted as read.
    Other,
}

/// The blocks around an action, each with what the dot is inside.
#[derive(Default)]
pub(super) struct Scopes(Vec<Dot>);

impl Scopes {
    pub(super) fn dot(&self) -> &Dot {
        self.0.last().unwrap_or(&Dot::Given)
    }

    pub(super) fn open(&mut self, dot: Dot) {
        self.0.push(dot);
    }

    pub(super) fn close(&mut self) {
        self.0.pop();
    }

    /// The path of the values that a chain of fields stands for; none where it is no value.
    pub(super) fn value_path(&self, start: &Start, fields: &[String]) -> Option<Vec<String>> {
        // `.Subcharts.name.Values.x` is `x` of what the values hold for that chart.
        if let [subcharts, name, values, rest @ ..] = fields
            && subcharts == "Subcharts"
            && values == "Values"
        {
            return Some([std::slice::from_ref(name), rest].concat());
        }
        if let Some(at) = fields.iter().position(|field| field == "Values") {
            return Some(without_method(&fields[at + 1..]));
        }
        match (start, self.dot()) {
            (Start::Dot, Dot::Value(path)) => Some([path, &*without_method(fields)].concat()),
            _ => None,
        }
    }

    /// What `with` makes of the dot: a value where it is given a chain and nothing else.
    pub(super) fn of_with(&self, arguments: &[Word]) -> Dot {
        match arguments {
            [Word::Chain(start, fields)] => match self.value_path(start, fields) {
                Some(path) if path.len() <= LONGEST => Dot::Value(path),
                _ => Dot::Other,
            },
            _ => Dot::Other,
        }
    }
}
