//! Letters of other scripts than Latin as the key of a word has them: one of those that are written
//! for one another.
//!
//! The rules go by script and never by language, as the language of what a reader types is not known:
//! what a language tells apart all the same stands apart in words as written, which come first.
//! After Lucene's normalizers of Arabic, Persian, Bengali, Hindi and Indic letters (Apache-2.0; read,
//! and said here in other words); digits are those of the Unicode Character Database; rows of Ethiopic
//! are those that sound alike in Amharic and Tigrinya. Left out is what takes a dictionary:
//! simplified and traditional Han letters.
//! Compiled under the feature `languages` only. Knows no words and no languages.

use super::tables::Run;

/// The sign that makes another letter of a Bengali one.
const BENGALI_NUKTA: char = '\u{9BC}';

/// How far a vowel letter of Gurmukhi stands before the sign of its vowel.
const VOWEL_DISTANCE: u32 = 0x38;

/// In [`ALIKE`], of letters that a key does without.
pub(super) const DROPPED: i32 = i32::MIN;

/// Runs of letters that others stand for, as in [`LOWER`](super::tables::LOWER): Greek without
/// accents; stress, `ё` and `ґ` of Cyrillic; points of Hebrew; vowel signs, alefs, hehs, yehs and
/// kafs of Arabic; nuktas and nasal signs of Devanagari, Bengali and Gurmukhi; rows of Ethiopic; digits
/// of all scripts that have their own and are written today; full-width forms.
#[rustfmt::skip]
pub(super) static ALIKE: [Run; 86] = [
    (0x300, 2, 1, DROPPED), (0x390, 1, 1, 41), (0x3AC, 1, 1, 5), (0x3AD, 1, 1, 8), (0x3AE, 1, 1, 9),
    (0x3AF, 1, 1, 10), (0x3B0, 1, 1, 21), (0x3C2, 1, 1, 1), (0x3CA, 1, 1, -17), (0x3CB, 1, 1, -6),
    (0x3CC, 1, 1, -13), (0x3CD, 1, 1, -8), (0x3CE, 1, 1, -5), (0x450, 1, 1, -27),
    (0x451, 1, 1, -28), (0x491, 1, 1, -94), (0x591, 55, 1, DROPPED), (0x5F3, 1, 1, DROPPED),
    (0x5F4, 1, 1, -1490), (0x610, 11, 1, DROPPED), (0x622, 1, 1, 5), (0x623, 1, 1, 4),
    (0x625, 1, 1, 2), (0x629, 1, 1, 30), (0x640, 1, 1, DROPPED), (0x649, 1, 1, 1),
    (0x64B, 21, 1, DROPPED), (0x660, 10, 1, -1584), (0x66B, 1, 1, -1597), (0x66C, 1, 1, -1600),
    (0x670, 1, 1, DROPPED), (0x671, 1, 1, -74), (0x6A9, 1, 1, -102), (0x6C0, 1, 1, -121),
    (0x6C1, 1, 1, -122), (0x6C2, 1, 1, -123), (0x6CC, 1, 1, -130), (0x6D2, 1, 1, -136),
    (0x6D3, 1, 1, -137), (0x6D5, 1, 1, -142), (0x6D6, 24, 1, DROPPED), (0x6F0, 10, 1, -1728),
    (0x901, 1, 1, 1), (0x93C, 1, 1, DROPPED), (0x958, 3, 1, -67), (0x95B, 1, 1, -63),
    (0x95C, 2, 1, -59), (0x95E, 1, 1, -51), (0x95F, 1, 1, -48), (0x966, 10, 1, -2358),
    (0x981, 1, 1, DROPPED), (0x999, 1, 1, -23), (0x9A3, 1, 1, 5), (0x9B6, 1, 1, 2),
    (0x9B7, 1, 1, 1), (0x9C0, 2, 2, -1), (0x9CE, 1, 1, -42), (0x9DC, 1, 1, -44), (0x9DD, 1, 1, -45),
    (0x9E6, 10, 1, -2486), (0xA33, 1, 1, -1), (0xA36, 1, 1, 2), (0xA3C, 1, 1, DROPPED),
    (0xA59, 2, 1, -67), (0xA5B, 1, 1, -63), (0xA5E, 1, 1, -51), (0xA66, 10, 1, -2614),
    (0xA70, 1, 1, -110), (0xA71, 1, 1, DROPPED), (0xAE6, 10, 1, -2742), (0xB66, 10, 1, -2870),
    (0xBE6, 10, 1, -2998), (0xC66, 10, 1, -3126), (0xCE6, 10, 1, -3254), (0xD66, 10, 1, -3382),
    (0xE50, 10, 1, -3616), (0xED0, 10, 1, -3744), (0xF20, 10, 1, -3824), (0x1040, 10, 1, -4112),
    (0x1210, 8, 1, -16), (0x1220, 8, 1, 16), (0x1280, 8, 1, -128), (0x1340, 8, 1, -8),
    (0x17E0, 10, 1, -6064), (0x1810, 10, 1, -6112), (0xFF01, 94, 1, -65248),
];

/// What a letter, in lower case, is in a key that ends so far as told. `None` where it is nothing. May
/// take the last letter of the key back, where both are one.
///
/// Whoever asks again for what this gives gets the same.
pub(super) fn alike(letter: char, key: &mut String) -> Option<char> {
    let together = match (key.chars().next_back(), letter) {
        (Some('ড' | 'ঢ'), BENGALI_NUKTA) => Some('র'),
        (Some('য'), BENGALI_NUKTA) => Some('\u{9DF}'),
        // Vowel letters, typed as the letter that carries a vowel and the vowel's sign.
        (Some('ਅ' | 'ੲ' | 'ੳ'), '\u{A3E}'..='\u{A4C}') => {
            char::from_u32(letter as u32 - VOWEL_DISTANCE)
        }
        _ => None,
    };
    if together.is_some() {
        key.pop();
        return together;
    }
    super::fold::moved(&ALIKE, letter)
}

#[cfg(test)]
mod tests {
    use super::super::fold;
    use proptest::prelude::*;

    #[test]
    fn what_is_written_for_one_another_has_one_key() {
        for words in [
            &["ΑΘΗΝΑ", "Αθήνα", "αθηνα"][..],
            &["ёлка", "елка", "ЕЛКА"],
            &["за\u{301}мок", "замок"],
            &["ґанок", "ганок"],
            &["שָׁלוֹם", "שלום"],
            &["صه\u{200F}", "صه"],
            &["ٱلكتاب", "الكتاب"],
            &["خانهٔ", "خانه", "خانۀ"],
            &["ہے", "هي", "ہی"],
            &["বাড়ি", "বা\u{9A1}\u{9BC}ি", "বারি"],
            &["শব", "ষব", "সব"],
            &["ਅਾਮ", "ਆਮ"],
            &["ੲਿਸ", "ਇਸ"],
            &["ਸ਼ਹਿਰ", "ਸ\u{A3C}ਹਿਰ", "ਸਹਿਰ"],
            &["क़लम", "क\u{93C}लम", "कलम"],
            &["ሠላም", "ሰላም"],
            &["ＡＢＣ１２", "abc12"],
            &["２０２４", "٢٠٢٤", "२०२४", "২০২৪", "๒๐๒๔", "၂၀၂၄", "2024"],
            &["٣٫٥", "3.5"],
        ] {
            for word in words {
                assert_eq!(fold(word), fold(words[0]), "{word}");
            }
        }
    }

    #[test]
    fn other_letters_are_other_words() {
        for (a, b) in [
            ("кіт", "кит"),
            ("й", "и"),
            ("بڑا", "برا"),
            ("مسئول", "مسول"),
            ("কর", "কার"),
            ("ਦਿਨ", "ਦੀਨ"),
            ("ዐይን", "አይን"),
        ] {
            assert_ne!(fold(a), fold(b), "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn the_key_of_a_key_is_itself(
            word in "[aЁёйґе\u{300}\u{301}\u{306}\u{308}ώאשׁَآأةىکیےۀٔৰড\u{9BC}ঢয়য়ੜ\u{A3C}ਅੲੳਾਿੀੁ\u{A70}\u{A71}क़ሐኀሠｱａＡ１｀\u{200C}\u{200D}]{0,8}"
        ) {
            let key = fold(&word);
            prop_assert_eq!(fold(&key), key);
        }
    }
}
