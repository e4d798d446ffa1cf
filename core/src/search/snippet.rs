//! Pieces of text around the words found, with those words marked.
//!
//! Reads text by the same door as the index does, so that whatever form was found is marked. Gives
//! spans of plain text, never markup. Knows nothing of the index.

use crate::format::terms::PHRASE_GAP;
use crate::search::lookup::n_words;
use crate::search::page::Span;
use crate::text::{EVERY_SCRIPT, Token, begins_unspaced, keys};

/// Words of an excerpt: about three lines on a page.
const EXCERPT_WORDS: usize = 36;

/// Words of an excerpt that stand before the first word found, so that it is read in its sentence.
const WORDS_BEFORE: usize = 6;

/// Letters of a script without spaces that count as a word of an excerpt.
const LETTERS_A_WORD: usize = 3;

/// Most bytes of one text that are looked through for an excerpt: 60 pages, some milliseconds.
const MAX_SCANNED_BYTES: usize = 192 << 10;

/// What stands for text left out.
const ELLIPSIS: &str = "…";

/// The words to mark, each with the clauses of the query that it is for.
pub(super) struct Marker {
    /// In order of keys; one bit a clause.
    words: Vec<(String, u64)>,
    /// The bytes that these begin with, one bit for four of them: most words of a text are told from them
    /// by that.
    starts: u64,
    /// Most words of a key that stands for a phrase.
    max_phrase_words: usize,
}

/// A piece of text, and how well it shows what was found.
pub(super) struct Excerpt {
    pub(super) spans: Vec<Span>,
    /// How many clauses of the query it shows.
    pub(super) n_clauses: u32,
}

impl Marker {
    /// A marker for words and the numbers of their clauses.
    pub(super) fn new(words: &mut dyn Iterator<Item = (usize, &str)>) -> Marker {
        let mut marker = Marker {
            words: Vec::new(),
            starts: 0,
            max_phrase_words: 0,
        };
        for (clause, word) in words {
            let bit = 1_u64.checked_shl(clause as u32).unwrap_or(0);
            marker.starts |= start(word);
            let at = marker.place_of(word);
            match marker.words.get_mut(at) {
                Some((known, clauses)) if known == word => *clauses |= bit,
                _ => marker.words.insert(at, (word.to_owned(), bit)),
            }
            marker.max_phrase_words = marker.max_phrase_words.max(n_words(word));
        }
        marker
    }

    /// Of how many clauses it marks words.
    pub(super) fn n_clauses(&self) -> u32 {
        let mut all = 0_u64;
        for (_, clauses) in &self.words {
            all |= clauses;
        }
        all.count_ones()
    }

    /// Where a word stands among those to mark, or would.
    fn place_of(&self, key: &str) -> usize {
        self.words
            .partition_point(|(known, _)| known.as_str() < key)
    }

    /// The clauses that a word is for.
    fn clauses_of(&self, key: &str) -> u64 {
        if self.starts & start(key) == 0 {
            return 0;
        }
        match self.words.get(self.place_of(key)) {
            Some((known, clauses)) if known == key => *clauses,
            _ => 0,
        }
    }

    /// The whole text, marked.
    pub(super) fn mark(&self, text: &str) -> Vec<Span> {
        let mut spans = Vec::new();
        add_marked(&mut spans, text, 0..text.len(), &self.read(text));
        spans
    }

    /// The clauses of the query that a text holds words of, one bit each.
    pub(super) fn count_clauses(&self, text: &str) -> u64 {
        shown(&self.read(text)).0
    }

    /// The piece of a text that shows most of the query; its beginning where nothing is found.
    pub(super) fn excerpt(&self, text: &str) -> Excerpt {
        let words = self.read(text);
        let scale = scale(&words);
        let (start, n_clauses) = self.best_window(&words, scale);
        let end = (start + EXCERPT_WORDS * scale).min(words.len());
        let first_byte = match start {
            0 => 0,
            _ => words.get(start).map_or(0, |(word, _)| word.span.start),
        };
        let last_byte = match words.get(end) {
            // Up to the next word, so that a sentence keeps its full stop.
            Some((next, _)) => text
                .get(..next.span.start)
                .map_or(next.span.start, |head| head.trim_end().len()),
            None => text.trim_end().len(),
        };
        let first_byte = first_byte.min(last_byte);
        let inside = words.get(start..end).unwrap_or_default();
        let mut spans = Vec::new();
        if first_byte > 0 {
            add(&mut spans, ELLIPSIS, false);
        }
        add_marked(&mut spans, text, first_byte..last_byte, inside);
        if last_byte < text.trim_end().len() {
            add(&mut spans, ELLIPSIS, false);
        }
        Excerpt { spans, n_clauses }
    }

    /// The words of a text, each with the clauses that it is for. Words that were found as one are one
    /// here: `well-being` for "wellbeing".
    fn read(&self, text: &str) -> Vec<(Token, u64)> {
        let mut end = text.len().min(MAX_SCANNED_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let mut words: Vec<(Token, u64)> = Vec::new();
        // Words that begin before this byte are part of the one that is held.
        let mut joined_end = 0;
        for token in keys(text.get(..end).unwrap_or_default()) {
            let clauses = self.clauses_of(&token.folded);
            let is_joined = token.is_joined();
            match words.last_mut() {
                Some((first, known)) if is_joined && clauses != 0 => {
                    // Of pairs of letters that overlap, each goes on where the one before ends.
                    joined_end = token.span.end.max(joined_end);
                    first.span.end = joined_end;
                    *known |= clauses;
                }
                Some((_, known)) if token.span.start < joined_end => *known |= clauses,
                _ if is_joined => {}
                _ => words.push((token, clauses)),
            }
        }
        if self.max_phrase_words > 1 {
            self.mark_phrases(&mut words);
        }
        words
    }

    /// Marks the words of phrases that were found, each by itself.
    fn mark_phrases(&self, words: &mut [(Token, u64)]) {
        for first in 0..words.len() {
            let mut key = String::new();
            let begins = |(word, _): &(Token, u64)| self.starts & start(&word.folded) != 0;
            if !words.get(first).is_some_and(begins) {
                continue;
            }
            for end in first..first + self.max_phrase_words {
                let Some((word, _)) = words.get(end) else {
                    break;
                };
                key.push_str(&word.folded);
                if end > first {
                    let clauses = self.clauses_of(&key);
                    for (_, known) in words.get_mut(first..=end).unwrap_or_default() {
                        *known |= clauses;
                    }
                }
                key.push(PHRASE_GAP);
            }
        }
    }

    /// Where the window of [`EXCERPT_WORDS`], so many times as long, begins that shows most clauses, then most words found;
    /// the first of those that show as much.
    fn best_window(&self, words: &[(Token, u64)], scale: usize) -> (usize, u32) {
        let n_words = EXCERPT_WORDS * scale;
        let mut best = (0, 0, 0);
        for (at, (_, clauses)) in words.iter().enumerate() {
            if *clauses == 0 {
                continue;
            }
            let latest_start = words.len().saturating_sub(n_words);
            let start = at.saturating_sub(WORDS_BEFORE * scale).min(latest_start);
            let end = (start + n_words).min(words.len());
            let inside = words.get(start..end).unwrap_or_default();
            let (clauses, n_marked) = shown(inside);
            let n_clauses = clauses.count_ones();
            if (n_clauses, n_marked) > (best.1, best.2) {
                best = (start, n_clauses, n_marked);
            }
        }
        (best.0, best.1)
    }
}

/// How many words of a text stand for one: several, where most are letters of a script without spaces.
fn scale(words: &[(Token, u64)]) -> usize {
    let mut n_letters = 0;
    if EVERY_SCRIPT {
        for (word, _) in words {
            n_letters += usize::from(begins_unspaced(&word.folded));
        }
    }
    if n_letters * 2 > words.len() {
        LETTERS_A_WORD
    } else {
        1
    }
}

/// The bit of a word's first byte.
fn start(word: &str) -> u64 {
    let first = word.bytes().next().unwrap_or(0);
    1 << (first & 63)
}

/// The clauses that words are for, and how many of the words are for any.
fn shown(words: &[(Token, u64)]) -> (u64, u32) {
    let (mut all, mut n_marked) = (0, 0);
    for (_, clauses) in words {
        all |= clauses;
        n_marked += u32::from(*clauses != 0);
    }
    (all, n_marked)
}

/// Adds a piece of a text with its words marked.
fn add_marked(
    spans: &mut Vec<Span>,
    text: &str,
    piece: core::ops::Range<usize>,
    words: &[(Token, u64)],
) {
    let mut done = piece.start;
    for (word, clauses) in words {
        let Token { span, .. } = word;
        if *clauses != 0 && span.start >= done && span.end <= piece.end {
            add(spans, text.get(done..span.start).unwrap_or_default(), false);
            add(spans, text.get(span.clone()).unwrap_or_default(), true);
            done = span.end;
        }
    }
    add(spans, text.get(done..piece.end).unwrap_or_default(), false);
}

/// Adds a span, unless it is empty; plain ones that meet are one.
fn add(spans: &mut Vec<Span>, text: &str, is_match: bool) {
    if text.is_empty() {
        return;
    }
    match spans.last_mut() {
        Some(last) if !last.is_match && !is_match => last.text.push_str(text),
        _ => spans.push(Span {
            text: text.to_owned(),
            is_match,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spans as text, with what is marked in brackets.
    fn show(spans: &[Span]) -> String {
        let each = |span: &Span| {
            if span.is_match {
                format!("[{}]", span.text)
            } else {
                span.text.clone()
            }
        };
        spans.iter().map(each).collect()
    }

    fn marker(words: &[&str]) -> Marker {
        Marker::new(&mut words.iter().copied().enumerate())
    }

    #[test]
    fn a_short_text_is_shown_whole() {
        let excerpt = marker(&["house", "houses"]).excerpt("Two Houses, one house.  ");
        assert_eq!(show(&excerpt.spans), "Two [Houses], one [house].");
        assert_eq!(excerpt.n_clauses, 2);
    }

    #[test]
    fn a_long_text_is_shown_where_most_is_found() {
        let text = format!("advice {0}housing advice {0}", "la ".repeat(100));
        let excerpt = marker(&["housing", "advice"]).excerpt(&text);
        let shown = show(&excerpt.spans);
        assert!(
            shown.starts_with("…la la la la la la [housing] [advice] la"),
            "{shown}"
        );
        assert!(shown.ends_with("la…"), "{shown}");
        assert_eq!(excerpt.n_clauses, 2);
    }

    #[test]
    fn without_anything_found_the_beginning_is_shown() {
        let excerpt = marker(&["nothing"]).excerpt(&"la ".repeat(100));
        assert!(show(&excerpt.spans).starts_with("la la") && excerpt.n_clauses == 0);
    }

    #[test]
    fn other_letters_than_typed_are_marked_as_they_stand() {
        assert_eq!(
            show(&marker(&["cafe"]).mark("Le CAFÉ (café)")),
            "Le [CAFÉ] ([café])"
        );
        assert_eq!(show(&marker(&["cafe"]).mark("")), "");
    }
}
