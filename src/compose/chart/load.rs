//! A chart's folder, read.

use super::CHART_FILE;
use super::dependencies::{Dependency, dependencies};
use crate::base::{Files, Map, Node, Place, Text, is_below, join_path, parent_dir};
use crate::syntax::Issue;
use crate::syntax::go_template::{TemplateReads, template_reads};
use crate::syntax::yaml::parse_yaml;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// A chart that stands in the repository.
#[derive(Debug)]
pub struct Chart {
    /// Its folder.
    pub dir: String,
    /// Its name.
    pub name: String,
    /// Where its name stands.
    pub place: Place,
    /// Its version.
    pub version: Option<Node>,
    /// Whether it only lends templates to others.
    pub is_library: bool,
    /// Its values.yaml; an empty mapping where there is none.
    pub defaults: Node,
    /// Its values.schema.json.
    pub(super) schema: Option<Node>,
    /// The charts that it depends on.
    pub dependencies: Vec<Dependency>,
    /// What its templates read.
    pub(super) reads: TemplateReads,
    /// Why its templates may read anything, if they may.
    pub(super) reads_anything: Option<Arc<str>>,
    /// Whether its own templates make objects.
    pub makes_objects: bool,
}

/// The charts of a repository, each read once.
pub struct Charts<'f> {
    pub(super) files: &'f dyn Files,
    known: Mutex<HashMap<String, Option<Arc<Chart>>>>,
    issues: Mutex<BTreeMap<String, Vec<Issue>>>,
}

/// Charts inside charts, at most.
const DEEPEST: usize = 64;

impl<'f> Charts<'f> {
    /// The charts among some files.
    pub fn new(files: &'f dyn Files) -> Charts<'f> {
        Charts { files, known: Mutex::default(), issues: Mutex::default() }
    }

    /// The files that they stand in.
    pub fn files(&self) -> &'f dyn Files {
        self.files
    }

    /// The chart of a folder; none where no Chart.yaml stands in it.
    pub fn get(&self, dir: &str) -> Option<Arc<Chart>> {
        self.inside(dir, &mut Vec::new())
    }

    /// The chart of a folder, on the way through the `open` ones: a chart that depends on one of these leads
    /// nowhere.
    pub(super) fn inside(&self, dir: &str, open: &mut Vec<String>) -> Option<Arc<Chart>> {
        if open.len() >= DEEPEST || open.iter().any(|known| known == dir) {
            return None;
        }
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(dir) {
            return known.clone();
        }
        open.push(dir.to_owned());
        let chart = self.load(dir, open).map(Arc::new);
        open.pop();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(dir.to_owned()).or_insert(chart).clone()
    }

    fn load(&self, dir: &str, open: &mut Vec<String>) -> Option<Chart> {
        let root = self.document(&join_path(dir, CHART_FILE)?)?;
        let name = root.get("name")?;
        let defaults = join_path(dir, "values.yaml").and_then(|path| self.document(&path));
        let defaults = defaults.filter(|node| node.as_map().is_some());
        let schema = join_path(dir, "values.schema.json").and_then(|path| self.document(&path));
        let dependencies = dependencies(self, dir, &root, open);
        let (reads, makes_objects, unread) = self.reads(dir);
        // Git may ignore what Helm reads all the same, and a packed chart may lend templates.
        let hidden = unread
            || self.files.is_unread(&join_path(dir, "templates")?)
            || self.files.list(&join_path(dir, "charts")?).iter().any(|path| path.ends_with(".tgz"));
        let hidden = hidden.then(|| "some of its templates cannot be read".into());
        let reads_anything = hidden.or_else(|| reads_anything(&reads, &dependencies));
        Some(Chart {
            dir: dir.to_owned(),
            name: name.as_str()?.to_owned(),
            place: name.place,
            version: root.get("version").cloned(),
            is_library: root.get("type").and_then(Node::as_str) == Some("library"),
            defaults: defaults.unwrap_or_else(|| Node::map(Map::default(), name.place)),
            schema,
            dependencies,
            reads,
            reads_anything,
            makes_objects,
        })
    }

    pub(super) fn document(&self, path: &str) -> Option<Node> {
        let file = self.files.text(path).ok()?;
        let (documents, issues) = parse_yaml(&Text::of_file(&file));
        if !issues.is_empty() {
            self.issues.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), issues);
        }
        documents.into_iter().next().map(|document| document.root)
    }

    /// What is wrong with the files of charts that were read, by their folders.
    pub fn issues(&self) -> Vec<(String, Issue)> {
        let issues = self.issues.lock().unwrap_or_else(PoisonError::into_inner);
        let of_file = |(path, found): (&String, &Vec<Issue>)| {
            let dir = parent_dir(path).to_owned();
            found.iter().map(move |issue| (dir.clone(), issue.clone())).collect::<Vec<_>>()
        };
        issues.iter().flat_map(of_file).collect()
    }

    /// What the templates of a chart read, those of its subcharts left out, whether one makes objects, and whether
    /// one cannot be read.
    fn reads(&self, dir: &str) -> (TemplateReads, bool, bool) {
        let (mut reads, mut makes_objects, mut unread) = (TemplateReads::default(), false, false);
        let inside = |name: &str| join_path(dir, name).unwrap_or_default();
        let (templates, subcharts) = (inside("templates"), inside("charts"));
        let own = self.files.below(dir).into_iter().filter(|path| !is_below(path, &subcharts));
        let (in_templates, others): (Vec<String>, Vec<String>) =
            own.partition(|path| is_below(path, &templates));
        for path in in_templates {
            let Ok(file) = self.files.text(&path) else {
                unread = true;
                continue;
            };
            reads.join(template_reads(file.text()));
            let name = path.rsplit('/').next().unwrap_or_default();
            let is_object = !name.starts_with('_') && (name.ends_with(".yaml") || name.ends_with(".yml"));
            makes_objects |= is_object && !is_below(&path, &format!("{templates}/tests"));
        }
        // Values may hold templates, and so may files that templates read.
        for path in others {
            let is_values = path == inside("values.yaml");
            let is_prose = path.ends_with(".md") && parent_dir(&path) == dir;
            if (reads.reads_files && !is_prose || is_values)
                && let Ok(file) = self.files.text(&path)
                && file.text().contains("{{")
            {
                reads.join(template_reads(file.text()));
            }
        }
        (reads, makes_objects, unread)
    }
}

/// A template that is called and that nobody here defines may read anything.
fn reads_anything(reads: &TemplateReads, dependencies: &[Dependency]) -> Option<Arc<str>> {
    if reads.calls_unknown {
        return Some("a template is called by a name that is computed".into());
    }
    let local: Vec<&Arc<Chart>> = dependencies.iter().filter_map(|d| d.chart.as_ref()).collect();
    let defined = |name: &String| reads.defines.contains(name) || local.iter().any(|chart| chart.lends(name));
    if let Some(name) = reads.calls.iter().find(|name| !defined(name)) {
        return Some(format!("template `{name}` stands elsewhere").into());
    }
    let lent = |chart: &&&Arc<Chart>| reads.calls.iter().any(|name| chart.lends(name));
    local.iter().filter(lent).find_map(|chart| chart.reads_anything.clone())
}
