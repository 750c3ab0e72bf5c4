//! Label selectors.

use crate::base::Node;

/// Whether a selector takes an object with the given labels; none where that is unknown.
///
/// An absent selector (`null`) takes nothing, an empty one everything.
pub fn selects(selector: Option<&Node>, labels: Option<&Node>) -> Option<bool> {
    let Some(selector) = selector else { return Some(false) };
    if selector.unknown_reason().is_some() {
        return None;
    }
    let mut result = Some(true);
    for part in [equalities(selector.get("matchLabels"), labels), expressions(selector, labels)] {
        match part {
            Some(false) => return Some(false),
            None => result = None,
            Some(true) => {}
        }
    }
    result
}

/// Whether labels have all pairs of a mapping, as a Service's selector and `matchLabels` demand.
pub fn equalities(pairs: Option<&Node>, labels: Option<&Node>) -> Option<bool> {
    let Some(pairs) = pairs else { return Some(true) };
    let map = pairs.as_map()?;
    let mut result = map.open.is_none().then_some(true);
    for entry in &map.entries {
        let wanted = entry.value.display();
        let held = match (label(labels, &entry.key.name), wanted) {
            (Label::Is(value), Some(wanted)) => Some(value == wanted),
            (Label::Absent, _) => Some(false),
            _ => None,
        };
        match held {
            Some(false) => return Some(false),
            None => result = None,
            Some(true) => {}
        }
    }
    result
}

fn expressions(selector: &Node, labels: Option<&Node>) -> Option<bool> {
    let mut result = Some(true);
    let Some(list) = selector.get("matchExpressions") else { return result };
    if list.open_reason().is_some() {
        result = None;
    }
    for expression in list.items() {
        match expression_holds(expression, labels) {
            Some(false) => return Some(false),
            None => result = None,
            Some(true) => {}
        }
    }
    result
}

fn expression_holds(expression: &Node, labels: Option<&Node>) -> Option<bool> {
    let key = expression.get("key")?.as_str()?;
    let operator = expression.get("operator")?.as_str()?;
    let values = expression.get("values");
    let listed = |value: &str| -> Option<bool> {
        let values = values?;
        let known = values.items().iter().any(|item| item.display().as_deref() == Some(value));
        let open =
            values.open_reason().is_some() || values.items().iter().any(|item| item.display().is_none());
        if known { Some(true) } else { (!open).then_some(false) }
    };
    match (operator, label(labels, key)) {
        ("Exists", Label::Is(_)) | ("DoesNotExist" | "NotIn", Label::Absent) => Some(true),
        ("Exists" | "In", Label::Absent) | ("DoesNotExist", Label::Is(_)) => Some(false),
        ("In", Label::Is(value)) => listed(&value),
        ("NotIn", Label::Is(value)) => listed(&value).map(|listed| !listed),
        _ => None,
    }
}

/// What an object has under a label's key.
pub enum Label {
    /// This value.
    Is(String),
    /// Nothing.
    Absent,
    /// It cannot be known.
    Unknown,
}

/// The value of a label.
pub fn label(labels: Option<&Node>, key: &str) -> Label {
    let Some(labels) = labels else { return Label::Absent };
    match labels.get(key).map(Node::display) {
        Some(Some(value)) => Label::Is(value),
        Some(None) => Label::Unknown,
        None if labels.open_reason().is_some() => Label::Unknown,
        None => Label::Absent,
    }
}
