//! What kind of letter a letter is, as far as the boundaries of words go.
//!
//! The Word_Break property of Unicode Standard Annex 29 in short, from the table [`KINDS`].
//! Knows nothing of words.

use super::tables::{KIND_STARTS, KINDS};

/// The kinds of letters. The order is that of the numbers in [`KINDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Parts words.
    Other,
    /// ALetter.
    Letter,
    /// Extend, Format and ZWJ: belongs to the letter before it.
    Mark,
    /// A word by itself: Han, Hiragana, Thai and other letters that UAX 29 leaves to dictionaries.
    Single,
    /// Numeric.
    Digit,
    /// As a letter between letters, but no word by itself: a modifier such as `˂`.
    LetterSign,
    Katakana,
    /// MidLetter, but for colons: within a word between letters.
    MidLetter,
    /// MidNum: within a number between digits.
    MidDigit,
    /// MidNumLet and Single_Quote, but for the full stop: within a word or a number.
    MidBoth,
    /// ExtendNumLet: underscores.
    Joiner,
    Hebrew,
    /// As a digit between digits, but no word by itself.
    DigitSign,
    KatakanaSign,
}

use Kind::*;

impl Kind {
    const ALL: [Kind; 14] = [
        Other,
        Letter,
        Mark,
        Single,
        Digit,
        LetterSign,
        Katakana,
        MidLetter,
        MidDigit,
        MidBoth,
        Joiner,
        Hebrew,
        DigitSign,
        KatakanaSign,
    ];

    /// Whether it is as a letter to its neighbours.
    pub(super) fn is_letter(self) -> bool {
        matches!(self, Letter | Hebrew | LetterSign)
    }

    /// Whether it is as a digit to its neighbours.
    pub(super) fn is_digit(self) -> bool {
        matches!(self, Digit | DigitSign)
    }

    /// Whether it is as a Katakana letter to its neighbours.
    pub(super) fn is_katakana(self) -> bool {
        matches!(self, Katakana | KatakanaSign)
    }

    /// Whether it makes a word by itself.
    pub(super) fn is_word(self) -> bool {
        matches!(self, Letter | Hebrew | Digit | Katakana | Single)
    }
}

/// Looks kinds up. It remembers the last run of the table, in which the next letter mostly is.
pub(super) struct Kinds {
    first: u32,
    end: u32,
    kind: Kind,
}

impl Kinds {
    pub(super) fn new() -> Kinds {
        Kinds {
            first: 0,
            end: 0,
            kind: Other,
        }
    }

    /// The kind of a letter. Cost: for one far from the last, a stretch of about 70 runs.
    pub(super) fn of(&mut self, letter: char) -> Kind {
        match letter {
            'a'..='z' | 'A'..='Z' => Letter,
            '0'..='9' => Digit,
            '\'' => MidBoth,
            ',' | ';' => MidDigit,
            '_' => Joiner,
            '\0'..='\x7F' => Other,
            _ => {
                let code = letter as u32;
                if !(self.first..self.end).contains(&code) {
                    self.find(code);
                }
                self.kind
            }
        }
    }

    /// Reads the table up to the run that holds a code point.
    fn find(&mut self, code: u32) {
        let after = KIND_STARTS.partition_point(|start| start.0 <= code);
        let start = after.checked_sub(1).and_then(|at| KIND_STARTS.get(at));
        let (code_at, byte_at) = *start.unwrap_or(&(0, 0));
        self.end = code_at;
        let mut rest = KINDS.get(usize::from(byte_at)..).unwrap_or_default();
        while let (true, Some((&head, mut tail))) = (self.end <= code, rest.split_first()) {
            self.kind = *Kind::ALL.get(usize::from(head >> 4)).unwrap_or(&Other);
            let mut n = u32::from(head & 15) + 1;
            if n == 16 {
                let mut shift = 0_u32;
                while let Some((&byte, after)) = tail.split_first() {
                    n = n.saturating_add(u32::from(byte & 0x7F) << shift.min(21));
                    shift += 7;
                    tail = after;
                    if byte < 0x80 {
                        break;
                    }
                }
            }
            self.first = self.end;
            self.end = self.end.saturating_add(n);
            rest = tail;
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use unicode_segmentation::UnicodeSegmentation;

    /// Whether three letters stand in one piece by the boundaries of UAX 29.
    fn is_one(before: &str, letter: char, after: &str) -> bool {
        let text = [before, letter.encode_utf8(&mut [0; 4]), after].concat();
        text.split_word_bounds().nth(1).is_none()
    }

    /// The kind of a letter, found out by putting it between others.
    fn observed(letter: char) -> Kind {
        let is_word = letter
            .encode_utf8(&mut [0; 4])
            .unicode_words()
            .next()
            .is_some();
        let between_letters = is_one("a", letter, "a");
        let between_digits = is_one("1", letter, "1");
        match (between_letters, between_digits) {
            _ if matches!(letter, ':' | '\u{FE13}' | '\u{FE55}' | '\u{FF1A}' | '.') => Other,
            (true, true) if is_one("!", letter, "") => Mark,
            (true, true) if is_one("ア", letter, "ア") => Joiner,
            (true, true) if !is_one("a", letter, "") => MidBoth,
            (true, true) if is_one("", letter, "\"א") => Hebrew,
            (true, true) if is_one("", letter, ",1") && is_word => Digit,
            (true, true) if is_one("", letter, ",1") => DigitSign,
            (true, true) if is_word => Letter,
            (true, true) => LetterSign,
            (true, false) => MidLetter,
            (false, true) => MidDigit,
            (false, false) if is_one("ア", letter, "ア") && is_word => Katakana,
            (false, false) if is_one("ア", letter, "ア") => KatakanaSign,
            (false, false) if is_word => Single,
            (false, false) => Other,
        }
    }

    /// Whether Unicode has not yet given a code point to any letter: it is taken for more of what
    /// stands before it, which makes the table shorter and will mostly come true.
    pub(in crate::text) fn is_unassigned(letter: char) -> bool {
        letter.escape_debug().len() > 1
            && !letter.is_whitespace()
            && !letter.is_control()
            && !matches!(letter, '\u{200B}' | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..)
            && observed(letter) == Other
    }

    /// Runs of one kind from U+0080 up: how many letters, and the kind.
    fn observed_runs() -> Vec<(u32, Kind)> {
        let mut runs: Vec<(u32, Kind)> = Vec::new();
        for letter in '\u{80}'..=char::MAX {
            let kind = observed(letter);
            // Surrogates are no letters; they count as private use, which follows them.
            let n = if letter == '\u{E000}' { 0x801 } else { 1 };
            match runs.last_mut() {
                Some((all, last)) if kind == *last || is_unassigned(letter) => *all += n,
                _ => runs.push((n, kind)),
            }
        }
        runs
    }

    /// The table that the runs make: see [`KINDS`] for how.
    fn encoded() -> (Vec<u8>, Vec<(u32, u16)>) {
        let (mut bytes, mut starts) = (Vec::new(), Vec::new());
        let mut code = 0x80_u32;
        for (n, kind) in observed_runs() {
            if bytes.len() >= starts.len() * 100 {
                starts.push((code, bytes.len() as u16));
            }
            bytes.push((kind as u8) << 4 | (n - 1).min(15) as u8);
            if let Some(mut more) = n.checked_sub(16) {
                while more >= 0x80 {
                    bytes.push(more as u8 | 0x80);
                    more >>= 7;
                }
                bytes.push(more as u8);
            }
            code += n;
        }
        (bytes, starts)
    }

    /// The source text of both tables.
    fn source() -> String {
        let (bytes, starts) = encoded();
        let mut out = format!(
            "pub(super) static KIND_STARTS: [(u32, u16); {}] = [",
            starts.len()
        );
        for (at, (code, byte)) in starts.iter().enumerate() {
            out += if at % 6 == 0 { "\n    " } else { " " };
            out += &format!("(0x{code:X}, {byte}),");
        }
        out += &format!("\n];\n\npub(super) static KINDS: [u8; {}] = [", bytes.len());
        for (at, byte) in bytes.iter().enumerate() {
            out += if at % 20 == 0 { "\n    " } else { " " };
            out += &format!("{byte},");
        }
        out + "\n];\n"
    }

    #[test]
    fn the_table_is_that_of_unicode_segmentation() {
        let (bytes, starts) = encoded();
        assert!(
            bytes == KINDS && starts == KIND_STARTS,
            "the tables of kinds should be\n{}",
            source()
        );
    }

    #[test]
    fn every_letter_has_the_kind_that_it_shows_between_others() {
        let mut kinds = Kinds::new();
        for letter in '\0'..=char::MAX {
            if !is_unassigned(letter) {
                let kind = observed(letter);
                assert_eq!(kinds.of(letter), kind, "U+{:04X}", letter as u32);
            }
        }
        // Backwards, so that no letter is found in the run of the last.
        for letter in ('\0'..='\u{3FFF}').rev() {
            let kind = kinds.of(letter);
            assert_eq!(Kinds::new().of(letter), kind, "U+{:04X}", letter as u32);
        }
    }
}
