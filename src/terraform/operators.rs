//! Arithmetic, comparison and logic. An unknown operand gives an unknown, unless the other one decides.

use super::equality::equal;
use super::types::{to_bool, to_number};
use crate::base::{Node, Number, Place, Unknown, Value};
use crate::syntax::hcl::{BinaryOp, UnaryOp};

pub(super) fn unary(op: UnaryOp, operand: &Node, place: Place) -> Node {
    if let Value::Unknown(unknown) = &operand.value {
        return Node::new(Value::Unknown(unknown.clone()), place);
    }
    let result = match op {
        UnaryOp::Not => to_bool(operand).map(|value| Value::Bool(!value)),
        UnaryOp::Neg => to_number(operand).map(|value| Value::Number(negate(value))),
    };
    result.map_or_else(
        || Node::failed("the operand has the wrong type", place),
        |value| Node::new(value, place),
    )
}

fn negate(number: Number) -> Number {
    match number {
        Number::Int(int) => int.checked_neg().map_or(Number::Float(-(int as f64)), Number::Int),
        Number::Float(float) => Number::Float(-float),
    }
}

pub(super) fn binary(op: BinaryOp, left: &Node, right: &Node, place: Place) -> Node {
    let value = match op {
        BinaryOp::Eq => return equality(left, right, true, place),
        BinaryOp::NotEq => return equality(left, right, false, place),
        BinaryOp::And => return logic(left, right, false, place),
        BinaryOp::Or => return logic(left, right, true, place),
        _ => arithmetic(op, left, right),
    };
    match value {
        Ok(value) => Node::new(value, place),
        Err(unknown) => Node::new(Value::Unknown(unknown), place),
    }
}

fn equality(left: &Node, right: &Node, wanted: bool, place: Place) -> Node {
    match equal(left, right) {
        Some(equal) => Node::bool(equal == wanted, place),
        None => unknown_of(left, right, place),
    }
}

/// `&&` is decided by a false operand, `||` by a true one, whatever the other is.
fn logic(left: &Node, right: &Node, deciding: bool, place: Place) -> Node {
    match (to_bool(left), to_bool(right)) {
        (Some(value), _) | (_, Some(value)) if value == deciding => Node::bool(deciding, place),
        (Some(_), Some(_)) => Node::bool(!deciding, place),
        _ => unknown_of(left, right, place),
    }
}

fn arithmetic(op: BinaryOp, left: &Node, right: &Node) -> Result<Value, Unknown> {
    for operand in [left, right] {
        if let Value::Unknown(unknown) = &operand.value {
            return Err(unknown.clone());
        }
    }
    let failed = |reason: &str| Unknown { reason: reason.into(), failed: true };
    let (Some(a), Some(b)) = (to_number(left), to_number(right)) else {
        return Err(failed("an operand is not a number"));
    };
    let (x, y) = (a.as_f64(), b.as_f64());
    Ok(match op {
        BinaryOp::Less => Value::Bool(x < y),
        BinaryOp::LessEq => Value::Bool(x <= y),
        BinaryOp::Greater => Value::Bool(x > y),
        BinaryOp::GreaterEq => Value::Bool(x >= y),
        BinaryOp::Div | BinaryOp::Mod if y == 0.0 => return Err(failed("a division by zero")),
        BinaryOp::Div => Value::Number(Number::from_f64(x / y)),
        BinaryOp::Mod => Value::Number(exact(a, b, i64::checked_rem, x % y)),
        BinaryOp::Add => Value::Number(exact(a, b, i64::checked_add, x + y)),
        BinaryOp::Sub => Value::Number(exact(a, b, i64::checked_sub, x - y)),
        _ => Value::Number(exact(a, b, i64::checked_mul, x * y)),
    })
}

fn exact(a: Number, b: Number, op: fn(i64, i64) -> Option<i64>, float: f64) -> Number {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => op(a, b).map_or(Number::Float(float), Number::Int),
        _ => Number::from_f64(float),
    }
}

fn unknown_of(left: &Node, right: &Node, place: Place) -> Node {
    for operand in [left, right] {
        if let Value::Unknown(unknown) = &operand.value {
            return Node::new(Value::Unknown(unknown.clone()), place);
        }
        if let Some(reason) = operand.open_reason() {
            return Node::unknown(reason, place);
        }
    }
    Node::failed("an operand has the wrong type", place)
}
