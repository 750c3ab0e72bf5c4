//! Kubernetes quantities, compared exactly.

use crate::base::{Node, Value};
use std::fmt;

/// A quantity in billionths: of a byte, of a core.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Default)]
pub struct Quantity(i128);

const NANO: i128 = 1_000_000_000;

impl Quantity {
    /// A whole number of bytes or cores.
    pub fn whole(value: i64) -> Quantity {
        Quantity(i128::from(value) * NANO)
    }

    /// Mebibytes.
    pub fn mebibytes(value: i64) -> Quantity {
        Quantity::whole(value.saturating_mul(1 << 20))
    }

    /// Reads a quantity as Kubernetes does (apimachinery's resource.ParseQuantity): a number, then one of
    /// `Ki` to `Ei`, `n u m k M G T P E`, or a decimal exponent. What is finer than a billionth is
    /// rounded up.
    pub fn parse(text: &str) -> Option<Quantity> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let (number, suffix) = rest.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
            return None;
        }
        let (base, power) = scale(suffix)?;
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let value = scaled(digits, fraction.len() as i32, base, power)?;
        Some(Quantity(if negative { -value } else { value }))
    }

    /// The quantity of a scalar node; numbers are allowed beside strings.
    pub fn of(node: &Node) -> Option<Quantity> {
        match &node.value {
            Value::Number(_) => Quantity::parse(&node.display()?),
            Value::Text(text) if text.is_known() => Quantity::parse(text.as_str()),
            _ => None,
        }
    }

    /// Billionths.
    pub fn nanos(self) -> i128 {
        self.0
    }

    /// So many times the quantity.
    pub fn times(self, count: i64) -> Quantity {
        Quantity(self.0.saturating_mul(i128::from(count)))
    }

    /// The sum of two quantities.
    pub fn plus(self, other: Quantity) -> Quantity {
        Quantity(self.0.saturating_add(other.0))
    }
}

/// The factor of a suffix: a base and its power.
fn scale(suffix: &str) -> Option<(i128, i32)> {
    let binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    if let Some(index) = binary.iter().position(|known| *known == suffix) {
        return Some((1024, index as i32 + 1));
    }
    let power = match suffix {
        "n" => -9,
        "u" => -6,
        "m" => -3,
        "" => 0,
        "k" => 3,
        "M" => 6,
        "G" => 9,
        "T" => 12,
        "P" => 15,
        "E" => 18,
        _ => {
            let exponent = suffix.strip_prefix(['e', 'E'])?;
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            exponent.strip_prefix('+').unwrap_or(exponent).parse().ok().filter(|p: &i32| p.abs() <= 30)?
        }
    };
    Some((10, power))
}

/// `digits / 10^decimals * base^power` in billionths, rounded up.
fn scaled(digits: i128, decimals: i32, base: i128, power: i32) -> Option<i128> {
    let (mut numerator, mut tens) = (digits, 9 - decimals);
    if base == 10 {
        tens += power;
    } else {
        numerator = numerator.checked_mul(base.checked_pow(power as u32)?)?;
    }
    if tens >= 0 {
        return numerator.checked_mul(10_i128.checked_pow(tens as u32)?);
    }
    let divisor = 10_i128.checked_pow(tens.unsigned_abs())?;
    Some(numerator / divisor + i128::from(numerator % divisor > 0))
}

impl fmt::Display for Quantity {
    /// In the largest binary unit that divides it, else in mebibytes with one decimal, thousandths, or as
    /// it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(&str, i128); 4] = [("Ti", 1 << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)];
        for (unit, size) in UNITS {
            if self.0 != 0 && self.0 % (size * NANO) == 0 {
                return write!(f, "{}{unit}", self.0 / (size * NANO));
            }
        }
        if self.0 >= (1 << 20) * NANO {
            return write!(f, "{:.1}Mi", self.0 as f64 / (NANO as f64 * f64::from(1 << 20)));
        }
        if self.0 % NANO == 0 {
            return write!(f, "{}", self.0 / NANO);
        }
        write!(f, "{}m", self.0 as f64 / 1e6)
    }
}
