//! Kustomizations that change a chart's objects before they are applied.

use super::super::kustomize::{Built, transformed};
use crate::base::Files;
use crate::lower::{Object, PostRenderer};
use std::sync::Arc;

/// The objects as post-renderers leave them. A profile states only some of an object's fields: where a patch
/// meets one that it does not state, nothing is known any more.
pub(super) fn post_render(
    renderers: &[PostRenderer],
    mut objects: Vec<Object>,
    files: &dyn Files,
) -> Result<Vec<Object>, Arc<str>> {
    for renderer in renderers {
        let PostRenderer::Kustomize(kustomization, dir) = renderer else { continue };
        let mut built = Built::default();
        let roots = objects.iter().map(|object| object.root.clone()).collect();
        let changed = transformed(kustomization, dir, files, roots, &mut built);
        if let Some((_, reason, _)) = built.unresolved.first() {
            return Err(format!("a post-renderer changes what the chart makes ({reason})").into());
        }
        objects = match changed.len() == objects.len() {
            true => {
                objects.into_iter().zip(changed).map(|(object, root)| Object { root, ..object }).collect()
            }
            false => one_by_one(kustomization, dir, objects, files),
        };
    }
    Ok(objects)
}

/// A patch may delete an object.
fn one_by_one(
    kustomization: &crate::base::Node,
    dir: &str,
    objects: Vec<Object>,
    files: &dyn Files,
) -> Vec<Object> {
    let changed = |object: Object| {
        let roots = transformed(kustomization, dir, files, vec![object.root.clone()], &mut Built::default());
        roots.into_iter().next().map(|root| Object { root, ..object })
    };
    objects.into_iter().filter_map(changed).collect()
}
