//! Finds the stem of an English word: what its forms share.
//!
//! The English stemmer of Snowball, "Porter2" (M. F. Porter, 2001, snowballstem.org), written as
//! tables of endings, since the one that Snowball generates is three times as large in the browser.
//! Gives the very stems of `rust-stemmers`, which a property holds it to. Knows nothing of folding.

/// What no region begins at: a word that has no such region.
const NOWHERE: usize = usize::MAX;

// A rule is an ending, what it becomes, and letters of which one must stand before it, if any are
// named; a step takes the first rule whose ending a word has, so that longer endings come first.
// One text a step, as an array of three texts a rule is twice as large even when compressed.

/// Words that are not stemmed by their endings.
const WHOLE_WORDS: &str = "skis:ski skies:sky dying:die lying:lie tying:tie idly:idl gently:gentl \
    ugly:ugli early:earli only:onli singly:singl sky:sky news:news howe:howe atlas:atlas \
    cosmos:cosmos bias:bias andes:andes";

/// Words whose ending stays, once they have lost a plural's.
const KEPT_WORDS: &str = "inning outing canning herring earring proceed exceed succeed";

/// Beginnings that are longer than their first syllable says.
const BEGINNINGS: [&str; 3] = ["gener", "commun", "arsen"];

const POSSESSIVES: &str = "'s' 's '";

const PLURALS: &str = "sses:ss us:us ss:ss ied:i ies:i";

/// What a word becomes that has lost `ed` or `ing`.
const BARE_VERBS: &str = "at:ate bl:ble iz:ize bb:b dd:d ff:f gg:g mm:m nn:n pp:p rr:r tt:t";

const STEP_2: &str = "ational:ate tional:tion enci:ence anci:ance abli:able entli:ent ization:ize \
    izer:ize ation:ate ator:ate alism:al aliti:al alli:al fulness:ful ousli:ous ousness:ous \
    iveness:ive iviti:ive biliti:ble bli:ble ogi:og:l fulli:ful lessli:less li::cdeghkmnrt";

const STEP_3: &str = "ational:ate tional:tion alize:al icate:ic iciti:ic ical:ic ful ness";

const STEP_4: &str = "al ance ence er ic able ible ant ement ment ent ism ate iti ous ive ize \
    ion::st";

/// The stem of a word in lower case, whose apostrophes are `'`.
///
/// Cost: about a hundred comparisons of endings.
pub(super) fn stem(written: &str) -> String {
    if is_short(written) {
        return written.to_owned();
    }
    if let Some((0, whole, _)) = rule(written, WHOLE_WORDS) {
        return whole.to_owned();
    }
    let (mut word, first, second) = read(written.strip_prefix('\'').unwrap_or(written));
    replace(&mut word, POSSESSIVES, 0);
    without_plural(&mut word);
    if !matches!(rule(&word, KEPT_WORDS), Some((0, ..))) {
        if !replace(&mut word, "eedly:ee eed:ee", first) {
            without_verb_ending(&mut word, first);
        }
        let mut back = word.chars().rev();
        if matches!(back.next(), Some('y' | 'Y'))
            && back.next().is_some_and(|letter| !is_vowel(letter))
            && back.next().is_some()
        {
            word.pop();
            word.push('i');
        }
        replace(&mut word, STEP_2, first);
        if !replace(&mut word, STEP_3, first) {
            replace(&mut word, "ative", second);
        }
        replace(&mut word, STEP_4, second);
        if let Some(kept) = word.strip_suffix('e') {
            let end = kept.len();
            if end >= second || (end >= first && !ends_in_short_syllable(kept)) {
                word.truncate(end);
            }
        } else {
            replace(&mut word, "l::l", second);
        }
    }
    word.make_ascii_lowercase();
    word
}

/// A word with `Y` for each `y` that is no vowel, and where its two regions begin: each after the
/// first letter that is no vowel behind one that is, the second one counted within the first.
fn read(written: &str) -> (String, usize, usize) {
    let mut first = NOWHERE;
    let mut second = NOWHERE;
    for beginning in &BEGINNINGS {
        if written.starts_with(*beginning) {
            first = beginning.len();
        }
    }
    let mut word = String::new();
    let mut after_vowel = false;
    for letter in written.chars() {
        let is_consonant = letter == 'y' && (after_vowel || word.is_empty());
        word.push(if is_consonant { 'Y' } else { letter });
        let is_vowel = is_vowel(letter) && !is_consonant;
        if after_vowel && !is_vowel {
            if first == NOWHERE {
                first = word.len();
            } else if second == NOWHERE && word.len() > first {
                second = word.len();
            }
        }
        after_vowel = is_vowel;
    }
    (word, first, second)
}

/// Step 1a.
fn without_plural(word: &mut String) {
    if replace(word, PLURALS, 0) {
        // `tie` of `ties`, but `cri` of `cries`.
        if word.ends_with('i') && is_short(word) {
            word.push('e');
        }
    } else if let Some(kept) = word.strip_suffix('s') {
        // `gas` keeps what `gaps` loses: a vowel must stand before the last letter.
        let mut letters = kept.chars();
        letters.next_back();
        if has_vowel(letters.as_str()) {
            word.truncate(kept.len());
        }
    }
}

/// Step 1b, but for `eed`.
fn without_verb_ending(word: &mut String, first: usize) {
    let Some((end, ..)) = rule(word, "ingly edly ing ed") else {
        return;
    };
    if has_vowel(word.get(..end).unwrap_or_default()) {
        word.truncate(end);
        if !replace(word, BARE_VERBS, 0) && end == first && ends_in_short_syllable(word) {
            word.push('e');
        }
    }
}

/// Replaces the ending that a step has a rule for, if it stands at `from` or later; whether there is
/// a rule for it.
fn replace(word: &mut String, rules: &str, from: usize) -> bool {
    let Some((end, becomes, before)) = rule(word, rules) else {
        return false;
    };
    let last = word.get(..end).and_then(|kept| kept.chars().next_back());
    if end >= from && (before.is_empty() || before.chars().any(|letter| Some(letter) == last)) {
        word.truncate(end);
        word.push_str(becomes);
    }
    true
}

/// The first rule whose ending a word has: where the ending begins, what it becomes, and what must
/// stand before it.
fn rule<'r>(word: &str, mut rules: &'r str) -> Option<(usize, &'r str, &'r str)> {
    while !rules.is_empty() {
        let mut parts = take_until(&mut rules, ' ');
        let mut part = || take_until(&mut parts, ':');
        if let Some(kept) = word.strip_suffix(part()) {
            return Some((kept.len(), part(), part()));
        }
    }
    None
}

/// Takes what stands before the next `mark` off a text, with the mark. The texts are too short for
/// the standard library's `split` to be worth its code.
pub(crate) fn take_until<'t>(text: &mut &'t str, mark: char) -> &'t str {
    let mut rest = text.chars();
    let mut len = 0;
    while let Some(letter) = rest.next()
        && letter != mark
    {
        len += letter.len_utf8();
    }
    let taken = text.get(..len).unwrap_or_default();
    *text = rest.as_str();
    taken
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

fn has_vowel(text: &str) -> bool {
    text.chars().any(is_vowel)
}

/// Whether a text has less than three letters.
fn is_short(text: &str) -> bool {
    text.chars().count() < 3
}

/// Whether a text ends in a vowel and a consonant behind another consonant, as `hop` and no `hoop`,
/// or is no more than a vowel and a consonant.
fn ends_in_short_syllable(text: &str) -> bool {
    let mut back = text.chars().rev();
    let (last, middle, before) = (back.next(), back.next(), back.next());
    last.is_some_and(|last| !is_vowel(last))
        && middle.is_some_and(is_vowel)
        && before.is_none_or(|before| !is_vowel(before) && !matches!(last, Some('w' | 'x' | 'Y')))
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use rust_stemmers::{Algorithm, Stemmer};

    use super::*;

    #[track_caller]
    fn check(words: &str) {
        let stemmer = Stemmer::create(Algorithm::English);
        for word in words.split(' ') {
            assert_eq!(stem(word), stemmer.stem(word), "{word:?}");
        }
    }

    /// Each word and each ending that any rule names, and what meets them.
    fn pieces() -> Vec<&'static str> {
        let mut pieces = Vec::from(BEGINNINGS);
        for rules in [
            WHOLE_WORDS,
            KEPT_WORDS,
            POSSESSIVES,
            PLURALS,
            BARE_VERBS,
            STEP_2,
            STEP_3,
            STEP_4,
            "ative eedly eed ingly edly ing ed l e y yy x w h hop hoo é aé 中 🙂",
        ] {
            for rule in rules.split(' ') {
                pieces.extend(rule.split(':').filter(|piece| !piece.is_empty()));
            }
        }
        pieces
    }

    #[test]
    fn a_word_has_the_stem_that_snowball_gives_it() {
        assert_eq!(stem("generalizations"), "general");
        check("' '' ''' us' i's yes 'twas say by cry ties cries gas gaps hoping hopping bed fred");
        check("sky skis inning innings succeeded geology psychology quickly adoption relative");
        check("rate controll roll arsenal communism agreed feed  é été 中中 yyyy");
    }

    #[test]
    fn no_two_rules_that_meet_give_another_stem_than_snowball() {
        let pieces = pieces();
        let stemmer = Stemmer::create(Algorithm::English);
        for first in ["", "'", "b", "st", "hop", "yo", "logic", "café", "é"] {
            for second in &pieces {
                for third in &pieces {
                    let word = [first, second, third].concat();
                    assert_eq!(stem(&word), stemmer.stem(&word), "{word:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn no_word_has_another_stem_than_snowball_gives_it(
            pieces in vec(select(pieces()), 0..6),
            letters in "[a-z']{0,8}|[aeiouylsté]{0,8}",
            any in "\\PC{0,6}",
        ) {
            let stemmer = Stemmer::create(Algorithm::English);
            let any = any.to_lowercase();
            for word in [pieces.concat(), letters.clone() + &pieces.concat(), letters + &any] {
                prop_assert_eq!(stem(&word), stemmer.stem(&word), "{:?}", word);
            }
        }
    }
}
