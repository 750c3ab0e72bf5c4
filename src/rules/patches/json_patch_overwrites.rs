//! An operation adds something over what is there, and members are lost.
//!
//! # What it does
//! Finds an `add` of a member that the object has already, when that is an array or an object and some of what it holds
//! is not in the new value; and two operations of one list that add the same member with different values, where the
//! first is in vain.
//!
//! # Why it matters
//! `add` replaces without a word. Two operations that each add `/spec/template/spec/volumes` leave the volumes of the
//! second alone; the mounts of the first then name a volume that is not there, and the pod does not start.
//!
//! # How to fix
//! Put everything into one operation, or append to the array that the first one makes: `add …/volumes/-`.
//!
//! # Limits
//! An error where two operations of one list do it, a warning where the base is overwritten. Silent about scalars of the
//! base, and where the base is in no file.
//!
//! # Example
//! Bad:
//! ```yaml
//! # file: proxy.yaml
//! version: 1
//! metadata: { name: outposts }
//! entries:
//!   - model: authentik_outposts.outpost
//!     identifiers: { name: proxy }
//!     attrs:
//!       type: proxy
//!       config:
//!         kubernetes_json_patches:
//!           deployment:
//!             - { op: add, path: /spec/template/spec/volumes, value: [{ name: tmp, emptyDir: {} }] }
//!             - { op: add, path: /spec/template/spec/volumes, value: [{ name: run, emptyDir: {} }] }
//! ```
//! Good:
//! ```yaml
//! # file: proxy.yaml
//! version: 1
//! metadata: { name: outposts }
//! entries:
//!   - model: authentik_outposts.outpost
//!     identifiers: { name: proxy }
//!     attrs:
//!       type: proxy
//!       config:
//!         kubernetes_json_patches:
//!           deployment:
//!             - op: add
//!               path: /spec/template/spec/volumes
//!               value: [{ name: tmp, emptyDir: {} }, { name: run, emptyDir: {} }]
//! ```

use crate::base::{Node, Value};
use crate::compose::{Operation, PatchSet, Pointer, Stage, Verb, array_index};
use crate::finding::Severity;
use crate::rule::{Context, Group, On, Rule, RuleMeta, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    meta: RuleMeta {
        id: "json-patch-overwrites",
        summary: "a JSON patch adds over an array or object that then loses members",
        group: Group::Patches,
        severity: Severity::Error,
        softer_elsewhere: false,
        on: On::Everywhere,
        fix: None,
        options: &[],
        since: "0.1.0",
        source: include_str!("json_patch_overwrites.rs"),
    },
    check: Some(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for set in &context.model.authored.patches {
        let adds = set.operations().filter(|(_, operation, _)| operation.verb == Verb::Add);
        for (index, operation, stage) in adds {
            let Some(value) = &operation.value else { continue };
            if !is_member(operation, stage) {
                continue;
            }
            match earlier(set, index, operation) {
                Some(first) => twice(set, first, operation, value, sink),
                None => over_base(set, stage, operation, value, sink),
            }
        }
    }
}

/// Whether it adds a member of an object; an item of an array takes nothing's place.
fn is_member(operation: &Operation, stage: &Stage) -> bool {
    // The whole document.
    if operation.path.steps.is_empty() {
        return true;
    }
    match stage.before.as_ref().and_then(|before| operation.path.find_parent(before)) {
        Some(parent) => parent.as_map().is_some(),
        None => operation.path.last().is_some_and(|last| last != "-" && array_index(last).is_none()),
    }
}

/// The operation before that adds the same member, when nothing takes it away in between.
fn earlier<'a>(set: &'a PatchSet, index: usize, operation: &Operation) -> Option<&'a Operation> {
    let mut found = None;
    for (_, other, _) in set.operations().take_while(|(at, ..)| *at < index) {
        let gone = matches!(other.verb, Verb::Remove | Verb::Move)
            && (other.source().is_same(&operation.path) || operation.path.is_inside(other.source()));
        if gone || shifts(other, operation) {
            found = None;
        } else if other.verb == Verb::Add && other.path.is_same(&operation.path) {
            found = Some(other);
        }
    }
    found
}

/// Whether an operation moves the items of an array that the path of another leads through.
fn shifts(other: &Operation, operation: &Operation) -> bool {
    let moved = |pointer: &Pointer| {
        let Some((last, array)) = pointer.steps.split_last() else { return false };
        let through = operation
            .path
            .steps
            .get(array.len())
            .filter(|_| operation.path.steps.len() > pointer.steps.len());
        array_index(&last.name).is_some()
            && through.is_some_and(|step| array_index(&step.name).is_some())
            && operation.path.head(array.len()) == pointer.head(array.len())
    };
    other.verb != Verb::Replace
        && other.verb != Verb::Test
        && (moved(&other.path) || other.from.as_ref().is_some_and(moved))
}

fn twice(set: &PatchSet, first: &Operation, operation: &Operation, value: &Node, sink: &mut Sink<'_>) {
    let path = operation.path.head(operation.path.steps.len());
    let Some(before) = &first.value else { return };
    if keeps(before, value) {
        return;
    }
    let report = sink
        .report(
            Severity::Error,
            operation.path.node.place,
            format!("two operations add `{path}`: the first is in vain"),
        )
        .label("takes the place of what the first one adds")
        .related(first.path.node.place, "added here")
        .on_patches(set, path.clone())
        .note("`add` replaces a member that is there without a word");
    sink.push(report.help(match value.as_list() {
        Some(_) => format!("put both values into one operation, or append the second with `{path}/-`"),
        None => "put both into one operation, or keep one of them".to_owned(),
    }));
}

fn over_base(set: &PatchSet, stage: &Stage, operation: &Operation, value: &Node, sink: &mut Sink<'_>) {
    let Some(held) = stage.before.as_ref().and_then(|before| operation.path.find(before)) else { return };
    let lost = lost(held, value);
    if lost.is_empty() {
        return;
    }
    let path = operation.path.head(operation.path.steps.len());
    let shown = if path.is_empty() { "the whole object".to_owned() } else { format!("`{path}`") };
    let message = format!("`add` of {shown} throws away {}", lost.join(", "));
    let report = sink
        .report(Severity::Warning, operation.path.node.place, message)
        .label(format!("{} has some already", set.base.title))
        .on_patches(set, path.clone())
        .note("`add` replaces a member that is there without a word");
    let report =
        if held.is_written() { report.related(held.place, "what is lost is written here") } else { report };
    sink.push(report.help(match held.as_list() {
        Some(_) => format!("append to the array instead: `{path}/-`, one operation for each item"),
        None => "add the members one by one, or repeat those that are to stay".to_owned(),
    }));
}

/// Whether all that a value holds is in another as it is, as far as that is known.
fn keeps(held: &Node, value: &Node) -> bool {
    match (&held.value, &value.value) {
        (Value::Map(map), Value::Map(other)) => {
            map.entries.iter().all(|entry| match other.get(&entry.key.name) {
                Some(other) => keeps(&entry.value, other),
                None => other.open.is_some(),
            })
        }
        (Value::List(list), Value::List(other)) => {
            other.open.is_some()
                || list.items.iter().all(|item| other.items.iter().any(|other| keeps(item, other)))
        }
        _ => held.is_equal(value) != Some(false),
    }
}

/// What a container holds and another value does not.
fn lost(held: &Node, value: &Node) -> Vec<String> {
    if value.open_reason().is_some() {
        return Vec::new();
    }
    match &held.value {
        Value::Map(map) => {
            let gone = map
                .entries
                .iter()
                .filter(|entry| value.get(&entry.key.name).is_none() && !entry.value.is_null());
            gone.map(|entry| format!("`{}`", entry.key.name)).collect()
        }
        Value::List(list) => list.items.iter().flat_map(|item| lost_item(item, value)).collect(),
        _ => Vec::new(),
    }
}

/// What an item of a list holds and the item of the same name does not; the item itself, where there is none.
fn lost_item(item: &Node, value: &Node) -> Vec<String> {
    let name = |item: &Node| item.get("name").and_then(Node::display).or_else(|| item.display());
    let wanted = name(item);
    let same = |other: &&Node| match &wanted {
        Some(wanted) => name(other).as_ref() == Some(wanted),
        None => other.reads_like(item),
    };
    let shown = wanted.as_ref().map_or("an item".to_owned(), |name| format!("`{name}`"));
    match value.items().iter().find(same) {
        Some(other) => lost(item, other).into_iter().map(|key| format!("{key} of {shown}")).collect(),
        None => vec![shown],
    }
}
