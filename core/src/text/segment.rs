//! Finds words in text, by Unicode Standard Annex 29 (word boundaries).
//!
//! Knows nothing of case, marks or languages.

use unicode_segmentation::UnicodeSegmentation;

/// The words of a text that hold a letter or a digit, with the byte at which each begins.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.unicode_word_indices()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(
            words(text).map(|(_, word)| word).collect::<Vec<_>>(),
            expected
        );
        for (start, word) in words(text) {
            assert_eq!(text.get(start..start + word.len()), Some(word));
        }
    }

    #[test]
    fn spaces_and_marks_part_words() {
        check("one, two; (three) – four", &["one", "two", "three", "four"]);
    }

    #[test]
    fn hyphens_part_words() {
        check("well-being", &["well", "being"]);
    }

    #[test]
    fn han_letters_stand_alone() {
        check("移民", &["移", "民"]);
    }
}
