//! `$image`: registry, repository, tag and digest as one reference.

use super::fill::Filler;
use super::names::push_scalar;
use crate::base::{Node, TextBuilder, Trail};

impl Filler<'_> {
    /// `registry/repository:tag@digest`, placed at the tag where one is written, else at the repository.
    pub(super) fn image(&self, image: &Node) -> Node {
        // A part is paths, or a skeleton.
        let part = |name: &str| match image.get(name) {
            Some(skeleton) if skeleton.as_map().is_some() => self.fill(skeleton),
            paths => paths.and_then(|paths| self.first_set(paths)),
        };
        let Some(repository) = part("repository") else { return Node::null(self.anchor) };
        let written_tag = part("tag");
        let main =
            [written_tag.as_ref(), Some(&repository)].into_iter().flatten().find(|n| n.is_written()).cloned();
        let mut out = TextBuilder::new();
        if let Some(registry) = part("registry") {
            push_scalar(&mut out, &registry);
            out.push_made("/", registry.place, Trail::default());
        }
        push_scalar(&mut out, &repository);
        let tag = written_tag.unwrap_or_else(|| self.laying.app_version.clone());
        out.push_made(":", tag.place, Trail::default());
        push_scalar(&mut out, &tag);
        if let Some(digest) = part("digest") {
            out.push_made("@", digest.place, Trail::default());
            push_scalar(&mut out, &digest);
        }
        let place = main.as_ref().map_or(self.anchor, |node| node.place);
        let node = Node::text(out.finish(place), place);
        match main {
            Some(main) => Node { trail: main.trail, ..node },
            None => node.as_default(),
        }
    }
}
