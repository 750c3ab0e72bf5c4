//! values.schema.json, as far as it says which keys there may be. Helm refuses a release whose values do not
//! satisfy it.

use crate::base::Node;

/// What a schema says of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Listed {
    /// It lists the key.
    Named,
    /// It allows no such key.
    Refused,
    /// It says nothing, or says it in a way that is not followed.
    Unknown,
}

/// References that lead to references, at most.
const DEEPEST: usize = 16;

/// Keywords that let other schemas decide.
const COMBINED: [&str; 7] = ["allOf", "anyOf", "oneOf", "if", "not", "patternProperties", "$dynamicRef"];

/// What a schema says of a key at a path.
pub(super) fn listed(root: &Node, names: &[&str]) -> Listed {
    let mut schema = root;
    for name in names {
        let Some(resolved) = resolve(root, schema) else { return Listed::Unknown };
        if COMBINED.iter().any(|keyword| resolved.get(keyword).is_some()) {
            return Listed::Unknown;
        }
        let additional = resolved.get("additionalProperties");
        schema = match (resolved.get("properties").and_then(|named| named.get(name)), additional) {
            (Some(named), _) => named,
            (None, Some(node)) if node.as_bool() == Some(false) => return Listed::Refused,
            (None, Some(node)) if node.as_map().is_some() => node,
            _ => return Listed::Unknown,
        };
    }
    Listed::Named
}

/// The schema behind its references inside the same document.
fn resolve<'a>(root: &'a Node, schema: &'a Node) -> Option<&'a Node> {
    let mut schema = schema;
    for _ in 0..DEEPEST {
        let Some(reference) = schema.get("$ref") else { return Some(schema) };
        let path = reference.as_str()?.strip_prefix("#/")?;
        schema = path
            .split('/')
            .try_fold(root, |node, name| node.get(&name.replace("~1", "/").replace("~0", "~")))?;
    }
    None
}
