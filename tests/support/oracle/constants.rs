//! The numbers of the core's ranking and of its caps, told once more: whoever tunes `rank.rs` changes
//! them here as well, and nowhere else.
//!
//! Knows nothing.

/// How soon further occurrences of a word stop counting.
pub(super) const K1: f64 = 1.2;
/// How much a field's length counts against it, and a title's.
pub(super) const B: f64 = 0.7;
pub(super) const B_TITLE: f64 = 0.9;
/// Average lengths below this count as this.
pub(super) const MIN_AVERAGE: f64 = 5.0;
/// The power of the inverse document frequency, less 1, and how many terms its series has.
pub(super) const IDF_POWER: f64 = 0.1;
pub(super) const IDF_TERMS: u32 = 5;
/// What a function word counts beside others.
pub(super) const FUNCTION_WEIGHT: f64 = 0.25;
/// What a title counts that was asked for as a whole.
pub(super) const TITLE_WEIGHT: f64 = 0.5;
/// What it counts that words stand near each other.
pub(super) const NEAR_WEIGHT: f64 = 0.2;

/// What a match is worth: as written, but for marks, in another form, as a beginning, by one slip, by
/// two.
pub(super) const AS_WRITTEN: f64 = 1.0;
pub(super) const FOLDED: f64 = 0.98;
pub(super) const SAME_STEM: f64 = 0.65;
pub(super) const PREFIX: f64 = 0.5;
pub(super) const SLIPS: [f64; 3] = [1.0, 0.8, 0.6];

/// With so many records that hold all words, `auto` leaves out the others.
pub(super) const ENOUGH_FULL_MATCHES: usize = 10;
/// With so many records that hold a word, it is taken for finished.
pub(super) const ENOUGH_DOCS: usize = 10;
/// Fewest letters of a word that others may begin with: the last thing typed, and any other.
pub(super) const MIN_PREFIX_LETTERS: usize = 2;
pub(super) const MIN_RARE_LETTERS: usize = 3;
/// Most classes that a beginning, or a slip, stands for.
pub(super) const MAX_PREFIX_TERMS: usize = 50;
pub(super) const MAX_SLIP_TERMS: usize = 10;
/// Most words that a notice names of those that begin so, and of those suggested.
pub(super) const MAX_NAMED_WORDS: usize = 10;
pub(super) const MAX_NAMED_BEGINNINGS: usize = 5;
pub(super) const MAX_SUGGESTED: usize = 3;
/// A word in at most so many records may be a slip of one in so many times as many.
pub(super) const RARE_DOCS: usize = 2;
pub(super) const MEANT_FACTOR: usize = 10;
/// A language of one record in so many has its function words known.
pub(super) const FUNCTION_WORDS_SHARE: usize = 20;

/// The function words among what the corpus writes and types.
pub(super) const FUNCTION_WORDS: &[(&str, &str)] = &[
    ("en", "a"),
    ("en", "an"),
    ("cy", "a"),
    ("cy", "mae"),
    ("cy", "maer"),
    ("de", "an"),
    ("fr", "a"),
    ("fr", "ca"),
];

/// Most sections that a hit shows.
pub(super) const MAX_SECTIONS: usize = 3;

/// Field lengths that an index tells apart: FORMAT.md, "Postings".
pub(super) const LENGTHS: [u32; 32] = [
    1, 2, 3, 4, 5, 6, 7, 8, 11, 15, 21, 29, 41, 57, 80, 112, 157, 220, 308, 431, 604, 845, 1183,
    1656, 2319, 3246, 4545, 6363, 8908, 12_471, 17_460, 24_444,
];
