//! YAML files into objects and releases: through kustomizations and Flux where these deploy them, else as they
//! stand.

use super::authentik::{may_be_patch, mentions_outposts};
use super::files::RepositoryFiles;
use super::load::Loaded;
use crate::base::{Files, Node, Sources, parent_dir};
use crate::compose::{
    Group, KUSTOMIZATION_FILES, PatchSet, assemble, helm_release, is_application, is_application_set,
    is_flux_kustomization, is_helm_release, is_k3s_chart, is_k3s_config, is_operation_list, k3s_release,
    release_patches,
};
use crate::finding::Unjudged;
use crate::lower::{Carrier, Ignored, Located, Object, Release, objects_of_documents};
use crate::syntax::yaml::parse_yaml_file;
use crate::syntax::{Issue, IssueKind, SkipReason, has_placeholder_lines, is_sops_document, skip_reason};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A document with the folder of what deploys it.
#[derive(Clone)]
pub(super) struct Deployed {
    pub(super) root: Node,
    pub(super) stack: Arc<str>,
    /// The namespace that it is applied to, where it names none itself.
    pub(super) namespace: Option<Node>,
}

/// Stack, kind, name and namespace of what a kustomization deploys.
type Identity = (Arc<str>, [Option<String>; 3]);

fn identity(root: &Node, stack: &Arc<str>) -> Identity {
    let text = |path: &[&str]| root.at(path).and_then(Node::as_str).map(str::to_owned);
    (Arc::clone(stack), [text(&["kind"]), text(&["metadata", "name"]), text(&["metadata", "namespace"])])
}

/// Kinds among which a HelmRelease's chart and values stand.
const SOURCE_KINDS: [&str; 5] =
    ["HelmRepository", "OCIRepository", "HelmChart", "GitRepository", "ConfigMap"];

impl Loaded {
    /// Reads the YAML files that Terraform does not read itself.
    pub(super) fn manifests(
        &mut self,
        files: &RepositoryFiles,
        paths: &[String],
        consumed: &BTreeSet<String>,
    ) {
        let charts: Vec<&str> = paths
            .iter()
            .filter(|path| file_name(path) == "Chart.yaml")
            .map(|path| parent_dir(path))
            .collect();
        let (templates, paths): (Vec<&String>, Vec<&String>) = paths
            .iter()
            .filter(|path| is_yaml(path) && !consumed.contains(*path))
            .partition(|path| charts.iter().any(|chart| is_template_of(path, chart)));
        for path in templates {
            self.skip(path, SkipReason::GoTemplate, "a template of a chart in the repository");
        }
        let paths: Vec<String> = paths.into_iter().cloned().collect();
        let (mut deployed, mut taken) = (Vec::new(), BTreeSet::new());
        let mut known = HashMap::new();
        let kustomized = kustomized_dirs(&paths);
        for group in assemble(files, &paths) {
            taken.extend(group.built.files.iter().cloned());
            self.group(group, files.sources(), &mut known, &mut deployed);
        }
        let plain: Vec<&String> = paths.iter().filter(|path| !taken.contains(*path)).collect();
        let read: Vec<Plain> = plain.par_iter().map(|path| read_plain(files, path)).collect();
        for (path, read) in plain.into_iter().zip(read) {
            let named = !is_below_any(path, &kustomized) || is_mentioned(files, path, &read);
            self.plain(path, read, named, &mut deployed);
        }
        self.named_documents(files, &taken);
        self.lower(files, deployed);
    }

    /// What a kustomization makes. A folder that several deploy alike counts once; where the second makes
    /// other objects of it, it is said that those are not judged.
    /// `known` is what the groups before it made.
    fn group(
        &mut self,
        group: Group,
        sources: &Sources,
        known: &mut HashMap<Identity, Node>,
        deployed: &mut Vec<Deployed>,
    ) {
        let stack: Arc<str> = group.dir.as_str().into();
        self.stacks.insert(group.dir);
        for (place, reason, may_add) in group.built.unresolved {
            if may_add {
                self.opaque(&stack, None, &reason, place);
            }
            self.unjudged.push(Unjudged { rule: None, place, reason });
        }
        self.issues.extend(group.built.issues.into_iter().map(|issue| (Arc::clone(&stack), issue)));
        let own = |patch| PatchSet { stack: Arc::clone(&stack), ..patch };
        self.patches.extend(group.built.patches.into_iter().map(own));
        self.uses.extend(group.built.uses.into_iter().map(|usage| (Arc::clone(&stack), usage)));
        self.releases.extend(
            group.built.releases.into_iter().map(|release| Release { stack: Arc::clone(&stack), ..release }),
        );
        let before = deployed.len();
        let mut otherwise = None;
        for root in group.built.roots {
            if is_sops_document(&root) {
                let path = sources.get(root.place.file).path().to_owned();
                self.skip(&path, SkipReason::Encrypted, "encrypted by SOPS");
                continue;
            }
            let document = Deployed { root, stack: Arc::clone(&stack), namespace: None };
            match known.get(&identity(&document.root, &stack)) {
                Some(first) if !first.reads_like(&document.root) => {
                    otherwise.get_or_insert(document.root.place);
                }
                Some(_) => {}
                None => deployed.push(document),
            }
        }
        let new = deployed[before..].iter();
        known.extend(new.map(|document| (identity(&document.root, &stack), document.root.clone())));
        if let Some(place) = otherwise {
            let reason = "is deployed again with other values, which are not judged".into();
            self.unjudged.push(Unjudged { rule: None, place, reason });
        }
    }

    /// The documents of a file that nothing deploys but itself.
    fn plain(&mut self, path: &str, read: Plain, applied: bool, deployed: &mut Vec<Deployed>) {
        let stack: Arc<str> = parent_dir(path).into();
        match read {
            Plain::Nothing => {}
            Plain::Skipped(reason, message) => self.skip(path, reason, message),
            Plain::Documents(roots, issues) => {
                self.issues.extend(issues.into_iter().map(|issue| (Arc::clone(&stack), issue)));
                for root in &roots {
                    self.authentik_document(root, &stack, Carrier::Document);
                    if !applied {
                        self.loose_patch(root, &stack);
                    }
                }
                let own = |root| Deployed { root, stack: Arc::clone(&stack), namespace: None };
                deployed.extend(roots.into_iter().map(own));
            }
        }
    }

    /// Documents of authentik in files that a kustomization names: it takes objects alone.
    fn named_documents(&mut self, files: &RepositoryFiles, taken: &BTreeSet<String>) {
        for path in taken {
            let Ok(file) = files.text(path) else { continue };
            if !mentions_outposts(file.text()) || skip_reason(path, file.text()).is_some() {
                continue;
            }
            let stack: Arc<str> = parent_dir(path).into();
            for document in &parse_yaml_file(&file).0 {
                if document.root.get("apiVersion").is_none() {
                    self.authentik_document(&document.root, &stack, Carrier::Blueprint);
                }
            }
        }
    }

    fn lower(&mut self, files: &RepositoryFiles, deployed: Vec<Deployed>) {
        let deployed = self.applications(files, deployed);
        let is_source = |root: &&Node| {
            root.get("kind").and_then(Node::as_str).is_some_and(|kind| SOURCE_KINDS.contains(&kind))
        };
        let configs: Vec<(&Node, &Arc<str>)> = deployed
            .iter()
            .filter(|document| is_k3s_config(&document.root))
            .map(|document| (&document.root, &document.stack))
            .collect();
        let sources: Vec<&Node> = deployed.iter().map(|document| &document.root).filter(is_source).collect();
        for Deployed { root, stack, namespace } in &deployed {
            if is_application(root) || is_application_set(root) {
                continue;
            }
            if is_helm_release(root) {
                self.stacks.insert(stack.to_string());
                self.patches.extend(release_patches(root, stack));
                self.releases.extend(helm_release(root, &sources, stack));
                continue;
            }
            if is_k3s_chart(root) {
                self.stacks.insert(stack.to_string());
                self.releases.extend(k3s_release(root, &configs, stack));
                continue;
            }
            let located = Located {
                stack: Arc::clone(stack),
                subject: None,
                header: None,
                conditional: None,
                ignored: Ignored::default(),
            };
            for mut object in objects_of_documents(root, &located) {
                object.default_namespace.clone_from(namespace);
                self.object(object);
            }
        }
    }

    fn object(&mut self, object: Object) {
        let of_kustomize = object.api_version().starts_with("kustomize.config.k8s.io");
        if of_kustomize || is_flux_kustomization(&object.root) {
            return;
        }
        self.stacks.insert(object.stack.to_string());
        self.objects.push(object);
    }
}

/// What a file of manifests holds.
enum Plain {
    Nothing,
    Skipped(SkipReason, &'static str),
    Documents(Vec<Node>, Vec<Issue>),
}

fn read_plain(files: &RepositoryFiles, path: &str) -> Plain {
    let Ok(file) = files.text(path) else { return Plain::Nothing };
    if let Some((reason, message)) = skip_reason(path, file.text()) {
        return Plain::Skipped(reason, message);
    }
    let is_manifest = file.text().contains("apiVersion") && file.text().contains("kind");
    let other = mentions_outposts(file.text()) || may_be_patch(file.text());
    if !is_manifest && !other {
        return Plain::Nothing;
    }
    let parsed = parse_yaml_file(&file);
    let (documents, issues) = &*parsed;
    if issues.iter().any(|issue| issue.kind == IssueKind::Syntax) && has_placeholder_lines(file.text()) {
        return Plain::Skipped(SkipReason::Unsupported, "another program fills in its placeholders");
    }
    if documents.iter().any(|document| is_sops_document(&document.root)) {
        return Plain::Skipped(SkipReason::Encrypted, "encrypted by SOPS");
    }
    let documents: Vec<Node> = documents.iter().map(|document| document.root.clone()).collect();
    if !is_manifest && !mentions_outposts(file.text()) && !documents.iter().any(is_operation_list) {
        return Plain::Nothing;
    }
    Plain::Documents(documents, issues.clone())
}

/// Whether another file below the same top folder names a file that holds patches: a transformer, a script.
fn is_mentioned(files: &RepositoryFiles, path: &str, read: &Plain) -> bool {
    let Plain::Documents(roots, _) = read else { return false };
    if !roots.iter().any(is_operation_list) {
        return false;
    }
    let top = path.split('/').next().filter(|top| top.len() < path.len()).unwrap_or_default();
    let others = files.below(top);
    let name = file_name(path);
    others
        .iter()
        .take(MOST_SEARCHED)
        .filter(|other| *other != path)
        .any(|other| files.peek(other).is_some_and(|text| text.contains(name)))
}

/// Files that are searched for the name of a patch, at most.
const MOST_SEARCHED: usize = 2_000;

/// Folders with a kustomization.
fn kustomized_dirs(paths: &[String]) -> BTreeSet<String> {
    let named = paths.iter().filter(|path| KUSTOMIZATION_FILES.contains(&file_name(path)));
    named.map(|path| parent_dir(path).to_owned()).collect()
}

/// Whether a path lies in one of some folders, at whatever depth.
fn is_below_any(path: &str, dirs: &BTreeSet<String>) -> bool {
    let mut dir = path;
    while !dir.is_empty() {
        dir = parent_dir(dir);
        if dirs.contains(dir) {
            return true;
        }
    }
    false
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Whether a file is a template of a chart, also one without any template sign.
fn is_template_of(path: &str, chart: &str) -> bool {
    let inside = if chart.is_empty() {
        Some(path)
    } else {
        path.strip_prefix(chart).and_then(|path| path.strip_prefix('/'))
    };
    inside.is_some_and(|path| path.starts_with("templates/"))
}

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}
