//! Argo CD: ApplicationSets as the Applications that their generators make (Argo CD 3.1's documentation of
//! generators and templates).
//!
//! Elements of lists and what stands in the repository are known; clusters, organisations and pull requests
//! are not.

use crate::base::{Entry, Files, Key, List, Map, Node, Place, Text, TextBuilder, Value, parent_dir};
use crate::syntax::yaml::parse_yaml;
use globset::GlobBuilder;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// Applications of one set, at most.
const MOST: usize = 2_000;

static EXPRESSION: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\{\{\s*(.*?)\s*\}\}").ok());

/// What a set makes.
#[derive(Debug, Default)]
pub struct Expansion {
    /// The Applications that are known.
    pub applications: Vec<Node>,
    /// Why there may be others.
    pub unknown: Option<(Place, Arc<str>)>,
}

/// Parameters that a generator gives, or where and why they are not known.
type Parameters = Result<Vec<Node>, (Place, Arc<str>)>;

/// Whether a document is an ApplicationSet.
pub fn is_application_set(root: &Node) -> bool {
    let version = root.get("apiVersion").and_then(Node::as_str).unwrap_or_default();
    root.get("kind").and_then(Node::as_str) == Some("ApplicationSet") && version.starts_with("argoproj.io/")
}

/// The Applications that a set makes.
pub fn applications_of(root: &Node, files: &dyn Files) -> Expansion {
    let mut out = Expansion::default();
    let place = root.get("kind").map_or(root.place, |kind| kind.place);
    let Some(template) = root.at(&["spec", "template"]) else {
        out.unknown = Some((place, "an ApplicationSet without a template".into()));
        return out;
    };
    if let Some(patch) = root.at(&["spec", "templatePatch"]) {
        out.unknown = Some((patch.place, "what a templatePatch makes of an Application".into()));
        return out;
    }
    let templates = Templates { go: root.at(&["spec", "goTemplate"]).and_then(Node::as_bool) == Some(true) };
    for generator in root.at(&["spec", "generators"]).map(Node::items).unwrap_or_default() {
        match templates.parameters(generator, files) {
            Ok(parameters) => {
                let made = parameters.iter().map(|given| make(root, &templates.render(template, given)));
                out.applications.extend(made.take(MOST.saturating_sub(out.applications.len())));
            }
            Err(unknown) => out.unknown = Some(unknown),
        }
    }
    if out.applications.is_empty() && out.unknown.is_none() {
        out.unknown = Some((place, "an ApplicationSet whose generators give nothing".into()));
    }
    out
}

fn make(set: &Node, template: &Node) -> Node {
    let place = set.get("kind").map_or(set.place, |kind| kind.place);
    let mut out = Map::default();
    let key = |name: &str| Key { name: name.into(), place };
    out.insert(key("apiVersion"), Node::made("argoproj.io/v1alpha1", place));
    out.insert(key("kind"), Node::made("Application", place));
    for entry in template.as_map().map(|map| &map.entries[..]).unwrap_or_default() {
        out.insert(entry.key.clone(), entry.value.clone());
    }
    Node::map(out, set.place)
}

struct Templates {
    /// Whether Go's template language is used, and not the older `{{name}}`.
    go: bool,
}

impl Templates {
    fn parameters(&self, generator: &Node, files: &dyn Files) -> Parameters {
        let kinds = generator.as_map().map(|map| &map.entries[..]).unwrap_or_default();
        let refuse = |place: Place, reason: &str| Err((place, Arc::from(reason)));
        if let Some(entry) = kinds.iter().find(|entry| &*entry.key.name == "selector") {
            return refuse(entry.key.place, "which of a generator's parameters a selector takes");
        }
        let Some(entry) = kinds.first() else {
            return refuse(generator.place, "a generator without a kind");
        };
        if entry.value.get("template").is_some() {
            return refuse(entry.key.place, "a generator with a template of its own");
        }
        let given = match &*entry.key.name {
            "list" => list(entry),
            "git" => git(entry, files),
            "matrix" => return self.matrix(entry, files),
            kind => refuse(entry.key.place, &format!("what a `{kind}` generator gives is known to Argo CD")),
        }?;
        Ok(match entry.value.get("values") {
            Some(values) => given.iter().map(|own| with(own, "values", self.render(values, own))).collect(),
            None => given,
        })
    }

    /// Every pair of what two generators give. The second one may use what the first one gives.
    fn matrix(&self, entry: &Entry, files: &dyn Files) -> Parameters {
        let [first, second] = entry.value.get("generators").map(Node::items).unwrap_or_default() else {
            return Err((entry.key.place, "a matrix has two generators".into()));
        };
        let mut out = Vec::new();
        for left in self.parameters(first, files)? {
            for right in self.parameters(&self.render(second, &left), files)? {
                let entries = right.as_map().map(|map| &map.entries[..]).unwrap_or_default();
                out.push(
                    entries.iter().fold(left.clone(), |all, e| with(&all, &e.key.name, e.value.clone())),
                );
                if out.len() > MOST {
                    return Err((entry.key.place, format!("a matrix of more than {MOST} pairs").into()));
                }
            }
        }
        Ok(out)
    }

    /// A template with a generator's parameters. Its strings stay strings.
    fn render(&self, template: &Node, given: &Node) -> Node {
        let value = match &template.value {
            Value::Text(text) if text.as_str().contains("{{") => return self.text(template, text, given),
            Value::Map(map) => {
                let entry = |e: &Entry| Entry { key: e.key.clone(), value: self.render(&e.value, given) };
                let entries = map.entries.iter().map(entry).collect();
                Value::Map(Arc::new(Map { entries, open: map.open.clone() }))
            }
            Value::List(list) => {
                let items = list.items.iter().map(|item| self.render(item, given)).collect();
                Value::List(Arc::new(List { items, open: list.open.clone(), set: false }))
            }
            other => other.clone(),
        };
        Node { value, ..template.clone() }
    }

    fn text(&self, node: &Node, text: &Text, given: &Node) -> Node {
        let Some(regex) = EXPRESSION.as_ref() else { return node.clone() };
        let mut out = TextBuilder::new();
        let (mut at, mut trail) = (0, node.trail.clone());
        for found in regex.captures_iter(text.as_str()) {
            let Some(whole) = found.get(0) else { continue };
            out.push_range(text, at..whole.start());
            at = whole.end();
            let place = text.place(whole.range());
            let value = self.lookup(&found[1], given);
            match value.and_then(|value| Some((value, value.display()?))) {
                Some((value, string)) => {
                    trail = value.trail.clone().then(value.place);
                    out.push_made(&string, place, trail.clone());
                }
                None => out.push_hole(place, format!("`{}` is evaluated by Argo CD", whole.as_str()).into()),
            }
        }
        out.push_range(text, at..text.as_str().len());
        let whole = regex.find(text.as_str()).is_some_and(|found| found.range() == (0..text.as_str().len()));
        let made = out.finish(node.place);
        match made.hole_in(0..made.as_str().len()) {
            Some(reason) if whole => Node::unknown(reason, node.place),
            _ if whole => Node { value: Value::Text(made), trail, ..node.clone() },
            _ => Node { value: Value::Text(made), ..node.clone() },
        }
    }

    fn lookup<'a>(&self, expression: &str, given: &'a Node) -> Option<&'a Node> {
        let path = if self.go {
            if let Some(arguments) = expression.strip_prefix("index .") {
                let (path, index) = arguments.split_once(' ')?;
                return at_path(given, path)?.items().get(index.trim().parse::<usize>().ok()?);
            }
            expression.strip_prefix('.')?
        } else {
            expression
        };
        match path {
            "path" if !self.go => given.at(&["path", "path"]).or_else(|| given.get("path")),
            _ if !self.go && path.starts_with("path[") => {
                let index = path.strip_prefix("path[")?.strip_suffix(']')?.parse::<usize>().ok()?;
                given.at(&["path", "segments"])?.items().get(index)
            }
            _ => at_path(given, path),
        }
    }
}

fn at_path<'a>(node: &'a Node, path: &str) -> Option<&'a Node> {
    path.split('.').try_fold(node, |node, name| node.get(name))
}

fn with(node: &Node, name: &str, value: Node) -> Node {
    let mut map = node.as_map().cloned().unwrap_or_default();
    map.insert(Key { name: name.into(), place: value.place }, value);
    Node { value: Value::Map(Arc::new(map)), ..node.clone() }
}

fn list(entry: &Entry) -> Parameters {
    let elements = entry.value.get("elements").filter(|_| entry.value.get("elementsYaml").is_none());
    match elements.filter(|elements| elements.open_reason().is_none()) {
        Some(elements) => Ok(elements.items().to_vec()),
        None => Err((entry.key.place, "the elements of this list are not known".into())),
    }
}

/// Folders and files of a repository, which is taken to be this one where something there matches.
fn git(entry: &Entry, files: &dyn Files) -> Parameters {
    let refuse = |reason: &str| Err((entry.key.place, Arc::from(reason)));
    if entry.value.get("pathParamPrefix").is_some() {
        return refuse("a git generator with a prefix of its own");
    }
    let all = files.below("");
    let given: Vec<Node> = if let Some(patterns) = entry.value.get("directories") {
        let folders = all.iter().flat_map(|path| std::iter::successors(Some(parent_dir(path)), above));
        let folders: BTreeSet<&str> = folders.filter(|dir| !dir.is_empty() && !is_hidden(dir)).collect();
        matching(patterns, folders.into_iter()).map(|(dir, place)| of_path(dir, place)).collect()
    } else if let Some(patterns) = entry.value.get("files") {
        let read = |(path, place): (&str, Place)| of_file(files, path, place);
        matching(patterns, all.iter().map(String::as_str)).filter_map(read).collect()
    } else {
        Vec::new()
    };
    if given.is_empty() { refuse("what this generator looks for stands elsewhere") } else { Ok(given) }
}

fn above<'a>(dir: &&'a str) -> Option<&'a str> {
    (!dir.is_empty()).then(|| parent_dir(dir))
}

fn is_hidden(dir: &str) -> bool {
    dir.split('/').any(|part| part.starts_with('.'))
}

/// The paths that a pattern takes and none excludes, each with the place of its pattern.
fn matching<'a>(
    patterns: &Node,
    paths: impl Iterator<Item = &'a str>,
) -> impl Iterator<Item = (&'a str, Place)> {
    let mut taken = Vec::new();
    for pattern in patterns.items() {
        let excludes = pattern.get("exclude").and_then(Node::as_bool) == Some(true);
        let Some(path) = pattern.get("path") else { continue };
        let glob = GlobBuilder::new(path.as_str().unwrap_or_default()).literal_separator(true).build();
        taken.extend(glob.ok().map(|glob| (glob.compile_matcher(), excludes, path.place)));
    }
    paths.filter_map(move |path| {
        let mut hits = taken.iter().filter(|(glob, ..)| glob.is_match(path));
        let first = hits.clone().next()?;
        hits.all(|(_, excludes, _)| !excludes).then_some((path, first.2))
    })
}

/// `path`, its last part, that part as a name of Kubernetes, and all parts.
fn of_path(dir: &str, place: Place) -> Node {
    let base = dir.rsplit('/').next().unwrap_or_default();
    let normalized: String = base
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' })
        .collect();
    let key = |name: &str| Key { name: name.into(), place };
    let mut path = Map::default();
    path.insert(key("path"), Node::made(dir, place));
    path.insert(key("basename"), Node::made(base, place));
    path.insert(key("basenameNormalized"), Node::made(normalized, place));
    path.insert(
        key("segments"),
        Node::list(dir.split('/').map(|part| Node::made(part, place)).collect(), place),
    );
    let mut out = Map::default();
    out.insert(key("path"), Node::map(path, place));
    Node::map(out, place)
}

/// What a file holds, and its folder as `path`.
fn of_file(files: &dyn Files, path: &str, place: Place) -> Option<Node> {
    let file = files.text(path).ok()?;
    let root = parse_yaml(&Text::of_file(&file)).0.into_iter().next()?.root;
    root.as_map()?;
    let folder = of_path(parent_dir(path), place);
    Some(with(&root, "path", folder.get("path")?.clone()))
}
