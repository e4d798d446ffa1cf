//! Finds what the forms of an Arabic word share: without `and`, the article and what is written with it,
//! and without common endings.
//!
//! L. S. Larkey, L. Ballesteros and M. E. Connell, "Improving Stemming for Arabic Information Retrieval:
//! Light Stemming and Co-occurrence Analysis", SIGIR 2002: the stemmer "light10" of its sequel (2007),
//! on folded words, so that each letter has one spelling. It takes no dictionary and next to no bytes,
//! so a browser has it too. Knows no more than letters.

/// `and`, which is written as part of the next word.
const AND: char = 'و';

/// The article, alone and with `and`, `with`, `like`, `so`, `to` before it.
const ARTICLES: [&str; 6] = ["ال", "وال", "بال", "كال", "فال", "لل"];

/// Endings in the order in which they come off, each once.
const ENDINGS: [&str; 8] = ["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"];

/// Fewest letters that stay where `and` comes off: in many short words it is of the root.
const LEAST_WITHOUT_AND: usize = 3;

/// Fewest letters that stay where anything else does.
const LEAST: usize = 2;

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
    let is_long = |rest: &&str, least: usize| rest.chars().count() >= least;
    let mut stem = folded;
    if let Some(rest) = stem
        .strip_prefix(AND)
        .filter(|rest| is_long(rest, LEAST_WITHOUT_AND))
    {
        stem = rest;
    }
    for article in ARTICLES {
        if let Some(rest) = stem
            .strip_prefix(article)
            .filter(|rest| is_long(rest, LEAST))
        {
            stem = rest;
            break;
        }
    }
    for ending in ENDINGS {
        if let Some(rest) = stem
            .strip_suffix(ending)
            .filter(|rest| is_long(rest, LEAST))
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
