//! What the expressions of a Terragrunt file see: its locals, dependencies, and what other files offer.

use super::super::evaluate::{Evaluator, Unit};
use super::super::instance::Instance;
use super::super::log::ProblemKind;
use super::super::module::Module;
use super::super::scope::{Names, Scope};
use super::included_path;
use crate::base::{Key, List, Map, Node, Place, Text, Value};
use crate::syntax::hcl::{Block, Body, parse_hcl};
use std::sync::Arc;

const OTHER_UNIT: &str = "an output of another unit, known when Terragrunt runs";
const NOT_OFFERED: &str = "only locals and inputs are read from another Terragrunt file";

/// A file's locals.
fn locals_of(body: &Body, unit_dir: &str) -> Arc<Module> {
    let mut module = Module { dir: unit_dir.to_owned(), ..Module::default() };
    let locals: Vec<Block> = body.blocks("locals").cloned().collect();
    module.add(Body { attributes: Vec::new(), blocks: locals });
    Arc::new(module)
}

/// The scope of expressions that name neither includes nor dependencies.
pub(super) fn plain_scope(body: &Body, unit_dir: &str) -> Scope {
    Scope::of(&Instance::of_unit(locals_of(body, unit_dir), Names::default()))
}

/// The scope of a file's expressions.
pub(super) fn file_scope(evaluator: &Evaluator<'_>, body: &Body, unit_dir: &str, start: Place) -> Scope {
    let module = locals_of(body, unit_dir);
    // Includes and dependencies are named by locals that refer to neither.
    let plain = Scope::of(&Instance::of_unit(Arc::clone(&module), Names::default()));
    let mut names = Names::default();
    names.add("dependency", dependencies(evaluator, body, &plain, start));
    names.add("include", exposed(evaluator, body, (unit_dir, start), &plain));
    Scope::of(&Instance::of_unit(module, names))
}

/// `dependency.NAME.outputs`: what a mock has shows which outputs there are, never what they are.
fn dependencies(evaluator: &Evaluator<'_>, body: &Body, scope: &Scope, start: Place) -> Node {
    let mut all = Map { open: Some("a dependency of an included file".into()), ..Map::default() };
    for block in body.blocks("dependency") {
        let Some(label) = block.labels.first() else { continue };
        let mock = block.body.attribute("mock_outputs").map(|a| evaluator.eval(&a.value, scope));
        let outputs = mock.map_or_else(|| Node::unknown(OTHER_UNIT, block.header), |mock| shape(&mock));
        let mut dependency = Map { open: Some(OTHER_UNIT.into()), ..Map::default() };
        dependency.insert(Key { name: "outputs".into(), place: block.header }, outputs);
        let key = Key { name: Arc::clone(&label.name), place: block.header };
        all.insert(key, Node::map(dependency, block.header));
    }
    Node::map(all, start)
}

/// A value of which only the keys are known.
fn shape(mock: &Node) -> Node {
    match &mock.value {
        Value::Map(map) => {
            let mut out = Map { open: Some(OTHER_UNIT.into()), ..Map::default() };
            for entry in &map.entries {
                out.insert(entry.key.clone(), shape(&entry.value));
            }
            Node::map(out, mock.place)
        }
        _ => Node::unknown(OTHER_UNIT, mock.place),
    }
}

/// `include.NAME`, or `include` itself where the block has no label: what an exposed file offers.
fn exposed(evaluator: &Evaluator<'_>, body: &Body, (unit_dir, start): (&str, Place), scope: &Scope) -> Node {
    let mut all = Map { open: Some("an include that is not exposed".into()), ..Map::default() };
    for block in body.blocks("include") {
        let expose = block.body.attribute("expose").map(|a| evaluator.eval(&a.value, scope));
        if !expose.is_some_and(|node| matches!(node.value, Value::Bool(true))) {
            continue;
        }
        let Some((path, named_at)) = included_path(evaluator, unit_dir, block, scope) else { continue };
        let offered = read_config(evaluator, &path, Unit::of_file(unit_dir, &path), named_at);
        match block.labels.first() {
            Some(label) => {
                all.insert(Key { name: Arc::clone(&label.name), place: block.header }, offered);
            }
            None => return offered,
        }
    }
    Node::map(all, start)
}

/// The locals and inputs of a file, read as a file of a unit.
pub(in super::super) fn read_config(evaluator: &Evaluator<'_>, path: &str, unit: Unit, place: Place) -> Node {
    if evaluator.configs.borrow().iter().any(|open| open == path) {
        let message = format!("`{path}` reads itself");
        evaluator.log.borrow_mut().problem(ProblemKind::ReferenceCycle, place, message.as_str());
        return Node::unknown(message, place);
    }
    let Ok(file) = evaluator.files.text(path) else {
        return Node::unknown(format!("`{path}` cannot be read"), place);
    };
    let (body, issues) = parse_hcl(&Text::of_file(&file));
    evaluator.log.borrow_mut().issues.extend(issues);
    evaluator.configs.borrow_mut().push(path.to_owned());
    let unit_dir = unit.dir.clone();
    let offered = evaluator.in_unit(unit, || {
        let scope = file_scope(evaluator, &body, &unit_dir, Place::new(file.id(), 0, 0));
        let mut out = Map { open: Some(NOT_OFFERED.into()), ..Map::default() };
        let key = |name: &str| Key { name: name.into(), place };
        out.insert(key("locals"), all_locals(evaluator, &scope, place));
        if body.blocks("include").next().is_none() {
            let inputs = body.attribute("inputs").map(|a| evaluator.eval(&a.value, &scope));
            out.insert(key("inputs"), inputs.unwrap_or_else(|| Node::map(Map::default(), place)));
        }
        Node::map(out, place)
    });
    evaluator.configs.borrow_mut().pop();
    offered
}

fn all_locals(evaluator: &Evaluator<'_>, scope: &Scope, place: Place) -> Node {
    let mut out = Map::default();
    if let Some(instance) = &scope.instance {
        let mut names: Vec<&Arc<str>> = instance.module.locals.keys().collect();
        names.sort();
        for name in names {
            let value = evaluator.local(instance, name, place);
            out.insert(Key { name: Arc::clone(name), place: value.place }, value);
        }
    }
    Node::map(out, place)
}

/// Merges maps and, if wanted, joins lists; anything else is replaced.
pub(super) fn deep_merge(under: &Node, over: &Node, join_lists: bool) -> Node {
    match (&under.value, &over.value) {
        (Value::Map(below), Value::Map(above)) => {
            let mut out = Map::clone(below);
            out.open = below.open.clone().or_else(|| above.open.clone());
            for entry in &above.entries {
                let value = match below.get(&entry.key.name) {
                    Some(old) => deep_merge(old, &entry.value, join_lists),
                    None => entry.value.clone(),
                };
                out.insert(entry.key.clone(), value);
            }
            Node { value: Value::Map(Arc::new(out)), ..over.clone() }
        }
        (Value::List(below), Value::List(above)) if join_lists => {
            let items = below.items.iter().chain(&above.items).cloned().collect();
            let open = below.open.clone().or_else(|| above.open.clone());
            Node { value: Value::List(Arc::new(List { items, open, set: false })), ..over.clone() }
        }
        _ => over.clone(),
    }
}
