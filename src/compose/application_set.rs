//! Argo CD: ApplicationSets as the Applications that their generators make (applicationset/generators and
//! applicationset/utils of argoproj/argo-cd v3, read at 004ed27a and 013f9ddc).
//!
//! Elements of lists and what stands in the repository are known; clusters, organisations and pull requests
//! are not.

use crate::base::{Entry, Files, Key, List, Map, Node, Place, Text, TextBuilder, Value, parent_dir};
use crate::lower::merge_values;
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
    /// Where and why there may be others.
    pub unknown: Vec<(Place, Arc<str>)>,
}

/// Something, or where and why it is not known.
type Known<T> = Result<T, (Place, Arc<str>)>;

/// What a generator gives.
type Parameters = Known<Vec<Node>>;

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
        out.unknown.push((place, "an ApplicationSet without a template".into()));
        return out;
    };
    if let Some(patch) = root.at(&["spec", "templatePatch"]) {
        out.unknown.push((patch.place, "what a templatePatch makes of an Application".into()));
        return out;
    }
    let templates = Templates { go: root.at(&["spec", "goTemplate"]).and_then(Node::as_bool) == Some(true) };
    for generator in root.at(&["spec", "generators"]).map(Node::items).unwrap_or_default() {
        match templates.parameters(generator, files) {
            Ok(parameters) => {
                let left = MOST.saturating_sub(out.applications.len());
                if parameters.len() > left {
                    let reason = format!("an ApplicationSet of more than {MOST} Applications");
                    out.unknown.push((generator.place, reason.into()));
                }
                // A generator's own template goes over the set's.
                let own = generator.as_map().and_then(|map| map.entries.first()?.value.get("template"));
                let template = own.map_or_else(|| template.clone(), |own| merge_values(template, own));
                let made = parameters.iter().map(|given| make(root, &templates.render(&template, given)));
                out.applications.extend(made.take(left));
            }
            Err(unknown) => out.unknown.push(unknown),
        }
    }
    if out.applications.is_empty() && out.unknown.is_empty() {
        out.unknown.push((place, "an ApplicationSet whose generators give nothing".into()));
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
        let given = match &*entry.key.name {
            "list" => list(entry),
            "git" => git(entry, files),
            "matrix" => return self.matrix(entry, files),
            "merge" => return self.merge(entry, files),
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

    /// What the first generator gives, with what the others give where the merge keys are equal.
    fn merge(&self, entry: &Entry, files: &dyn Files) -> Parameters {
        let refuse = |reason: &str| Err((entry.key.place, Arc::from(reason)));
        let keys: Vec<&str> = entry
            .value
            .get("mergeKeys")
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .filter_map(Node::as_str)
            .collect();
        let Some((first, others)) =
            entry.value.get("generators").map(Node::items).unwrap_or_default().split_first()
        else {
            return refuse("a merge without generators");
        };
        if keys.is_empty() {
            return refuse("a merge without keys");
        }
        let identity = |given: &Node| -> Option<Vec<String>> {
            keys.iter().map(|key| at_path(given, key).or_else(|| given.get(key))?.display()).collect()
        };
        let mut base = self.parameters(first, files)?;
        let known: Vec<Option<Vec<String>>> = base.iter().map(identity).collect();
        let unique: BTreeSet<&Option<Vec<String>>> = known.iter().collect();
        if unique.len() < known.len() || known.contains(&None) {
            return refuse("the keys of a merge do not tell its parameters apart");
        }
        for other in others {
            for given in self.parameters(other, files)? {
                let own = identity(&given);
                if let Some(at) = known.iter().position(|known| own.is_some() && *known == own) {
                    base[at] = merge_values(&base[at], &given);
                }
            }
        }
        Ok(base)
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
        // Folders are matched name by name: `**` is no more than `*`.
        let taken = matching(patterns, folders.into_iter(), Stars::InNames)?;
        taken
            .into_iter()
            .map(|(dir, place)| with_path(&Node::map(Map::default(), place), dir, None, place))
            .collect()
    } else if let Some(patterns) = entry.value.get("files") {
        let paths = || all.iter().map(String::as_str);
        let taken = matching(patterns, paths(), Stars::Doubled)?;
        // Without its newer globbing, Argo CD lets every star cross folders.
        if taken != matching(patterns, paths(), Stars::Everywhere)? {
            return refuse("which files this generator finds depends on how Argo CD globs");
        }
        let mut given = Vec::new();
        for (path, place) in taken {
            given.extend(of_file(files, path, place)?);
        }
        given
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

/// What a pattern's stars stand for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stars {
    /// A part of one name.
    InNames,
    /// A part of one name, and two of them any folders.
    Doubled,
    /// Anything, slashes too.
    Everywhere,
}

/// The paths that a pattern takes and none excludes, each with the place of its pattern.
fn matching<'a>(
    patterns: &Node,
    paths: impl Iterator<Item = &'a str>,
    stars: Stars,
) -> Known<Vec<(&'a str, Place)>> {
    let mut globs = Vec::new();
    for pattern in patterns.items() {
        let excludes = pattern.get("exclude").and_then(Node::as_bool) == Some(true);
        let path = pattern.get("path");
        let place = path.map_or(pattern.place, |path| path.place);
        let text = path.and_then(Node::as_str).map(|text| match stars {
            Stars::Doubled => text.to_owned(),
            Stars::InNames | Stars::Everywhere => text.replace("**", "*"),
        });
        let glob = text.and_then(|text| {
            GlobBuilder::new(&text).literal_separator(stars != Stars::Everywhere).build().ok()
        });
        match glob {
            Some(glob) => globs.push((glob.compile_matcher(), excludes, place)),
            None => return Err((place, "a pattern of a git generator that is not known".into())),
        }
    }
    let taken = |path: &'a str| {
        let mut hits = globs.iter().filter(|(glob, ..)| glob.is_match(path));
        let first = hits.clone().next()?.2;
        hits.all(|(_, excludes, _)| !excludes).then_some((path, first))
    };
    Ok(paths.filter_map(taken).collect())
}

/// Parameters with `path`: the folder, its last part, that part as a name of Kubernetes, all parts, and the
/// file where it is one that was found.
fn with_path(given: &Node, dir: &str, file: Option<&str>, place: Place) -> Node {
    let text = |text: String| Node::made(text, place);
    let base = dir.rsplit('/').next().unwrap_or_default();
    let mut path = Map::default();
    let mut add = |name: &str, node: Node| path.insert(Key { name: name.into(), place }, node);
    add("path", text(dir.to_owned()));
    add("basename", text(base.to_owned()));
    add("basenameNormalized", text(normalized(base)));
    add("segments", Node::list(dir.split('/').map(|part| text(part.to_owned())).collect(), place));
    if let Some(file) = file {
        add("filename", text(file.to_owned()));
        add("filenameNormalized", text(normalized(file)));
    }
    with(given, "path", Node::map(path, place))
}

/// A name as Argo CD makes it fit for Kubernetes (SanitizeName of its applicationset/utils).
fn normalized(name: &str) -> String {
    const LONGEST: usize = 253;
    let fits = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' };
    let name: String = name.to_lowercase().chars().map(fits).take(LONGEST).collect();
    name.trim_matches(['-', '.']).to_owned()
}

/// What a file holds: a mapping, or a list of them.
fn of_file(files: &dyn Files, path: &str, place: Place) -> Parameters {
    let refuse = || Err((place, Arc::from(format!("`{path}` holds no parameters that can be read"))));
    let Ok(file) = files.text(path) else { return refuse() };
    let (documents, issues) = parse_yaml(&Text::of_file(&file));
    let Some(document) = documents.into_iter().next().filter(|_| issues.is_empty()) else { return refuse() };
    let found = match &document.root.value {
        Value::List(list) => list.items.clone(),
        _ => vec![document.root],
    };
    if !found.iter().all(|node| node.as_map().is_some()) {
        return refuse();
    }
    let name = path.rsplit('/').next();
    Ok(found.iter().map(|node| with_path(node, parent_dir(path), name, place)).collect())
}
