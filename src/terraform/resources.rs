//! The resources of a stack, with module calls, `count` and `for_each` carried out.

use super::access::instance_suffix;
use super::evaluate::Evaluator;
use super::instance::{Arguments, Instance};
use super::log::ProblemKind;
use super::module::{is_unread, literal_source};
use super::scope::Scope;
use super::types::to_number;
use crate::base::limit::{INSTANCES, MODULES};
use crate::base::{Key, Map, Node, Number, Place, Value, join_path};
use crate::syntax::hcl::{Access, Block, Expr, ExprKind};
use std::rc::Rc;
use std::sync::Arc;

/// Module calls inside module calls, at most.
const MAX_MODULE_DEPTH: usize = 32;

/// One resource as a stack creates it.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The address, such as `module.authentik.kubernetes_deployment.pgbouncer`.
    pub address: String,
    /// The resource type.
    pub kind: Arc<str>,
    /// The arguments; nested blocks are lists of mappings. Its place is the block's header.
    pub body: Node,
    /// The block's header.
    pub header: Place,
    /// Why it may not exist, when its count or for_each is unknown.
    pub conditional: Option<Arc<str>>,
    /// The paths of `lifecycle.ignore_changes`, as written; `all` for all.
    pub ignore_changes: Vec<String>,
    /// Bodies of its `provisioner` blocks, by provisioner type.
    pub provisioners: Vec<(Arc<str>, Node)>,
}

/// A resource or module that a known count or for_each makes none of.
#[derive(Clone, Debug)]
pub struct Absent {
    /// The address.
    pub address: String,
    /// The block's header.
    pub header: Place,
}

/// One repetition of a block.
pub(super) struct Repetition {
    pub(super) suffix: String,
    pub(super) scope: Scope,
    pub(super) conditional: Option<Arc<str>>,
}

impl Evaluator<'_> {
    /// Collects the resources of an instance and of the modules that it calls.
    pub(super) fn collect(
        &self,
        instance: &Rc<Instance>,
        wanted: &dyn Fn(&str) -> bool,
        out: &mut Vec<Resource>,
        absent: &mut Vec<Absent>,
    ) {
        for block in &instance.module.resources {
            let (Some(kind), Some(name)) = (block.labels.first(), block.label(1)) else { continue };
            if !wanted(&kind.name) {
                continue;
            }
            let address = join_address(&instance.address, &format!("{}.{name}", kind.name));
            let repetitions = self.repetitions(block, &Scope::of(instance));
            if repetitions.is_empty() {
                absent.push(Absent { address: address.clone(), header: block.header });
            }
            for repetition in repetitions {
                out.push(Resource {
                    address: format!("{address}{}", repetition.suffix),
                    kind: Arc::clone(&kind.name),
                    body: self.block_node(block, &repetition.scope),
                    header: block.header,
                    conditional: repetition.conditional.or_else(|| instance.conditional.clone()),
                    ignore_changes: ignore_changes(block),
                    provisioners: self.provisioners(block, &repetition.scope),
                });
            }
        }
        for call in 0..instance.module.calls.len() {
            let children = self.children(instance, call);
            if children.is_empty() {
                absent.extend(self.absent_call(instance, call));
            }
            for child in children.iter() {
                self.collect(child, wanted, out, absent);
            }
        }
    }

    /// A module call that a known count or for_each makes none of.
    fn absent_call(&self, instance: &Rc<Instance>, call: usize) -> Option<Absent> {
        let block = instance.module.calls.get(call)?;
        let address = join_address(&instance.address, &format!("module.{}", block.label(0)?));
        let none = self.repetitions(block, &Scope::of(instance)).is_empty();
        none.then_some(Absent { address, header: block.header })
    }

    fn provisioners(&self, block: &Block, scope: &Scope) -> Vec<(Arc<str>, Node)> {
        // What runs when the resource is destroyed makes nothing.
        let creates = |block: &&Block| match block.body.attribute("when").map(|when| &when.value.kind) {
            Some(ExprKind::Variable(name)) => &**name != "destroy",
            Some(ExprKind::Text(text)) => text.as_str() != "destroy",
            _ => true,
        };
        let labelled =
            block.body.blocks("provisioner").filter(creates).filter_map(|p| Some((p.labels.first()?, p)));
        labelled.map(|(label, p)| (Arc::clone(&label.name), self.block_node(p, scope))).collect()
    }

    /// The scopes that a block's `count` or `for_each` makes.
    pub(super) fn repetitions(&self, block: &Block, scope: &Scope) -> Vec<Repetition> {
        if let Some(count) = block.body.attribute("count") {
            let count = self.eval(&count.value, scope);
            if to_number(&count).and_then(Number::as_i64).is_some_and(|count| count > INSTANCES.get() as i64)
            {
                self.too_many(block);
            }
            return Self::counted(&count, scope);
        }
        if let Some(for_each) = block.body.attribute("for_each") {
            let collection = self.eval(&for_each.value, scope);
            let pairs = collection.as_map().map_or(collection.items().len(), |map| map.entries.len());
            if pairs > INSTANCES.len() {
                self.too_many(block);
            }
            return Self::for_each(&collection, scope);
        }
        vec![Repetition { suffix: String::new(), scope: scope.clone(), conditional: None }]
    }

    fn too_many(&self, block: &Block) {
        let reason = format!("only the first {} instances are looked at {INSTANCES}", INSTANCES.number());
        self.log.borrow_mut().unseen(block.header, reason);
    }

    fn counted(count: &Node, scope: &Scope) -> Vec<Repetition> {
        let with_index = |index: Node| {
            let mut map = Map::default();
            map.insert(Key { name: "index".into(), place: count.place }, index);
            scope.with("count", Node::map(map, count.place))
        };
        match to_number(count).and_then(Number::as_i64) {
            Some(known) => (0..known.clamp(0, INSTANCES.get() as i64))
                .map(|index| Repetition {
                    suffix: format!("[{index}]"),
                    scope: with_index(Node::int(index, count.place)),
                    conditional: None,
                })
                .collect(),
            None => {
                let reason = count.open_reason().unwrap_or_else(|| "count is no number".into());
                let index = Node::unknown(Arc::clone(&reason), count.place);
                vec![Repetition {
                    suffix: String::new(),
                    scope: with_index(index),
                    conditional: Some(reason),
                }]
            }
        }
    }

    fn for_each(collection: &Node, scope: &Scope) -> Vec<Repetition> {
        let each = |key: Node, value: Node| {
            let mut map = Map::default();
            map.insert(Key { name: "key".into(), place: collection.place }, key);
            map.insert(Key { name: "value".into(), place: collection.place }, value);
            scope.with("each", Node::map(map, collection.place))
        };
        let known: Option<Vec<(Node, Node)>> = match &collection.value {
            Value::Map(map) => {
                let pair = |e: &crate::base::Entry| (super::render::key_node(&e.key), e.value.clone());
                Some(map.entries.iter().map(pair).collect())
            }
            Value::List(list) => Some(list.items.iter().map(|item| (item.clone(), item.clone())).collect()),
            _ => None,
        };
        let mut out = Vec::new();
        for (key, value) in known.into_iter().flatten().take(INSTANCES.len()) {
            let suffix = key.display().map_or_else(String::new, |key| format!("[\"{key}\"]"));
            out.push(Repetition { suffix, scope: each(key, value), conditional: None });
        }
        if let Some(reason) = collection.open_reason() {
            let unknown = || Node::unknown(Arc::clone(&reason), collection.place);
            let scope = each(unknown(), unknown());
            out.push(Repetition { suffix: String::new(), scope, conditional: Some(reason) });
        }
        out
    }

    /// The instances that a call makes.
    pub(super) fn children(&self, instance: &Rc<Instance>, call: usize) -> Rc<[Rc<Instance>]> {
        let block = &instance.module.calls[call];
        let name = block.label(0).unwrap_or_default();
        if let Some(children) = instance.known_children(name) {
            return children;
        }
        // Known as empty while they are made, so that a call that needs its own output finds nothing.
        instance.remember_children(name, &Rc::from(Vec::new()));
        let children: Rc<[Rc<Instance>]> = self.make_children(instance, call, block).into();
        instance.remember_children(name, &children);
        children
    }

    fn make_children(&self, instance: &Rc<Instance>, call: usize, block: &Block) -> Vec<Rc<Instance>> {
        if self.calls.get() >= MODULES.len() {
            let reason = format!("the stack calls more than {} modules {MODULES}", MODULES.number());
            self.log.borrow_mut().unseen(block.header, reason);
            return Vec::new();
        }
        self.calls.set(self.calls.get() + 1);
        let Some(module) = self.called_module(instance, block) else { return Vec::new() };
        let name = block.label(0).unwrap_or_default();
        let make = |repetition: Repetition| {
            let address = join_address(&instance.address, &format!("module.{name}{}", repetition.suffix));
            Instance::new(
                Arc::clone(&module),
                address,
                instance.root_dir.clone(),
                Arguments::Call { scope: repetition.scope, call },
                instance.depth + 1,
                repetition.conditional.or_else(|| instance.conditional.clone()),
            )
        };
        self.repetitions(block, &Scope::of(instance)).into_iter().map(make).collect()
    }

    fn called_module(&self, instance: &Rc<Instance>, block: &Block) -> Option<Arc<super::module::Module>> {
        let place = block.body.attribute("source").map_or(block.header, |source| source.value.place);
        let mut log = self.log.borrow_mut();
        let Some(source) = literal_source(block) else {
            log.unseen(place, "the module's source is no literal string");
            return None;
        };
        if !source.starts_with("./") && !source.starts_with("../") {
            log.unseen(place, format!("the resources of module `{source}` stand outside of the repository"));
            return None;
        }
        let Some(dir) = join_path(&instance.module.dir, &source.replace("//", "/")) else {
            log.problem(
                ProblemKind::PathOutsideRoot,
                place,
                format!("`{source}` leads out of the repository"),
            );
            return None;
        };
        if calls_itself(instance, &dir) || instance.depth >= MAX_MODULE_DEPTH {
            log.problem(ProblemKind::ReferenceCycle, place, format!("module `{source}` calls itself"));
            return None;
        }
        drop(log);
        let module = self.module(&dir);
        if module.is_none() {
            let mut log = self.log.borrow_mut();
            if is_unread(self.files, &dir) {
                log.unseen(place, format!("the files at `{source}` are not read"));
            } else if !self.files.below(&dir).is_empty() {
                // Terraform takes such a folder for an empty module.
                log.unseen(place, format!("no file at `{source}` is one of Terraform's configuration"));
            } else {
                let message = format!("there is no folder `{source}`");
                log.problem(ProblemKind::ModuleMissing, place, message);
            }
        }
        module
    }
}

fn calls_itself(instance: &Rc<Instance>, dir: &str) -> bool {
    let mut current = Some(Rc::clone(instance));
    while let Some(instance) = current {
        if instance.module.dir == dir {
            return true;
        }
        current = match &instance.arguments {
            Arguments::Call { scope, .. } => scope.instance.clone(),
            Arguments::Root(_) => None,
        };
    }
    false
}

fn join_address(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

fn ignore_changes(block: &Block) -> Vec<String> {
    let attribute =
        block.body.block("lifecycle").and_then(|lifecycle| lifecycle.body.attribute("ignore_changes"));
    match attribute.map(|attribute| &attribute.value.kind) {
        Some(ExprKind::List(items)) => items.iter().filter_map(reference_text).collect(),
        Some(ExprKind::Variable(name)) => vec![name.to_string()],
        _ => Vec::new(),
    }
}

/// A static reference as text: `spec[0].template`.
fn reference_text(expr: &Expr) -> Option<String> {
    let (base, steps): (&Expr, &[Access]) = match &expr.kind {
        ExprKind::Access(base, steps) => (base, steps),
        // Terraform's JSON has references as strings.
        ExprKind::Text(text) => return Some(text.as_str().to_owned()),
        _ => (expr, &[]),
    };
    let ExprKind::Variable(root) = &base.kind else { return None };
    let mut text = root.to_string();
    for step in steps {
        match step {
            Access::Attr(name, _) => text.push_str(&format!(".{name}")),
            Access::Index(index) => match &index.kind {
                ExprKind::Number(number) => text.push_str(&format!("[{number}]")),
                ExprKind::Text(key) => text.push_str(&instance_suffix(key.as_str())),
                _ => return None,
            },
            Access::Splat(_) => return None,
        }
    }
    Some(text)
}
