//! Where outposts of authentik and JSON patches stand beside what is deployed: blueprints, documents with patches,
//! ConfigMaps that hold them, pages.

use super::files::RepositoryFiles;
use super::load::Loaded;
use crate::base::{Files, Node, Place, SourceFile, Text, parent_dir};
use crate::compose::{Composed, compose_outpost, is_operation_list};
use crate::finding::Unjudged;
use crate::lower::{
    AUTHENTIK_MARKS, Carrier, Ignored, Located, Object, OutpostDeclaration, read_authentik_document,
};
use crate::model::{Mention, Unapplied};
use crate::syntax::yaml::parse_yaml;
use crate::syntax::{Fence, IssueKind, fences};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whether a text may hold an outpost or its patches.
pub(super) fn mentions_outposts(text: &str) -> bool {
    AUTHENTIK_MARKS.iter().any(|mark| text.contains(mark))
}

/// Whether a text may be a list of operations of a JSON patch.
pub(super) fn may_be_patch(text: &str) -> bool {
    text.contains("path") && ["op:", "\"op\"", "'op'"].iter().any(|op| text.contains(op))
}

impl Loaded {
    /// Outposts of a document that is no object of the API, and patches that nothing names.
    pub(super) fn authentik_document(&mut self, root: &Node, stack: &Arc<str>, carrier: Carrier) {
        let located = at(stack);
        let read = read_authentik_document(root, &located, carrier);
        for outpost in read.outposts.iter().filter(|outpost| outpost.carrier == Carrier::Document) {
            self.unapplied.push(Unapplied {
                what: "these patches of an outpost",
                place: outpost.header,
                stack: Arc::clone(stack),
            });
        }
        self.authentik.join(read);
    }

    /// A document that is a list of operations, in a folder below a kustomization that does not name it.
    pub(super) fn loose_patch(&mut self, root: &Node, stack: &Arc<str>) {
        if is_operation_list(root) {
            self.unapplied.push(Unapplied {
                what: "this JSON patch",
                place: root.items().first().map_or(root.place, |first| first.place.start()),
                stack: Arc::clone(stack),
            });
        }
    }

    /// Fenced documents of pages, and what their commands select.
    pub(super) fn pages(&mut self, files: &RepositoryFiles, paths: &[String]) {
        for path in paths.iter().filter(|path| is_page(path)) {
            let wanted = |text: &str| mentions_outposts(text) || Mention::stands_in(text);
            let Some(file) = files.text_if(path, &wanted) else { continue };
            let stack: Arc<str> = parent_dir(path).into();
            for fence in fences(&file) {
                self.mentions.extend(Mention::find(&fence.text).map(|place| (Arc::clone(&stack), place)));
                self.fence(&fence, &stack);
            }
        }
    }

    fn fence(&mut self, fence: &Fence, stack: &Arc<str>) {
        if !matches!(fence.language.as_str(), "" | "yaml" | "yml" | "json")
            || !mentions_outposts(fence.text.as_str())
        {
            return;
        }
        let (documents, issues) = parse_yaml(&fence.text);
        if let Some(issue) = issues.iter().find(|issue| issue.kind == IssueKind::Syntax) {
            let reason = format!("a block that does not parse: {}", issue.message).into();
            self.unjudged.push(Unjudged { rule: None, place: issue.place, reason });
            return;
        }
        for document in documents {
            self.authentik_document(&document.root, stack, Carrier::Page);
        }
    }

    /// Outposts of the blueprints that ConfigMaps and Secrets hold.
    fn held_blueprints(&mut self, objects: &[Object]) {
        for object in objects.iter().filter(|object| matches!(object.kind(), "ConfigMap" | "Secret")) {
            let data = [object.at(&["data"]), object.at(&["stringData"])].into_iter().flatten();
            let values = data.filter_map(Node::as_map).flat_map(|map| &map.entries).map(|entry| &entry.value);
            for text in values.filter_map(Node::as_text).filter(|text| mentions_outposts(text.as_str())) {
                let located = Located { conditional: object.conditional.clone(), ..at(&object.stack) };
                for root in documents(text) {
                    self.authentik.join(read_authentik_document(&root, &located, Carrier::Blueprint));
                }
            }
        }
    }

    /// Composes the outposts, which brings further objects.
    pub(super) fn compose_outposts(&mut self, composed: &[Composed]) {
        let objects = std::mem::take(&mut self.objects);
        self.held_blueprints(&objects);
        self.objects = objects;
        let declared = std::mem::take(&mut self.authentik.outposts);
        // What a ConfigMap is made of stands in a file as well; a document that something applies is no loose one.
        let applied: BTreeSet<Place> = declared
            .iter()
            .filter(|outpost| outpost.carrier == Carrier::Blueprint)
            .map(|outpost| outpost.header)
            .collect();
        self.unapplied.retain(|document| !applied.contains(&document.place));
        let mut seen = BTreeSet::new();
        for outpost in declared {
            let twice = match outpost.carrier {
                Carrier::Resource => false,
                // A file and the ConfigMap that is made of it; a module's blueprint is one for each of its calls.
                Carrier::Blueprint => !seen.insert((outpost.header, outpost.subject.clone())),
                Carrier::Document | Carrier::Page => applied.contains(&outpost.header),
            };
            if !twice {
                self.compose_outpost(outpost, composed);
            }
        }
    }

    fn compose_outpost(&mut self, declaration: OutpostDeclaration, composed: &[Composed]) {
        let namespace = namespace_of_authentik(&declaration, composed);
        let mut outpost = compose_outpost(declaration, namespace.as_ref());
        for (place, reason) in outpost.unresolved.drain(..) {
            self.unjudged.push(Unjudged { rule: None, place, reason });
        }
        let stack = Arc::clone(&outpost.declaration.stack);
        self.issues.extend(outpost.issues.drain(..).map(|issue| (Arc::clone(&stack), issue)));
        if !outpost.is_described() {
            self.stacks.insert(stack.to_string());
        }
        self.patches.append(&mut outpost.patches);
        self.objects.append(&mut outpost.objects);
        self.outposts.push(outpost);
    }
}

/// The namespace of the release of authentik: that of the outpost's stack, else the only one.
fn namespace_of_authentik(outpost: &OutpostDeclaration, composed: &[Composed]) -> Option<Node> {
    let is_authentik = |release: &&Composed| {
        release.profile.as_deref().is_some_and(|profile| profile.application() == Some("authentik"))
    };
    let releases: Vec<&Composed> = composed.iter().filter(is_authentik).collect();
    let own = releases.iter().find(|release| release.release.stack == outpost.stack);
    let found = own.or_else(|| releases.first().filter(|_| releases.len() == 1))?;
    found.release.namespace.clone()
}

fn at(stack: &Arc<str>) -> Located {
    Located {
        stack: Arc::clone(stack),
        subject: None,
        header: None,
        conditional: None,
        ignored: Ignored::default(),
    }
}

/// The documents of a text: what it encodes, or its YAML.
fn documents(text: &Text) -> Vec<Node> {
    match text.encoded() {
        Some(node) => vec![node.clone()],
        None => parse_yaml(text).0.into_iter().map(|document| document.root).collect(),
    }
}

fn is_page(path: &str) -> bool {
    [".md", ".markdown", ".mdx"].iter().any(|end| path.ends_with(end))
}

impl RepositoryFiles {
    /// A file whose text is wanted; others are not kept.
    fn text_if(&self, path: &str, wanted: &dyn Fn(&str) -> bool) -> Option<Arc<SourceFile>> {
        self.peek(path).filter(|text| wanted(text))?;
        self.text(path).ok()
    }
}
