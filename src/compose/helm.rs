//! Helm: values documents merged in order, `set` over them, defaults under them, and the chart's objects.

use crate::base::{Key, List, Map, Node, Number, Place, Value};
use crate::lower::{
    KnownNames, Laid, Laying, Located, Object, Profile, Profiles, Release, Version, coalesce, delete_nulls,
    fill_templates, is_truthy, lay_objects, merge_values, objects_of_documents, unknown_objects, value_at,
};
use std::sync::Arc;

/// A release with its merged values.
#[derive(Debug)]
pub struct Composed {
    /// The release.
    pub release: Release,
    /// What the user set, merged.
    pub values: Node,
    /// The chart's defaults under it; the same as `values` without a profile.
    pub effective: Node,
    /// What is known of the chart.
    pub profile: Option<Arc<Profile>>,
    /// The chart's version, if it is known.
    pub version: Option<Version>,
    /// Why the chart's objects are not known, if they are not.
    pub opaque: Option<Arc<str>>,
    /// Why there may be further objects beside those that are known.
    pub partial: Option<(Arc<str>, Place)>,
}

/// Merges a release's values and lays out the objects of its chart.
pub fn compose_release(release: Release, index: usize, profiles: &Profiles) -> (Composed, Vec<Object>) {
    let values = user_values(&release);
    let text = |node: &Option<Node>| node.as_ref().and_then(Node::as_str).map(str::to_owned);
    let version = text(&release.version).as_deref().and_then(Version::parse);
    // A repository that is not known may be any chart's.
    let unknown_repository = release.repository.as_ref().and_then(Node::open_reason);
    let profile = text(&release.chart)
        .filter(|_| unknown_repository.is_none())
        .and_then(|chart| profiles.find(&chart, text(&release.repository).as_deref(), version));
    let defaults = profile.as_ref().and_then(|profile| profile.defaults(version));
    let effective = defaults.map_or_else(|| values.clone(), |d| coalesce(&d, &values, release.header));
    let opaque = opaque_reason(&release, profile.as_deref(), version);
    let mut composed = Composed { release, values, effective, profile, version, opaque, partial: None };
    let (Some(profile), Some(version), None) = (composed.profile.clone(), version, &composed.opaque) else {
        return (composed, Vec::new());
    };
    let (objects, unknown) = chart_objects(&composed, &profile, version, index);
    composed.partial = subchart(&profile, &composed.effective).or(unknown);
    (composed, objects)
}

/// A subchart that is switched on, or may be.
fn subchart(profile: &Profile, effective: &Node) -> Option<(Arc<str>, Place)> {
    profile.list("subcharts").into_iter().find_map(|path| {
        let node = value_at(effective, &path)?;
        let on = is_truthy(Some(node)) != Some(false);
        on.then(|| (format!("what the subchart behind `{path}` makes is not known").into(), node.place))
    })
}

fn opaque_reason(release: &Release, profile: Option<&Profile>, version: Option<Version>) -> Option<Arc<str>> {
    if let Some(renderer) = &release.post_renderer {
        return Some(Arc::clone(renderer));
    }
    let unknown = [&release.chart, &release.repository].into_iter().flatten().find_map(Node::open_reason);
    if let Some(reason) = unknown {
        return Some(format!("which chart this is, is not known: {reason}").into());
    }
    let chart = release.chart.as_ref().and_then(Node::as_str).unwrap_or("?");
    let Some(profile) = profile else {
        return Some(format!("there is no profile of chart `{chart}`: its objects are not known").into());
    };
    let (from, to) = profile.read;
    match version {
        None => Some(format!("the version of chart `{chart}` is not known").into()),
        Some(version) if !profile.covers(version) => Some(
            format!("chart `{chart}` {version} lies outside of what its profile was read at: {from} to {to}")
                .into(),
        ),
        Some(_) => None,
    }
}

fn user_values(release: &Release) -> Node {
    let empty = Node::map(Map::default(), release.header);
    let mut values = release
        .documents
        .iter()
        .fold(empty, |under, over| if over.is_null() { under } else { merge_values(&under, over) });
    for set in &release.sets {
        let over = if let Some(path) = set.path.as_str() {
            nested(&dotted_path(path), set_value(&set.value, set.string), set.path.place)
        } else {
            let reason = set.path.open_reason().unwrap_or_else(|| "a path that is no string".into());
            Node::unknown(reason, set.path.place)
        };
        values = merge_values(&values, &over);
    }
    values
}

/// `--set` reads booleans, null and whole numbers without leading zeros out of strings, unless told not to
/// (Helm's strvals). Lists and several values in one string are not taken apart.
fn set_value(value: &Node, string: bool) -> Node {
    let Some(text) = value.as_str().filter(|_| !string) else { return value.clone() };
    if text.starts_with('{') || text.replace("\\,", "").contains(',') {
        return Node::unknown("several values in one `set`", value.place);
    }
    let typed = match text {
        "0" => Value::Number(Number::Int(0)),
        _ if text.eq_ignore_ascii_case("true") => Value::Bool(true),
        _ if text.eq_ignore_ascii_case("false") => Value::Bool(false),
        _ if text.eq_ignore_ascii_case("null") => Value::Null,
        _ if text.starts_with('0') => return value.clone(),
        _ => match text.parse() {
            Ok(int) => Value::Number(Number::Int(int)),
            Err(_) => return value.clone(),
        },
    };
    Node { value: typed, ..value.clone() }
}

/// The keys of a `--set` path; a backslash escapes a dot.
pub fn dotted_path(path: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        let last = parts.last_mut();
        match (c, last) {
            ('\\', Some(part)) => part.extend(chars.next()),
            ('.', _) => parts.push(String::new()),
            (c, Some(part)) => part.push(c),
            _ => {}
        }
    }
    parts
}

fn nested(steps: &[String], value: Node, place: Place) -> Node {
    let Some((first, rest)) = steps.split_first() else { return value };
    // `a[0]` sets one item of a list, whose other items only the chart knows.
    let (name, index) =
        first.split_once('[').map_or((first.as_str(), None), |(name, index)| (name, Some(index)));
    let inner = nested(rest, value, place);
    let inner = if index.is_some() {
        let list = List { items: vec![inner], open: Some("an item set by its index".into()), set: false };
        Node::new(Value::List(Arc::new(list)), place)
    } else {
        inner
    };
    let mut map = Map::default();
    map.insert(Key { name: name.into(), place }, inner);
    Node::map(map, place)
}

/// Why there may be further objects, and where that stands.
type Further = Option<(Arc<str>, Place)>;

fn chart_objects(
    composed: &Composed,
    profile: &Profile,
    version: Version,
    index: usize,
) -> (Vec<Object>, Further) {
    let release = &composed.release;
    let unknown = |what: &str| Node::unknown(format!("the release's {what} is not known"), release.header);
    let namespace =
        release.namespace.clone().unwrap_or_else(|| Node::made("default", release.header).as_default());
    let name = release.name.clone().unwrap_or_else(|| unknown("name"));
    let laying = Laying {
        profile,
        version,
        values: &delete_nulls(&composed.effective),
        release: name.clone(),
        namespace: namespace.clone(),
        app_version: app_version(release, profile, version).as_default(),
        header: release.header,
    };
    let object = |Laid { root, component, header, conditional }: Laid| {
        let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
        let object_name = root.at(&["metadata", "name"]).and_then(Node::as_str).unwrap_or("?");
        Object {
            subject: format!("{}:{kind}/{object_name}", name.as_str().unwrap_or("?")),
            root,
            header,
            stack: Arc::clone(&release.stack),
            default_namespace: Some(namespace.clone()),
            conditional: conditional.or_else(|| release.conditional.clone()),
            ignored: release.ignored.clone(),
            component: Some(component),
            release: Some(index),
            lenient: false,
        }
    };
    let mut objects: Vec<Object> = lay_objects(&laying).into_iter().map(object).collect();
    objects.extend(additional_objects(composed, profile, index, &laying));
    (objects, unknown_objects(&laying))
}

/// The version of the application where the values set no tag, placed at the chart's version.
fn app_version(release: &Release, profile: &Profile, version: Version) -> Node {
    let written = release.version.as_ref().and_then(|node| Some((node, node.as_str()?)));
    match written.and_then(|(node, text)| Some((node, profile.app_version(version, text)?))) {
        Some((node, text)) if node.as_str() == Some(&text) => node.clone(),
        Some((node, text)) => Node::made(text, node.place),
        None => Node::unknown("the application's version is not known", release.header),
    }
}

/// Objects that the values bring themselves. What stands in them as a Go template is not known.
fn additional_objects(
    composed: &Composed,
    profile: &Profile,
    index: usize,
    laying: &Laying<'_>,
) -> Vec<Object> {
    let release = &composed.release;
    let items = profile.additional().and_then(|path| value_at(&composed.effective, &path).cloned());
    let located = Located {
        stack: Arc::clone(&release.stack),
        subject: None,
        header: None,
        conditional: release.conditional.clone(),
        ignored: release.ignored.clone(),
    };
    let names = KnownNames {
        release: &laying.release,
        namespace: &laying.namespace,
        chart: &profile.chart,
        values: laying.values,
    };
    let roots = items.iter().flat_map(Node::items).map(|item| fill_templates(item, &names));
    let own = |mut object: Object| {
        object.default_namespace = Some(laying.namespace.clone());
        object.release = Some(index);
        object
    };
    roots.flat_map(|root| objects_of_documents(&root, &located)).map(own).collect()
}
