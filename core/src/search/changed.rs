//! What a word of the query may be changed from, or to, at its beginning: `Caerdydd` where an index has
//! `Nghaerdydd` alone.
//!
//! Only for the languages that the index holds, whichever the reader's is; without one of them it costs
//! nothing. Knows the dictionary and the rules of `text`; knows no postings.

use crate::error::Corrupt;
use crate::index::Fetch;
use crate::search::lookup::blocks_between;
use crate::text::mutations::add_others;

/// The words that may stand in an index for one that it does not hold. Their blocks are asked for, of
/// which there are five at most for each language, beside the word's own.
pub(super) fn others(fetch: &mut Fetch<'_>, written: &str) -> Result<Vec<String>, Corrupt> {
    let mut others = Vec::new();
    for (lang, n_records) in &fetch.manifest().languages {
        if *n_records > 0 {
            add_others(lang, written, &mut others);
        }
    }
    for other in &others {
        blocks_between(fetch, other, other, 1)?;
    }
    Ok(others)
}

/// Whether a word is typed with a capital behind its first letter, as Irish writes `nAthair`, which in
/// small letters may be another word.
pub(super) fn is_prefixed(typed: &str) -> bool {
    match typed.as_bytes() {
        [first, second, ..] => first.is_ascii_lowercase() && second.is_ascii_uppercase(),
        _ => false,
    }
}
