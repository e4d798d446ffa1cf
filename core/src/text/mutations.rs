//! How Welsh, Scottish Gaelic and Irish words change at their beginning: `Caerdydd` stands in texts as
//! `Gaerdydd`, `Nghaerdydd` and `Chaerdydd`.
//!
//! Welsh changes lead several ways back, so that only the words of an index tell which is meant; those
//! of Gaelic and Irish show in writing, and are undone by rule. The rules are those of the grammars:
//! P. W. Thomas, "Gramadeg y Gymraeg", 1996; the Gaelic Orthographic Conventions, SQA, 2009; "An
//! Caighdeán Oifigiúil", 2017.
//! Knows how words are folded; knows no index. What classes of words become of it, `language` says;
//! in the browser under the feature `languages` alone, where a table is smaller than code.

use super::english::take_until;
use super::fold::fold;
#[cfg(feature = "build")]
use super::fold::lower_letter;

// A rule is what a word begins with, and what it may begin with instead; the first rule that a word
// begins as is the one. What has nothing instead keeps a shorter rule away: `ff` is no `f`.

/// What a Welsh word may have changed from, likeliest first: soft, nasal and aspirate mutation, the
/// `g` that was lost, and the `h` before a vowel.
const WELSH_BACK: &str = "ngh:c ng:g mh:p:m nh:t:n ph:p th:t ch:c dd:d ff ll rh f:b:m g:c b:p d:t m:b \
    n:d:gn l:ll:gl r:rh:gr a:ga e:ge i:gi o:go u:gu w:gw y:gy ha:a he:e hi:i ho:o hu:u hw:w hy:y";

/// What it may change to: the inverse.
const WELSH_FORTH: &str = "ch ph th ngh ng dd ff mh nh c:g:ngh:ch p:b:mh:ph t:d:nh:th ga:a:nga ge:e:nge \
    gi:i:ngi go:o:ngo gu:u:ngu gw:w:ngw gy:y:ngy gl:l:ngl gr:r:ngr gn:n:ngn g:ng b:f:m d:dd:n m:f:mh \
    n:nh ll:l rh:r a:ha e:he i:hi o:ho u:hu w:hw y:hy";

/// Eclipsis, and `t` before `s`, which Gaelic has not.
#[cfg(feature = "build")]
const ECLIPSIS: &str = "bhf:f mb:b gc:c nd:d ng:g bp:p dt:t ts:s";

#[cfg(feature = "build")]
const LENITION: &str = "bh:b ch:c dh:d fh:f gh:g mh:m ph:p sh:s th:t";

/// Both, with the `h` that Irish puts before a vowel, put there and taken away, and `n` and `t`, whose
/// capital (`nAthair`) is not told from others here: no Gaelic word begins as these rules do that are
/// not its own.
#[cfg(feature = "languages")]
const GAELIC: &str = "bhf:f mb:b gc:c nd:d ng:g bp:p dt:t ts:s bh:b ch:c dh:d fh:f gh:g mh:m ph:p \
    sh:s th:t ha:a he:e hi:i ho:o hu:u a:ha e:he i:hi o:ho u:hu na:a ne:e ni:i no:o nu:u ta:a te:e \
    ti:i to:o tu:u";

/// What stands behind the apostrophe of a Welsh word and is a word of its own: `mae'r`, `i'w`.
#[cfg(feature = "build")]
const CLITICS: [&str; 8] = ["r", "n", "i", "u", "w", "ch", "m", "th"];

/// What stands before the apostrophe of a Gaelic or Irish word and is a word of its own: `dh'fhalbh`.
#[cfg(feature = "build")]
const PARTICLES: [&str; 7] = ["dh", "d", "b", "m", "a", "th", "t"];

/// Gaelic words of so few letters have their `h` for good: `tha`, `cha`, `bho`.
#[cfg(feature = "build")]
const MAX_UNLENITED_LETTERS: usize = 3;

/// Most words that are looked for in the place of one: no rules give more, itself and those that are met
/// twice counted, and of them five at most are others.
#[cfg(all(test, feature = "languages"))]
pub(crate) const MAX_OTHERS: usize = 9;

/// A language whose words change at their beginning.
#[cfg(feature = "build")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Celtic {
    Welsh,
    Gaelic,
    Irish,
}

#[cfg(feature = "build")]
impl Celtic {
    /// The language of a primary subtag, if it is one of them.
    pub(crate) fn of(subtag: &str) -> Option<Celtic> {
        match subtag {
            "cy" => Some(Celtic::Welsh),
            "gd" => Some(Celtic::Gaelic),
            "ga" => Some(Celtic::Irish),
            _ => None,
        }
    }

    /// A word without the small one that an apostrophe ties to it: `mae` of `mae'r`, `fhalbh` of
    /// `dh'fhalbh`; as it is where there is none.
    pub(crate) fn bare(self, written: &str) -> &str {
        let Some((before, after)) = written.split_once('\'') else {
            return written;
        };
        let (word, is_tied) = match self {
            Celtic::Welsh => (before, CLITICS.contains(&after)),
            Celtic::Gaelic | Celtic::Irish => (after, PARTICLES.contains(&before)),
        };
        if is_tied && !word.is_empty() {
            word
        } else {
            written
        }
    }

    /// The folded word that is left when what can be undone by rule is undone.
    ///
    /// In Welsh this is clitics alone. An Irish word that [`prefixed`] wrote loses its first letter.
    pub(crate) fn root(self, written: &str) -> String {
        let bare = self.bare(written);
        let word = fold(bare.strip_prefix(['N', 'T', 'H']).unwrap_or(bare));
        let is_long = word.chars().count() > MAX_UNLENITED_LETTERS;
        let mut undone = Vec::new();
        if self == Celtic::Irish {
            turn(&word, ECLIPSIS, &mut undone);
        }
        if undone.is_empty() && (self == Celtic::Irish || self == Celtic::Gaelic && is_long) {
            turn(&word, LENITION, &mut undone);
        }
        undone.into_iter().next().unwrap_or(word)
    }
}

/// The radicals that a folded Welsh word may have, likeliest first; not itself.
#[cfg(feature = "build")]
pub(crate) fn radicals(word: &str) -> Vec<String> {
    let mut radicals = Vec::new();
    turn(word, WELSH_BACK, &mut radicals);
    radicals
}

/// The forms that a folded Welsh word takes when it changes: three at most; not itself.
#[cfg(feature = "build")]
pub(crate) fn forms(word: &str) -> Vec<String> {
    let mut forms = Vec::new();
    turn(word, WELSH_FORTH, &mut forms);
    forms
}

/// An Irish word as written whose capital stands after a letter that was put before it, as typed
/// (`nAthair`), with that letter as the capital: `Nathair`.
///
/// It is the only kind of word that is written with one, as `nathair`, a snake, is another word: such a
/// word of the dictionary is there to be marked in texts, and not to be typed.
#[cfg(feature = "build")]
pub(crate) fn prefixed(typed: &str, written: &str) -> Option<String> {
    let capital = typed.strip_prefix(['n', 't', 'h'])?.chars().next()?;
    if lower_letter(capital) == capital {
        return None;
    }
    let mut letters = written.chars();
    let first = letters.next()?.to_ascii_uppercase();
    Some([String::from(first).as_str(), letters.as_str()].concat())
}

/// Adds the words of an index in a language that one may be meant by which it does not hold, folded, and
/// the word itself; at most [`MAX_OTHERS`], and none for other languages.
///
/// The index holds the root of each of its Gaelic and Irish words, so that the root of what is typed
/// is enough; an `h` that may be part of the word is told by the index. In Welsh the word itself may
/// have changed in the index, or is changed as typed, or both. Of two words that an apostrophe ties,
/// the longer is meant.
#[cfg(feature = "languages")]
pub(crate) fn add_others(lang: &str, written: &str, others: &mut Vec<String>) {
    let (back, forth) = if lang.starts_with("cy") {
        (WELSH_BACK, WELSH_FORTH)
    } else if lang.starts_with("ga") || lang.starts_with("gd") {
        (GAELIC, "")
    } else {
        return;
    };
    let mut after = written;
    let before = take_until(&mut after, '\'');
    let mut word = fold(if before.len() < after.len() {
        after
    } else {
        before
    });
    let mut radicals = Vec::new();
    turn(&word, back, &mut radicals);
    loop {
        turn(&word, forth, others);
        others.push(word);
        word = match radicals.pop() {
            Some(radical) => radical,
            None => return,
        };
    }
}

/// Adds what a word becomes by rules.
fn turn(word: &str, mut rules: &str, turned: &mut Vec<String>) {
    while !rules.is_empty() {
        let mut rule = take_until(&mut rules, ' ');
        if let Some(rest) = word.strip_prefix(take_until(&mut rule, ':')) {
            while !rule.is_empty() {
                let mut other = take_until(&mut rule, ':').to_owned();
                other.push_str(rest);
                turned.push(other);
            }
            return;
        }
    }
}

#[cfg(all(test, feature = "build", feature = "languages"))]
mod tests {
    use super::super::fold::lower;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn welsh_words_take_three_forms_at_most() {
        for (radical, expected) in [
            ("caerdydd", "gaerdydd nghaerdydd chaerdydd"),
            ("plant", "blant mhlant phlant"),
            ("teulu", "deulu nheulu theulu"),
            ("gwaith", "waith ngwaith"),
            ("bangor", "fangor mangor"),
            ("dinas", "ddinas ninas"),
            ("mam", "fam mham"),
            ("nain", "nhain"),
            ("llyfr", "lyfr"),
            ("rhif", "rif"),
            ("ysgol", "hysgol"),
            ("ffordd", ""),
            ("siop", ""),
            ("chwarae", ""),
        ] {
            assert_eq!(forms(radical).join(" "), expected, "{radical}");
        }
    }

    #[test]
    fn welsh_words_lead_back_to_what_the_table_says() {
        for (word, expected) in [
            ("nghaerdydd", "caerdydd"),
            ("gaerdydd", "caerdydd"),
            ("fangor", "bangor mangor"),
            ("ddinas", "dinas"),
            ("mhlant", "plant mlant"),
            ("ngwaith", "gwaith"),
            ("waith", "gwaith"),
            ("hysgol", "ysgol"),
            ("nabod", "dabod gnabod"),
            ("lyfr", "llyfr glyfr"),
            ("llyfr", ""),
            ("ffordd", ""),
            ("rhif", ""),
        ] {
            assert_eq!(radicals(word).join(" "), expected, "{word}");
        }
    }

    #[test]
    fn clitics_are_words_of_their_own() {
        for (word, bare) in [
            ("mae'r", "mae"),
            ("i'w", "i"),
            ("gyda'ch", "gyda"),
            ("'r", "'r"),
            ("o'brien", "o'brien"),
            ("ysgol", "ysgol"),
        ] {
            assert_eq!(Celtic::Welsh.bare(word), bare, "{word}");
        }
        assert_eq!(Celtic::Gaelic.bare("d'"), "d'");
        assert_eq!(Celtic::Gaelic.bare("o'brien"), "o'brien");
    }

    #[test]
    fn gaelic_words_lose_their_h_and_what_an_apostrophe_ties_to_them() {
        for (word, root) in [
            ("chomhairle", "comhairle"),
            ("dh'fhalbh", "falbh"),
            ("b'fhearr", "fearr"),
            ("shràid", "sraid"),
            ("tha", "tha"),
            ("bho", "bho"),
            ("leabhar", "leabhar"),
            ("each", "each"),
            ("teach", "teach"),
        ] {
            assert_eq!(Celtic::Gaelic.root(word), root, "{word}");
        }
    }

    #[test]
    fn irish_words_lose_what_was_put_before_them() {
        for (word, root) in [
            ("bhfear", "fear"),
            ("mbord", "bord"),
            ("gcathair", "cathair"),
            ("ndoras", "doras"),
            ("ngaeilge", "gaeilge"),
            ("bpáirc", "pairc"),
            ("dteach", "teach"),
            ("tsráid", "sraid"),
            ("d'fhág", "fag"),
            ("pháirc", "pairc"),
            ("nathair", "nathair"),
            ("hoifig", "hoifig"),
        ] {
            assert_eq!(Celtic::Irish.root(word), root, "{word}");
        }
    }

    #[test]
    fn a_capital_tells_what_was_put_before_an_irish_word() {
        for (typed, root) in [
            ("nAthair", Some("athair")),
            ("hÉireann", Some("eireann")),
            ("tUachtarán", Some("uachtaran")),
            ("nathair", None),
            ("Nathair", None),
            ("NATHAIR", None),
            ("iPhone", None),
            ("n", None),
        ] {
            let written = prefixed(typed, &lower(typed));
            let found = written.map(|written| Celtic::Irish.root(&written));
            assert_eq!(found.as_deref(), root, "{typed}");
        }
    }

    /// Words that begin in every way that a Welsh one can: with a letter, or with one and another.
    fn word() -> impl Strategy<Value = String> {
        let letters = "(ngh?|[mnptcr]h|dd|ff|ll|[a-y])?";
        let words = (letters, "[lrnw]?[aeiouy][a-y]{0,3}").prop_map(|(first, rest)| first + &rest);
        // `ll` is one letter, which no other `l` follows: changed, it would be `ll` again.
        words.prop_filter("no word begins so", |word| !word.starts_with("lll"))
    }

    fn others(lang: &str, written: &str) -> Vec<String> {
        let mut others = Vec::new();
        add_others(lang, written, &mut others);
        others
    }

    proptest! {
        #[test]
        fn forms_and_radicals_are_inverses(word in word()) {
            for form in forms(&word) {
                prop_assert!(radicals(&form).contains(&word), "{word} gives {form}");
            }
            for radical in radicals(&word) {
                prop_assert!(forms(&radical).contains(&word), "{radical} gives {word}");
            }
            prop_assert!(forms(&word).len() <= 3);
        }

        #[test]
        fn what_is_looked_for_is_all_that_may_be_meant(word in word()) {
            let mut expected: BTreeSet<String> = forms(&word).into_iter().collect();
            for radical in radicals(&word) {
                expected.extend(forms(&radical));
                expected.insert(radical);
            }
            expected.insert(word.clone());
            prop_assert!(expected.len() <= 6, "itself and five others");
            prop_assert_eq!(others("cy-GB", &word).into_iter().collect::<BTreeSet<_>>(), expected);
        }

        #[test]
        fn the_root_of_an_irish_word_is_looked_for(word in word(), long in "[bcdfgmpst]h?[aeiou][a-z]{3}") {
            let root = Celtic::Irish.root(&word);
            prop_assert!(others("ga", &word).contains(&root));
            prop_assert!(others("gd", &long).contains(&Celtic::Gaelic.root(&long)));
        }

        #[test]
        fn any_word_is_read(word in "\\PC{0,8}", odd in "[nthbdm'gcfsAÉo]{0,6}") {
            for word in [&word, &odd] {
                for (lang, celtic) in [("cy", Celtic::Welsh), ("gd", Celtic::Gaelic), ("ga", Celtic::Irish)] {
                    prop_assert!(others(lang, word).len() <= MAX_OTHERS);
                    prop_assert!(celtic.root(word).len() <= 4 * word.len());
                    prop_assert!(others("en", word).is_empty());
                }
                let _written = prefixed(word, &lower(word));
            }
        }
    }
}
