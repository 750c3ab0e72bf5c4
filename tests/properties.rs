//! Quantities and disruption arithmetic against slow, obvious models.

#![allow(missing_docs, clippy::unwrap_used)]

use proptest::prelude::*;
use steadfast::model::{Demand, IntOrPercent, Quantity};

/// Suffixes of the API with their factors as a fraction.
const SUFFIXES: [(&str, i128, i128); 17] = [
    ("", 1, 1),
    ("n", 1, 1_000_000_000),
    ("u", 1, 1_000_000),
    ("m", 1, 1_000),
    ("k", 1_000, 1),
    ("M", 1_000_000, 1),
    ("G", 1_000_000_000, 1),
    ("T", 1_000_000_000_000, 1),
    ("P", 1_000_000_000_000_000, 1),
    ("E", 1_000_000_000_000_000_000, 1),
    ("Ki", 1 << 10, 1),
    ("Mi", 1 << 20, 1),
    ("Gi", 1 << 30, 1),
    ("Ti", 1 << 40, 1),
    ("Pi", 1 << 50, 1),
    ("e3", 1_000, 1),
    ("E-3", 1, 1_000),
];

/// The billionths of `whole.fraction × numerator / denominator`, rounded up, digit by digit.
fn slow_nanos(whole: u32, fraction: &str, numerator: i128, denominator: i128) -> i128 {
    let scale = 10_i128.pow(fraction.len() as u32);
    let digits = i128::from(whole) * scale + fraction.parse::<i128>().unwrap_or(0);
    let (top, bottom) = (digits * numerator * 1_000_000_000, scale * denominator);
    let mut result = top / bottom;
    while result * bottom < top {
        result += 1;
    }
    result
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn quantities_are_what_the_grammar_says(whole in 0_u32..100_000, fraction in "[0-9]{0,3}", suffix in 0..SUFFIXES.len()) {
        let (suffix, numerator, denominator) = SUFFIXES[suffix];
        let text = if fraction.is_empty() { format!("{whole}{suffix}") } else { format!("{whole}.{fraction}{suffix}") };
        let expected = slow_nanos(whole, &fraction, numerator, denominator);
        prop_assert_eq!(Quantity::parse(&text).map(Quantity::nanos), Some(expected), "{}", text);
        prop_assert_eq!(Quantity::parse(&format!("-{text}")).map(Quantity::nanos), Some(-expected));
        prop_assert_eq!(Quantity::parse(&format!("+{text}")).map(Quantity::nanos), Some(expected));
    }

    #[test]
    fn quantities_of_other_shapes_are_none(number in "[0-9]{1,3}", unit in "(MB|KB|gb|mi|Mb| Mi|Gi |B|K|ki|Zi|%|e|E\\+|e1\\.5|Mi1|,5Gi|\\.1\\.2)") {
        let text = format!("{number}{unit}");
        prop_assert!(Quantity::parse(&text).is_none(), "{}", text);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,12}") {
        let _ = Quantity::parse(&text);
    }

    #[test]
    fn what_is_printed_is_the_same_quantity(mebibytes in 0_i64..10_000_000) {
        let quantity = Quantity::mebibytes(mebibytes);
        prop_assert_eq!(Quantity::parse(&quantity.to_string()), Some(quantity));
    }

    #[test]
    fn budgets_allow_what_counting_says(total in 0_i64..60, value in 0_i64..130, percent: bool, min: bool) {
        let value_of = if percent { IntOrPercent::Percent(value) } else { IntOrPercent::Int(value) };
        let demand = if min { Demand::MinAvailable(value_of) } else { Demand::MaxUnavailable(value_of) };
        let fast = demand.allowed(total).clamp(0, total);
        prop_assert_eq!(fast, slow_allowed(total, value, percent, min), "{:?} of {}", demand, total);
        if demand.never_allows() {
            prop_assert_eq!(fast, 0);
        }
    }
}

/// Evicts one pod after another while the budget still holds.
fn slow_allowed(total: i64, value: i64, percent: bool, min: bool) -> i64 {
    // The smallest number of pods that is at least the share.
    let share = if percent { (0..=200).find(|pods| pods * 100 >= value * total).unwrap() } else { value };
    let mut gone = 0;
    while gone < total {
        let next = gone + 1;
        let holds = if min { total - next >= share } else { next <= share };
        if !holds {
            break;
        }
        gone = next;
    }
    gone
}

#[test]
fn known_quantities() {
    let nanos = |text: &str| Quantity::parse(text).map(Quantity::nanos);
    assert_eq!(nanos("1.5Gi"), nanos("1536Mi"));
    assert_eq!(nanos("0.5"), nanos("500m"));
    assert_eq!(nanos("1e3"), nanos("1k"));
    assert_eq!(nanos("1E"), nanos("1e18"));
    assert_eq!(nanos(".5Mi"), nanos("512Ki"));
    assert_eq!(nanos("0.1n"), Some(1), "what is finer than a billionth is rounded up");
    for text in ["", ".", "1 Gi", "1,5Gi", "512MB", "Mi", "1.5.2", "0x10", "١Gi", "1e", "--1"] {
        assert_eq!(nanos(text), None, "{text}");
    }
}
