//! Outposts of authentik: the objects that its controller makes of them, with their patches carried out.

use super::json_patch::{Base, PatchSet, Patcher};
use crate::base::{Key, Node, Place, Value};
use crate::lower::{COMPONENT_FIELD, Carrier, Object, OutpostDeclaration, components, controller_objects};
use crate::syntax::Issue;
use crate::syntax::yaml::parse_yaml;
use std::sync::Arc;

/// An outpost with what is made of it.
#[derive(Clone, Debug)]
pub struct Outpost {
    /// What declares it.
    pub declaration: OutpostDeclaration,
    /// Its Deployment and Service, where it is known what they are; of the embedded outpost the Service alone, unless
    /// somebody patches the Deployment.
    pub objects: Vec<Object>,
    /// The address of its Deployment, where that is known.
    pub deployment: Option<String>,
    /// Its patches, those of the Deployment among them.
    pub patches: Vec<PatchSet>,
    /// Keys of its patches that the controller does not look for.
    pub misnamed: Vec<Key>,
    /// Why an object of it is not known, and where.
    pub unresolved: Vec<(Place, Arc<str>)>,
    /// What the parser said of patches that are written as a text.
    pub issues: Vec<Issue>,
}

/// Why the Deployment of the embedded outpost may exist all the same.
const UNMANAGED: &str =
    "the embedded outpost has a Deployment only where authentik's database does not call it managed";

/// Composes an outpost. `namespace` is that of authentik, if it is known.
pub fn compose_outpost(declaration: OutpostDeclaration, namespace: Option<&Node>) -> Outpost {
    let made = controller_objects(&declaration, namespace);
    let mut out = Outpost {
        objects: Vec::new(),
        deployment: None,
        patches: Vec::new(),
        misnamed: Vec::new(),
        unresolved: Vec::new(),
        issues: Vec::new(),
        declaration,
    };
    let mut parts = vec![("deployment", made.deployment), ("service", made.service)];
    parts.retain(|(component, _)| out.declaration.makes(component));
    let patches = out.declaration.setting(COMPONENT_FIELD).cloned();
    let of_deployment = patches.as_ref().and_then(|patches| patches.get("deployment"));
    let patched = of_deployment.is_some_and(|list| list.as_list().is_none_or(|list| !list.items.is_empty()));
    if out.declaration.embedded().is_some() && !patched {
        parts.retain(|(component, _)| *component != "deployment");
    }
    let reason = out.declaration.config.as_ref().and_then(Node::open_reason).filter(|_| patches.is_none());
    for entry in patches.as_ref().and_then(Node::as_map).map(|map| &map.entries[..]).unwrap_or_default() {
        let component = &*entry.key.name;
        if !components().contains(&component) {
            out.misnamed.push(entry.key.clone());
        } else if !parts.iter().any(|(part, _)| *part == component) && !entry.value.is_null() {
            out.unmade(component, &entry.value);
        }
    }
    for (component, object) in parts {
        let open = reason.clone().or_else(|| patches.as_ref().and_then(Node::open_reason));
        match patches.as_ref().and_then(|patches| patches.get(component)) {
            Some(list) => out.patched(component, &object, list),
            // Of one that a document describes only what the document speaks of.
            None if out.is_described() => {}
            None => match open {
                Some(reason) => out.unresolved.push((out.declaration.header, reason)),
                None => out.object(object),
            },
        }
    }
    out
}

impl Outpost {
    /// Whether a document describes it that nobody is known to apply.
    pub fn is_described(&self) -> bool {
        matches!(self.declaration.carrier, Carrier::Document | Carrier::Page)
    }

    /// Patches of an object that the controller does not make, or of which nothing is known.
    fn unmade(&mut self, component: &str, list: &Node) {
        let list = self.list(list);
        let object = Node::unknown(format!("the {component} of an outpost is not known"), list.place);
        let base = Base { title: format!("the {component} of the outpost"), object };
        let set = self.set(base, &list);
        self.patches.push(set);
    }

    fn set(&self, base: Base, list: &Node) -> PatchSet {
        let declaration = &self.declaration;
        let set = PatchSet::new(Patcher::Outpost, base, list, &declaration.subject, declaration.header);
        PatchSet {
            stack: Arc::clone(&declaration.stack),
            conditional: declaration.conditional.clone(),
            ignored: declaration.ignored.covers("config"),
            ..set
        }
    }

    fn patched(&mut self, component: &str, object: &Node, list: &Node) {
        let list = self.list(list);
        let kind = object.get("kind").and_then(Node::as_str).unwrap_or(component);
        let title = match object.at(&["metadata", "name"]).and_then(Node::as_str) {
            Some(name) => format!("{kind} `{name}`"),
            None => format!("the {kind} of the outpost"),
        };
        let base = Base { title, object: object.clone() };
        let set = self.set(base, &list);
        match set.patched() {
            Ok(patched) => self.object(patched),
            Err(reason) => {
                let place = set.stopped_at().unwrap_or(list.place);
                let reason = format!("what the {kind} becomes is not known: {reason}");
                self.unresolved.push((place, reason.into()));
            }
        }
        self.patches.push(set);
    }

    /// A list of operations, also one that is written as a text.
    fn list(&mut self, node: &Node) -> Node {
        let Value::Text(text) = &node.value else { return node.clone() };
        if let Some(encoded) = text.encoded() {
            return encoded.clone();
        }
        let (documents, issues) = parse_yaml(text);
        self.issues.extend(issues);
        documents.into_iter().next().map_or_else(|| node.clone(), |document| document.root)
    }

    fn object(&mut self, root: Node) {
        let declaration = &self.declaration;
        let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
        let name = root.at(&["metadata", "name"]).and_then(Node::as_str);
        let embedded = declaration.embedded().is_some();
        let unmanaged = kind == "Deployment" && embedded;
        let subject = match name {
            Some(name) => format!("{}:{kind}/{name}", declaration.subject),
            None => format!("{}:{kind}", declaration.subject),
        };
        if kind == "Deployment" {
            self.deployment = Some(subject.clone());
        }
        self.objects.push(Object {
            subject,
            root,
            header: declaration.header,
            stack: Arc::clone(&declaration.stack),
            default_namespace: None,
            conditional: declaration.conditional.clone().or(unmanaged.then(|| UNMANAGED.into())),
            ignored: declaration.ignored.clone(),
            component: None,
            release: None,
            described: self.is_described() || embedded,
            lenient: false,
        });
    }
}
