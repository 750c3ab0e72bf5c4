//! What else a fix would change: other objects that use the value which it edits.

use crate::base::{FileId, Place, Sources, provenance};
use crate::config::FILE_NAME;
use crate::finding::{Applicability, Edit, Finding};
use crate::lower::{Object, without_indices};
use crate::model::Model;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Names other than these are counted.
const NAMED: usize = 3;

/// Takes away fixes that would change what the config states of the world outside: that would change nothing there.
fn leave_statements(findings: &mut [Finding], sources: &Sources) {
    for finding in findings {
        let stated = |edit: &Edit| sources.get(edit.place.file).path() == FILE_NAME;
        finding.fix.take_if(|fix| fix.edits.iter().any(stated));
    }
}

/// Names in each fix the other objects and releases that it changes, which no safe fix does.
pub(in crate::engine) fn weigh_fixes(findings: &mut [Finding], model: &Model, sources: &Sources) {
    leave_statements(findings, sources);
    let edits = findings.iter().filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits);
    let files: BTreeSet<FileId> = edits.map(|edit| edit.place.file).collect();
    if files.is_empty() {
        return;
    }
    let uses = uses(model, &files);
    let mut makers: BTreeMap<&str, &str> = BTreeMap::new();
    let outposts = outposts(model);
    for object in &model.objects {
        if let Some(release) = object.release {
            makers.insert(&object.subject, &model.releases[release].release.subject);
        }
    }
    for finding in findings {
        let own = without_indices(&finding.subject);
        // What the controller makes of an outpost belongs together, whichever of it a finding is about.
        let outpost = |subject: &str| outposts.get(subject).copied().unwrap_or_default().to_owned();
        let own_outpost = outpost(&finding.subject);
        // What a chart makes belongs to its release: a finding about the one is about the other.
        let family = |subject: &str| without_indices(makers.get(subject).copied().unwrap_or(subject));
        let (own_family, of_release) =
            (family(&finding.subject), !makers.contains_key(finding.subject.as_str()));
        let stack = Arc::clone(&finding.stack);
        let is_own = |(of, subject): &(&str, &str)| {
            *of == &*stack
                && (without_indices(subject) == own
                    || !own_outpost.is_empty() && outpost(subject) == own_outpost
                    || family(subject) == own_family && (of_release || !makers.contains_key(subject)))
        };
        let Some(fix) = &mut finding.fix else { continue };
        let mut others: BTreeSet<(&str, &str)> = BTreeSet::new();
        let replaced =
            fix.edits.iter().map(|edit| edit.place).filter(|place| place.span.start < place.span.end);
        for place in replaced.chain(finding.header) {
            let used = uses.get(&place.file).into_iter().flatten().filter(|(at, _)| place.contains(*at));
            others.extend(used.map(|(_, user)| *user).filter(|user| !is_own(user)));
        }
        // What is added to a file of values is added for each release that reads it.
        for place in
            fix.edits.iter().map(|edit| edit.place).filter(|place| place.span.start == place.span.end)
        {
            others.extend(readers(model, place.file).filter(|user| !is_own(user)));
        }
        if others.is_empty() {
            continue;
        }
        fix.applicability = Applicability::Unsafe;
        let name = |(of, subject): &(&str, &str)| match *of == &*stack {
            true => format!("`{subject}`"),
            false => format!("`{subject}` of {of}"),
        };
        let mut named: Vec<String> = others.iter().take(NAMED).map(name).collect();
        if others.len() > NAMED {
            named.push(format!("{} more", others.len() - NAMED));
        }
        fix.title = format!("{} (which also changes {})", fix.title, named.join(", "));
    }
}

/// The outposts by the addresses of what is made of them, and by their own.
fn outposts(model: &Model) -> BTreeMap<&str, &str> {
    let mut out = BTreeMap::new();
    for declaration in model.authored.outposts.iter().map(|outpost| &outpost.declaration) {
        out.insert(&*declaration.subject, &*declaration.subject);
        let made = model.objects.iter().filter(|object| {
            object.header == declaration.header && object.subject.starts_with(&declaration.subject)
        });
        out.extend(made.map(|object| (&*object.subject, &*declaration.subject)));
    }
    out
}

/// The releases that have values in a file.
fn readers(model: &Model, file: FileId) -> impl Iterator<Item = (&str, &str)> {
    let releases = model.releases.iter().map(|composed| &composed.release);
    let reads =
        releases.filter(move |release| release.documents.iter().any(|document| document.place.file == file));
    reads.map(|release| (&*release.stack, release.subject.as_str()))
}

/// The stack and address of an object or release.
type User<'a> = (&'a str, &'a str);

/// The places of some files that objects and releases use, with their addresses.
fn uses<'a>(model: &'a Model, files: &BTreeSet<FileId>) -> BTreeMap<FileId, Vec<(Place, User<'a>)>> {
    let of_object = |object: &'a Object| -> Vec<(Place, User<'a>)> {
        // Of a release the header says nothing: all that its chart makes stands there.
        let of_release = object.release.is_some();
        let places = provenance(&object.root).into_iter().filter(|place| *place != object.header);
        let header = Some(object.header).filter(|_| !of_release);
        let places = places.chain(header).filter(|place| files.contains(&place.file));
        places.map(|place| (place, (&*object.stack, object.subject.as_str()))).collect()
    };
    let of_objects: Vec<Vec<(Place, User<'_>)>> = model.objects.par_iter().map(of_object).collect();
    let mut uses: BTreeMap<FileId, Vec<(Place, User<'_>)>> = BTreeMap::new();
    for used in of_objects.into_iter().flatten() {
        uses.entry(used.0.file).or_default().push(used);
    }
    for release in model.releases.iter().map(|composed| &composed.release) {
        let places = release.documents.iter().flat_map(provenance);
        for place in places.filter(|place| files.contains(&place.file)) {
            uses.entry(place.file).or_default().push((place, (&release.stack, &release.subject)));
        }
    }
    uses
}
