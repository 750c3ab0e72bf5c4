//! Anchors: what several places of a YAML file share.

use super::layout::line_end;
use crate::base::{Node, Place, SourceFile, Text, Value};
use crate::syntax::yaml::parse_yaml;
use std::collections::HashMap;
use std::ops::Range;

/// Whether an edit would touch what an alias or a merge key uses elsewhere: such a value stands in the tree more than
/// once.
pub(super) fn is_shared(file: &SourceFile, range: &Range<usize>) -> bool {
    let text = file.text();
    let is_yaml = file.path().ends_with(".yaml") || file.path().ends_with(".yml");
    if !is_yaml || !text.contains('&') || !text.contains('*') {
        return false;
    }
    let (documents, _) = parse_yaml(&Text::of_file(file));
    let mut seen: HashMap<Place, usize> = HashMap::new();
    for document in &documents {
        count(&document.root, &mut seen);
    }
    let twice = seen.into_iter().filter(|(_, count)| *count > 1).map(|(place, _)| place.span.range());
    twice.into_iter().any(|shared| shared.start <= range.start && range.start <= line_end(text, shared.end))
}

fn count(node: &Node, seen: &mut HashMap<Place, usize>) {
    // The value itself, wherever an alias stands for it.
    let place = node.trail.source().unwrap_or(node.place);
    if place.span.start < place.span.end {
        *seen.entry(place).or_default() += 1;
    }
    match &node.value {
        Value::Map(map) => map.entries.iter().for_each(|entry| count(&entry.value, seen)),
        Value::List(list) => list.items.iter().for_each(|item| count(item, seen)),
        _ => {}
    }
}
