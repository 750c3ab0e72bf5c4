//! Numeric functions.

use super::super::types::to_number;
use super::Call;
use crate::base::{Node, Number, Value};

pub(super) const NAMES: &[&str] = &["abs", "ceil", "floor", "max", "min", "parseint", "pow", "signum", "log"];

pub(super) fn call(call: &Call<'_>) -> Option<Node> {
    if !NAMES.contains(&call.name) {
        return None;
    }
    if call.name == "parseint" {
        return Some(parse_int(call));
    }
    let Some(numbers) = call.args.iter().map(to_number).collect::<Option<Vec<Number>>>() else {
        return Some(call.fail("an argument is not a number"));
    };
    let Some(first) = numbers.first().copied() else { return Some(call.fail("takes an argument")) };
    let second = numbers.get(1).map_or(0.0, |n| n.as_f64());
    let result = match call.name {
        "abs" => Number::from_f64(first.as_f64().abs()),
        "ceil" => Number::from_f64(first.as_f64().ceil()),
        "floor" => Number::from_f64(first.as_f64().floor()),
        "signum" => Number::from_f64(if first.as_f64() == 0.0 { 0.0 } else { first.as_f64().signum() }),
        "pow" => Number::from_f64(first.as_f64().powf(second)),
        "log" => Number::from_f64(first.as_f64().log(second)),
        "max" => fold(&numbers, f64::gt),
        _ => fold(&numbers, f64::lt),
    };
    Some(Node::new(Value::Number(result), call.place))
}

fn fold(numbers: &[Number], wins: fn(&f64, &f64) -> bool) -> Number {
    let mut best = numbers[0];
    for number in numbers {
        if wins(&number.as_f64(), &best.as_f64()) {
            best = *number;
        }
    }
    best
}

fn parse_int(call: &Call<'_>) -> Node {
    let radix = call.arg(1).and_then(to_number).and_then(Number::as_i64).filter(|r| (2..=36).contains(r));
    let parsed =
        call.string(0).zip(radix).and_then(|(text, radix)| i64::from_str_radix(&text, radix as u32).ok());
    parsed.map_or_else(|| call.fail("no number in that base"), |value| Node::int(value, call.place))
}
