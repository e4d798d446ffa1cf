//! Finds what the forms of an Arabic word share: without `and`, the article and what is written with it,
//! and without common endings.
//!
//! L. S. Larkey, L. Ballesteros and M. E. Connell, "Improving Stemming for Arabic Information Retrieval:
//! Light Stemming and Co-occurrence Analysis", SIGIR 2002: the stemmer "light10" of its sequel (2007),
//! on folded words, so that each letter has one spelling. It takes no dictionary and next to no bytes,
//! so a browser has it too. Knows no more than letters.

/// `and`, which is written as part of the next word.
const AND: char = 'و';

/// The article, alone and with `with`, `like`, `so`, `to` before it.
const ARTICLES: [&str; 5] = ["ال", "بال", "كال", "فال", "لل"];

/// Endings in the order in which they come off, each once.
const ENDINGS: [&str; 8] = ["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"];

/// Fewest bytes that stay where `and` comes off, three letters: in many short words it is of the root.
const LEAST_WITHOUT_AND: usize = 6;

/// Fewest bytes that stay where anything else does, two letters.
const LEAST: usize = 4;

/// Whether a word is in Arabic letters, by its first.
pub(super) fn is_arabic(folded: &str) -> bool {
    matches!(folded.chars().next(), Some('\u{620}'..='\u{64A}'))
}

/// The stem of a folded word.
///
/// ```text
/// والمدرسه, مدرسه → مدرس
/// ```
pub(super) fn stem(folded: &str) -> &str {
    let mut stem = folded;
    if let Some(rest) = stem.strip_prefix(AND)
        && rest.len() >= LEAST_WITHOUT_AND
    {
        stem = rest;
    }
    let whole = stem;
    for article in ARTICLES {
        if let Some(rest) = whole.strip_prefix(article)
            && rest.len() >= LEAST
        {
            stem = rest;
        }
    }
    for ending in ENDINGS {
        if let Some(rest) = stem.strip_suffix(ending)
            && rest.len() >= LEAST
        {
            stem = rest;
        }
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[track_caller]
    fn check(words: &[&str], expected: &str) {
        for word in words {
            assert_eq!(stem(&fold(word)), expected, "{word}");
        }
    }

    #[test]
    fn articles_and_endings_come_off() {
        check(
            &[
                "مدرسة",
                "المدرسة",
                "والمدرسة",
                "بالمدرسة",
                "للمدرسة",
                "ومدرسة",
                "مدرسات",
            ],
            "مدرس",
        );
        check(&["معلم", "المعلمون", "والمعلمين", "معلمان"], "معلم");
    }

    #[test]
    fn short_words_keep_their_letters() {
        check(&["ولد"], "ولد");
        check(&["الي"], "ال");
        check(&["و"], "و");
        check(&["يد"], "يد");
        check(&[""], "");
    }
}
