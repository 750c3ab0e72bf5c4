//! Sizes as Postgres writes them.

use crate::model::Quantity;

/// A size in bytes: a number with `B`, `kB`, `MB`, `GB` or `TB` (powers of 1,024), or of blocks of 8 KiB without a unit,
/// as `shared_buffers` is counted (Postgres 18: guc.c, unit_conversion_table).
pub fn postgres_size(text: &str) -> Option<Quantity> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: i64 = text[..end].parse().ok()?;
    let unit = match text[end..].trim() {
        "B" => 1,
        "kB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        "TB" => 1 << 40,
        "" => 8 << 10,
        _ => return None,
    };
    number.checked_mul(unit).map(Quantity::whole)
}

#[cfg(test)]
mod tests {
    use super::postgres_size;
    use crate::model::Quantity;

    #[test]
    fn units_are_powers_of_1024() {
        assert_eq!(postgres_size("1GB"), Some(Quantity::mebibytes(1024)));
        assert_eq!(postgres_size("128 MB"), Some(Quantity::mebibytes(128)));
        assert_eq!(postgres_size("16384"), Some(Quantity::mebibytes(128)));
        assert_eq!(postgres_size("1Gi"), None);
        assert_eq!(postgres_size("1mb"), None);
        assert_eq!(postgres_size(""), None);
    }
}
