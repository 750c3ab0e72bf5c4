//! What else a fix would change: other objects that use the value which it edits.

use crate::base::{FileId, Place, Sources, provenance};
use crate::config::FILE_NAME;
use crate::finding::{Applicability, Edit, Finding};
use crate::lower::{Object, without_indices};
use std::collections::{BTreeMap, BTreeSet};

/// Names other than these are counted.
const NAMED: usize = 3;

/// Takes away fixes that would change what the config states of the world outside: that would change nothing there.
fn leave_statements(findings: &mut [Finding], sources: &Sources) {
    for finding in findings {
        let stated = |edit: &Edit| sources.get(edit.place.file).path() == FILE_NAME;
        finding.fix.take_if(|fix| fix.edits.iter().any(stated));
    }
}

/// Names in each fix the other objects that it changes, which no safe fix does.
pub(in crate::engine) fn weigh_fixes(findings: &mut [Finding], objects: &[Object], sources: &Sources) {
    leave_statements(findings, sources);
    let edits = findings.iter().filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits);
    let files: BTreeSet<FileId> = edits.map(|edit| edit.place.file).collect();
    if files.is_empty() {
        return;
    }
    let uses = uses(objects, &files);
    for finding in findings {
        let own = without_indices(&finding.subject);
        let Some(fix) = &mut finding.fix else { continue };
        let replaced = fix.edits.iter().filter(|edit| edit.place.span.start < edit.place.span.end);
        let places: Vec<Place> = replaced.map(|edit| edit.place).chain(finding.header).collect();
        let mut others: BTreeSet<&str> = BTreeSet::new();
        for place in places {
            let used = uses.get(&place.file).into_iter().flatten().filter(|(at, _)| *at == place);
            others
                .extend(used.map(|(_, subject)| *subject).filter(|subject| without_indices(subject) != own));
        }
        // A release's objects are what its values are for.
        let of_own = |subject: &&str| {
            subject.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with([':', '/']))
        };
        others.retain(|subject| !of_own(subject));
        if others.is_empty() {
            continue;
        }
        fix.applicability = Applicability::Unsafe;
        let mut named: Vec<String> =
            others.iter().take(NAMED).map(|subject| format!("`{subject}`")).collect();
        if others.len() > NAMED {
            named.push(format!("{} more", others.len() - NAMED));
        }
        fix.title = format!("{} (which also changes {})", fix.title, named.join(", "));
    }
}

/// The places of some files that objects use, with the objects' addresses.
fn uses<'a>(objects: &'a [Object], files: &BTreeSet<FileId>) -> BTreeMap<FileId, Vec<(Place, &'a str)>> {
    let mut uses: BTreeMap<FileId, Vec<(Place, &str)>> = BTreeMap::new();
    for object in objects {
        // Of a release the header says nothing: all that its chart makes stands there.
        let of_release = object.release.is_some();
        let places = provenance(&object.root).into_iter().filter(|place| *place != object.header);
        let header = Some(object.header).filter(|_| !of_release);
        for place in places.chain(header).filter(|place| files.contains(&place.file)) {
            uses.entry(place.file).or_default().push((place, &object.subject));
        }
    }
    uses
}
