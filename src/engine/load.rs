//! Files into objects: stacks, manifests, releases.

use super::disk::DiskFiles;
use super::pipeline::Skipped;
use crate::base::{FileError, FileId, Files, Node, Place, Text, join_path, parent_dir};
use crate::compose::compose_release;
use crate::finding::Unjudged;
use crate::lower::{
    Ignored, Located, Lowered, Object, Source, is_wanted, lower_resource, objects_of_documents,
};
use crate::model::{Model, Opaque};
use crate::syntax::yaml::parse_yaml;
use crate::syntax::{
    Issue, IssueKind, MAX_FILE_BYTES, SkipReason, has_placeholder_lines, is_sops_document, skip_reason,
};
use crate::terraform::{Modules, Stack, evaluate_stack, find_stacks};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Everything that was read, before rules look at it.
#[derive(Default)]
pub(super) struct Loaded {
    pub(super) model: Model,
    pub(super) stacks: BTreeSet<String>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) unjudged: Vec<Unjudged>,
    pub(super) absent: usize,
    /// Files that cannot be read: path and reason.
    pub(super) unreadable: Vec<(String, String)>,
    objects: Vec<Object>,
    releases: Vec<crate::lower::Release>,
    opaque: Vec<Opaque>,
    issues: Vec<(Arc<str>, Issue)>,
    problems: Vec<(Arc<str>, crate::terraform::Problem)>,
    internal: Vec<String>,
}

impl Loaded {
    /// Reads and evaluates everything below the root.
    pub(super) fn load(files: &DiskFiles, paths: &[String]) -> (Loaded, Vec<String>) {
        let mut loaded = Loaded::default();
        let modules = Modules::new(files);
        for dir in find_stacks(&modules, paths) {
            let evaluated = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                evaluate_stack(&modules, &dir, &is_wanted)
            }));
            match evaluated {
                Ok(stack) => loaded.stack(stack),
                Err(_) => loaded.internal.push(format!("the evaluation of stack `{dir}` panicked")),
            }
        }
        for path in paths.iter().filter(|path| UNREAD_TERRAFORM.iter().any(|end| path.ends_with(end))) {
            let message = "Terraform in this form is not read: what it makes is not known";
            loaded.skip(path, SkipReason::Unsupported, message);
        }
        // What Terraform reads as a file is its own matter, and judged where it is used.
        let consumed: BTreeSet<String> = (0..files.sources().len())
            .map(|index| files.sources().get(FileId(index as u32)).path().to_owned())
            .collect();
        let governed = kustomized(files, paths);
        let charts: Vec<&str> = paths
            .iter()
            .filter(|path| file_name(path) == "Chart.yaml")
            .map(|path| parent_dir(path))
            .collect();
        for path in paths.iter().filter(|path| is_yaml(path) && !consumed.contains(*path)) {
            if let Some(chart) = charts.iter().find(|chart| is_template_of(path, chart)) {
                loaded.skip(path, SkipReason::GoTemplate, format!("a template of the chart in `{chart}`"));
            } else {
                loaded.manifest(files, path, &governed);
            }
        }
        loaded.not_read(files);
        loaded.finish()
    }

    /// Files of configuration that were not read. Others, such as keys, are unresolved where they are used.
    fn not_read(&mut self, files: &DiskFiles) {
        for (path, error) in files.failed() {
            let is_config = CONFIG_FILES.iter().any(|end| path.ends_with(end));
            match error {
                FileError::Unreadable(reason) => self.unreadable.push((path, reason)),
                _ if !is_config => {}
                FileError::TooLarge => {
                    let message = format!("larger than {} MiB", MAX_FILE_BYTES >> 20);
                    self.skip(&path, SkipReason::TooLarge, message);
                }
                FileError::Encrypted(by) => {
                    self.skip(&path, SkipReason::Encrypted, format!("encrypted by {by}"));
                }
                _ => self.skip(&path, SkipReason::Binary, error.to_string()),
            }
        }
    }

    fn stack(&mut self, stack: Stack) {
        let dir: Arc<str> = stack.dir.as_str().into();
        self.stacks.insert(stack.dir);
        self.absent += stack.absent.len();
        let mut lowered = Lowered::default();
        for resource in &stack.resources {
            let source = Source {
                kind: &resource.kind,
                address: &resource.address,
                body: &resource.body,
                header: resource.header,
                conditional: resource.conditional.as_ref(),
                ignore_changes: &resource.ignore_changes,
                provisioners: &resource.provisioners,
                stack: &dir,
            };
            lower_resource(&source, &mut lowered);
        }
        for unresolved in stack.log.unresolved {
            let outside = unresolved.reason.contains("outside of the repository");
            if outside {
                self.opaque(&dir, None, &unresolved.reason, unresolved.place);
            }
            self.unjudged.push(Unjudged { rule: None, place: unresolved.place, reason: unresolved.reason });
        }
        for (place, reason) in lowered.unresolved {
            self.opaque(&dir, None, &reason, place);
            self.unjudged.push(Unjudged { rule: None, place, reason });
        }
        self.objects.extend(lowered.objects);
        self.releases.extend(lowered.releases);
        self.issues.extend(
            stack.log.issues.into_iter().chain(lowered.issues).map(|issue| (Arc::clone(&dir), issue)),
        );
        self.problems.extend(stack.log.problems.into_iter().map(|problem| (Arc::clone(&dir), problem)));
    }

    fn opaque(&mut self, stack: &Arc<str>, namespace: Option<String>, reason: &Arc<str>, place: Place) {
        self.opaque.push(Opaque { stack: Arc::clone(stack), namespace, reason: Arc::clone(reason), place });
    }

    fn skip(&mut self, path: &str, reason: SkipReason, message: impl Into<String>) {
        self.skipped.push(Skipped { path: path.to_owned(), reason, message: message.into() });
    }

    /// Reads a YAML file that may hold objects.
    fn manifest(&mut self, files: &DiskFiles, path: &str, governed: &BTreeSet<String>) {
        let Ok(file) = files.text(path) else { return };
        if let Some((reason, message)) = skip_reason(path, file.text()) {
            return self.skip(path, reason, message);
        }
        if !(file.text().contains("apiVersion") && file.text().contains("kind")) {
            return;
        }
        let (documents, issues) = parse_yaml(&Text::of_file(&file));
        let stack: Arc<str> = parent_dir(path).into();
        if issues.iter().any(|issue| issue.kind == IssueKind::Syntax) && has_placeholder_lines(file.text()) {
            return self.skip(path, SkipReason::Unsupported, "another program fills in its placeholders");
        }
        if let Some(deep) = issues.iter().find(|issue| issue.kind == IssueKind::TooDeep) {
            self.skip(path, SkipReason::TooDeep, deep.message.clone());
        }
        self.issues.extend(issues.into_iter().map(|issue| (Arc::clone(&stack), issue)));
        if documents.iter().any(|document| is_sops_document(&document.root)) {
            return self.skip(path, SkipReason::Encrypted, "encrypted by SOPS");
        }
        let located = Located {
            stack: Arc::clone(&stack),
            subject: None,
            header: None,
            conditional: None,
            ignored: Ignored::default(),
        };
        for document in documents {
            for object in objects_of_documents(&document.root, &located) {
                self.yaml_object(object, governed.contains(path));
            }
        }
    }

    fn yaml_object(&mut self, object: Object, governed: bool) {
        let engine = matches!(object.kind(), "HelmRelease" | "Application" | "ApplicationSet" | "HelmChart");
        let kustomization = object.api_version().starts_with("kustomize");
        if object.kind() == "Kustomization" && kustomization {
            return;
        }
        let stack = Arc::clone(&object.stack);
        let reason: Arc<str> = if engine || object.kind() == "Kustomization" {
            format!("what {} `{}` deploys is not known", object.kind(), object.name().unwrap_or("?")).into()
        } else if governed {
            "a kustomization may change this object".into()
        } else {
            self.stacks.insert(stack.to_string());
            self.objects.push(object);
            return;
        };
        let namespace = target_namespace(&object);
        self.opaque(&stack, namespace, &reason, object.header);
        self.unjudged.push(Unjudged { rule: None, place: object.header, reason });
    }

    fn finish(mut self) -> (Loaded, Vec<String>) {
        let mut composed = Vec::new();
        for (index, release) in std::mem::take(&mut self.releases).into_iter().enumerate() {
            let (release, objects) = compose_release(release, index);
            if let Some(reason) = &release.opaque {
                let namespace = release.release.namespace.as_ref().and_then(Node::as_str).map(str::to_owned);
                let stack = Arc::clone(&release.release.stack);
                self.opaque(&stack, namespace, reason, release.release.header);
                let unjudged =
                    Unjudged { rule: None, place: release.release.header, reason: Arc::clone(reason) };
                self.unjudged.push(unjudged);
            }
            if let Some((reason, place)) = &release.partial {
                let namespace = release.release.namespace.as_ref().and_then(Node::as_str).map(str::to_owned);
                let stack = Arc::clone(&release.release.stack);
                self.opaque(&stack, namespace, reason, *place);
                self.unjudged.push(Unjudged { rule: None, place: *place, reason: Arc::clone(reason) });
            }
            self.objects.extend(objects);
            composed.push(release);
        }
        let mut model = Model::build(std::mem::take(&mut self.objects), composed);
        model.opaque = std::mem::take(&mut self.opaque);
        model.issues = std::mem::take(&mut self.issues);
        model.problems = std::mem::take(&mut self.problems);
        self.model = model;
        let internal = std::mem::take(&mut self.internal);
        (self, internal)
    }
}

/// The namespace that an object of a GitOps engine deploys to; none where it may be any.
fn target_namespace(object: &Object) -> Option<String> {
    let text = |path: &[&str]| object.at(path).and_then(Node::as_str).map(str::to_owned);
    match object.kind() {
        "Application" => text(&["spec", "destination", "namespace"]),
        "HelmRelease" | "HelmChart" => {
            text(&["spec", "targetNamespace"]).or_else(|| object.namespace().map(str::to_owned))
        }
        "ApplicationSet" | "Kustomization" => None,
        _ => object.namespace().map(str::to_owned),
    }
}

/// Endings of Terraform files that are not read.
const UNREAD_TERRAFORM: [&str; 3] = [".tf.json", ".tofu", ".tofu.json"];

/// Endings of files whose absence from the run a person should know of.
const CONFIG_FILES: [&str; 6] = [".yaml", ".yml", ".tf", ".tfvars", ".hcl", ".json"];

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Whether a file is a template of a chart, also one without any template sign.
fn is_template_of(path: &str, chart: &str) -> bool {
    let inside = if chart.is_empty() {
        Some(path)
    } else {
        path.strip_prefix(chart).and_then(|p| p.strip_prefix('/'))
    };
    inside.is_some_and(|path| path.starts_with("templates/"))
}

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

/// Manifests that a kustomization of the repository lists, or that stand beside one: what reaches the
/// cluster may differ from what they say.
fn kustomized(files: &DiskFiles, paths: &[String]) -> BTreeSet<String> {
    let mut governed = BTreeSet::new();
    for path in paths {
        if !matches!(file_name(path), "kustomization.yaml" | "kustomization.yml" | "Kustomization") {
            continue;
        }
        let dir = parent_dir(path);
        governed.extend(files.list(dir));
        let Ok(file) = files.text(path) else { continue };
        let (documents, _) = parse_yaml(&Text::of_file(&file));
        for document in documents {
            for list in ["resources", "bases", "components"] {
                let items = document.root.get(list).map(Node::items).unwrap_or_default();
                for target in items.iter().filter_map(Node::as_str).filter_map(|item| join_path(dir, item)) {
                    governed.extend(files.list(&target));
                    governed.insert(target);
                }
            }
        }
    }
    governed
}
