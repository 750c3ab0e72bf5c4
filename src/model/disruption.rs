//! How many pods a disruption budget lets go.

use crate::base::{Node, Number, Value};

/// A number of pods or a share of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IntOrPercent {
    /// Pods.
    Int(i64),
    /// Hundredths of all pods.
    Percent(i64),
}

impl IntOrPercent {
    /// Reads the field of an object. With `lenient`, a string of digits is a number, as the Terraform
    /// provider and text templates make it; the API itself refuses one.
    pub fn of(node: &Node, lenient: bool) -> Option<IntOrPercent> {
        match &node.value {
            Value::Number(Number::Int(int)) => Some(IntOrPercent::Int(*int)),
            Value::Text(text) if text.is_known() => match text.as_str().strip_suffix('%') {
                Some(percent) => percent.parse().ok().map(IntOrPercent::Percent),
                None if lenient => text.as_str().trim().parse().ok().map(IntOrPercent::Int),
                None => None,
            },
            _ => None,
        }
    }

    /// Pods out of `total`, a share rounded up, as the disruption controller rounds both of its fields.
    pub fn rounded_up(self, total: i64) -> i64 {
        match self {
            IntOrPercent::Int(int) => int,
            IntOrPercent::Percent(percent) => {
                let exact = i128::from(percent) * i128::from(total);
                ((exact + 99).div_euclid(100)).clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
            }
        }
    }
}

/// What a budget demands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Demand {
    /// `minAvailable`.
    MinAvailable(IntOrPercent),
    /// `maxUnavailable`.
    MaxUnavailable(IntOrPercent),
}

impl Demand {
    /// Pods that may be evicted while all `total` pods are healthy. Zero or less means none.
    pub fn allowed(self, total: i64) -> i64 {
        match self {
            Demand::MinAvailable(min) => total - min.rounded_up(total),
            Demand::MaxUnavailable(max) => max.rounded_up(total),
        }
    }

    /// Whether no number of pods lets one go.
    pub fn never_allows(self) -> bool {
        match self {
            Demand::MinAvailable(IntOrPercent::Percent(percent)) => percent >= 100,
            Demand::MaxUnavailable(IntOrPercent::Int(k) | IntOrPercent::Percent(k)) => k <= 0,
            Demand::MinAvailable(IntOrPercent::Int(_)) => false,
        }
    }
}
