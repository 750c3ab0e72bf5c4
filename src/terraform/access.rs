//! References: variables, locals, modules, resources, and steps into values.

use super::evaluate::Evaluator;
use super::instance::{Arguments, Instance};
use super::module::Module;
use super::scope::Scope;
use super::types::constrain;
use crate::base::{Key, Map, Node, Number, Place, Unknown, Value, relative_path};
use crate::syntax::hcl::{Access, Block, Expr, ExprKind};
use std::rc::Rc;
use std::sync::Arc;

impl Evaluator<'_> {
    /// The value that a variable or traversal names, used at its place.
    pub(super) fn access(&self, expr: &Expr, scope: &Scope) -> Node {
        let (base, steps): (&Expr, &[Access]) = match &expr.kind {
            ExprKind::Access(base, steps) => (base, steps),
            _ => (expr, &[]),
        };
        let ExprKind::Variable(root) = &base.kind else {
            let node = self.eval(base, scope);
            return self.steps(node, steps, scope, expr.place).through(expr.place);
        };
        if let Some(node) = scope.get(root) {
            return self.steps(node.clone(), steps, scope, expr.place).through(expr.place);
        }
        let Some(instance) = scope.instance.clone() else {
            return match &scope.open {
                Some(reason) => Node::unknown(Arc::clone(reason), expr.place),
                None => Node::failed(format!("`{root}` is not passed to this template"), expr.place),
            };
        };
        let (node, used) = self.reference(root, steps, &instance, scope, expr.place);
        self.steps(node, steps.get(used..).unwrap_or(&[]), scope, expr.place).through(expr.place)
    }

    /// The value of a module's own name, and how many steps it took.
    fn reference(
        &self,
        root: &str,
        steps: &[Access],
        instance: &Rc<Instance>,
        scope: &Scope,
        place: Place,
    ) -> (Node, usize) {
        let name = |index: usize| match steps.get(index) {
            Some(Access::Attr(name, _)) => Some(&**name),
            _ => None,
        };
        match (root, name(0)) {
            ("var", Some(variable)) => (self.variable(instance, variable, place), 1),
            ("local", Some(local)) => (self.local(instance, local, place), 1),
            ("path", Some(which)) => (path(instance, which, place), 1),
            ("terraform", _) => {
                (Node::unknown("the workspace is chosen when Terraform runs", place), steps.len())
            }
            ("self" | "each" | "count", _) => {
                (Node::unknown(format!("`{root}` is not known here"), place), steps.len())
            }
            ("module", Some(call)) => self.module_output(instance, call, steps, scope, place),
            ("data", Some(kind)) => match name(1) {
                Some(name) => self.resource_attribute(
                    instance,
                    &instance.module.data,
                    (kind, name),
                    &steps[2..],
                    scope,
                    place,
                    2,
                ),
                None => (Node::failed("an incomplete reference", place), steps.len()),
            },
            (kind, Some(resource)) => self.resource_attribute(
                instance,
                &instance.module.resources,
                (kind, resource),
                &steps[1..],
                scope,
                place,
                1,
            ),
            _ => (Node::failed(format!("`{root}` is not declared"), place), steps.len()),
        }
    }

    /// The value of a variable of an instance.
    pub(super) fn variable(&self, instance: &Rc<Instance>, name: &str, place: Place) -> Node {
        self.memoised(instance, format!("var.{name}"), place, || {
            let Some(block) = instance.module.variables.get(name) else {
                return Node::failed(format!("variable `{name}` is not declared"), place);
            };
            let mut node = self.variable_value(instance, name, block, place);
            if node.is_null() && self.refuses_null(block) {
                node = self.default_of(block).unwrap_or(node);
            }
            match block.body.attribute("type") {
                Some(constraint) => {
                    let literal = |expr: &Expr| self.eval(expr, &Scope::alone());
                    constrain(node, &constraint.value, &literal)
                }
                None => node,
            }
        })
    }

    /// Whether `null` stands for a variable's default.
    fn refuses_null(&self, block: &Block) -> bool {
        let nullable = block.body.attribute("nullable").map(|a| self.eval(&a.value, &Scope::alone()));
        nullable.and_then(|node| node.as_bool()) == Some(false)
    }

    fn default_of(&self, block: &Block) -> Option<Node> {
        block.body.attribute("default").map(|a| self.eval(&a.value, &Scope::alone()))
    }

    fn variable_value(&self, instance: &Rc<Instance>, name: &str, block: &Block, place: Place) -> Node {
        let default = || self.default_of(block);
        match &instance.arguments {
            Arguments::Root(root) => {
                if let Some(value) = root.values.get(name) {
                    return value.clone();
                }
                if let Some(reason) = &root.unknown {
                    return Node::unknown(Arc::clone(reason), block.header);
                }
                default().unwrap_or_else(|| {
                    Node::unknown(
                        format!("variable `{name}` has no default and is set outside of the files"),
                        place,
                    )
                })
            }
            Arguments::Call { scope, call } => {
                let argument = scope.instance.as_ref().and_then(|caller| {
                    let block = caller.module.calls.get(*call)?;
                    block.body.attribute(name).map(|attribute| self.eval(&attribute.value, scope))
                });
                argument.or_else(default).unwrap_or_else(|| {
                    Node::failed(
                        format!("variable `{name}` is required and the call does not pass it"),
                        place,
                    )
                })
            }
        }
    }

    /// The value of a local of an instance.
    pub(super) fn local(&self, instance: &Rc<Instance>, name: &str, place: Place) -> Node {
        let Some(expr) = instance.module.locals.get(name) else {
            return Node::failed(format!("local `{name}` is not declared"), place);
        };
        self.memoised(instance, format!("local.{name}"), place, || self.eval(expr, &Scope::of(instance)))
    }

    fn module_output(
        &self,
        instance: &Rc<Instance>,
        call: &str,
        steps: &[Access],
        scope: &Scope,
        place: Place,
    ) -> (Node, usize) {
        let Some(index) = instance.module.calls.iter().position(|block| block.label(0) == Some(call)) else {
            return (Node::failed(format!("module `{call}` is not declared"), place), steps.len());
        };
        let children = self.children(instance, index);
        let repeated = instance.module.calls[index].body.attributes.iter().any(|a| is_repetition(&a.name));
        let (child, used) = match (repeated, steps.get(1)) {
            (true, Some(Access::Index(key))) => {
                let key = self.eval(key, scope).display();
                let suffix = key.map(|key| instance_suffix(&key));
                let found = children
                    .iter()
                    .find(|c| suffix.as_ref().is_some_and(|s| c.address.ends_with(s.as_str())));
                (found, 2)
            }
            (true, _) => (None, 1),
            _ => (children.first(), 1),
        };
        let Some(child) = child else {
            return (Node::unknown(format!("outputs of module `{call}` are not known"), place), steps.len());
        };
        let Some(Access::Attr(output, _)) = steps.get(used) else {
            return (Node::unknown(format!("module `{call}` as a whole"), place), steps.len());
        };
        let Some(block) = child.module.outputs.get(output) else {
            return (Node::failed(format!("module `{call}` has no output `{output}`"), place), steps.len());
        };
        let value = block.body.attribute("value");
        let node = self.memoised(child, format!("output.{output}"), place, || {
            value.map_or_else(|| Node::null(place), |value| self.eval(&value.value, &Scope::of(child)))
        });
        (node, used + 1)
    }

    /// An attribute of a resource or data source: its literal argument, else computed at apply.
    #[allow(clippy::too_many_arguments)]
    fn resource_attribute(
        &self,
        instance: &Rc<Instance>,
        blocks: &[Block],
        (kind, name): (&str, &str),
        steps: &[Access],
        scope: &Scope,
        place: Place,
        skipped: usize,
    ) -> (Node, usize) {
        let Some(block) = Module::find(blocks, kind, name) else {
            return (Node::failed(format!("`{kind}.{name}` is not declared"), place), skipped + steps.len());
        };
        let mut used = skipped;
        let mut steps = steps;
        let mut key = None;
        if let (true, Some(Access::Index(index))) = (is_repeated(block), steps.first()) {
            key = Some(self.eval(index, scope));
            steps = &steps[1..];
            used += 1;
        }
        let Some(Access::Attr(attribute, _)) = steps.first() else {
            return (Node::unknown(format!("`{kind}.{name}` as a whole"), place), used + steps.len());
        };
        let object_scope = self.repetition_scope(instance, block, key.as_ref());
        let label = key.as_ref().and_then(Node::display).unwrap_or_default();
        let memo = format!("{kind}.{name}[{label}].{attribute}");
        let node = self.memoised(instance, memo, place, || {
            self.block_member(block, attribute, &object_scope).unwrap_or_else(|| {
                // The header tells which resource it is an attribute of.
                Node::unknown(computed(block, attribute), place).through_all([block.header])
            })
        });
        (node, used + 1)
    }

    /// The scope of a repeated block's body for one key.
    fn repetition_scope(&self, instance: &Rc<Instance>, block: &Block, key: Option<&Node>) -> Scope {
        let scope = Scope::of(instance);
        let Some(key) = key else { return scope };
        let mut each = Map::default();
        let place = key.place;
        if let Some(for_each) = block.body.attribute("for_each") {
            let collection = self.eval(&for_each.value, &scope);
            let value = key.as_str().and_then(|k| collection.as_map().and_then(|m| m.get(k)));
            each.insert(Key { name: "key".into(), place }, key.clone());
            let value = value.cloned().unwrap_or_else(|| key.clone());
            each.insert(Key { name: "value".into(), place }, value);
            return scope.with("each", Node::map(each, place));
        }
        each.insert(Key { name: "index".into(), place }, key.clone());
        scope.with("count", Node::map(each, place))
    }

    /// Follows steps into a value.
    pub(super) fn steps(&self, node: Node, steps: &[Access], scope: &Scope, place: Place) -> Node {
        let mut node = node;
        for (index, step) in steps.iter().enumerate() {
            node = match step {
                Access::Attr(name, _) => member(&node, name, place),
                Access::Index(key) => index_into(&node, &self.eval(key, scope), place),
                Access::Splat(_) => {
                    let rest = &steps[index + 1..];
                    return self.splat(&node, rest, scope, place);
                }
            };
        }
        node
    }

    fn splat(&self, node: &Node, rest: &[Access], scope: &Scope, place: Place) -> Node {
        match &node.value {
            Value::List(list) => {
                let items =
                    list.items.iter().map(|item| self.steps(item.clone(), rest, scope, place)).collect();
                let mut out = Node::list(items, place);
                if let (Value::List(made), Some(_)) = (&mut out.value, &list.open) {
                    let items = made.items.clone();
                    *made = Arc::new(crate::base::List { items, open: list.open.clone(), set: false });
                }
                out
            }
            Value::Unknown(unknown) => Node::new(Value::Unknown(unknown.clone()), place),
            Value::Null => Node::list(Vec::new(), place),
            _ => Node::list(vec![self.steps(node.clone(), rest, scope, place)], place),
        }
    }
}

/// The value of an attribute or key.
pub(super) fn member(node: &Node, name: &str, place: Place) -> Node {
    match &node.value {
        Value::Map(map) => match (map.get(name), &map.open) {
            (Some(value), _) => value.clone(),
            (None, Some(reason)) => Node::unknown(Arc::clone(reason), place),
            (None, None) => Node::failed(format!("there is no attribute `{name}`"), place),
        },
        Value::Unknown(unknown) => Node::new(Value::Unknown(unknown.clone()), place),
        // `list.0` and, on a block that stands once, `list.attr` of old configurations.
        Value::List(list) if list.items.len() == 1 => member(&list.items[0], name, place),
        _ => Node::failed(format!("there is no attribute `{name}`"), place),
    }
}

/// The value at an index or key.
pub(super) fn index_into(node: &Node, key: &Node, place: Place) -> Node {
    if let Value::Unknown(unknown) = &key.value {
        return Node::new(Value::Unknown(unknown.clone()), place);
    }
    match &node.value {
        Value::List(list) => {
            let index =
                key.as_number().and_then(Number::as_i64).and_then(|index| usize::try_from(index).ok());
            match (index.and_then(|index| list.items.get(index)), &list.open) {
                (Some(item), _) => item.clone(),
                (None, Some(reason)) => Node::unknown(Arc::clone(reason), place),
                (None, None) => Node::failed("the index is out of range", place),
            }
        }
        Value::Map(_) => match key.display() {
            Some(name) => member(node, &name, place),
            None => Node::unknown("a key that is not known", place),
        },
        Value::Unknown(Unknown { .. }) => Node { place, ..node.clone() },
        _ => Node::failed("only lists and maps can be indexed", place),
    }
}

/// Paths are relative to the root module's folder, as Terraform has them.
fn path(instance: &Instance, which: &str, place: Place) -> Node {
    match which {
        "module" => Node::made(relative_path(&instance.root_dir, &instance.module.dir), place),
        "root" | "cwd" => Node::made(".", place),
        _ => Node::failed(format!("there is no `path.{which}`"), place),
    }
}

/// Whether a block stands for several objects.
pub(super) fn is_repeated(block: &Block) -> bool {
    block.body.attributes.iter().any(|attribute| is_repetition(&attribute.name))
}

fn is_repetition(name: &str) -> bool {
    matches!(name, "count" | "for_each")
}

/// How an address ends for a key: `[0]` or `["key"]`.
pub(super) fn instance_suffix(key: &str) -> String {
    if key.parse::<u64>().is_ok() { format!("[{key}]") } else { format!("[\"{key}\"]") }
}

/// Why what a block does not state is not known.
fn computed(block: &Block, attribute: &str) -> String {
    let address: Vec<&str> = block.labels.iter().map(|label| &*label.name).collect();
    let address = address.join(".");
    match &*block.kind {
        "data" => format!("`data.{address}` is read when Terraform runs"),
        _ => format!("`{address}.{attribute}` is known after apply"),
    }
}
