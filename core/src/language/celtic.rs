//! Which Welsh, Gaelic and Irish words are forms of one, by the words that an index has.
//!
//! A Welsh word leads back to several radicals, most of which are no words or others: the one is taken
//! that the words of the index speak for. Endings of plurals are taken off where the shorter word is
//! there. Each language has classes of its own, so that English `band` never meets Welsh `pand`.
//! Knows words and in how many records they stand; never sees a text.

use std::collections::{BTreeMap, BTreeSet};

use super::function_words::is_function_word;
use crate::text::fold;
use crate::text::mutations::{Celtic, forms, radicals};

/// What stands between a language and a word in the key of a class: in no word.
const OF_LANGUAGE: char = '\u{1F}';

/// A radical's forms stand in at least one record for so many of the word's: 0.02 to 0.15 for words
/// that begin as radicals do not makes no difference in the recall of 2,069 pairs (.99).
const SUPPORT: u32 = 20;

/// The same for a word that may as well be a radical: of 38 pairs that look alike and are others,
/// .55 are joined with a hundredth, .45 with this.
const AMBIGUOUS_SUPPORT: u32 = 5;

/// Fewest letters of a word that an ending was taken from: of shorter ones too many are others.
const MIN_LETTERS: usize = 4;

/// Radicals and singulars that lead on to others, of one word: longer ways are circles.
const MAX_STEPS: usize = 4;

/// Endings of plurals, each with what stands in its place in the singular. Longer ones first.
const WELSH_PLURALS: &[(&str, &str)] = &[
    ("feydd", "fa"),
    ("oedd", ""),
    ("iaid", ""),
    ("iau", ""),
    ("nau", ""),
    ("ion", ""),
    ("ydd", ""),
    ("edd", ""),
    ("aid", ""),
    ("wyr", "iwr"),
    ("wyr", "wr"),
    ("wyr", "ydd"),
    ("au", ""),
    ("on", ""),
    ("od", ""),
    ("i", ""),
];

const GAELIC_PLURALS: &[(&str, &str)] = &[
    ("aichean", ""),
    ("ichean", "ch"),
    ("idhean", "dh"),
    ("eachan", ""),
    ("ichean", ""),
    ("annan", ""),
    ("achan", ""),
    ("tean", ""),
    ("ean", ""),
    ("an", ""),
];

const IRISH_PLURALS: &[(&str, &str)] = &[
    ("eanna", ""),
    ("eacha", ""),
    ("anna", ""),
    ("acha", ""),
    ("ithe", ""),
    ("igh", "ch"),
    ("the", ""),
    ("ta", ""),
    ("te", ""),
    ("ai", ""),
    ("i", ""),
    ("a", ""),
];

/// The key of a word's class before the words of the index are known: of its language, and without
/// what can be undone by rule. `None` for other languages, and for codes.
pub(crate) fn own_key(lang: &str, written: &str, folded: &str) -> Option<String> {
    let celtic = Celtic::of(lang)?;
    if folded.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if is_grammar(lang, written) {
        // `gan`, with, is no form of `can`, a song: words such as this stand by themselves.
        return Some(fold(celtic.bare(written)));
    }
    let mut key = lang.to_owned();
    key.push(OF_LANGUAGE);
    key.push_str(&celtic.root(written));
    Some(key)
}

/// The language and the root of a key that [`own_key`] gave of a word that is no function word.
pub(crate) fn parts_of_key(key: &str) -> Option<(&str, &str)> {
    key.split_once(OF_LANGUAGE)
}

/// Whether a word is a function word, without what an apostrophe ties to it.
///
/// A Welsh mark tells it from one: `môr`, the sea, is not `mor`, so; those of one and two letters
/// (`â`, `ôl`) have it themselves.
pub(crate) fn is_grammar(lang: &str, written: &str) -> bool {
    let Some(celtic) = Celtic::of(lang) else {
        return false;
    };
    let bare = celtic.bare(written);
    let folded = fold(bare);
    let is_marked = celtic == Celtic::Welsh && folded.len() > 2 && folded != bare;
    !is_marked && is_function_word(lang, &folded)
}

/// The words of a language in an index, each with the number of records that hold it.
pub(crate) struct Vocabulary<'w> {
    celtic: Celtic,
    words: &'w BTreeMap<&'w str, u32>,
    /// Words that need not be there, since others can be forms of nothing else: `nghyngor` of `cyngor`.
    implied: BTreeSet<String>,
}

impl<'w> Vocabulary<'w> {
    /// Cost: a few look-ups a word.
    pub(crate) fn new(celtic: Celtic, words: &'w BTreeMap<&'w str, u32>) -> Vocabulary<'w> {
        let mut implied = BTreeSet::new();
        if celtic == Celtic::Welsh {
            // What begins with `f` may be of `b` and of `m`.
            let sure = words
                .keys()
                .filter(|word| is_sure(word) && !word.starts_with('f'));
            implied.extend(sure.filter_map(|word| radicals(word).into_iter().next()));
        }
        Vocabulary {
            celtic,
            words,
            implied,
        }
    }

    /// The word that a class is called by.
    pub(crate) fn class(&self, word: &str) -> String {
        let mut class = word.to_owned();
        for _ in 0..MAX_STEPS {
            match self.radical(&class).or_else(|| self.singular(&class)) {
                Some(next) => class = next,
                None => break,
            }
        }
        class
    }

    fn count(&self, word: &str) -> u32 {
        self.words.get(word).copied().unwrap_or(0)
    }

    fn is_known(&self, word: &str) -> bool {
        self.words.contains_key(word) || self.implied.contains(word)
    }

    /// In how many records the forms of a word stand, all but one.
    fn support(&self, word: &str, but: &str) -> u32 {
        let forms = forms(word);
        let others = forms.iter().filter(|form| *form != but);
        others.fold(0, |sum, form| sum.saturating_add(self.count(form)))
    }

    /// What a word is a form of.
    fn radical(&self, word: &str) -> Option<String> {
        match self.celtic {
            Celtic::Welsh => self.welsh_radical(word),
            // All else can be undone by rule.
            Celtic::Gaelic | Celtic::Irish => self.known_radical(word),
        }
    }

    /// The first of those that a word may be a form of, whatever speaks for it.
    fn known_radical(&self, word: &str) -> Option<String> {
        let radicals = match self.celtic {
            Celtic::Welsh => radicals(word),
            Celtic::Gaelic => Vec::new(),
            Celtic::Irish => without_h(word).map(str::to_owned).into_iter().collect(),
        };
        radicals.into_iter().find(|radical| self.is_known(radical))
    }

    /// The radical that most records speak for, if enough do.
    fn welsh_radical(&self, word: &str) -> Option<String> {
        let known = radicals(word).into_iter().filter(|r| self.is_known(r));
        let supported = known.map(|radical| {
            let support = self.count(&radical);
            (
                support.saturating_add(self.support(&radical, word)),
                radical,
            )
        });
        // The first of those that are as well supported.
        let (support, radical) =
            supported.fold((0, None), |best: (u32, Option<String>), (support, r)| {
                if support > best.0 {
                    (support, Some(r))
                } else {
                    best
                }
            });
        let count = self.count(word);
        let is_enough = if is_sure(word) {
            support.saturating_mul(SUPPORT) >= count
        } else {
            support.saturating_mul(AMBIGUOUS_SUPPORT) >= count && support > self.support(word, "")
        };
        radical.filter(|_| is_enough)
    }

    /// What a word is the plural of, or a form of that.
    fn singular(&self, word: &str) -> Option<String> {
        let plurals = match self.celtic {
            Celtic::Welsh => WELSH_PLURALS,
            Celtic::Gaelic => GAELIC_PLURALS,
            Celtic::Irish => IRISH_PLURALS,
        };
        for (ending, of_singular) in plurals {
            if let Some(stem) = word.strip_suffix(ending) {
                let singular = [stem, of_singular].concat();
                if let Some(found) = self.accept(singular, word) {
                    return Some(found);
                }
            }
        }
        if self.celtic == Celtic::Welsh {
            return None;
        }
        self.accept(broad(word)?, word)
    }

    /// A shorter word if the index has it, or has what it is a form of.
    fn accept(&self, shorter: String, word: &str) -> Option<String> {
        if shorter == word || shorter.chars().count() < MIN_LETTERS {
            return None;
        }
        if self.is_known(&shorter) {
            return Some(shorter);
        }
        self.known_radical(&shorter)
    }
}

/// Whether a Welsh word begins as no radical does, but for a few that were borrowed.
fn is_sure(word: &str) -> bool {
    let begins = |first: &&str| word.starts_with(first);
    // `chwarae`, `chwilio` and words with `ff` are radicals.
    !["chw", "ff"].iter().any(begins)
        && ["ng", "mh", "nh", "ph", "th", "ch", "dd", "f"]
            .iter()
            .any(begins)
}

/// A word without the `h` that Irish puts before a vowel.
fn without_h(word: &str) -> Option<&str> {
    let rest = word.strip_prefix('h')?;
    rest.starts_with(['a', 'e', 'i', 'o', 'u']).then_some(rest)
}

/// A word without the `i` before its last consonants, which makes genitives and plurals in Gaelic and
/// Irish: `balach` of `balaich`, `bòrd` of `bùird` not.
fn broad(word: &str) -> Option<String> {
    let is_vowel = |letter: char| matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u');
    let stem = word.trim_end_matches(|letter: char| !is_vowel(letter));
    let before = stem.strip_suffix('i')?;
    let is_slender = stem.len() < word.len() && before.ends_with(['a', 'o', 'u']);
    let end = word.get(stem.len()..)?;
    is_slender.then(|| [before, end].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The classes of words, each with the number of records that hold it.
    #[track_caller]
    fn check(celtic: Celtic, words: &[(&str, u32)], classes: &[(&str, &str)]) {
        let words: BTreeMap<&str, u32> = words.iter().copied().collect();
        let vocabulary = Vocabulary::new(celtic, &words);
        for (word, class) in classes {
            assert_eq!(vocabulary.class(word), *class, "{word} in {words:?}");
        }
    }

    #[test]
    fn a_welsh_word_is_a_form_of_the_radical_that_is_there() {
        check(
            Celtic::Welsh,
            &[
                ("caerdydd", 3),
                ("gaerdydd", 2),
                ("nghaerdydd", 1),
                ("gardd", 4),
            ],
            &[
                ("gaerdydd", "caerdydd"),
                ("nghaerdydd", "caerdydd"),
                ("gardd", "gardd"),
            ],
        );
    }

    #[test]
    fn two_forms_speak_for_a_radical_that_is_not_there() {
        check(
            Celtic::Welsh,
            &[("nghyngor", 1), ("gyngor", 1)],
            &[("nghyngor", "cyngor"), ("gyngor", "cyngor")],
        );
        check(
            Celtic::Welsh,
            &[("nghyngor", 1)],
            &[("nghyngor", "nghyngor")],
        );
        // Nothing speaks for `teatr`.
        check(Celtic::Welsh, &[("theatr", 5)], &[("theatr", "theatr")]);
    }

    #[test]
    fn a_frequent_word_is_no_form_of_a_rare_one() {
        // `mor`, `bara`: bread is not soft for `para`, to last.
        check(
            Celtic::Welsh,
            &[("bara", 30), ("para", 2)],
            &[("bara", "bara"), ("para", "para")],
        );
        check(
            Celtic::Welsh,
            &[("bara", 3), ("para", 2)],
            &[("bara", "para")],
        );
    }

    #[test]
    fn plurals_are_forms_of_their_singulars() {
        check(
            Celtic::Welsh,
            &[
                ("teulu", 2),
                ("deuluoedd", 1),
                ("cynllun", 1),
                ("chynlluniau", 1),
                ("swyddfa", 1),
                ("swyddfeydd", 1),
                ("gweithwyr", 1),
                ("gweithiwr", 1),
                ("byd", 1),
                ("bydoedd", 1),
            ],
            &[
                ("deuluoedd", "teulu"),
                ("chynlluniau", "cynllun"),
                ("swyddfeydd", "swyddfa"),
                ("gweithwyr", "gweithiwr"),
                ("bydoedd", "bydoedd"),
            ],
        );
        check(
            Celtic::Gaelic,
            &[
                ("balach", 1),
                ("balaich", 1),
                ("sgoil", 1),
                ("sgoiltean", 1),
            ],
            &[("balaich", "balach"), ("sgoiltean", "sgoil")],
        );
        check(
            Celtic::Irish,
            &[
                ("scoil", 1),
                ("scoileanna", 1),
                ("hoifig", 1),
                ("oifig", 1),
                ("hata", 1),
            ],
            &[
                ("scoileanna", "scoil"),
                ("hoifig", "oifig"),
                ("hata", "hata"),
            ],
        );
    }

    #[test]
    fn function_words_and_codes_stand_by_themselves() {
        assert_eq!(own_key("en", "house", "house"), None);
        assert_eq!(own_key("cy", "5.2", "5.2"), None);
        for (written, key) in [("gan", "gan"), ("mae'r", "mae"), ("gyda'r", "gyda")] {
            assert_eq!(own_key("cy", written, &fold(written)).as_deref(), Some(key));
        }
        for (written, root) in [("môr", "mor"), ("Cymru'n", "cymru"), ("blant", "blant")] {
            let key = own_key("cy", written, &fold(written)).unwrap();
            assert_eq!(parts_of_key(&key), Some(("cy", root)), "{written}");
        }
    }
}
