//! Conditions of skeletons, and the versions that they hold at.

use super::super::values::{entries_in_order, is_enabled, is_truthy, unknown_switch, value_at};
use super::super::version::Version;
use super::fill::Filler;
use crate::base::Node;
use std::sync::Arc;

impl Filler<'_> {
    /// Whether all conditions hold: `path`, `!path`, `path=value`, `count(path)=2`. Else why that is unknown.
    pub(super) fn holds(&self, conditions: Option<&Node>) -> Result<bool, Arc<str>> {
        for condition in conditions.map(Node::items).unwrap_or_default() {
            if !self.one_holds(condition.as_str().unwrap_or_default())? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn one_holds(&self, condition: &str) -> Result<bool, Arc<str>> {
        let (condition, negated) = condition.strip_prefix('!').map_or((condition, false), |c| (c, true));
        let (path, wanted) = match condition.split_once('=') {
            Some((path, value)) => (path, self.text(value).display()),
            None => (condition, None),
        };
        let holds = match path.strip_prefix("count(").and_then(|path| path.strip_suffix(')')) {
            Some(path) => self.count(path)?.to_string() == wanted.unwrap_or_default(),
            None => self.compare(path, wanted.as_deref())?,
        };
        Ok(holds != negated)
    }

    fn compare(&self, path: &str, wanted: Option<&str>) -> Result<bool, Arc<str>> {
        let node = self.perhaps(path);
        let node = node.as_ref();
        let holds = match wanted {
            Some(wanted) => match node {
                Some(node) if node.open_reason().is_some() => None,
                node => Some(node.and_then(Node::display).as_deref() == Some(wanted)),
            },
            None => is_truthy(node),
        };
        let reason = || {
            node.and_then(Node::open_reason)
                .unwrap_or_else(|| format!("`{}` is not known", self.path(path)).into())
        };
        holds.ok_or_else(reason)
    }

    /// The entries of a mapping that are not switched off.
    fn count(&self, path: &str) -> Result<usize, Arc<str>> {
        let Some(node) = value_at(self.laying.values, &self.path(path)) else { return Ok(0) };
        match node.open_reason() {
            Some(reason) => Err(reason),
            None => {
                let entries = entries_in_order(node);
                match entries.iter().find_map(|entry| unknown_switch(&entry.value)) {
                    Some(reason) => Err(reason),
                    None => Ok(entries.iter().filter(|entry| is_enabled(&entry.value)).count()),
                }
            }
        }
    }

    /// Whether a part of a skeleton is there at the chart's version; `names` are those of its bounds.
    pub(super) fn in_versions(&self, part: &Node, names: [&str; 2]) -> bool {
        let [since, until] = names.map(|name| part.get(name).and_then(Node::as_str).and_then(Version::parse));
        since.is_none_or(|since| since <= self.laying.version)
            && until.is_none_or(|until| self.laying.version < until)
    }
}
