//! Counts and sizes in words.
//!
//! Knows numbers. Knows nothing of what is counted.

/// `1 record`, `2 records`.
pub(crate) fn count(n: u64, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}

/// A size for people: `840 bytes`, `41.2 KB`, `3.0 MB`.
pub(crate) fn size(n_bytes: u64) -> String {
    match n_bytes {
        0..1_000 => count(n_bytes, "byte"),
        1_000..1_000_000 => format!("{:.1} KB", n_bytes as f64 / 1e3),
        _ => format!("{:.1} MB", n_bytes as f64 / 1e6),
    }
}
