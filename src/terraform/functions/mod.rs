//! Terraform's functions, by the groups of its documentation.
//!
//! A function of unknown arguments is unknown; those that can do better ([`collections`], [`encoding`],
//! `try`, `can`) look at their arguments themselves. A function that is not here is unknown and reported.

mod collections;
mod combinations;
mod conversion;
mod encoding;
mod files;
mod hashes;
mod networks;
mod numbers;
mod regexes;
mod strings;
mod terragrunt;
mod yaml;

use super::evaluate::Evaluator;
use super::scope::Scope;
use crate::base::{Node, Place, Value};
use crate::syntax::hcl::Expr;

/// A function's arguments.
pub(super) struct Call<'a> {
    pub(super) name: &'a str,
    pub(super) args: &'a [Node],
    pub(super) place: Place,
}

impl Evaluator<'_> {
    /// The value of a function call.
    pub(super) fn call(&self, name: &str, args: &[Expr], expand: bool, place: Place, scope: &Scope) -> Node {
        let name = name.strip_prefix("core::").unwrap_or(name);
        match name {
            "try" => return self.try_each(args, place, scope),
            "can" => return self.can(args, place, scope),
            _ => {}
        }
        let mut values: Vec<Node> = args.iter().map(|arg| self.eval(arg, scope)).collect();
        if expand {
            match values.pop() {
                Some(last) if last.as_list().is_some_and(|list| list.open.is_none()) => {
                    values.extend(last.items().iter().cloned());
                }
                Some(last) => {
                    let reason =
                        last.open_reason().unwrap_or_else(|| "an argument list that is no list".into());
                    return Node::unknown(reason, place);
                }
                None => {}
            }
        }
        self.apply(&Call { name, args: &values, place }, scope)
    }

    fn apply(&self, call: &Call<'_>, scope: &Scope) -> Node {
        if let Some(node) = self.file_function(call, scope).or_else(|| self.terragrunt_function(call)) {
            return node;
        }
        let tolerant =
            collections::tolerant(call).or_else(|| encoding::call(call)).or_else(|| hashes::call(call));
        if let Some(node) = tolerant {
            return node;
        }
        if let Some(unknown) = call.args.iter().find(|arg| is_unknown(arg)) {
            let known = is_known_name(call.name);
            if known {
                let mut node = match &unknown.value {
                    Value::Unknown(unknown) => Node::new(Value::Unknown(unknown.clone()), call.place),
                    _ => Node::unknown(unknown.open_reason().unwrap_or_else(|| "unknown".into()), call.place),
                };
                node.trail = unknown.trail.clone();
                return node;
            }
        }
        let known = conversion::call(call)
            .or_else(|| strings::call(call))
            .or_else(|| numbers::call(call))
            .or_else(|| collections::call(call))
            .or_else(|| encoding::of_strings(call))
            .or_else(|| combinations::call(call))
            .or_else(|| regexes::call(call))
            .or_else(|| networks::call(call));
        known.unwrap_or_else(|| self.not_evaluated(call))
    }

    fn not_evaluated(&self, call: &Call<'_>) -> Node {
        let reason = match call.name {
            "timestamp" | "uuid" | "bcrypt" | "plantimestamp" => {
                return Node::unknown(format!("`{}` changes with every run", call.name), call.place);
            }
            name => format!("the result of function `{name}` is not computed"),
        };
        self.log.borrow_mut().unresolved(call.place, reason.as_str());
        Node::unknown(reason, call.place)
    }

    /// The first argument that can be evaluated.
    fn try_each(&self, args: &[Expr], place: Place, scope: &Scope) -> Node {
        for arg in args {
            let node = self.eval(arg, scope);
            if !has_failed(&node, 0) {
                return node;
            }
        }
        Node::failed("no argument of `try` can be evaluated", place)
    }

    fn can(&self, args: &[Expr], place: Place, scope: &Scope) -> Node {
        let Some(arg) = args.first() else { return Node::failed("`can` takes one argument", place) };
        let node = self.eval(arg, scope);
        match &node.value {
            Value::Unknown(unknown) if !unknown.failed => Node::unknown(unknown.reason.clone(), place),
            _ => Node::bool(!has_failed(&node, 0), place),
        }
    }
}

/// Whether something in a value cannot be evaluated.
fn has_failed(node: &Node, depth: usize) -> bool {
    const DEEPEST: usize = 24;
    if depth > DEEPEST {
        return false;
    }
    match &node.value {
        Value::Unknown(unknown) => unknown.failed,
        Value::List(list) => list.items.iter().any(|item| has_failed(item, depth + 1)),
        Value::Map(map) => map.entries.iter().any(|entry| has_failed(&entry.value, depth + 1)),
        _ => false,
    }
}

/// Whether an argument is unknown, or a text with unknown parts.
fn is_unknown(node: &Node) -> bool {
    match &node.value {
        Value::Unknown(_) => true,
        Value::Text(text) => !text.is_known(),
        _ => false,
    }
}

fn is_known_name(name: &str) -> bool {
    let groups = [
        strings::NAMES,
        numbers::NAMES,
        collections::NAMES,
        conversion::NAMES,
        encoding::NAMES,
        regexes::NAMES,
        networks::NAMES,
        combinations::NAMES,
    ];
    groups.iter().any(|names| names.contains(&name))
}

impl<'a> Call<'a> {
    pub(super) fn arg(&self, index: usize) -> Option<&'a Node> {
        self.args.get(index)
    }

    /// A known string, also of a number or boolean.
    pub(super) fn string(&self, index: usize) -> Option<String> {
        self.arg(index)?.display()
    }

    pub(super) fn fail(&self, reason: &str) -> Node {
        Node::failed(format!("`{}`: {reason}", self.name), self.place)
    }

    /// A string made here.
    pub(super) fn text(&self, text: impl Into<std::sync::Arc<str>>) -> Node {
        Node::made(text, self.place)
    }
}
