//! Takes case and marks away: `lower` keeps a word as it was written, `fold` makes its plain key.
//!
//! Marks are taken from Latin letters here, by tables; letters of other scripts have their rules in
//! `letters`, where the feature `languages` is there to know them.
//! Knows no language: what one language tells apart and another does not is for `stem`.

use super::EVERY_SCRIPT;
#[cfg(feature = "languages")]
use super::letters;
use super::tables::{LATIN, LATIN_ADDITIONAL, LOWER, PAIRS, Run};

/// What apostrophes are written as in `lower`.
const APOSTROPHE: char = '\'';

/// A word in lower case, with apostrophes made alike and what nobody sees or types dropped.
///
/// One letter gives one letter: `İ` gives `i`, and `Σ` gives `σ` everywhere. Romanian `ș` and `ț` are
/// written with the cedilla of older texts.
pub fn lower(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for letter in word.chars() {
        if is_apostrophe(letter) {
            out.push(APOSTROPHE);
        } else if !is_silent(letter) {
            out.push(match lower_letter(letter) {
                // One letter in two encodings: Turkish has the cedilla, and nothing has the comma
                // but Romanian.
                'ș' => 'ş',
                'ț' => 'ţ',
                letter => letter,
            });
        }
    }
    out
}

/// The plain key of a word: lower case, Latin letters without marks, no apostrophes. With the feature
/// `languages`, letters of other scripts are one of those that are written for one another.
///
/// Idempotent: the key of a key is itself.
pub fn fold(word: &str) -> String {
    fold_as::<EVERY_SCRIPT>(word)
}

/// The plain key of a word, with the rules for letters of all scripts or those for Latin alone.
pub(super) fn fold_as<const ALL: bool>(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    // A combining mark goes when the letter that carries it is Latin, or when none does.
    let mut on_latin = true;
    for letter in word.chars() {
        let letter = lower_letter(letter);
        #[cfg(feature = "languages")]
        let letter = match letter {
            _ if !ALL || letter.is_ascii() => letter,
            _ => match letters::alike(letter, &mut out) {
                Some(alike) => alike,
                None => continue,
            },
        };
        let is_mark = matches!(letter, '\u{0300}'..='\u{036F}');
        if is_apostrophe(letter) || is_silent(letter) || is_mark && on_latin {
            continue;
        }
        match plain(letter) {
            Plain::Itself => {
                on_latin = letter.is_ascii_lowercase();
                out.push(letter);
            }
            Plain::Letter(base) => {
                on_latin = true;
                out.push(base);
            }
            Plain::Pair(pair) => {
                on_latin = true;
                out.push_str(pair);
            }
        }
    }
    out
}

fn is_apostrophe(letter: char) -> bool {
    matches!(
        letter,
        APOSTROPHE | '\u{2019}' | '\u{2018}' | '\u{02BC}' | '\u{FF07}' | '`' | '\u{00B4}'
    )
}

/// What stands in a text and is neither seen nor typed: soft hyphens, joiners and non-joiners, marks of
/// direction, byte order marks, and the signs that choose a letter's shape.
fn is_silent(letter: char) -> bool {
    matches!(
        letter,
        '\u{00AD}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
    )
}

enum Plain {
    Itself,
    Letter(char),
    Pair(&'static str),
}

/// The plain letters of one letter in lower case.
fn plain(letter: char) -> Plain {
    let code = letter as usize;
    let base = match code {
        0xDF..=0x24F => LATIN.get(code - 0xDF),
        0x1E00..=0x1EFF => LATIN_ADDITIONAL.get(code - 0x1E00),
        _ => None,
    };
    match base {
        None | Some(b'.') => Plain::Itself,
        Some(digit @ b'1'..=b'8') => match PAIRS.get(usize::from(digit - b'1')) {
            Some(pair) => Plain::Pair(pair),
            None => Plain::Itself,
        },
        Some(&base) => Plain::Letter(base as char),
    }
}

/// A letter in lower case.
pub(super) fn lower_letter(letter: char) -> char {
    if letter.is_ascii() {
        return letter.to_ascii_lowercase();
    }
    moved(&LOWER, letter).unwrap_or(letter)
}

/// The letter that one has in a table, or itself; `None` where the table leads to none.
pub(super) fn moved(table: &[Run], letter: char) -> Option<char> {
    let code = letter as u32;
    let after = table.partition_point(|run| run.0 <= code);
    let Some(&(first, count, stride, delta)) = after.checked_sub(1).and_then(|at| table.get(at))
    else {
        return Some(letter);
    };
    let (apart, stride) = (code - first, u32::from(stride));
    if apart % stride != 0 || apart / stride >= u32::from(count) {
        return Some(letter);
    }
    code.checked_add_signed(delta).and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Unicode adds letters with each version; the table was made with the one of Rust 1.95.
    #[test]
    fn lower_agrees_with_the_standard_library_on_every_letter() {
        for letter in ('\0'..=char::MAX).filter(|c| *c != 'İ') {
            let mut standard = letter.to_lowercase();
            let single = standard.next().filter(|_| standard.next().is_none());
            assert_eq!(
                Some(lower_letter(letter)),
                single,
                "U+{:04X}",
                letter as u32
            );
        }
        assert_eq!(lower_letter('İ'), 'i');
    }

    #[test]
    fn folding_twice_changes_nothing_more() {
        for letter in '\0'..=char::MAX {
            let once = fold(&letter.to_string());
            assert_eq!(fold(&once), once, "U+{:04X}", letter as u32);
        }
    }

    #[test]
    fn digits_of_other_scripts_are_ascii() {
        for (digits, key) in [
            ("٠١٩", "019"),
            ("۰۱۹", "019"),
            ("০১৯", "019"),
            ("੦੧੯", "019"),
        ] {
            assert_eq!(fold(digits), key, "{digits}");
        }
    }

    #[test]
    fn arabic_is_read_without_vowel_signs_and_with_one_spelling() {
        for (word, key) in [
            ("مُحَمَّد", "محمد"),
            ("محـــمد", "محمد"),
            ("هٰذا", "هذا"),
            ("أحمد", "احمد"),
            ("إسلام", "اسلام"),
            ("آمن", "امن"),
            ("مدرسة", "مدرسه"),
            ("على", "علي"),
            ("یک", "يك"),
        ] {
            assert_eq!(fold(word), key, "{word}");
        }
    }

    #[test]
    fn apostrophes_go_between_cyrillic_letters() {
        for word in ["сім'я", "сім’я", "сімʼя", "сім`я"] {
            assert_eq!(fold(word), "сімя", "{word}");
        }
    }

    #[test]
    fn marks_of_other_scripts_stay() {
        for (word, key) in [
            ("Crème", "creme"),
            ("Creme\u{300}", "creme"),
            ("ŵyl", "wyl"),
            ("bàta", "bata"),
            ("Đặng", "dang"),
            ("Æsir", "aesir"),
            ("ЙОД", "йод"),
            ("и\u{306}", "и\u{306}"),
            ("ΣΟΦΟΣ", "σοφοσ"),
            ("o’Brien", "obrien"),
        ] {
            assert_eq!(fold(word), key, "{word}");
        }
    }
}
