//! Edits on texts.

use crate::base::Sources;
use crate::finding::{Edit, Fix};
use std::collections::BTreeMap;

/// The texts that fixes change, by path. Their edits do not overlap.
pub(super) fn applied<'a>(
    fixes: impl Iterator<Item = &'a Fix>,
    sources: &Sources,
) -> BTreeMap<String, String> {
    let mut by_file: BTreeMap<_, Vec<&Edit>> = BTreeMap::new();
    for edit in fixes.flat_map(|fix| &fix.edits) {
        by_file.entry(edit.place.file).or_default().push(edit);
    }
    let mut texts = BTreeMap::new();
    for (id, mut edits) in by_file {
        let file = sources.get(id);
        edits.sort_by_key(|edit| edit.place.span);
        let (mut out, mut at) = (String::with_capacity(file.text().len()), 0);
        for edit in edits {
            out.push_str(&file.text()[at..edit.place.span.start as usize]);
            out.push_str(&edit.replacement);
            at = edit.place.span.end as usize;
        }
        out.push_str(&file.text()[at..]);
        texts.insert(file.path().to_owned(), out);
    }
    texts
}
