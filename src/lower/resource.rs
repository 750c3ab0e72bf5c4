//! Terraform resources into objects and releases.

use super::chart::{PostRenderer, Release, ReleaseValue};
use super::document::{Located, objects_of_documents};
use super::object::{Ignored, Object};
use super::outpost::{self, Authentik};
use super::shell::applied_heredocs;
use super::typed::{kind_of, lower_body};
use crate::base::{Node, Place, Text, Value, join_path};
use crate::syntax::Issue;
use crate::syntax::go_template::TemplateReads;
use crate::syntax::yaml::parse_yaml;
use std::sync::Arc;

/// An evaluated resource, as evaluation hands it over.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The resource type.
    pub kind: &'a str,
    /// The address.
    pub address: &'a str,
    /// The arguments.
    pub body: &'a Node,
    /// The block's header.
    pub header: Place,
    /// Why it may not exist.
    pub conditional: Option<&'a Arc<str>>,
    /// References under `lifecycle.ignore_changes`.
    pub ignore_changes: &'a [String],
    /// The bodies of its provisioners, by type.
    pub provisioners: &'a [(Arc<str>, Node)],
    /// The folder of the stack.
    pub stack: &'a Arc<str>,
}

/// What resources become.
#[derive(Debug, Default)]
pub struct Lowered {
    /// Objects of the API.
    pub objects: Vec<Object>,
    /// Helm releases.
    pub releases: Vec<Release>,
    /// Outposts and providers of authentik.
    pub authentik: Authentik,
    /// What the parsers said of documents inside strings.
    pub issues: Vec<Issue>,
    /// Objects that cannot be known, with the reason.
    pub unresolved: Vec<(Place, Arc<str>)>,
    /// Documents that commands apply.
    pub provisioned: Vec<Provisioned>,
}

/// A resource whose command applies documents that it holds.
#[derive(Clone, Debug)]
pub struct Provisioned {
    /// Its address.
    pub subject: String,
    /// The block's header.
    pub header: Place,
    /// The folder of the stack.
    pub stack: Arc<str>,
    /// Why it may not exist.
    pub conditional: Option<Arc<str>>,
    /// What makes the command run anew: `triggers`, or `triggers_replace` of a terraform_data.
    pub triggers: Option<Node>,
    /// The texts of the documents.
    pub texts: Vec<Node>,
    /// The documents.
    pub roots: Vec<Node>,
}

const MANIFEST_TYPES: [&str; 2] = ["kubernetes_manifest", "kubectl_manifest"];
const RELEASE_TYPE: &str = "helm_release";

/// Resources that make nothing but run commands.
const COMMAND_TYPES: [&str; 2] = ["null_resource", "terraform_data"];

/// Programs that a command may apply objects with.
const APPLIERS: [&str; 3] = ["kubectl", "helm", "kustomize"];

/// Beginnings of resource types that deploy or change objects in ways that are not followed.
const DEPLOYING: [&str; 6] = ["kubernetes_", "kubectl_", "kustomization_", "argocd_", "flux_", "helm_"];

/// Types among them that make no pods and change none.
const HARMLESS: [&str; 24] = [
    "kubernetes_annotations",
    "kubernetes_api_service",
    "kubernetes_certificate_signing_request",
    "kubernetes_cluster_role",
    "kubernetes_cluster_role_binding",
    "kubernetes_csi_driver",
    "kubernetes_default_service_account",
    "kubernetes_endpoint_slice",
    "kubernetes_endpoints",
    "kubernetes_ingress_class",
    "kubernetes_mutating_webhook_configuration",
    "kubernetes_network_policy",
    "kubernetes_node_taint",
    "kubernetes_persistent_volume",
    "kubernetes_priority_class",
    "kubernetes_role",
    "kubernetes_role_binding",
    "kubernetes_runtime_class",
    "kubernetes_service_account",
    "kubernetes_storage_class",
    "kubernetes_token_request",
    "kubernetes_validating_admission_policy",
    "kubernetes_validating_webhook_configuration",
    "argocd_repository",
];

/// Whether a type deploys or changes objects in a way that is not followed.
fn deploys(kind: &str) -> bool {
    let plain = kind.trim_end_matches(|c: char| c.is_ascii_digit()).strip_suffix("_v").unwrap_or(kind);
    DEPLOYING.iter().any(|begin| kind.starts_with(begin)) && !HARMLESS.contains(&plain)
}

/// Whether a resource type becomes anything.
pub fn is_wanted(kind: &str) -> bool {
    deploys(kind)
        || MANIFEST_TYPES.contains(&kind)
        || COMMAND_TYPES.contains(&kind)
        || kind == RELEASE_TYPE
        || outpost::TYPES.contains(&kind)
        || kind_of(kind).is_some()
}

/// Lowers one resource.
pub fn lower_resource(source: &Source<'_>, out: &mut Lowered) {
    match source.kind {
        "kubernetes_manifest" => manifest(source, source.body.get("manifest"), out),
        "kubectl_manifest" => yaml_body(source, out),
        RELEASE_TYPE => release(source, out),
        kind if outpost::TYPES.contains(&kind) => outpost::read_resource(source, out),
        kind if COMMAND_TYPES.contains(&kind) => commands(source, out),
        kind => {
            if let Some((api_version, kind)) = kind_of(kind) {
                let root = lower_body(source.body, &api_version, &kind);
                out.objects.push(object(source, root));
            } else if deploys(kind) {
                out.unresolved.push((source.header, format!("what a `{kind}` deploys is not known").into()));
            }
        }
    }
}

fn object(source: &Source<'_>, root: Node) -> Object {
    Object {
        root,
        subject: source.address.to_owned(),
        header: source.header,
        stack: Arc::clone(source.stack),
        default_namespace: None,
        conditional: source.conditional.cloned(),
        ignored: Ignored::from_references(source.ignore_changes),
        component: None,
        release: None,
        described: false,
        lenient: true,
    }
}

pub(super) fn located(source: &Source<'_>) -> Located {
    Located {
        stack: Arc::clone(source.stack),
        subject: Some(source.address.to_owned()),
        header: Some(source.header),
        conditional: source.conditional.cloned(),
        ignored: Ignored::of_manifest(source.ignore_changes),
    }
}

fn manifest(source: &Source<'_>, root: Option<&Node>, out: &mut Lowered) {
    match root {
        Some(root) if root.unknown_reason().is_none() => {
            out.objects.extend(objects_of_documents(root, &located(source)));
        }
        root => unresolved(source, root, out),
    }
}

fn unresolved(source: &Source<'_>, node: Option<&Node>, out: &mut Lowered) {
    let reason = node.and_then(Node::open_reason).unwrap_or_else(|| "the manifest is not there".into());
    out.unresolved.push((node.map_or(source.header, |node| node.place), reason));
}

fn yaml_body(source: &Source<'_>, out: &mut Lowered) {
    match source.body.get("yaml_body").map(|node| (&node.value, node)) {
        Some((Value::Text(text), _)) => {
            for root in documents(text, &mut out.issues) {
                out.objects.extend(objects_of_documents(&root, &located(source)));
            }
        }
        other => unresolved(source, other.map(|(_, node)| node), out),
    }
}

/// A command that applies objects makes them: those of its heredocs, or whatever they are.
fn commands(source: &Source<'_>, out: &mut Lowered) {
    let (mut texts, mut applied) = (Vec::new(), Vec::new());
    for (_, body) in source.provisioners {
        let Some(command) = body.get("command") else { continue };
        let text = command.as_text();
        if text.is_some_and(|text| !APPLIERS.iter().any(|word| text.as_str().contains(word))) {
            continue;
        }
        let known = out.objects.len();
        for (text, range) in text
            .iter()
            .flat_map(|text| applied_heredocs(text.as_str()).into_iter().map(move |range| (text, range)))
        {
            texts.push(Node::text(text.slice(range.clone()), text.place(range.clone())));
            for root in documents(&text.slice(range), &mut out.issues) {
                out.objects.extend(objects_of_documents(&root, &located(source)));
                applied.push(root);
            }
        }
        if out.objects.len() == known {
            out.unresolved.push((command.place, "what this command applies is not known".into()));
        }
    }
    if !texts.is_empty() {
        let triggers = ["triggers", "triggers_replace"].iter().find_map(|name| source.body.get(name));
        out.provisioned.push(Provisioned {
            subject: source.address.to_owned(),
            header: source.header,
            stack: Arc::clone(source.stack),
            conditional: source.conditional.cloned(),
            triggers: triggers.cloned(),
            texts,
            roots: applied,
        });
    }
}

/// The documents of a text: what it encodes, or its YAML.
pub(super) fn documents(text: &Text, issues: &mut Vec<Issue>) -> Vec<Node> {
    if let Some(node) = text.encoded() {
        return vec![node.clone()];
    }
    let (documents, found) = parse_yaml(text);
    issues.extend(found);
    documents.into_iter().map(|document| document.root).collect()
}

fn release(source: &Source<'_>, out: &mut Lowered) {
    let body = source.body;
    let get = |name: &str| body.get(name).cloned();
    let mut documents_of_values = Vec::new();
    match body.get("values").map(|node| (&node.value, node)) {
        Some((Value::List(list), node)) => {
            for item in &list.items {
                documents_of_values.extend(values_document(item, &mut out.issues));
            }
            if let Some(reason) = &list.open {
                documents_of_values.push(Node::unknown(Arc::clone(reason), node.place));
            }
        }
        Some((Value::Unknown(_), node)) => documents_of_values.push(node.clone()),
        _ => {}
    }
    let mut sets = Vec::new();
    for (name, string) in [("set", false), ("set_sensitive", false), ("set_list", false)] {
        sets.extend(body.get(name).map(|node| set_values(node, string)).unwrap_or_default());
    }
    out.releases.push(Release {
        name: get("name"),
        chart: get("chart"),
        repository: get("repository"),
        version: get("version"),
        namespace: get("namespace"),
        documents: documents_of_values,
        sets,
        subject: source.address.to_owned(),
        header: source.header,
        stack: Arc::clone(source.stack),
        conditional: source.conditional.cloned(),
        ignored: Ignored::of_release(source.ignore_changes),
        post_renderers: body.get("postrender").map(|_| unknown_renderer()).into_iter().collect(),
        local: local_chart(source, body),
        keys_only: false,
        also_read: TemplateReads::default(),
        depth: 0,
    });
}

fn unknown_renderer() -> PostRenderer {
    PostRenderer::Unknown("a post-renderer may change what the chart makes".into())
}

/// The folder that a release's chart would stand in: a chart without a repository may be a path.
fn local_chart(source: &Source<'_>, body: &Node) -> Option<String> {
    let chart = body.get("chart")?.as_str()?;
    if body.get("repository").is_some() || chart.contains("://") {
        return None;
    }
    match chart.strip_prefix('/') {
        Some(from_root) => join_path("", from_root),
        None => join_path(source.stack, chart),
    }
}

/// One item of `values`: a document, or an unknown one.
fn values_document(item: &Node, issues: &mut Vec<Issue>) -> Option<Node> {
    match &item.value {
        Value::Text(text) => documents(text, issues).into_iter().next(),
        Value::Null => None,
        _ => Some(item.clone()),
    }
}

fn set_values(node: &Node, string: bool) -> Vec<ReleaseValue> {
    let value = |block: &Node| {
        let string = string || block.get("type").and_then(Node::as_str) == Some("string");
        let value = block.get("value")?.clone();
        Some(ReleaseValue { path: block.get("name")?.clone(), value, string })
    };
    node.items().iter().filter_map(value).collect()
}
