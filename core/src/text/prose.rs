//! Reads words of plain prose without making a text of each: what [`tokens`](super::tokens) gives,
//! several times faster, for publishers who read millions of words.
//!
//! What stands between two spaces and is nothing but ASCII letters in one case, with punctuation
//! around it, is one word whatever stands beside it. All else is read by `runs`, as for queries.
//! Not in the browser.

use super::{MAX_WORD_BYTES, tokens};

/// A word as it is read; see [`Token`](super::Token) for its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Read<'t> {
    /// As it stands in the text.
    pub(crate) typed: &'t str,
    pub(crate) written: &'t str,
    pub(crate) folded: &'t str,
    pub(crate) place: u32,
    pub(crate) n_words: u32,
}

impl Read<'_> {
    /// Whether it is several words joined; each of them is read too.
    pub(crate) fn is_joined(&self) -> bool {
        self.n_words > 1
    }
}

/// Visits the tokens of a text in order until `visit` says no. Cost: linear in the text; memory for
/// the longest word.
pub(crate) fn read(text: &str, mut visit: impl FnMut(Read<'_>) -> bool) {
    let mut lower = String::new();
    let mut place = 0_u32;
    // Where the pieces begin that are not plain and not yet read.
    let mut odd: Option<usize> = None;
    let mut is_after_ampersand = false;
    let mut pieces = pieces(text).peekable();
    while let Some((start, piece)) = pieces.next() {
        let next = pieces.peek().map_or("", |(_, next)| next);
        let is_by_ampersand = is_after_ampersand || next.starts_with('&');
        // `R & D` is one word: single letters may be joined, others not.
        let word = plain_word(piece).filter(|word| word.len() > 1 || !is_by_ampersand);
        is_after_ampersand = piece.ends_with('&');
        let Some(word) = word else {
            odd.get_or_insert(start);
            continue;
        };
        if let Some(odd) = odd.take() {
            let rest = text.get(odd..start).unwrap_or_default();
            if !read_odd(rest, &mut place, &mut visit) {
                return;
            }
        }
        let written = if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            lower.clear();
            lower.push_str(word);
            lower.make_ascii_lowercase();
            &lower
        } else {
            word
        };
        let is_wanted = visit(Read {
            typed: word,
            written,
            folded: written,
            place,
            n_words: 1,
        });
        if !is_wanted {
            return;
        }
        place = place.saturating_add(1);
    }
    if let Some(odd) = odd {
        read_odd(text.get(odd..).unwrap_or_default(), &mut place, &mut visit);
    }
}

/// Reads what is not plain. False where no more is wanted.
fn read_odd(text: &str, place: &mut u32, visit: &mut impl FnMut(Read<'_>) -> bool) -> bool {
    let first = *place;
    for token in tokens(text) {
        let at = first.saturating_add(token.place);
        if !token.is_joined() {
            *place = at.saturating_add(1);
        }
        let is_wanted = visit(Read {
            typed: text.get(token.span.clone()).unwrap_or_default(),
            written: &token.written,
            folded: &token.folded,
            place: at,
            n_words: token.n_words,
        });
        if !is_wanted {
            return false;
        }
    }
    true
}

/// What stands between spaces and ends of lines, and where each begins.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\t' | b'\r');
    let bytes = text.as_bytes();
    let mut at = 0;
    core::iter::from_fn(move || {
        at += bytes
            .get(at..)?
            .iter()
            .take_while(|byte| is_space(byte))
            .count();
        let start = at;
        at += bytes
            .get(at..)?
            .iter()
            .take_while(|byte| !is_space(byte))
            .count();
        let piece = text.get(start..at).filter(|piece| !piece.is_empty())?;
        Some((start, piece))
    })
}

/// The word that a piece is, where nothing but punctuation stands around it. An ampersand may join.
fn plain_word(piece: &str) -> Option<&str> {
    let is_around = |byte: u8| byte.is_ascii_punctuation() && byte != b'&';
    let bytes = piece.as_bytes();
    let start = bytes.iter().take_while(|byte| is_around(**byte)).count();
    let n_after = bytes
        .iter()
        .rev()
        .take_while(|byte| is_around(**byte))
        .count();
    let word = piece.get(start..bytes.len().checked_sub(n_after)?)?;
    let (first, rest) = word.as_bytes().split_first()?;
    let is_one_case = rest.iter().all(u8::is_ascii_lowercase)
        || first.is_ascii_uppercase() && rest.iter().all(u8::is_ascii_uppercase);
    (first.is_ascii_alphabetic() && is_one_case && word.len() <= MAX_WORD_BYTES).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tokens of a text as their words, places and number of words.
    type Tokens = Vec<(String, String, u32, u32)>;

    fn read_all(text: &str) -> Tokens {
        let mut found = Vec::new();
        read(text, |word| {
            let (written, folded) = (word.written.to_owned(), word.folded.to_owned());
            found.push((written, folded, word.place, word.n_words));
            true
        });
        found
    }

    fn expected(text: &str) -> Tokens {
        tokens(text)
            .map(|token| (token.written, token.folded, token.place, token.n_words))
            .collect()
    }

    #[test]
    fn what_may_join_its_neighbours_is_read_with_them() {
        for text in [
            "R & D, R &\u{A0}D R\u{A0}& D (R & D) cats & dogs A & B",
            "EH1 1YZ at M1 1AE. well-being (Well) \"U.K.\" don't 'tis",
            "a\u{300} b \u{300}c YouTube iPhone PDFs NASA's x_y _x_ x& y &z",
            "",
            " \n ",
        ] {
            assert_eq!(read_all(text), expected(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn words_are_those_of_tokens(text in "[abXY12 &.,;:()'\"/@_\\-\n\u{A0}\u{300}\u{2019}אé移]{0,40}") {
            prop_assert_eq!(read_all(&text), expected(&text));
        }

        #[test]
        fn so_they_are_in_prose(text in "([A-Za-z]{1,6}[,.)]?[ \n]|[RD1] ?& ?|[A-Z]{1,2}1 |1[A-Z]{2} |\\PC ){0,12}") {
            prop_assert_eq!(read_all(&text), expected(&text));
        }

        #[test]
        fn so_they_are_in_any_text(text: String) {
            prop_assert_eq!(read_all(&text), expected(&text));
        }

        #[test]
        fn reading_stops_when_told(text in "[ab1 &-]{0,20}", most in 1_usize..5) {
            let mut found = Vec::new();
            read(&text, |word| {
                found.push(word.place);
                found.len() < most
            });
            let all: Vec<u32> = expected(&text).iter().map(|word| word.2).take(most).collect();
            prop_assert_eq!(found, all);
        }
    }
}
