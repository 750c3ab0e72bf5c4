//! Follows Argo's Applications and ApplicationSets to charts and folders.

use super::files::RepositoryFiles;
use super::load::Loaded;
use super::manifests::Deployed;
use crate::base::{Node, is_below};
use crate::compose::{
    Folder, application, applications_of, is_application, is_application_set, with_options,
};
use crate::finding::Unjudged;
use std::sync::Arc;

/// A folder that an Application applies, and the namespace that it applies it to.
struct Applied {
    folder: Folder,
    namespace: Option<Node>,
}

impl Loaded {
    /// What is deployed once Applications have deployed it: those of one folder once for each of them.
    pub(super) fn applications(&mut self, files: &RepositoryFiles, deployed: Vec<Deployed>) -> Vec<Deployed> {
        let expanded = self.application_sets(files, &deployed);
        let mut applied = Vec::new();
        for Deployed { root, stack, .. } in deployed.iter().chain(&expanded) {
            if is_application(root) {
                self.application(files, root, stack, &mut applied);
            }
        }
        let changed: Vec<&Applied> = applied.iter().filter(|one| one.folder.options.is_some()).collect();
        let plain = |dir: &str| applied.iter().any(|a| a.folder.dir == dir && a.folder.options.is_none());
        let mut out = Vec::new();
        for document in &deployed {
            let is_changed = changed.iter().any(|one| one.folder.dir == *document.stack);
            if is_changed && !plain(&document.stack) {
                continue;
            }
            let above = |one: &&Applied| {
                *document.stack == *one.folder.dir || is_below(&document.stack, &one.folder.dir)
            };
            let namespace = applied.iter().filter(|one| one.folder.options.is_none()).find(above);
            let namespace = namespace.and_then(|one| one.namespace.clone());
            out.push(Deployed { namespace, ..document.clone() });
        }
        for one in changed {
            out.extend(self.with_options(files, one, &deployed));
        }
        out
    }

    fn with_options(
        &mut self,
        files: &RepositoryFiles,
        one: &Applied,
        deployed: &[Deployed],
    ) -> Vec<Deployed> {
        let Some(options) = &one.folder.options else { return Vec::new() };
        let stack: Arc<str> = one.folder.dir.as_str().into();
        let of_folder = deployed.iter().filter(|document| document.stack == stack);
        let roots = of_folder.map(|document| document.root.clone()).collect();
        let built = with_options(files, &one.folder.dir, options, roots);
        for (place, reason, may_add) in built.unresolved {
            if may_add {
                self.opaque(&stack, None, &reason, place);
            }
            self.unjudged.push(Unjudged { rule: None, place, reason });
        }
        let own = |root| Deployed { root, stack: Arc::clone(&stack), namespace: one.namespace.clone() };
        built.roots.into_iter().map(own).collect()
    }

    fn application(
        &mut self,
        files: &RepositoryFiles,
        root: &Node,
        stack: &Arc<str>,
        applied: &mut Vec<Applied>,
    ) {
        let made = application(root, files, stack);
        let namespace = root.at(&["spec", "destination", "namespace"]);
        let own = |folder| Applied { folder, namespace: namespace.cloned() };
        applied.extend(made.folders.into_iter().map(own));
        if made.elsewhere {
            let name = root.at(&["metadata", "name"]).and_then(Node::as_str).unwrap_or("?");
            let reason: Arc<str> = format!("what Application `{name}` deploys stands elsewhere").into();
            let place = root.get("kind").map_or(root.place, |kind| kind.place);
            self.opaque(stack, namespace.and_then(Node::as_str).map(str::to_owned), &reason, place);
            self.unjudged.push(Unjudged { rule: None, place, reason });
        }
        self.stacks.insert(stack.to_string());
        self.releases.extend(made.releases);
    }

    /// The Applications that ApplicationSets make.
    fn application_sets(&mut self, files: &RepositoryFiles, deployed: &[Deployed]) -> Vec<Deployed> {
        let mut out = Vec::new();
        for Deployed { root, stack, .. } in
            deployed.iter().filter(|document| is_application_set(&document.root))
        {
            let made = applications_of(root, files);
            let own = |root| Deployed { root, stack: Arc::clone(stack), namespace: None };
            out.extend(made.applications.into_iter().map(own));
            for (place, reason) in made.unknown {
                self.opaque(stack, None, &reason, place);
                self.unjudged.push(Unjudged { rule: None, place, reason });
            }
        }
        out
    }
}
