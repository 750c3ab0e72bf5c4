//! The objects of a release whose chart has a profile.

use super::Composed;
use crate::base::{Node, Place};
use crate::lower::{
    KnownNames, Laid, Laying, Located, Object, Profile, Release, Version, delete_nulls, fill_templates,
    lay_objects, objects_of_documents, unknown_objects, value_at,
};
use std::sync::Arc;

/// Why there may be further objects, and where that stands.
pub(super) type Further = Option<(Arc<str>, Place)>;

/// The objects that the profile lays out.
pub(super) fn chart_objects(
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
            described: false,
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
