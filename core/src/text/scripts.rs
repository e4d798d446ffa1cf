//! Whether a text is read otherwise by the rules for all scripts than by those for Latin alone: what
//! tells which of two engines a reader's browser needs.
//!
//! Compiled under the feature `build` only. Knows no index.

use super::runs::Tokens;

/// Whether any word of a text is another without the rules of the feature `languages`, or none.
///
/// Exact: reads the text both ways, unless it has no letter that could make a difference. Cost: of
/// most texts in Latin letters, a look at each letter.
pub(crate) fn needs_languages(text: &str) -> bool {
    text.chars().any(may_differ)
        && !Tokens::<true>::new(text, true).eq(Tokens::<false>::new(text, true))
}

/// Whether a letter is none that both ways read alike whatever stands beside it: Latin, common marks of
/// Latin text, the letters of Cyrillic that have no rule, nor their small ones.
fn may_differ(letter: char) -> bool {
    !matches!(letter, '\0'..='\u{2FF}' | '\u{302}'..='\u{36F}' | '\u{402}'..='\u{44F}'
        | '\u{1E00}'..='\u{1EFF}' | '\u{2000}'..='\u{2BFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn latin_needs_no_more_and_others_only_where_they_are_read_otherwise() {
        for (text, needs) in [
            ("Łódź – café “naïve” ½ m² İstanbul ılık nhà ở", false),
            ("Мой город", false),
            ("Моя ёлка", true),
            ("МОЯ ЁЛКА", true),
            ("市", false),
            ("市政", true),
            ("٢", true),
        ] {
            assert_eq!(needs_languages(text), needs, "{text}");
        }
    }

    proptest! {
        #[test]
        fn latin_is_read_alike_both_ways(text in "[a-zA-Z0-9À-ɏḀ-ỿ '’.,;:/&@_\u{302}-\u{36F}–—“”½²-]{0,40}") {
            let all = Tokens::<true>::new(&text, true);
            prop_assert!(all.eq(Tokens::<false>::new(&text, true)));
        }

        /// What is not looked at letter by letter is read alike.
        #[test]
        fn so_is_any_text_of_letters_that_never_differ(text: String) {
            let text: String = text.chars().filter(|letter| !may_differ(*letter)).collect();
            let all = Tokens::<true>::new(&text, true);
            prop_assert!(all.eq(Tokens::<false>::new(&text, true)));
        }
    }
}
