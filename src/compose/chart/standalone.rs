//! Releases of charts that nothing in the repository releases: by their own values, and by each file of values
//! beside them.

use super::load::{Chart, Charts};
use crate::base::{Node, Place, is_below, join_path, parent_dir};
use crate::lower::{Ignored, Release};
use crate::syntax::go_template::TemplateReads;
use crate::syntax::is_sops_document;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Charts<'_> {
    /// The releases of the charts at some Chart.yaml files. `released` are folders of charts, and `used` files
    /// of values, of which something else makes releases.
    pub fn standalone(
        &self,
        chart_files: &[&str],
        released: &BTreeSet<String>,
        used: &BTreeSet<String>,
    ) -> Vec<Release> {
        let dirs: Vec<&str> = chart_files.iter().map(|path| parent_dir(path)).collect();
        let inside = |dir: &str| dirs.iter().any(|outer| is_below(dir, &join(outer, "charts")));
        let outer = dirs.iter().filter(|dir| !inside(dir));
        let charts = outer.filter_map(|dir| self.get(dir)).filter(|chart| !chart.is_library);
        charts.flat_map(|chart| self.releases(&chart, released, used)).collect()
    }

    fn releases(&self, chart: &Chart, released: &BTreeSet<String>, used: &BTreeSet<String>) -> Vec<Release> {
        let files: Vec<(String, bool)> =
            self.value_files(&chart.dir).into_iter().filter(|(path, _)| !used.contains(path)).collect();
        let mut out = Vec::new();
        if !released.contains(&chart.dir) && files.iter().all(|(_, test)| *test) {
            out.push(release(chart, None, "", false));
        }
        for (path, test) in files {
            let document =
                self.document(&path).filter(|node| node.as_map().is_some() && !is_sops_document(node));
            out.extend(document.map(|document| release(chart, Some(document), &path, test)));
        }
        out
    }

    /// Files of values beside a chart, and whether they only test it.
    fn value_files(&self, dir: &str) -> Vec<(String, bool)> {
        let yaml = |path: &String| path.ends_with(".yaml") || path.ends_with(".yml");
        let stem = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or_default();
            name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
        };
        let named = |path: &String| {
            let stem = stem(path);
            let words: Vec<&str> = stem.split(['-', '.', '_']).collect();
            let is_schema = words.contains(&"schema");
            !is_schema
                && words.len() > 1
                && (words.first() == Some(&"values") || words.last() == Some(&"values"))
        };
        let beside = self.files.list(dir).into_iter().filter(|path| yaml(path) && named(path));
        let in_ci = self.files.list(&join(dir, "ci"));
        let tests = in_ci.into_iter().filter(|path| yaml(path) && stem(path).ends_with("values"));
        beside.map(|path| (path, false)).chain(tests.map(|path| (path, true))).collect()
    }
}

/// A release as `helm template` makes it. Its namespace is known to nobody; that it is one of its own keeps its
/// objects together and apart from all others.
fn release(chart: &Chart, document: Option<Node>, path: &str, keys_only: bool) -> Release {
    let place = document.as_ref().map_or(chart.place, first_key);
    let own = if path.is_empty() { chart.dir.as_str() } else { path };
    Release {
        name: Some(Node::made("release-name", chart.place).as_default()),
        chart: Some(Node::made(chart.name.as_str(), chart.place)),
        repository: None,
        version: chart.version.clone(),
        namespace: Some(Node::made(format!("<namespace of {own}>"), chart.place).as_default()),
        documents: document.into_iter().collect(),
        sets: Vec::new(),
        subject: format!("Chart/{}", chart.name),
        header: place,
        stack: Arc::from(chart.dir.as_str()),
        conditional: None,
        ignored: Ignored::default(),
        post_renderers: Vec::new(),
        local: Some(chart.dir.clone()),
        keys_only,
        also_read: TemplateReads::default(),
        depth: 0,
    }
}

fn first_key(document: &Node) -> Place {
    let entry = document.as_map().and_then(|map| map.entries.first());
    entry.map_or(document.place.start(), |entry| entry.key.place)
}

fn join(dir: &str, name: &str) -> String {
    join_path(dir, name).unwrap_or_default()
}
