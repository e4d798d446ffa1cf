//! Finds the class of a word: what its forms share, by the Snowball stemmer of its language.
//!
//! M. F. Porter, "Snowball: A language for stemming algorithms", 2001.
//! English has a stemmer of our own (`english`), on both sides, and Arabic (`arabic`) wherever letters
//! of all scripts are known. The publisher's half knows every other language of Snowball; the browser's
//! half none, as each costs 7 to 10 KB of wasm.
//! Words of the index never need a stemmer to be found, since the dictionary names their class; a
//! word that the index does not hold is stemmed if it is English or Arabic, and else is tried as a
//! beginning only.

#[cfg(feature = "build")]
use snowball_stemmers_rs::{Algorithm, Stemmer as Snowball};

#[cfg(feature = "languages")]
use super::arabic;
use super::fold::fold;
use super::{MAX_WORD_BYTES, Token, english};

/// How words of a language find their stem.
enum Stemmer {
    English,
    #[cfg(feature = "languages")]
    Arabic,
    #[cfg(feature = "build")]
    Snowball(Snowball),
}

/// Reads words of one language.
pub struct Analyzer {
    stemmer: Option<Stemmer>,
}

impl Analyzer {
    /// An analyzer for a BCP 47 tag. A language without a stemmer has each word in its own class.
    pub fn new(lang: &str) -> Analyzer {
        Analyzer {
            stemmer: stemmer(&primary_subtag(lang)),
        }
    }

    /// The key of a word's class.
    ///
    /// Stems are of the word as written, since stemmers know the marks of their language, and are
    /// folded afterwards. Words with digits are codes and stay as they are.
    pub fn class(&self, token: &Token) -> String {
        let is_code = token.folded.bytes().any(|byte| byte.is_ascii_digit());
        match &self.stemmer {
            Some(stemmer) if !is_code && token.folded.len() < MAX_WORD_BYTES => {
                let stem = match stemmer {
                    // Among English words, one in Arabic letters is most likely of Arabic.
                    #[cfg(feature = "languages")]
                    Stemmer::English | Stemmer::Arabic if arabic::is_arabic(&token.folded) => {
                        return arabic::stem(&token.folded).to_owned();
                    }
                    #[cfg(feature = "languages")]
                    Stemmer::Arabic => return token.folded.clone(),
                    Stemmer::English => english::stem(&token.written),
                    #[cfg(feature = "build")]
                    Stemmer::Snowball(stemmer) => stemmer.stem(&token.written).into_owned(),
                };
                let class = fold(&stem);
                if class.is_empty() {
                    token.folded.clone()
                } else {
                    class
                }
            }
            _ => token.folded.clone(),
        }
    }
}

/// The language of a BCP 47 tag without script and region, in lower case: `cy` of `cy-GB`.
pub fn primary_subtag(lang: &str) -> String {
    // Letter by letter, as the standard library's search for one is three times as long.
    let mut primary = String::new();
    for letter in lang.trim().chars() {
        if letter == '-' || letter == '_' {
            break;
        }
        primary.push(letter.to_ascii_lowercase());
    }
    primary
}

#[cfg(feature = "build")]
fn stemmer(lang: &str) -> Option<Stemmer> {
    let own = own_stemmer(lang);
    own.or_else(|| Some(Stemmer::Snowball(Snowball::create(algorithm(lang)?))))
}

#[cfg(not(feature = "build"))]
fn stemmer(lang: &str) -> Option<Stemmer> {
    own_stemmer(lang)
}

/// The stemmers that browsers have as well.
fn own_stemmer(lang: &str) -> Option<Stemmer> {
    match lang {
        "en" => Some(Stemmer::English),
        #[cfg(feature = "languages")]
        "ar" => Some(Stemmer::Arabic),
        _ => None,
    }
}

/// Snowball's algorithm of a language. Of two that it has, that of its newest version.
#[cfg(feature = "build")]
fn algorithm(lang: &str) -> Option<Algorithm> {
    Some(match lang {
        "ca" => Algorithm::Catalan,
        "cs" => Algorithm::Czech,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "eo" => Algorithm::Esperanto,
        "es" => Algorithm::Spanish,
        "et" => Algorithm::Estonian,
        "eu" => Algorithm::Basque,
        "fa" => Algorithm::Persian,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "hi" => Algorithm::Hindi,
        "hu" => Algorithm::Hungarian,
        "hy" => Algorithm::Armenian,
        "id" => Algorithm::Indonesian,
        "it" => Algorithm::Italian,
        "lt" => Algorithm::Lithuanian,
        "ne" => Algorithm::Nepali,
        "nl" => Algorithm::Dutch,
        "no" | "nb" | "nn" => Algorithm::Norwegian,
        "pl" => Algorithm::Polish,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        // One language to a stemmer.
        "bs" | "cnr" | "hr" | "sh" | "sr" => Algorithm::Serbian,
        "st" => Algorithm::Sesotho,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        "uk" => Algorithm::Ukrainian,
        "yi" => Algorithm::Yiddish,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tokens;
    use super::*;

    #[track_caller]
    fn check(lang: &str, forms: &[&str], same: bool) {
        let analyzer = Analyzer::new(lang);
        let classes: Vec<String> = forms
            .iter()
            .map(|form| analyzer.class(&tokens(form).next().expect("a word")))
            .collect();
        assert_eq!(
            classes.windows(2).all(|w| w[0] == w[1]),
            same,
            "{classes:?}"
        );
    }

    #[test]
    fn forms_of_one_word_share_a_class() {
        check("en", &["house", "houses", "housing", "Housing"], true);
        check(
            "en-GB",
            &["migrant", "migrants", "migrant’s", "migrants’"],
            true,
        );
        check("de", &["Häuser", "Häusern"], true);
        check("fr", &["élève", "élèves"], true);
        check("ro", &["copil", "copilul"], true);
    }

    #[test]
    fn other_words_do_not() {
        check("en", &["policy", "police"], false);
        check("en", &["5.2.1", "5.2"], false);
    }

    #[test]
    fn a_language_without_a_stemmer_keeps_each_word() {
        check("cy", &["plentyn", "plant"], false);
        check("", &["house", "houses"], false);
    }

    #[test]
    fn no_word_of_any_language_makes_a_stemmer_panic() {
        let words = [
            "",
            "'",
            "''s",
            "é",
            "ся",
            "ال",
            "\u{0301}",
            "ıı",
            "ss",
            "yyy",
            "எ",
            "a\u{0301}\u{0302}",
        ];
        for lang in [
            "ar", "ca", "cs", "da", "de", "el", "en", "eo", "es", "et", "eu", "fa", "fi", "fr",
            "hi", "hr", "hu", "hy", "id", "it", "lt", "ne", "nl", "no", "pl", "pt", "ro", "ru",
            "st", "sv", "ta", "tr", "uk", "yi",
        ] {
            let analyzer = Analyzer::new(lang);
            for word in words {
                for token in tokens(word) {
                    let _class = analyzer.class(&token);
                }
            }
        }
    }
}
