//! Pieces of text around the words found, with those words marked.
//!
//! Reads text by the same door as the index does, so that whatever form was found is marked. Gives
//! spans of plain text, never markup. Knows nothing of the index.

use crate::search::page::Span;
use crate::sort::sort_by;
use crate::text::{Token, tokens};

/// Words of an excerpt: about three lines on a page.
const EXCERPT_WORDS: usize = 36;

/// Words of an excerpt that stand before the first word found, so that it is read in its sentence.
const WORDS_BEFORE: usize = 6;

/// Most bytes of one text that are looked through for an excerpt: 60 pages, some milliseconds.
const MAX_SCANNED_BYTES: usize = 192 << 10;

/// What stands for text left out.
const ELLIPSIS: &str = "…";

/// The words to mark, each with the clauses of the query that it is for.
pub(super) struct Marker {
    /// In order of keys; one bit a clause.
    words: Vec<(String, u64)>,
}

/// A piece of text, and how well it shows what was found.
pub(super) struct Excerpt {
    pub(super) spans: Vec<Span>,
    /// How many clauses of the query it shows.
    pub(super) n_clauses: u32,
}

impl Marker {
    /// A marker for words and the numbers of their clauses.
    pub(super) fn new<'w>(words: impl Iterator<Item = (usize, &'w str)>) -> Marker {
        let mut marked: Vec<(String, u64)> = Vec::new();
        for (clause, word) in words {
            let bit = 1_u64.checked_shl(clause as u32).unwrap_or(0);
            match marked.iter_mut().find(|(known, _)| known == word) {
                Some((_, clauses)) => *clauses |= bit,
                None => marked.push((word.to_owned(), bit)),
            }
        }
        sort_by(&mut marked, |a, b| a.0 < b.0);
        Marker { words: marked }
    }

    /// The clauses that a word is for.
    fn clauses_of(&self, key: &str) -> u64 {
        let at = self
            .words
            .binary_search_by(|(known, _)| known.as_str().cmp(key));
        at.ok()
            .and_then(|at| self.words.get(at))
            .map_or(0, |(_, clauses)| *clauses)
    }

    /// The whole text, marked.
    pub(super) fn mark(&self, text: &str) -> Vec<Span> {
        let words: Vec<(Token, u64)> = self.read(text);
        self.spans(text, 0..text.len(), words.iter())
    }

    /// How many clauses of the query a text holds words of.
    pub(super) fn count_clauses(&self, text: &str) -> u64 {
        self.read(text)
            .iter()
            .fold(0, |all, (_, clauses)| all | clauses)
    }

    /// The piece of a text that shows most of the query; its beginning where nothing is found.
    pub(super) fn excerpt(&self, text: &str) -> Excerpt {
        let words = self.read(text);
        let (start, n_clauses) = self.best_window(&words);
        let end = (start + EXCERPT_WORDS).min(words.len());
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
        let inside = words.get(start..end).unwrap_or_default().iter();
        let mut spans = self.spans(text, first_byte..last_byte, inside);
        if first_byte > 0 {
            spans.insert(0, plain(ELLIPSIS));
        }
        if last_byte < text.trim_end().len() {
            spans.push(plain(ELLIPSIS));
        }
        Excerpt {
            spans: join(spans),
            n_clauses,
        }
    }

    /// The words of a text, each with the clauses that it is for.
    fn read(&self, text: &str) -> Vec<(Token, u64)> {
        let mut end = text.len().min(MAX_SCANNED_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let words = tokens(text.get(..end).unwrap_or_default()).map(|token| {
            let clauses = self.clauses_of(&token.folded);
            (token, clauses)
        });
        words.collect()
    }

    /// Where the window of [`EXCERPT_WORDS`] begins that shows most clauses, then most words found;
    /// the first of those that show as much.
    fn best_window(&self, words: &[(Token, u64)]) -> (usize, u32) {
        let mut best = (0, 0, 0);
        for (at, (_, clauses)) in words.iter().enumerate() {
            if *clauses == 0 {
                continue;
            }
            let latest_start = words.len().saturating_sub(EXCERPT_WORDS);
            let start = at.saturating_sub(WORDS_BEFORE).min(latest_start);
            let end = (start + EXCERPT_WORDS).min(words.len());
            let inside = words.get(start..end).unwrap_or_default();
            let shown = inside
                .iter()
                .fold(0_u64, |all, (_, clauses)| all | clauses)
                .count_ones();
            let marked = inside.iter().filter(|(_, clauses)| *clauses != 0).count() as u32;
            if (shown, marked) > (best.1, best.2) {
                best = (start, shown, marked);
            }
        }
        (best.0, best.1)
    }

    fn spans<'w>(
        &self,
        text: &str,
        range: core::ops::Range<usize>,
        words: impl Iterator<Item = &'w (Token, u64)>,
    ) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut done = range.start;
        for (word, _) in words.filter(|(_, clauses)| *clauses != 0) {
            if word.span.start < done || word.span.end > range.end {
                continue;
            }
            spans.extend(text.get(done..word.span.start).map(plain));
            let marked = text.get(word.span.clone()).unwrap_or_default();
            spans.push(Span {
                text: marked.to_owned(),
                is_match: true,
            });
            done = word.span.end;
        }
        spans.extend(text.get(done..range.end).map(plain));
        join(spans)
    }
}

fn plain(text: &str) -> Span {
    Span {
        text: text.to_owned(),
        is_match: false,
    }
}

/// Leaves out empty spans and joins plain ones that meet.
fn join(spans: Vec<Span>) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans.into_iter().filter(|span| !span.text.is_empty()) {
        match joined
            .last_mut()
            .filter(|last| !last.is_match && !span.is_match)
        {
            Some(last) => last.text.push_str(&span.text),
            None => joined.push(span),
        }
    }
    joined
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
        Marker::new(words.iter().copied().enumerate())
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
