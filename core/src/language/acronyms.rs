//! Abbreviations that a text explains itself: `Privacy Threshold Assessment (PTA)`, `PTA (Privacy
//! Threshold Assessment)`.
//!
//! After A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in
//! biomedical text" (Pacific Symposium on Biocomputing 2003), section 3, and stricter: they let a
//! letter of the short form stand anywhere in the long one, here it stands at the beginning of a
//! word, but for one. Some pairs are missed so that next to none is wrong.
//! Knows words and function words; reads each text by itself and keeps nothing.

use super::function_words::is_function_word;
use crate::text::fold;

/// Letters and digits of an abbreviation, without a plural `s`.
const ACRONYM_LETTERS: core::ops::RangeInclusive<usize> = 2..=10;

/// Capital letters that an abbreviation has at least: `mRNA` has three, `Fig` one.
const MIN_CAPITALS: usize = 2;

/// Most bytes between parentheses: ten letters have fifteen words at most, of eight bytes and more.
const MAX_INNER_BYTES: usize = 160;

/// Most bytes looked at before a parenthesis.
const MAX_BEFORE_BYTES: usize = 240;

/// Most different pairs of one text; a glossary of more is better given as synonyms.
const MAX_PAIRS: usize = 500;

/// What it costs that a letter stands within a word that another letter begins: `DeoxyriboNucleic`.
const COST_WITHIN: u32 = 3;

/// What it costs that a word of matter has no letter: `Health` in `NICE`.
const COST_LEFT_OUT: u32 = 4;

/// Most that a pair may cost: one of the two, once.
const MAX_COST: u32 = 4;

/// Shortest abbreviations that may cost [`COST_WITHIN`] and [`COST_LEFT_OUT`]; in shorter ones
/// chance does too much.
const MIN_LETTERS_WITHIN: usize = 3;
const MIN_LETTERS_LEFT_OUT: usize = 4;

/// Pairs of an abbreviation and its long form, as a text explains them, each once and in its order.
///
/// Abbreviations come without a plural `s`, long forms with single spaces and otherwise as written.
/// Cost: linear in the text.
pub(crate) fn harvest(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    // Where the last parenthesis ended: what is before belongs to another pair.
    let mut last_end = 0;
    for (open, _) in text.match_indices('(') {
        if found.len() == MAX_PAIRS {
            break;
        }
        let Some(inner) = inner(text, open) else {
            continue;
        };
        let before = before(text, last_end.min(open), open);
        last_end = open + inner.len() + 2;
        let pair = long_before(before, inner).or_else(|| long_within(before, inner));
        if let Some(pair) = pair
            && !found.contains(&pair)
        {
            found.push(pair);
        }
    }
    found
}

/// What stands in the parentheses that open at `open`, if they close soon and hold no others.
fn inner(text: &str, open: usize) -> Option<&str> {
    let rest = text.get(open + 1..)?;
    let end = rest
        .char_indices()
        .take_while(|(at, _)| *at <= MAX_INNER_BYTES)
        .find(|(_, c)| matches!(c, '(' | ')' | '\n'))?;
    match end {
        (at, ')') => rest.get(..at),
        _ => None,
    }
}

/// The sentence before `open`, as far as it is looked at.
fn before(text: &str, from: usize, open: usize) -> &str {
    let mut from = from.max(open.saturating_sub(MAX_BEFORE_BYTES));
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..open).unwrap_or_default();
    let mut start = 0;
    let mut earlier = (' ', ' ');
    for (at, c) in before.char_indices() {
        let (letter_before, last) = earlier;
        // A full stop after a single capital is part of a name: `U.S. Web Design System`.
        let ends_sentence = match last {
            '.' => c.is_whitespace() && !letter_before.is_uppercase(),
            '!' | '?' | ';' | ':' => c.is_whitespace(),
            '\n' | ')' | '(' | '[' | ']' | '|' | '\u{2022}' => true,
            _ => false,
        };
        if ends_sentence {
            start = at;
        }
        earlier = (last, c);
    }
    before.get(start..).unwrap_or_default()
}

/// `Long Form (ABC)`.
fn long_before(before: &str, inner: &str) -> Option<(String, String)> {
    if !before.ends_with(char::is_whitespace) {
        return None;
    }
    // `(ABC; formerly DEF)`, `(ABC, founded 1900)`.
    let acronym = acronym(inner.split([';', ',']).next()?)?;
    let letters: Vec<char> = fold(acronym).chars().collect();
    let words = words(before);
    let longest = most_words(letters.len()).min(words.len());
    let mut best: Option<(u32, usize)> = None;
    // From short to long: of two that cost the same the shorter is meant.
    for start in (words.len() - longest..words.len()).rev() {
        let candidate = words.get(start..)?;
        let begins_small = candidate
            .first()
            .is_some_and(|word| is_small(word.text) && !word.text.starts_with(char::is_uppercase));
        if begins_small {
            continue;
        }
        if let Some(cost) = cost(&letters, candidate)
            && best.is_none_or(|(least, _)| cost < least)
        {
            best = Some((cost, start));
        }
    }
    let form = long_form(before, words.get(best?.1..)?)?;
    Some((acronym.to_owned(), form))
}

/// `ABC (Long Form)`.
fn long_within(before: &str, inner: &str) -> Option<(String, String)> {
    let without_space = before.trim_end();
    if without_space.len() == before.len() || inner.contains([';', ':', ',']) {
        return None;
    }
    let start = without_space
        .rfind(|c: char| !c.is_alphanumeric())
        .map_or(0, |at| at + 1);
    let ahead = without_space.get(..start).unwrap_or_default();
    // The last piece of a code such as `ISO-8859` is no abbreviation.
    if !ahead.is_empty() && !ahead.ends_with(|c: char| c.is_whitespace() || is_quote(c)) {
        return None;
    }
    let acronym = acronym(without_space.get(start..)?)?;
    let letters: Vec<char> = fold(acronym).chars().collect();
    let words = words(inner);
    if words.len() > most_words(letters.len()) {
        return None;
    }
    cost(&letters, &words)?;
    Some((acronym.to_owned(), long_form(inner, &words)?))
}

/// The abbreviation that a piece of text is, without quotes and plural `s`.
fn acronym(piece: &str) -> Option<&str> {
    let piece = piece.trim_matches(|c: char| c.is_whitespace() || is_quote(c));
    let single = piece
        .strip_suffix('s')
        .map(|piece| piece.strip_suffix(['\'', '\u{2019}']).unwrap_or(piece))
        .filter(|single| single.ends_with(|c: char| c.is_uppercase() || c.is_ascii_digit()));
    let piece = single.unwrap_or(piece);
    let capitals = piece.chars().filter(|c| c.is_uppercase()).count();
    let is_one = piece.chars().all(char::is_alphanumeric)
        && piece.starts_with(char::is_alphabetic)
        && ACRONYM_LETTERS.contains(&piece.chars().count())
        && capitals >= MIN_CAPITALS;
    is_one.then_some(piece)
}

fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '\u{2018}'..='\u{201F}' | '\u{AB}' | '\u{BB}'
    )
}

/// Most words of a long form, by Schwartz and Hearst.
fn most_words(n_letters: usize) -> usize {
    (n_letters + 5).min(2 * n_letters)
}

/// A word of a long form, and where it begins in bytes.
struct Word<'t> {
    at: usize,
    text: &'t str,
    folded: String,
}

/// The words of a piece of text. Hyphens and full stops part words: each part may give a letter.
fn words(text: &str) -> Vec<Word<'_>> {
    let parts_words =
        |c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}' | '\u{301}'));
    let mut words = Vec::new();
    let mut at = 0;
    for piece in text.split_inclusive(parts_words) {
        let word = piece.trim_end_matches(parts_words);
        let folded = fold(word);
        if !folded.is_empty() {
            words.push(Word {
                at,
                text: word,
                folded,
            });
        }
        at += piece.len();
    }
    words
}

/// Whether a word may be left out at no cost: `of`, `and`, `für`, `de`.
fn is_small(word: &str) -> bool {
    let folded = fold(word);
    ["en", "cy", "ga", "gd", "fr", "de", "es", "it", "nl", "pt"]
        .iter()
        .any(|lang| is_function_word(lang, &folded))
}

/// What it costs to read `letters` as the beginnings of `words`, or `None` where it cannot be done
/// for [`MAX_COST`]. The first and the last word give a letter each.
fn cost(letters: &[char], words: &[Word<'_>]) -> Option<u32> {
    if words.len() < 2 {
        return None;
    }
    // The least cost at which so many letters are read; before the first word none is, for nothing.
    let mut read: Vec<Option<u32>> = vec![None; letters.len() + 1];
    *read.first_mut()? = Some(0);
    for (nth, word) in words.iter().enumerate() {
        let is_edge = nth == 0 || nth + 1 == words.len();
        let left_out = if is_small(word.text) {
            0
        } else if letters.len() >= MIN_LETTERS_LEFT_OUT {
            COST_LEFT_OUT
        } else {
            MAX_COST + 1
        };
        let mut next: Vec<Option<u32>> = vec![None; read.len()];
        let mut reach = |n: usize, cost: u32| {
            if let Some(least) = next.get_mut(n)
                && cost <= MAX_COST
                && least.is_none_or(|least| cost < least)
            {
                *least = Some(cost);
            }
        };
        for (n, so_far) in read.iter().enumerate() {
            let Some(so_far) = *so_far else { continue };
            if !is_edge {
                reach(n, so_far + left_out);
            }
            let mut within = word.folded.chars();
            if letters.get(n).copied() != within.next() {
                continue;
            }
            reach(n + 1, so_far);
            let follows = letters
                .get(n + 1)
                .is_some_and(|letter| within.any(|c| c == *letter));
            if follows && letters.len() >= MIN_LETTERS_WITHIN {
                reach(n + 2, so_far + COST_WITHIN);
            }
        }
        read = next;
    }
    read.last().copied().flatten()
}

/// The text of words with single spaces, without a genitive's `s`; `None` where it is one word.
fn long_form(text: &str, words: &[Word<'_>]) -> Option<String> {
    let (first, last) = (words.first()?, words.last()?);
    let bare = last
        .text
        .strip_suffix('s')
        .and_then(|word| word.strip_suffix(['\'', '\u{2019}']));
    let end = last.at + bare.unwrap_or(last.text).len();
    let pieces: Vec<&str> = text.get(first.at..end)?.split_whitespace().collect();
    let joined = pieces.join(" ");
    let form = joined.trim_start_matches(is_quote);
    form.contains(' ').then(|| form.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, pairs: &[(&str, &str)]) {
        let found = harvest(text);
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(short, long)| (short.as_str(), long.as_str()))
            .collect();
        assert_eq!(found, pairs, "{text}");
    }

    #[test]
    fn a_long_form_stands_before_its_abbreviation_or_after() {
        check(
            "Write to the Office of the Chief Tree Warden (OCTW) in May.",
            &[("OCTW", "Office of the Chief Tree Warden")],
        );
        check(
            "The OCTW (Office of the Chief Tree Warden) is closed.",
            &[("OCTW", "Office of the Chief Tree Warden")],
        );
        check(
            "Local tree plans (LTPs), the Tree Board’s (TB) centres of TRees (CoTRs) and hedge \n management schemes (HMS; from 2020)",
            &[
                ("LTP", "Local tree plans"),
                ("TB", "Tree Board"),
                ("CoTR", "centres of TRees"),
            ],
        );
        check("a “Local Tree Plan” (“LTP”)", &[("LTP", "Local Tree Plan")]);
    }

    #[test]
    fn one_letter_may_stand_within_a_word_and_one_word_may_be_left_out() {
        check(
            "deoxyribonucleic acid (DNA)",
            &[("DNA", "deoxyribonucleic acid")],
        );
        check(
            "the Regional Board for Hedge and Shrub Gardens (RBSG)",
            &[("RBSG", "Regional Board for Hedge and Shrub Gardens")],
        );
        check("tree planting by hand (TPG)", &[]);
        check("deoxyribonucleic (DNA)", &[]);
        check("tree and hedge survey (TS)", &[]);
    }

    #[test]
    fn of_two_readings_the_cheaper_and_then_the_shorter_is_taken() {
        check(
            "Staff of the Social Security Service (SSS)",
            &[("SSS", "Social Security Service")],
        );
        check(
            "and the American Alder Association (AAA)",
            &[("AAA", "American Alder Association")],
        );
    }

    #[test]
    fn points_and_hyphens_part_words() {
        check(
            "See the U.K. Tree Design System (UKTDS)",
            &[("UKTDS", "U.K. Tree Design System")],
        );
        check(
            "by enzyme-linked tree assay (ELTA)",
            &[("ELTA", "enzyme-linked tree assay")],
        );
        check(
            "Conseil de l’arbre et des forêts (CAF), Údarás na gCrann (UNC)",
            &[],
        );
    }

    #[test]
    fn what_explains_nothing_is_left() {
        for text in [
            "The tree (see below)",
            "GSA (Moderator)",
            "TREE (with leaves)",
            "ET (or local equivalent)",
            "as planned. Later (AL)",
            "the end of Trees. Plans (TP)",
            "Phase two (II)",
            "()((((",
            "Tree Plan(TP)",
            "Tree Plan (Tp)",
            "Tree Plan (T P)",
            "(TP",
            "to plant (TP)",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn a_pair_comes_once() {
        let text = "Local Tree Plan (LTP). ".repeat(3);
        check(&text, &[("LTP", "Local Tree Plan")]);
    }

    proptest! {
        #[test]
        fn initials_of_capitalised_words_are_read(
            words in proptest::collection::vec("[B-HJ-Z][b-z]{3,8}", 2..8),
            small in proptest::bool::ANY,
        ) {
            let between = if small { " of the " } else { " " };
            let long = words.join(between);
            let short: String = words.iter().filter_map(|word| word.chars().next()).collect();
            // Words such as `With` are small, and a small word begins no long form.
            let within_limits = !small || words.len() * 3 - 2 <= most_words(words.len());
            let found = harvest(&format!("about, {long} ({short})"));
            if within_limits {
                prop_assert!(found.iter().any(|(s, l)| *s == short && long.ends_with(l.as_str())));
            }
        }

        #[test]
        fn whatever_the_text_first_letters_agree(text in "([A-Z]{1,3}s?|[A-Za-z]{1,5}|[ (). \n,’é;-]){0,60}") {
            for (short, long) in harvest(&text) {
                prop_assert_eq!(fold(&short).chars().next(), fold(&long).chars().next());
                prop_assert!(long.contains(' ') && text.contains(&short));
            }
        }
    }
}
