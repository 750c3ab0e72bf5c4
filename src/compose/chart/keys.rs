//! Which keys of the values a chart in the repository reads: those that its templates, or its dependencies',
//! read themselves or as a part of something.

use super::load::Chart;
use super::schema::{Listed, listed};
use crate::base::{Node, Value};
use crate::finding::closest_within;
use crate::lower::KeyStatus;
use crate::syntax::go_template::{Read, TemplateReads, template_reads};

/// Letters by which a slip of the pen differs.
const NEAR: usize = 2;

/// Letters that a name has for which another is suggested.
const SHORTEST: usize = 5;

/// Keys beside one another among which a near one is looked for.
const MOST_BESIDE: usize = 200;

impl Chart {
    /// What the chart does with a key.
    pub fn key_status(&self, names: &[&str]) -> KeyStatus {
        let listed = self.schema.as_ref().map_or(Listed::Unknown, |schema| listed(schema, names));
        if listed == Listed::Refused && names[0] != "global" {
            return KeyStatus::Unknown { instead: self.instead(names), documented: false, refused: true };
        }
        if let Some(free_form) = self.reads_key(names) {
            return KeyStatus::Read { free_form };
        }
        let in_values =
            names.iter().try_fold(&self.defaults, |node, name| node.as_map()?.get(name)).is_some();
        let documented = in_values || listed == Listed::Named;
        // A key that the chart itself lists is no slip of the pen.
        let instead = if documented { None } else { self.instead(names) };
        KeyStatus::Unknown { instead, documented, refused: false }
    }

    /// Whether a key is read, and if so, whether everything below it is.
    fn reads_key(&self, names: &[&str]) -> Option<bool> {
        if self.reads_anything.is_some() {
            return Some(true);
        }
        let own = [
            self.of_dependency(names),
            self.reads.reads_key(names, &|path| self.is_settled(path)),
            self.lent(names),
        ];
        let conditions = self.dependencies.iter().flat_map(|dependency| &dependency.conditions);
        let of_condition = conditions.filter_map(|path| {
            let path: Vec<&str> = path.split('.').collect();
            path.starts_with(names).then_some(false)
        });
        own.into_iter().flatten().chain(of_condition).reduce(|a, b| a || b)
    }

    fn of_dependency(&self, names: &[&str]) -> Option<bool> {
        let first = *names.first()?;
        let shared = matches!(first, "global" | "tags") && !self.dependencies.is_empty();
        // The keys of a dependency are judged with its own release.
        (shared || self.dependencies.iter().any(|dependency| dependency.key == first)).then_some(true)
    }

    /// Whether a value is a mapping with something in it whatever anybody sets, so that asking whether it is set
    /// asks nothing of what lies in it.
    fn is_settled(&self, path: &[String]) -> bool {
        let node = path.iter().try_fold(&self.defaults, |node, name| node.as_map()?.get(name));
        node.and_then(Node::as_map).is_some_and(|map| !map.entries.is_empty())
    }

    /// Whether the chart, or one that it depends on, defines a template.
    pub(super) fn lends(&self, name: &str) -> bool {
        self.reads.defines.contains(name) || self.local().any(|chart| chart.lends(name))
    }

    pub(super) fn local(&self) -> impl Iterator<Item = &Chart> {
        self.dependencies.iter().filter_map(|dependency| dependency.chart.as_deref())
    }

    /// Whether a template that a dependency lends reads a key, or one that is lent to that.
    fn lent(&self, names: &[&str]) -> Option<bool> {
        let lending = self.local().filter(|chart| self.reads.calls.iter().any(|name| chart.lends(name)));
        let reads = lending.flat_map(|chart| {
            [chart.reads.reads_key(names, &|path| self.is_settled(path)), chart.lent(names)]
        });
        reads.flatten().reduce(|a, b| a || b)
    }

    /// A key beside it of nearly the same name, which is read.
    fn instead(&self, names: &[&str]) -> Option<String> {
        let (last, parents) = names.split_last()?;
        let beside = |read: &Read| {
            let name = read.path.get(parents.len())?;
            let same = read.path.iter().zip(parents).all(|(a, b)| a == b);
            same.then(|| name.clone())
        };
        let known: Vec<String> = self.reads.reads.iter().filter_map(beside).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).filter(|name| name != last).collect();
        // Of short names nearly all are near each other.
        if known.len() > MOST_BESIDE || last.chars().count() < SHORTEST {
            return None;
        }
        let near = closest_within(last, &known, NEAR)?;
        Some([parents, &[near]].concat().join("."))
    }
}

/// What the templates in the strings of some values read.
pub(in crate::compose) fn reads_of_values(values: &Node) -> TemplateReads {
    let mut out = TemplateReads::default();
    collect(values, &mut out, 0);
    out
}

/// Values inside values that are looked into.
const DEEPEST: usize = 64;

fn collect(node: &Node, out: &mut TemplateReads, depth: usize) {
    match &node.value {
        Value::Text(text) if text.as_str().contains("{{") => {
            out.join(template_reads(text.as_str()));
        }
        Value::List(list) if depth < DEEPEST => {
            list.items.iter().for_each(|item| collect(item, out, depth + 1));
        }
        Value::Map(map) if depth < DEEPEST => {
            map.entries.iter().for_each(|entry| collect(&entry.value, out, depth + 1));
        }
        _ => {}
    }
}
