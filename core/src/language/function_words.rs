//! Which words carry grammar rather than matter: `of`, `the`, `which`; `yr`, `mae`; `der`, `und`.
//!
//! Knows the lists of `tables`. Never takes a negation or a numeral for one: `without` and `no`
//! change what a title means.

use std::borrow::Cow;

use super::tables::FUNCTION_WORDS;
use crate::text::primary_subtag;

/// Whether a folded word is a function word of a language, given as a BCP 47 tag.
///
/// Never true of a language without a list. Cost: two binary searches.
pub(crate) fn is_function_word(lang: &str, folded: &str) -> bool {
    function_words(lang).binary_search(&folded).is_ok()
}

/// The function words of a language, folded and in order; none of a language without a list.
pub(crate) fn function_words(lang: &str) -> &'static [&'static str] {
    let lang = match lang.bytes().all(|byte| byte.is_ascii_lowercase()) {
        true => Cow::Borrowed(lang),
        false => Cow::Owned(primary_subtag(lang)),
    };
    // Bokmål is what is meant by Norwegian without more.
    let lang = if lang == "nb" { "no" } else { &*lang };
    FUNCTION_WORDS
        .binary_search_by_key(&lang, |(lang, _)| lang)
        .ok()
        .and_then(|at| FUNCTION_WORDS.get(at))
        .map_or(&[], |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{fold, tokens};
    use proptest::prelude::*;

    #[track_caller]
    fn check(lang: &str, text: &str, left: &[&str]) {
        let found: Vec<String> = tokens(text)
            .map(|token| token.folded)
            .filter(|word| !is_function_word(lang, word))
            .collect();
        assert_eq!(found, left, "{text}");
    }

    #[test]
    fn what_is_left_is_what_a_title_is_about() {
        check(
            "en",
            "How do I apply for a passport?",
            &["apply", "passport"],
        );
        check("en-GB", "Who can’t get what they’re due", &["get", "due"]);
        check("cy", "Beth yw treth y cyngor?", &["treth", "cyngor"]);
        check("gd", "Dè a tha anns an leabhar", &["leabhar"]);
        check("ga", "Cad é an cháin atá ar an teach", &["chain", "teach"]);
        check("fr", "Où est la mairie de Lyon ?", &["mairie", "lyon"]);
        check(
            "de",
            "Wie beantrage ich einen Pass?",
            &["beantrage", "pass"],
        );
        check("nb", "Hvordan søker jeg om pass", &["soker", "pass"]);
        check(
            "pl",
            "Jak złożyć wniosek o paszport",
            &["zlozyc", "wniosek", "paszport"],
        );
        check("el", "Πώς και πότε ψηφίζω;", &["ψηφιζω"]);
        check("ar", "من هو الرئيس", &["الرئيس"]);
        check("tlh", "the of and", &["the", "of", "and"]);
    }

    #[test]
    fn negations_and_numerals_carry_meaning() {
        for (lang, words) in [
            ("en", "no not without never none cannot nothing two let"),
            ("cy", "heb dim nid un dau"),
            ("fr", "sans pas non deux"),
            ("de", "ohne nicht kein zwei"),
            ("es", "sin no dos"),
            ("pl", "bez nie dwa"),
            ("ru", "без не два"),
        ] {
            for word in words.split(' ') {
                assert!(!is_function_word(lang, word), "{word} in {lang}");
            }
        }
    }

    #[test]
    fn lists_are_in_order_folded_and_long_enough() {
        assert!(FUNCTION_WORDS.is_sorted_by(|a, b| a.0 < b.0));
        for (lang, words) in FUNCTION_WORDS {
            assert!(words.is_sorted_by(|a, b| a < b), "{lang}");
            assert!(words.len() >= 30, "{lang}");
            for word in *words {
                assert_eq!(fold(word), *word, "{lang}");
                assert_eq!(tokens(word).count(), 1, "{word} in {lang}");
            }
        }
    }

    proptest! {
        #[test]
        fn looking_up_is_looking_through(lang in "[a-z]{2}", word in "\\PC{0,4}") {
            let stupid = FUNCTION_WORDS
                .iter()
                .any(|(name, words)| *name == lang.replace("nb", "no") && words.contains(&word.as_str()));
            prop_assert_eq!(is_function_word(&lang, &word), stupid);
        }
    }
}
