//! `patches`, `patchesStrategicMerge`, `patchesJson6902`: inline or by path.

use super::{Built, PatchUse};
use crate::base::{Files, Map, Node, Text, Value, join_path};
use crate::compose::json_patch::{Base, PatchSet, Patcher};
use crate::compose::strategic::strategic_merge;
use crate::syntax::yaml::parse_yaml;
use regex::Regex;

/// Lays a kustomization's patches over documents.
pub(super) fn apply_all(
    kustomization: &Node,
    dir: &str,
    files: &dyn Files,
    mut roots: Vec<Node>,
    built: &mut Built,
) -> Vec<Node> {
    for item in kustomization.get("patchesStrategicMerge").map(Node::items).unwrap_or_default() {
        // An item is a path, or the patch itself.
        let inline = item.as_str().is_some_and(|text| text.contains('\n'));
        for patch in
            if inline { inner_documents(item, built) } else { file_documents(item, dir, files, built) }
        {
            roots = apply(&patch, None, roots, built);
        }
    }
    for list in ["patches", "patchesJson6902"] {
        for item in kustomization.get(list).map(Node::items).unwrap_or_default() {
            roots =
                apply_patch_item(item, &|path, built| file_documents(path, dir, files, built), roots, built);
        }
    }
    roots
}

/// One item of `patches`: a patch, inline or by path, and the target that it is meant for.
pub(in crate::compose) fn apply_patch_item(
    item: &Node,
    by_path: &dyn Fn(&Node, &mut Built) -> Vec<Node>,
    mut roots: Vec<Node>,
    built: &mut Built,
) -> Vec<Node> {
    let patches = match (item.get("patch"), item.get("path")) {
        (Some(patch), _) => inner_documents(patch, built),
        (None, Some(path)) => by_path(path, built),
        (None, None) => Vec::new(),
    };
    for patch in patches {
        roots = apply(&patch, item.get("target"), roots, built);
    }
    roots
}

fn inner_documents(node: &Node, built: &mut Built) -> Vec<Node> {
    match &node.value {
        Value::Text(text) => {
            let (documents, issues) = parse_yaml(text);
            built.issues.extend(issues);
            documents.into_iter().map(|document| document.root).filter(|root| !root.is_null()).collect()
        }
        Value::Map(_) | Value::List(_) => vec![node.clone()],
        _ => Vec::new(),
    }
}

fn file_documents(path: &Node, dir: &str, files: &dyn Files, built: &mut Built) -> Vec<Node> {
    let resolved = path.as_str().and_then(|path| join_path(dir, path));
    match resolved.as_deref().map(|path| files.text(path)) {
        Some(Ok(file)) => {
            built.files.insert(file.path().to_owned());
            let (documents, issues) = parse_yaml(&Text::of_file(&file));
            built.issues.extend(issues);
            documents.into_iter().map(|document| document.root).filter(|root| !root.is_null()).collect()
        }
        _ => {
            built.unresolved.push((path.place, "a patch that cannot be read".into(), false));
            Vec::new()
        }
    }
}

/// A list is a JSON patch, a mapping a strategic merge patch, whose own kind and name are its target
/// where none is given.
fn apply(patch: &Node, target: Option<&Node>, roots: Vec<Node>, built: &mut Built) -> Vec<Node> {
    if !built.may_patch(roots.len(), patch.place) {
        return roots;
    }
    let is_json = matches!(patch.value, Value::List(_));
    let mut out = Vec::with_capacity(roots.len());
    let sets = built.patches.len();
    let mut usage = usage(patch, target, &roots, built);
    for root in roots {
        let selected = match target {
            Some(target) => is_selected(target, &root, built),
            None => !is_json && is_same(patch, &root, built),
        };
        if let Some(usage) = &mut usage {
            usage.met |= selected;
        }
        if !selected {
            out.push(root);
        } else if is_json {
            out.push(json_patched(patch, root, built));
        } else {
            out.extend(
                strategic_merge(&root, patch, is_built_in(&root)).map(|merged| keep_identity(merged, &root)),
            );
        }
    }
    built.uses.extend(usage);
    if is_json && built.patches.len() == sets {
        built.patches.push(PatchSet::of_nothing(Patcher::Kustomize, patch));
    }
    out
}

/// What a patch is meant for, before it is known whether it meets that. A JSON patch without a target is refused.
fn usage(patch: &Node, target: Option<&Node>, roots: &[Node], built: &Built) -> Option<PatchUse> {
    let by = match target {
        Some(target) => target.clone(),
        None => patch.get("metadata")?.clone(),
    };
    let name = by.get("name");
    let kind = target.unwrap_or(patch).get("kind");
    let place = name.or(kind).or_else(|| Some(&by.as_map()?.entries.first()?.value))?.place;
    let shown = |node: Option<&Node>| node.and_then(Node::as_str).map(str::to_owned);
    let own_kind = shown(kind);
    let part = |root: &Node, name: &str| text(root, &["metadata", name]).to_owned();
    let identity = |root: &Node| (part(root, "name"), part(root, "namespace"));
    let of_kind = |root: &&Node| own_kind.as_deref() == Some(text(root, &["kind"]));
    Some(PatchUse {
        place,
        wanted: wanted(&by, own_kind.as_deref(), target.is_none()),
        name: shown(name),
        by_own_name: target.is_none(),
        met: false,
        all_known: built.unresolved.is_empty() && built.releases.is_empty(),
        others: roots.iter().filter(of_kind).map(identity).collect(),
    })
}

/// What a target selects, in words: "Deployment `web` in namespace `shop`".
fn wanted(by: &Node, kind: Option<&str>, by_own_name: bool) -> String {
    let shown = |name: &str| by.get(name).and_then(Node::as_str);
    let mut out = kind.unwrap_or("resource").to_owned();
    out.extend(shown("name").map(|name| format!(" `{name}`")));
    match shown("namespace") {
        Some(namespace) => out.push_str(&format!(" in namespace `{namespace}`")),
        None if by_own_name => out.push_str(" without a namespace"),
        None => {}
    }
    for selector in ["labelSelector", "annotationSelector"] {
        out.extend(shown(selector).map(|wanted| format!(" with {selector} `{wanted}`")));
    }
    for field in ["group", "version"] {
        out.extend(shown(field).map(|wanted| format!(" of {field} `{wanted}`")));
    }
    out
}

/// An object with a JSON patch carried out; as it is, where that fails.
fn json_patched(patch: &Node, root: Node, built: &mut Built) -> Node {
    let title = format!("{} `{}`", text(&root, &["kind"]), text(&root, &["metadata", "name"]));
    let subject = format!("{}/{}", text(&root, &["kind"]), text(&root, &["metadata", "name"]));
    let base = Base { title, object: root };
    let set = PatchSet::new(Patcher::Kustomize, base, patch, &subject, patch.place.start());
    let patched = set.patched().unwrap_or_else(|reason| {
        built.unresolved.push((set.stopped_at().unwrap_or(patch.place), reason, false));
        set.base.object.clone()
    });
    built.patches.push(set);
    patched
}

/// A patch names its target; what it makes keeps the target's own name, namespace and place.
fn keep_identity(merged: Node, root: &Node) -> Node {
    let own = |field: &str| root.at(&["metadata", field]).cloned();
    let Value::Map(map) = &merged.value else { return merged };
    let mut map = Map::clone(map);
    if let Some(metadata) = map.entries.iter_mut().find(|entry| &*entry.key.name == "metadata")
        && let Value::Map(inner) = &metadata.value.value
    {
        let mut inner = Map::clone(inner);
        for field in ["name", "namespace"] {
            match (inner.entries.iter().position(|entry| &*entry.key.name == field), own(field)) {
                (Some(at), Some(own)) => inner.entries[at].value = own,
                (Some(at), None) if field == "namespace" => drop(inner.entries.remove(at)),
                _ => {}
            }
        }
        metadata.value.value = Value::Map(inner.into());
    }
    Node { value: Value::Map(map.into()), place: root.place, ..merged }
}

/// Groups of the API itself: lists of their kinds merge by keys.
fn is_built_in(root: &Node) -> bool {
    let version = root.get("apiVersion").and_then(Node::as_str).unwrap_or_default();
    match version.split_once('/') {
        None => true,
        Some((group, _)) => !group.contains('.') || group.ends_with(".k8s.io"),
    }
}

fn text<'a>(node: &'a Node, path: &[&str]) -> &'a str {
    node.at(path).and_then(Node::as_str).unwrap_or_default()
}

/// Whether a patch is for a document: of its group and kind, its name or one that it had, and its namespace.
fn is_same(patch: &Node, root: &Node, built: &Built) -> bool {
    let group = |node: &Node| {
        text(node, &["apiVersion"]).rsplit_once('/').map_or(String::new(), |(group, _)| group.to_owned())
    };
    let namespace = match text(patch, &["metadata", "namespace"]) {
        "" => "default",
        named => named,
    };
    let is_there = |is: &str| is == namespace || is == "_non_namespaceable_";
    text(patch, &["kind"]) == text(root, &["kind"])
        && group(patch) == group(root)
        && built.is_named(root, text(patch, &["metadata", "name"]))
        && built.namespaces(root).any(is_there)
}

/// Whether a target takes a document: group, version, kind, name and namespace as whole regular expressions,
/// selectors as equalities.
fn is_selected(target: &Node, root: &Node, built: &Built) -> bool {
    let version = text(root, &["apiVersion"]);
    let (group, version) = version.split_once('/').unwrap_or(("", version));
    let pattern = |name: &str, is: &str| {
        let wanted = target.get(name).and_then(Node::as_str);
        wanted.is_none_or(|wanted| {
            wanted.is_empty() || Regex::new(&format!("^(?:{wanted})$")).is_ok_and(|regex| regex.is_match(is))
        })
    };
    let selector = |name: &str, field: &str| {
        let wanted = target.get(name).and_then(Node::as_str).unwrap_or_default();
        requirements(wanted)
            .iter()
            .all(|one| one.holds(root.at(&["metadata", field, one.key]).and_then(Node::as_str)))
    };
    pattern("group", group)
        && pattern("version", version)
        && pattern("kind", text(root, &["kind"]))
        && original_and_current(&built.names(root)).any(|name| pattern("name", name))
        && built.namespaces(root).any(|namespace| pattern("namespace", namespace))
        && selector("labelSelector", "labels")
        && selector("annotationSelector", "annotations")
}

/// Of the names that an object had, those that a target may mean: not the ones in between (resWrangler.Select of
/// kustomize 5.7).
fn original_and_current<'a>(names: &[&'a str]) -> impl Iterator<Item = &'a str> {
    [names.first().copied(), names.last().copied()].into_iter().flatten()
}

/// One requirement of a selector: `key=value`, `key!=value`, `key in (a,b)`, `key notin (a,b)`, `key`, `!key`
/// (labels.Parse of k8s.io/apimachinery).
struct Requirement<'a> {
    key: &'a str,
    values: Vec<&'a str>,
    negated: bool,
    exists: bool,
}

impl Requirement<'_> {
    fn holds(&self, held: Option<&str>) -> bool {
        let is = match self.exists {
            true => held.is_some(),
            false => held.is_some_and(|held| self.values.contains(&held)),
        };
        is != self.negated
    }
}

fn requirements(selector: &str) -> Vec<Requirement<'_>> {
    let mut depth = 0;
    let parts = selector.split(move |c: char| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        c == ',' && depth == 0
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).map(requirement).collect()
}

fn requirement(part: &str) -> Requirement<'_> {
    if let Some((key, values)) = part.split_once(" notin ") {
        return in_set(key, values, true);
    }
    if let Some((key, values)) = part.split_once(" in ") {
        return in_set(key, values, false);
    }
    if let Some((key, value)) = part.split_once("!=") {
        return Requirement { key: key.trim(), values: vec![value.trim()], negated: true, exists: false };
    }
    if let Some((key, value)) = part.split_once('=') {
        let value = value.trim_start_matches('=').trim();
        return Requirement { key: key.trim(), values: vec![value], negated: false, exists: false };
    }
    let (key, negated) = part.strip_prefix('!').map_or((part, false), |key| (key, true));
    Requirement { key: key.trim(), values: Vec::new(), negated, exists: true }
}

fn in_set<'a>(key: &'a str, values: &'a str, negated: bool) -> Requirement<'a> {
    let values = values.trim().trim_matches(['(', ')']).split(',').map(str::trim).collect();
    Requirement { key: key.trim(), values, negated, exists: false }
}
