//! Finds words in text, by Unicode Standard Annex 29 (word boundaries).
//!
//! Other than there: a colon parts words, an underscore parts words, a full stop between letters
//! parts words unless the letters stand alone (`U.K.`), a mark without a letter is no word, and an
//! emoji is never part of one. Where letters of all scripts are told (`ALL`), each letter of Katakana
//! is a word, as those of Hiragana and Han are there, and so is the sign `々`.
//! Knows nothing of case, marks or languages.

use super::kinds::{Kind, Kinds};

/// Says a Han letter once more (`人々`): a letter as any other to UAX 29.
const ITERATION_MARK: char = '々';

/// A word as it stands in a text.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Where it begins, in bytes.
    pub(super) start: usize,
    /// Where it ends, in bytes: after the marks of its last letter.
    pub(super) end: usize,
    /// The kind of its first letter.
    pub(super) first: Kind,
    /// The kind of its last letter.
    pub(super) last: Kind,
    pub(super) has_digit: bool,
    /// Whether it is of single letters with full stops between: `U.K`.
    pub(super) is_dotted: bool,
    /// Whether it is one letter.
    pub(super) is_single_letter: bool,
}

/// The words of a text that hold a letter or a digit, in order. Cost: linear in the text.
pub(super) struct Words<'t, const ALL: bool> {
    text: &'t str,
    /// The byte up to which the text is read.
    at: usize,
    kinds: Kinds,
}

/// A letter of the text, with what stands around it.
#[derive(Clone, Copy)]
struct Letter {
    letter: char,
    kind: Kind,
    /// The byte after it.
    end: usize,
}

impl<'t, const ALL: bool> Words<'t, ALL> {
    pub(super) fn new(text: &'t str) -> Words<'t, ALL> {
        Words {
            text,
            at: 0,
            kinds: Kinds::new(),
        }
    }

    /// The letter at a byte.
    fn letter(&mut self, at: usize) -> Option<Letter> {
        let letter = self.text.get(at..)?.chars().next()?;
        let mut kind = self.kinds.of(letter);
        if ALL && (kind == Kind::Katakana || letter == ITERATION_MARK) {
            kind = Kind::Single;
        }
        Some(Letter {
            letter,
            kind,
            end: at + letter.len_utf8(),
        })
    }

    /// The byte after the marks at a byte (rule WB4).
    fn after_marks(&mut self, mut at: usize) -> usize {
        while let Some(mark) = self.letter(at).filter(|next| next.kind == Kind::Mark) {
            at = mark.end;
        }
        at
    }

    /// The byte of the last of the unmarked Latin letters from a byte on. Most letters of most texts are
    /// such, and nothing depends on them but that the word goes on.
    fn before_last(&self, start: usize) -> usize {
        let mut at = start;
        let letters = self.text.as_bytes().get(start..).unwrap_or_default();
        for pair in letters.windows(2) {
            if !pair.iter().all(u8::is_ascii_alphabetic) {
                break;
            }
            at += 1;
        }
        at
    }

    /// The word that begins with a letter, and whether it holds a letter or a digit.
    fn word(&mut self, start: usize, first: Letter) -> (Word, bool) {
        let mut word = Word {
            start,
            end: self.after_marks(first.end),
            first: first.kind,
            last: first.kind,
            has_digit: first.kind.is_digit(),
            is_dotted: false,
            is_single_letter: first.kind.is_letter(),
        };
        let mut is_word = first.kind.is_word();
        if first.letter.is_ascii_alphanumeric() {
            let end = self.before_last(word.end);
            word.is_single_letter &= end == word.end;
            word.end = end;
        }
        while let Some(next) = self.letter(word.end).filter(|_| word.last != Kind::Single) {
            let next = if is_side_by_side(word.last, next.kind) {
                word.is_single_letter = false;
                Some(next)
            } else {
                self.beyond(&mut word, next)
            };
            let Some(next) = next else {
                break;
            };
            word.end = self.after_marks(next.end);
            word.last = next.kind;
            word.has_digit |= next.kind.is_digit();
            is_word |= next.kind.is_word();
        }
        word.is_single_letter &= !word.is_dotted;
        (word, is_word)
    }

    /// The letter beyond a mark that may stand within a word (rules WB6, WB7, WB11 and WB12).
    fn beyond(&mut self, word: &mut Word, middle: Letter) -> Option<Letter> {
        let is_stop = middle.letter == '.';
        if !is_stop
            && middle.letter != '"'
            && !matches!(
                middle.kind,
                Kind::MidLetter | Kind::MidDigit | Kind::MidBoth
            )
        {
            return None;
        }
        let after = self.after_marks(middle.end);
        let beyond = self.letter(after);
        let kind = beyond.map_or(Kind::Other, |beyond| beyond.kind);
        let last = word.last;
        if is_stop && last.is_letter() {
            // Each letter of `U.K` stands alone; the word is still one letter when a stop is read.
            let beyond = beyond.filter(|_| word.is_single_letter && kind.is_letter())?;
            let end = self.after_marks(beyond.end);
            let next = self.letter(end).map_or(Kind::Other, |next| next.kind);
            word.is_dotted |= !is_side_by_side(kind, next);
            return (!is_side_by_side(kind, next)).then_some(beyond);
        }
        let is_within = match middle.kind {
            Kind::MidLetter => last.is_letter() && kind.is_letter(),
            Kind::MidDigit => last.is_digit() && kind.is_digit(),
            Kind::MidBoth => {
                last.is_letter() && kind.is_letter() || last.is_digit() && kind.is_digit()
            }
            // WB7b and WB7c for `"`, and the full stop within a number.
            _ if is_stop => last.is_digit() && kind.is_digit(),
            _ => last == Kind::Hebrew && kind == Kind::Hebrew,
        };
        if is_within {
            word.is_single_letter = false;
            return beyond;
        }
        if last == Kind::Hebrew && middle.letter == '\'' {
            // WB7a: an apostrophe stays with a Hebrew letter.
            word.end = after;
        }
        None
    }
}

/// Whether two letters side by side are of one word (rules WB5, WB8, WB9, WB10 and WB13).
fn is_side_by_side(a: Kind, b: Kind) -> bool {
    let is_plain = |kind: Kind| kind.is_letter() || kind.is_digit();
    is_plain(a) && is_plain(b) || a.is_katakana() && b.is_katakana()
}

impl<const ALL: bool> Iterator for Words<'_, ALL> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        loop {
            let start = self.at;
            let first = self.letter(start)?;
            self.at = first.end;
            let kind = first.kind;
            if kind == Kind::Single || kind.is_katakana() || is_side_by_side(kind, kind) {
                let (word, is_word) = self.word(start, first);
                self.at = word.end;
                if is_word {
                    return Some(word);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::kinds::tests::is_unassigned;
    use super::*;
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    fn words(text: &str) -> Vec<&str> {
        Words::<false>::new(text)
            .map(|word| text.get(word.start..word.end).expect("a piece of the text"))
            .collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(words(text), expected);
    }

    /// The words of `unicode-segmentation`, with what is other in ours put out of its way: colons,
    /// full stops and underscores are spaces to it, a joiner joins no emoji, and a word of nothing
    /// but marks (and the space before them) is none.
    fn expected(text: &str) -> Vec<String> {
        let mut kinds = Kinds::new();
        plain(text)
            .unicode_words()
            .filter(|word| word.chars().any(|letter| kinds.of(letter).is_word()))
            .map(str::to_owned)
            .collect()
    }

    fn plain(text: &str) -> String {
        let mut kinds = Kinds::new();
        let each = text.chars().map(|letter| match letter {
            ':' | '.' | '\u{FE13}' | '\u{FE55}' | '\u{FF1A}' => '!',
            '\u{200D}' => '\u{200C}',
            _ if kinds.of(letter) == Kind::Joiner => '!',
            _ => letter,
        });
        each.collect()
    }

    #[track_caller]
    fn compare(text: &str) {
        assert_eq!(words(&plain(text)), expected(text), "{text:?}");
    }

    #[test]
    fn spaces_and_marks_part_words() {
        check("one, two; (three) – four", &["one", "two", "three", "four"]);
    }

    #[test]
    fn hyphens_colons_and_underscores_part_words() {
        check("well-being", &["well", "being"]);
        check("title:housing a_b", &["title", "housing", "a", "b"]);
    }

    #[test]
    fn full_stops_part_words_but_not_numbers_and_not_single_letters() {
        check("end.Next 5.2.3 v1.2", &["end", "Next", "5.2.3", "v1.2"]);
        check(
            "U.K. e.g. U.Kingdom J.B.Smith",
            &["U.K", "e.g", "U", "Kingdom", "J.B", "Smith"],
        );
        check("a.m.b2 U.K's S.I.", &["a.m", "b2", "U.K's", "S.I"]);
    }

    #[test]
    fn han_letters_stand_alone() {
        check("移民", &["移", "民"]);
    }

    #[test]
    fn katakana_stands_together_but_where_all_scripts_are_told() {
        check("タワー人々", &["タワー", "人", "々"]);
        let all: Vec<&str> = Words::<true>::new("タワー人々 a々")
            .map(|word| &"タワー人々 a々"[word.start..word.end])
            .collect();
        assert_eq!(all, ["タ", "ワ", "ー", "人", "々", "a", "々"]);
    }

    #[test]
    fn hebrew_keeps_its_quotation_marks() {
        check("צה\"ל ג'ינס ר' \"א\"", &["צה\"ל", "ג'ינס", "ר'", "א"]);
    }

    #[test]
    fn marks_without_a_letter_are_no_word() {
        check("\u{93F} 🙂\u{300}\u{200D}", &[]);
    }

    #[test]
    fn every_letter_alone_and_between_others_parts_as_in_uax_29() {
        for letter in ('\0'..=char::MAX).filter(|letter| !is_unassigned(*letter)) {
            compare(&letter.to_string());
            compare(&format!("a{letter}b{letter} {letter}1{letter}2א{letter}א"));
        }
    }

    proptest! {
        #[test]
        fn words_are_those_of_uax_29(text in "[a-cA1-3 ,;'\"’_\u{300}\u{AD}\u{200D}אבアイ移ก\u{E31}й٣\u{66B}\u{2C2}·\n🙂]{0,24}") {
            compare(&text);
        }

        #[test]
        fn so_they_are_in_any_text(text: String) {
            let assigned = text.chars().filter(|letter| !is_unassigned(*letter));
            compare(&assigned.collect::<String>());
        }

        #[test]
        fn numbers_are_those_of_uax_29(text in "[0-9.,;' ]{0,24}") {
            prop_assert_eq!(words(&text), text.unicode_words().collect::<Vec<_>>());
        }
    }
}
