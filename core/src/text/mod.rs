//! How words are read: text in, tokens out. The only door to words, for records and queries alike.
//!
//! Four steps, one file each: `segment` finds words (UAX 29), `runs` reads words written together
//! apart and as one, `fold` takes case and marks away, `stem` finds the class that the forms of one
//! word share.
//! With the feature `languages`, all scripts have their rules (`letters`, `arabic`); without it Latin
//! has, and what it knows of Latin is the same. Which of them an index needs tells `scripts`.
//! Knows nothing else of ours.
//!
//! Text should be in Unicode normalization form C; a decomposed letter loses its marks in the folded
//! form all the same, but does not count as written.

#[cfg(feature = "languages")]
mod arabic;
mod english;
mod fold;
mod kinds;
#[cfg(feature = "languages")]
mod letters;
#[cfg(any(feature = "build", feature = "languages"))]
pub(crate) mod mutations;
#[cfg(feature = "build")]
pub(crate) mod prose;
mod runs;
#[cfg(feature = "build")]
mod scripts;
mod segment;
pub mod slips;
mod stem;
mod tables;

use core::ops::Range;

pub(crate) use english::take_until;
pub use fold::{fold, lower};
#[cfg(feature = "build")]
pub(crate) use scripts::needs_languages;
pub use stem::{Analyzer, primary_subtag};

/// Whether letters of all scripts have their rules, or those of Latin alone.
pub(crate) const EVERY_SCRIPT: bool = cfg!(feature = "languages");

/// Longest word in bytes of its folded form. What is longer (encoded data, mostly) is cut to it, so
/// that no dictionary entry outgrows its block.
pub const MAX_WORD_BYTES: usize = 120;

/// A word as it stands in a text, or several that are written together and may be typed as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands, in bytes of the text. Those of single words never overlap; a joined token
    /// has the whole of its words and what is between them.
    pub span: Range<usize>,
    /// The word in lower case, its marks kept, apostrophes made alike, without the full stops of
    /// `U.K`; of a joined token as it stands, e.g. `well-being`.
    pub written: String,
    /// The word without case, marks and apostrophes: the key of the dictionary, e.g. `wellbeing`.
    pub folded: String,
    /// Which word of the text it is, from 0; a joined token has the place of its first word.
    pub place: u32,
    /// How many places it covers: 1, or more for a joined token.
    pub n_words: u32,
}

impl Token {
    /// Whether it is several words joined; each of them is a token too.
    pub fn is_joined(&self) -> bool {
        self.n_words > 1
    }

    /// Whether it is two letters of a script without spaces.
    pub(crate) fn is_pair(&self) -> bool {
        self.is_joined() && begins_unspaced(&self.folded)
    }
}

/// Whether a text begins with a letter of a script without spaces between words: Han, kana, Thai, Lao,
/// Myanmar, Khmer and the like, of letters that make words by themselves to UAX 29. Other such letters are
/// fractions, raised digits and numbers in circles.
pub(crate) fn begins_unspaced(text: &str) -> bool {
    // In this order, as the engine without these rules is not to look at all.
    EVERY_SCRIPT
        && matches!(
            text.chars().next(),
            Some('\u{E00}'..='\u{1FFF}' | '\u{2E80}'..)
        )
}

/// The words of a text, and what of them may be typed as one word, in order of their places; at one
/// place the single word comes first, then the joined tokens that begin with it, shortest first.
///
/// Words are those of UAX 29 that hold a letter or a digit, parted more finely at underscores,
/// colons, full stops between letters (`U.K.` is one word, `uk`), and where case says so
/// (`YouTube`). What stands without a space around hyphens, full stops, `@`, case, a slash beside a
/// number or an ampersand beside a single letter is joined as well, and so are the halves of a UK
/// postcode. Joined are at most 4 words and 40 bytes; references and addresses may have 80 bytes.
///
/// In scripts without spaces between words (Han, kana, Thai, Lao, Myanmar, Khmer) each letter is a
/// word, and joined with the next one to a pair; parts of a Persian word that a non-joiner parts are
/// words, and joined. Both with the feature `languages` only.
///
/// Cost: linear in the text; memory for one such run of at most 12 words.
///
/// ```
/// let words: Vec<_> = speir::text::tokens("Caffè, 5.2.1!").map(|t| t.folded).collect();
/// assert_eq!(words, ["caffe", "5.2.1"]);
/// let words: Vec<_> = speir::text::tokens("well-being").map(|t| t.folded).collect();
/// assert_eq!(words, ["well", "wellbeing", "being"]);
/// ```
pub fn tokens(text: &str) -> impl Iterator<Item = Token> + '_ {
    runs::Tokens::<EVERY_SCRIPT>::new(text, true)
}

/// As [`tokens`], for who does not ask how words are written: most of these tokens do not tell it, which
/// spares a tenth of the time.
pub(crate) fn keys(text: &str) -> impl Iterator<Item = Token> + '_ {
    runs::Tokens::<EVERY_SCRIPT>::new(text, false)
}

/// The words of a text as they are looked for: single words, but pairs of letters where words stand
/// without spaces. The last letter of a run of pairs is in its last pair; where more words follow in
/// the text and `is_phrase`, it is a word of its own, so that each word stands one place after the
/// one before it.
pub(crate) fn sought(text: &str, is_phrase: bool) -> Vec<Token> {
    let mut words: Vec<Token> = Vec::new();
    // Where the last pair ends.
    let mut paired = 0;
    let is_in_pair = |words: &[Token], paired| {
        EVERY_SCRIPT
            && matches!(words.last(), Some(last) if !last.is_joined() && last.span.end == paired)
    };
    for token in tokens(text) {
        if token.is_pair() {
            words.pop();
            paired = token.span.end;
        } else if token.is_joined() {
            continue;
        } else if !is_phrase && is_in_pair(&words, paired) {
            words.pop();
        }
        words.push(token);
    }
    if is_in_pair(&words, paired) {
        words.pop();
    }
    words
}

/// The stem of a folded word in Arabic letters, by the rules for Arabic.
#[cfg(feature = "build")]
pub(crate) fn arabic_stem(folded: &str) -> Option<&str> {
    arabic::is_arabic(folded).then(|| arabic::stem(folded))
}

/// Cuts a word to [`MAX_WORD_BYTES`] at a letter's edge.
fn cut(mut word: String) -> String {
    if word.len() > MAX_WORD_BYTES {
        let mut at = MAX_WORD_BYTES;
        while !word.is_char_boundary(at) {
            at -= 1;
        }
        word.truncate(at);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, folded: &[&str]) {
        let found: Vec<Token> = tokens(text).filter(|t| !t.is_joined()).collect();
        assert_eq!(
            found.iter().map(|t| t.folded.as_str()).collect::<Vec<_>>(),
            folded
        );
        for token in &found {
            assert_eq!(
                lower(&text[token.span.clone()]),
                token.written,
                "a span holds its word"
            );
        }
    }

    #[test]
    fn numbers_with_points_stay_whole() {
        check("see 5.2.1 and 3,000", &["see", "5.2.1", "and", "3,000"]);
    }

    #[test]
    fn apostrophes_of_every_kind_make_one_word() {
        check(
            "don't don’t migrants’ mae'r",
            &["dont", "dont", "migrants", "maer"],
        );
    }

    #[test]
    fn marks_go_and_letters_stay() {
        check("CAFÉ Łódź straße й", &["cafe", "lodz", "strasse", "й"]);
    }

    #[test]
    fn punctuation_alone_is_no_word() {
        check(" — ... !?  🙂 ", &[]);
    }

    #[track_caller]
    fn check_sought(text: &str, is_phrase: bool, words: &[&str]) {
        let found = sought(text, is_phrase);
        let found: Vec<&str> = found.iter().map(|token| token.folded.as_str()).collect();
        assert_eq!(found, words, "{text}");
    }

    #[test]
    fn words_without_spaces_are_looked_for_in_pairs() {
        for (text, words) in [
            ("垃圾收集", &["垃圾", "圾收", "收集"][..]),
            ("税", &["税"]),
            ("iPhone手机 套", &["iphone", "手机", "套"]),
            ("a 税 b", &["a", "税", "b"]),
            ("well-being", &["well", "being"]),
            ("東京タワー", &["東京", "京タ", "タワ", "ワー"]),
            ("ที่นี่", &["ที่นี่"]),
        ] {
            check_sought(text, false, words);
        }
        check_sought("手机套 iPhone", false, &["手机", "机套", "iphone"]);
        check_sought("手机套 iPhone", true, &["手机", "机套", "套", "iphone"]);
        check_sought("iPhone 手机套", true, &["iphone", "手机", "机套"]);
        check_sought("手机 机套", true, &["手机", "机", "机套"]);
    }

    #[test]
    fn letters_beside_other_things_make_no_pair() {
        check_sought("2½ m²³ ①②", false, &["2", "½", "m", "²", "³", "①", "②"]);
        check_sought("东京-大阪", false, &["东京", "大阪"]);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        let long = "ä".repeat(5000);
        let token = tokens(&long).next().unwrap();
        assert!(token.folded.len() <= MAX_WORD_BYTES && token.written.len() <= MAX_WORD_BYTES);
        assert_eq!(token.span, 0..long.len());
    }
}
