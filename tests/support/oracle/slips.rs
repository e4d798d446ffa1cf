//! How many slips lie between two words, by the plain table: insertions, deletions, substitutions and
//! swaps of neighbouring letters, no letter touched twice ("optimal string alignment").
//!
//! Knows words only.

/// How many slips a word of so many letters is allowed.
pub fn budget(word: &str) -> usize {
    match word.chars().count() {
        0..=4 => 0,
        5..=8 => 1,
        9..=64 => 2,
        _ => 0,
    }
}

/// The distance of two words: the whole table, a row for each letter.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let changed = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                let swapped = if is_swap {
                    table[i - 2][j - 2] + 1
                } else {
                    usize::MAX
                };
                let one_off = table[i - 1][j].min(table[i][j - 1]) + 1;
                changed.min(swapped).min(one_off)
            };
        }
    }
    table[a.len()][b.len()]
}
