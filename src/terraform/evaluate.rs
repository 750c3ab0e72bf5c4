//! Expressions into nodes.

use super::instance::{Instance, Recall};
use super::limits::bounded;
use super::log::{Log, ProblemKind};
use super::module::Module;
use super::modules::Modules;
use super::operators;
use super::render::{iterate, map_of};
use super::scope::Scope;
use super::types::to_bool;
use crate::base::limit::STEPS;
use crate::base::{Files, Key, List, Map, Node, Place, Value, parent_dir};
use crate::syntax::hcl::{Body, Expr, ExprKind, ForExpr, ObjectKey};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

/// Expressions inside expressions and references inside references, at most.
const MAX_DEPTH: usize = 600;

/// Evaluates the expressions of one stack.
pub(super) struct Evaluator<'f> {
    pub(super) files: &'f dyn Files,
    pub(super) modules: &'f Modules<'f>,
    pub(super) log: RefCell<Log>,
    /// Template files being rendered, to stop one that renders itself.
    pub(super) templates: RefCell<Vec<String>>,
    /// Files being read by `read_terragrunt_config`, to stop one that reads itself.
    pub(super) configs: RefCell<Vec<String>>,
    unit: RefCell<Option<Unit>>,
    /// Folders whose modules' issues are in the log.
    logged: RefCell<HashSet<String>>,
    /// Limits that were met, in words.
    told: RefCell<HashSet<String>>,
    depth: Cell<usize>,
    steps: Cell<u64>,
    /// Module calls that were carried out.
    pub(super) calls: Cell<usize>,
}

/// A Terragrunt unit, as its functions see it.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// The folder of the unit.
    pub(super) dir: String,
    /// The folder of the file being read: the unit's own or an included one.
    pub(super) file_dir: String,
    /// The folder of the unit that Terragrunt was started for.
    pub(super) original_dir: String,
    /// The paths of the files that the file includes, by their labels.
    pub(super) includes: Vec<(Arc<str>, String)>,
}

impl Unit {
    /// A unit, as one of its files sees it.
    pub(super) fn of_file(dir: &str, path: &str) -> Unit {
        let (dir, file_dir) = (dir.to_owned(), parent_dir(path).to_owned());
        Unit { original_dir: dir.clone(), dir, file_dir, includes: Vec::new() }
    }

    /// The folder of an included file: the one of a label, or the only one; in an included file its own.
    pub(super) fn include_dir(&self, label: Option<&str>) -> &str {
        let named = self.includes.iter().find(|(own, _)| label.is_none_or(|label| &**own == label));
        named.map_or(&self.file_dir, |(_, path)| parent_dir(path))
    }
}

impl<'f> Evaluator<'f> {
    pub(super) fn new(modules: &'f Modules<'f>) -> Evaluator<'f> {
        Evaluator {
            files: modules.files,
            modules,
            log: RefCell::default(),
            templates: RefCell::default(),
            configs: RefCell::default(),
            unit: RefCell::default(),
            logged: RefCell::default(),
            told: RefCell::default(),
            depth: Cell::new(0),
            steps: Cell::new(0),
            calls: Cell::new(0),
        }
    }

    /// The Terragrunt unit being read, for Terragrunt's own functions.
    pub(super) fn unit(&self) -> Option<Unit> {
        self.unit.borrow().clone()
    }

    /// Evaluates something as a part of a Terragrunt unit.
    pub(super) fn in_unit<T>(&self, unit: Unit, evaluate: impl FnOnce() -> T) -> T {
        let outer = self.unit.replace(Some(unit));
        let result = evaluate();
        self.unit.replace(outer);
        result
    }

    /// The module of a folder. What its parser met is logged once.
    pub(super) fn module(&self, dir: &str) -> Option<Arc<Module>> {
        let module = self.modules.get(dir)?;
        if self.logged.borrow_mut().insert(dir.to_owned()) {
            self.log.borrow_mut().issues.extend(module.issues.iter().cloned());
        }
        Some(module)
    }

    /// Takes steps from the budget; false when it is used up.
    pub(super) fn spend(&self, steps: u64) -> bool {
        self.steps.set(self.steps.get().saturating_add(steps));
        self.steps.get() <= STEPS.get()
    }

    /// Evaluates an expression.
    pub(super) fn eval(&self, expr: &Expr, scope: &Scope) -> Node {
        if self.depth.get() >= MAX_DEPTH {
            return Node::unknown(
                format!("more than {MAX_DEPTH} expressions inside one another"),
                expr.place,
            );
        }
        if !self.spend(1) {
            let reason = format!("the evaluation of the stack takes too long {STEPS}");
            self.tell(expr.place, &reason);
            return Node::unknown(reason, expr.place);
        }
        self.depth.set(self.depth.get() + 1);
        let node = self.eval_kind(expr, scope);
        self.depth.set(self.depth.get() - 1);
        let made = matches!(
            expr.kind,
            ExprKind::List(_) | ExprKind::Object(_) | ExprKind::Call(..) | ExprKind::For(_)
        );
        let (node, held) = if made { bounded(node, expr.place) } else { (node, 0) };
        self.spend(held as u64 / 64);
        if let Some(reason) = node.unknown_reason().filter(|reason| reason.contains("(limit: ")) {
            self.tell(expr.place, reason);
        }
        node
    }

    /// Says once that the stack met a limit. Resources may stand behind what is not known then.
    fn tell(&self, place: Place, reason: &str) {
        if self.told.borrow_mut().insert(reason.to_owned()) {
            self.log.borrow_mut().unseen(place, reason);
        }
    }

    fn eval_kind(&self, expr: &Expr, scope: &Scope) -> Node {
        let place = expr.place;
        match &expr.kind {
            ExprKind::Null => Node::null(place),
            ExprKind::Bool(value) => Node::bool(*value, place),
            ExprKind::Number(number) => Node::new(Value::Number(*number), place),
            ExprKind::Text(text) => Node::text(text.clone(), place),
            ExprKind::Template(parts) => self.render(parts, scope, place),
            ExprKind::List(items) => {
                Node::list(items.iter().map(|item| self.eval(item, scope)).collect(), place)
            }
            ExprKind::Object(entries) => self.object(entries, scope, place),
            ExprKind::Variable(_) | ExprKind::Access(..) => self.access(expr, scope),
            ExprKind::Call(name, arguments, expand) => self.call(name, arguments, *expand, place, scope),
            ExprKind::Conditional(parts) => self.conditional(parts, scope, place),
            ExprKind::Unary(op, operand) => operators::unary(*op, &self.eval(operand, scope), place),
            ExprKind::Binary(op, operands) => {
                let [left, right] = &**operands;
                operators::binary(*op, &self.eval(left, scope), &self.eval(right, scope), place)
            }
            ExprKind::For(for_expr) => self.for_expr(for_expr, scope, place),
            ExprKind::Paren(inner) => self.eval(inner, scope),
        }
    }

    fn object(&self, entries: &[(ObjectKey, Expr)], scope: &Scope, place: Place) -> Node {
        let mut map = Map::default();
        for (key, value) in entries {
            let (name, key_place) = match key {
                ObjectKey::Name(name, place) => (Some(Arc::clone(name)), *place),
                ObjectKey::Expr(expr) => {
                    let node = self.eval(expr, scope);
                    let name = node.display().map(Arc::from);
                    if name.is_none() {
                        map.open =
                            Some(node.open_reason().unwrap_or_else(|| "a key that is no string".into()));
                    }
                    (name, expr.place)
                }
            };
            if let Some(name) = name {
                map.insert(Key { name, place: key_place }, self.eval(value, scope));
            }
        }
        Node::map(map, place)
    }

    fn conditional(&self, parts: &[Expr; 3], scope: &Scope, place: Place) -> Node {
        let [condition, yes, no] = parts;
        let condition = self.eval(condition, scope);
        match to_bool(&condition) {
            Some(true) => self.eval(yes, scope),
            Some(false) => self.eval(no, scope),
            None => {
                let (yes, no) = (self.eval(yes, scope), self.eval(no, scope));
                if super::equality::equal(&yes, &no) == Some(true) {
                    return yes;
                }
                let reason =
                    condition.open_reason().unwrap_or_else(|| "a condition that is no boolean".into());
                Node::unknown(reason, place)
            }
        }
    }

    fn for_expr(&self, for_expr: &ForExpr, scope: &Scope, place: Place) -> Node {
        let collection = self.eval(&for_expr.collection, scope);
        let Some(pairs) = iterate(&collection) else {
            return match &collection.value {
                Value::Unknown(unknown) => Node::new(Value::Unknown(unknown.clone()), place),
                _ => Node::failed("only lists and maps can be iterated", place),
            };
        };
        let mut open = collection.open_reason();
        let (mut items, mut entries) = (Vec::new(), Vec::new());
        for (key, value) in pairs {
            if !self.spend(1) {
                return Node::unknown("evaluation went beyond its limits", place);
            }
            let mut inner = scope.with(Arc::clone(&for_expr.value_name), value);
            if let Some(name) = &for_expr.key_name {
                inner = inner.with(Arc::clone(name), key);
            }
            match for_expr.condition.as_ref().map_or(Some(true), |c| to_bool(&self.eval(c, &inner))) {
                Some(true) => {}
                Some(false) => continue,
                None => {
                    open = Some("a condition of a for-expression is not known".into());
                    continue;
                }
            }
            let value = self.eval(&for_expr.value, &inner);
            match &for_expr.key {
                None => items.push(value),
                Some(key) => match self.eval(key, &inner) {
                    node if node.display().is_some() => entries.push((node, value)),
                    _ => open = Some("a key of a for-expression is not known".into()),
                },
            }
        }
        if for_expr.key.is_none() {
            return Node::new(Value::List(Arc::new(List { items, open, set: false })), place);
        }
        Node::map(Map { open, ..grouped(entries, for_expr.grouping) }, place)
    }

    /// Evaluates something of an instance once. A value that needs itself is a cycle.
    pub(super) fn memoised(
        &self,
        instance: &Rc<Instance>,
        key: String,
        place: Place,
        compute: impl FnOnce() -> Node,
    ) -> Node {
        match instance.recall(&key) {
            Recall::Done(node) => node,
            Recall::Running => {
                let message = format!("`{key}` refers to itself");
                self.log.borrow_mut().problem(ProblemKind::ReferenceCycle, place, message);
                Node::unknown(format!("`{key}` refers to itself"), place)
            }
            Recall::New => {
                let node = compute();
                instance.remember(key, &node);
                node
            }
        }
    }
}

fn grouped(entries: Vec<(Node, Node)>, grouping: bool) -> Map {
    let key = |node: &Node| Key { name: node.display().unwrap_or_default().into(), place: node.place };
    if !grouping {
        return map_of(entries.into_iter().map(|(k, v)| (key(&k), v)));
    }
    let mut groups: Vec<(Key, Vec<Node>)> = Vec::new();
    for (k, value) in entries {
        let k = key(&k);
        match groups.iter_mut().find(|(name, _)| name.name == k.name) {
            Some((_, values)) => values.push(value),
            None => groups.push((k, vec![value])),
        }
    }
    map_of(groups.into_iter().map(|(k, values)| {
        let place = k.place;
        (k, Node::list(values, place))
    }))
}

/// Evaluates the attributes of a body that refers to no module: a file of variables, or a test's input.
pub fn evaluate_alone(files: &dyn Files, body: &Body) -> (Vec<(Arc<str>, Node)>, Log) {
    let modules = Modules::new(files);
    let evaluator = Evaluator::new(&modules);
    let scope = Scope::alone();
    let values =
        body.attributes.iter().map(|a| (Arc::clone(&a.name), evaluator.eval(&a.value, &scope))).collect();
    (values, evaluator.log.into_inner())
}
