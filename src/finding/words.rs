//! Words that findings share.

/// `1 file`, `2 files`.
pub fn counted(count: i64, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// The known word nearest to a word, if it is near.
pub fn closest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    closest_within(word, known, 1 + word.chars().count() / 4)
}

/// The known word nearest to a word, if no more than some letters differ.
pub fn closest_within<'a>(word: &str, known: &[&'a str], most: usize) -> Option<&'a str> {
    let (distance, best) =
        known.iter().map(|known| (strsim::damerau_levenshtein(word, known), *known)).min()?;
    (distance <= most).then_some(best)
}
