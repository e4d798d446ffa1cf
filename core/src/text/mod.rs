//! How words are read: text in, tokens out. The only door to words, for records and queries alike.
//!
//! Three steps, one file each: `segment` finds words (UAX 29), `fold` takes case and marks away,
//! `stem` finds the class that the forms of one word share.
//! Knows nothing else of ours.
//!
//! Text should be in Unicode normalization form C; a decomposed letter loses its marks in the folded
//! form all the same, but does not count as written.

mod fold;
mod segment;
mod stem;
mod tables;

use core::ops::Range;

pub use fold::{fold, lower};
pub use stem::{Analyzer, primary_subtag};

/// Longest word in bytes of its folded form. What is longer (encoded data, mostly) is cut to it, so
/// that no dictionary entry outgrows its block.
pub const MAX_WORD_BYTES: usize = 120;

/// A word as it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands, in bytes.
    pub span: Range<usize>,
    /// The word in lower case, its marks kept, apostrophes made alike.
    pub written: String,
    /// The word without case, marks and apostrophes: the key of the dictionary.
    pub folded: String,
}

/// The words of a text, in order.
///
/// Words are those of UAX 29 that hold a letter or a digit, so `5.2.1` and `don’t` are one word each
/// and `well-being` is two. Cost: linear in the text.
///
/// ```
/// let words: Vec<_> = speir::text::tokens("Caffè, 5.2.1!").map(|t| t.folded).collect();
/// assert_eq!(words, ["caffe", "5.2.1"]);
/// ```
pub fn tokens(text: &str) -> impl Iterator<Item = Token> + '_ {
    segment::words(text).filter_map(|(start, word)| {
        let written = cut(lower(word));
        let folded = cut(fold(&written));
        let span = start..start + word.len();
        (!folded.is_empty()).then_some(Token {
            span,
            written,
            folded,
        })
    })
}

/// Cuts a word to [`MAX_WORD_BYTES`] at a letter's edge.
fn cut(mut word: String) -> String {
    if word.len() > MAX_WORD_BYTES {
        let mut at = MAX_WORD_BYTES;
        while !word.is_char_boundary(at) {
            at -= 1;
        }
        word.truncate(at);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, folded: &[&str]) {
        let found: Vec<Token> = tokens(text).collect();
        assert_eq!(
            found.iter().map(|t| t.folded.as_str()).collect::<Vec<_>>(),
            folded
        );
        for token in &found {
            assert_eq!(
                lower(&text[token.span.clone()]),
                token.written,
                "a span holds its word"
            );
        }
    }

    #[test]
    fn numbers_with_points_stay_whole() {
        check("see 5.2.1 and 3,000", &["see", "5.2.1", "and", "3,000"]);
    }

    #[test]
    fn apostrophes_of_every_kind_make_one_word() {
        check(
            "don't don’t migrants’ mae'r",
            &["dont", "dont", "migrants", "maer"],
        );
    }

    #[test]
    fn marks_go_and_letters_stay() {
        check("CAFÉ Łódź straße й", &["cafe", "lodz", "strasse", "й"]);
    }

    #[test]
    fn punctuation_alone_is_no_word() {
        check(" — ... !?  🙂 ", &[]);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        let long = "ä".repeat(5000);
        let token = tokens(&long).next().unwrap();
        assert!(token.folded.len() <= MAX_WORD_BYTES && token.written.len() <= MAX_WORD_BYTES);
        assert_eq!(token.span, 0..long.len());
    }
}
