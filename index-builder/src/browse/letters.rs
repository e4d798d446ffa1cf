//! The order of titles, and the letters that they begin with, as a language has them.
//!
//! Knows letters. Order is that of CLDR's collations (UTS 10, UTS 35), so that Welsh `ch` follows
//! `c` and `ll` follows `l`.

use std::cmp::Ordering;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Two letters that count as one at the beginning of a Welsh word.
const WELSH: [&str; 8] = ["ch", "dd", "ff", "ng", "ll", "ph", "rh", "th"];

/// The alphabet of a language.
pub(super) struct Alphabet {
    order: speir::Alphabet,
    is_welsh: bool,
    /// Whether marks make letters of their own: only in alphabets other than the Latin one.
    lang: String,
}

impl Alphabet {
    pub(super) fn new(lang: &str) -> Alphabet {
        Alphabet {
            order: speir::Alphabet::new(lang),
            is_welsh: lang == "cy",
            lang: lang.to_owned(),
        }
    }

    /// The order of two titles; of equal ones by their letters.
    pub(super) fn compare(&self, one: &str, other: &str) -> Ordering {
        self.order.compare(one, other)
    }

    /// The letter under which a title stands, `None` if it begins with none.
    pub(super) fn letter(&self, title: &str) -> Option<String> {
        let start: String = title
            .chars()
            .skip_while(|letter| !letter.is_alphanumeric())
            .take(2)
            .collect();
        let first = start.chars().next()?;
        if !first.is_alphabetic() {
            return None;
        }
        let lower = plain(&start).to_lowercase();
        if self.is_welsh
            && let Some(letter) = WELSH.iter().find(|letter| lower.starts_with(**letter))
        {
            return Some(capital(letter));
        }
        let is_latin = plain(&first.to_string()).is_ascii();
        let letter = match is_latin && !has_own_marked_letters(&self.lang) {
            true => plain(&first.to_string()),
            false => first.to_string(),
        };
        let upper: String = letter.to_uppercase();
        upper.chars().next().map(|letter| letter.to_string())
    }
}

/// Languages whose letters with marks come after those without in their own right.
fn has_own_marked_letters(lang: &str) -> bool {
    matches!(lang, "pl" | "ro")
}

fn capital(letters: &str) -> String {
    let mut rest = letters.chars();
    let first = rest.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + rest.as_str()
}

/// A text without the marks of its letters.
pub(super) fn plain(text: &str) -> String {
    text.nfkd()
        .filter(|letter| !is_combining_mark(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(lang: &str, words: &[&str]) -> Vec<String> {
        let alphabet = Alphabet::new(lang);
        let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        words.sort_by(|one, other| alphabet.compare(one, other));
        words
    }

    #[test]
    fn titles_stand_in_the_order_of_their_language() {
        assert_eq!(
            sorted("en", &["Zebra", "éclair", "apple"]),
            ["apple", "éclair", "Zebra"]
        );
        assert_eq!(
            sorted("cy", &["da", "chwaer", "cyngor"]),
            ["cyngor", "chwaer", "da"]
        );
        assert_eq!(
            sorted("cy", &["llyfr", "lwc", "man"]),
            ["lwc", "llyfr", "man"]
        );
        assert_eq!(
            sorted("pl", &["ząb", "zab", "łan", "lan", "mak"]),
            ["lan", "łan", "mak", "zab", "ząb"]
        );
    }

    #[test]
    fn a_title_stands_under_its_first_letter() {
        let check = |lang, title, expected: Option<&str>| {
            assert_eq!(
                Alphabet::new(lang).letter(title).as_deref(),
                expected,
                "{title}"
            );
        };
        check("en", "“Éclair” and more", Some("E"));
        check("en", "2014 report", None);
        check("en", "—", None);
        check("cy", "chwaer", Some("Ch"));
        check("cy", "Llyfr", Some("Ll"));
        check("en", "Chapter", Some("C"));
        check("pl", "Łódź", Some("Ł"));
        check("uk", "їжа", Some("Ї"));
        check("ar", "دليل", Some("د"));
        check("zh", "指南", Some("指"));
    }
}
