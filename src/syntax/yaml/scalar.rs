//! What a plain scalar means.
//!
//! The schema is the one of Kubernetes' and Helm's reader (sigs.k8s.io/yaml, which is go-yaml 2): YAML 1.1
//! words for booleans, a leading `0` for octal, underscores in numbers.

use crate::base::{Number, Value};

/// The value of a plain scalar; none where it is a string.
pub fn plain_scalar(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            return Some(Value::Bool(true));
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return Some(Value::Bool(false));
        }
        _ => {}
    }
    let first = text.as_bytes()[0];
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return None;
    }
    number(text).map(Value::Number)
}

fn number(text: &str) -> Option<Number> {
    let plain = text.replace('_', "");
    let (negative, digits) = match plain.as_bytes().first()? {
        b'-' => (true, &plain[1..]),
        b'+' => (false, &plain[1..]),
        _ => (false, plain.as_str()),
    };
    if digits.is_empty() || digits.starts_with(['+', '-']) {
        return None;
    }
    let sign = |n: i64| if negative { -n } else { n };
    for (prefix, radix) in [("0x", 16), ("0b", 2), ("0o", 8)] {
        if let Some(rest) = digits.strip_prefix(prefix) {
            return i64::from_str_radix(rest, radix).ok().map(|n| Number::Int(sign(n)));
        }
    }
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        return integer(digits)
            .map_or_else(|| digits.parse().ok().map(Number::Float), |n| Some(Number::Int(sign(n))));
    }
    if matches!(digits, ".inf" | ".Inf" | ".INF") {
        return Some(Number::Float(if negative { f64::NEG_INFINITY } else { f64::INFINITY }));
    }
    if is_float(digits) {
        let value: f64 = digits.parse().ok()?;
        return Some(Number::from_f64(if negative { -value } else { value }));
    }
    None
}

fn integer(digits: &str) -> Option<i64> {
    if digits.len() > 1
        && digits.starts_with('0')
        && let Ok(value) = i64::from_str_radix(digits, 8)
    {
        return Some(value);
    }
    digits.parse().ok()
}

fn is_float(digits: &str) -> bool {
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let exponent_holds = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['+', '-']).unwrap_or(e);
        !e.is_empty() && all_digits(e)
    });
    all_digits(whole) && all_digits(fraction) && !(whole.is_empty() && fraction.is_empty()) && exponent_holds
}
