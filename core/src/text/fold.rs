//! Takes case and marks away: `lower` keeps a word as it was written, `fold` makes its plain key.
//!
//! Marks are taken from Latin letters, and vowel signs from Arabic ones: elsewhere they make other
//! letters (и and й).
//! Knows no language: what one language tells apart and another does not is for `stem`.

use super::tables::{LATIN, LATIN_ADDITIONAL, LOWER, PAIRS};

/// What apostrophes are written as in `lower`.
const APOSTROPHE: char = '\'';

/// A word in lower case, with apostrophes made alike and soft hyphens dropped.
///
/// One letter gives one letter: `İ` gives `i`, and `Σ` gives `σ` everywhere.
pub fn lower(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for letter in word.chars() {
        match letter {
            '\u{2019}' | '\u{2018}' | '\u{02BC}' | '\u{FF07}' | '`' | '\u{00B4}' => {
                out.push(APOSTROPHE);
            }
            // Soft hyphen and byte order mark: seen in nothing that a reader types.
            '\u{00AD}' | '\u{FEFF}' => {}
            _ => out.push(lower_letter(letter)),
        }
    }
    out
}

/// The plain key of a word: lower case, Latin letters without marks, no apostrophes.
///
/// Idempotent: the key of a key is itself.
pub fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    // A combining mark goes when the letter that carries it is Latin, or when none does.
    let mut on_latin = true;
    for letter in word.chars() {
        let letter = lower_letter(letter);
        match letter {
            APOSTROPHE | '\u{2019}' | '\u{2018}' | '\u{02BC}' | '\u{FF07}' | '`' | '\u{00B4}'
            | '\u{00AD}' | '\u{FEFF}' => {}
            '\u{0300}'..='\u{036F}' if on_latin => {}
            'ς' => out.push('σ'),
            // Arabic vowel signs, which are mostly left out, and the stroke that only stretches.
            '\u{064B}'..='\u{0652}' | '\u{0670}' | '\u{0640}' => {}
            _ => match plain(letter) {
                Plain::Itself => {
                    on_latin = letter.is_ascii_lowercase();
                    out.push(alike(letter));
                }
                Plain::Letter(base) => {
                    on_latin = true;
                    out.push(base);
                }
                Plain::Pair(pair) => {
                    on_latin = true;
                    out.push_str(pair);
                }
            },
        }
    }
    out
}

enum Plain {
    Itself,
    Letter(char),
    Pair(&'static str),
}

/// Digits of other scripts as ASCII, and Arabic letters that are written in several ways as one of
/// them (the rules of Lucene's ArabicNormalizer, with the yeh and kaf of Persian).
fn alike(letter: char) -> char {
    let code = letter as u32;
    let zero = match code {
        0x0622 | 0x0623 | 0x0625 => return '\u{0627}',
        0x0629 => return '\u{0647}',
        0x0649 | 0x06CC => return '\u{064A}',
        0x06A9 => return '\u{0643}',
        // Arabic, Persian, Bengali, Gurmukhi.
        0x0660..=0x0669 => 0x0660,
        0x06F0..=0x06F9 => 0x06F0,
        0x09E6..=0x09EF => 0x09E6,
        0x0A66..=0x0A6F => 0x0A66,
        _ => return letter,
    };
    char::from_u32(code - zero + 0x30).unwrap_or(letter)
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

pub(super) fn lower_letter(letter: char) -> char {
    if letter.is_ascii() {
        return letter.to_ascii_lowercase();
    }
    let code = letter as u32;
    let after = LOWER.partition_point(|run| run.0 <= code);
    let Some(&(first, count, stride, delta)) = after.checked_sub(1).and_then(|at| LOWER.get(at))
    else {
        return letter;
    };
    let (apart, stride) = (code - first, u32::from(stride));
    if apart % stride != 0 || apart / stride >= u32::from(count) {
        return letter;
    }
    code.checked_add_signed(delta)
        .and_then(char::from_u32)
        .unwrap_or(letter)
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
