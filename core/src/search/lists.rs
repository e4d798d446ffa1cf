//! Lists of the records that an item of a query is found in, read from the first to the last.
//!
//! A list tells its records at once, and what a match is worth only when it is asked for, as most
//! records cannot reach the page whatever they are worth. Knows loaded terms and joined matches; knows
//! nothing of how lists are joined.

use crate::ids::DocId;
use crate::search::load::{LoadedTerm, LoadedWord};
use crate::search::matches::Match;
use crate::search::worth::{Scales, is_sought};

/// Stands past the last record of a list.
const END: DocId = DocId(u32::MAX);

/// Where a list's matches come from.
enum Source<'c> {
    /// Several lists, joined before.
    Matches(Vec<Match>),
    /// The terms of a word, in some of the fields.
    Word(Vec<Cursor<'c>>, u64),
}

/// What is read of one term.
struct Cursor<'c> {
    term: &'c LoadedTerm,
    /// The place that is read next.
    next: usize,
    /// The record last read.
    doc: DocId,
}

/// What an item is found in.
pub(super) struct List<'c> {
    source: Source<'c>,
    /// The place among joined matches that is read next.
    next: usize,
    /// The record last read.
    doc: DocId,
    /// The most that a match can be worth; without bound where nothing is known of it.
    pub(super) most: f64,
}

impl<'c> List<'c> {
    pub(super) fn of_matches(matches: Vec<Match>) -> List<'c> {
        List::new(Source::Matches(matches), f64::MAX)
    }

    /// The records that hold a word, each once.
    pub(super) fn of_word(word: &'c LoadedWord, fields: u64) -> List<'c> {
        let mut cursors = Vec::with_capacity(word.terms.len());
        let mut most = 0.0;
        for term in &word.terms {
            // As if it stood nowhere else, and as it was typed.
            if term.idf > most {
                most = term.idf;
            }
            cursors.push(Cursor {
                term,
                next: 0,
                doc: END,
            });
        }
        List::new(Source::Word(cursors, fields), most)
    }

    fn new(source: Source<'c>, most: f64) -> List<'c> {
        let mut list = List {
            source,
            next: 0,
            doc: END,
            most,
        };
        list.rewind();
        list
    }

    /// Back to the first record.
    pub(super) fn rewind(&mut self) {
        self.next = 0;
        self.doc = END;
        if let Source::Word(cursors, _) = &mut self.source {
            for cursor in cursors {
                (cursor.next, cursor.doc) = (0, END);
            }
        }
        self.step();
    }

    /// The first record at one or after it, which must not come before any asked for since the list
    /// was rewound; one past all records where there is none. Written out where it is called, as most
    /// lists need not move.
    #[inline(always)]
    pub(super) fn first_from(&mut self, doc: DocId) -> DocId {
        while self.doc < doc {
            self.step();
        }
        self.doc
    }

    /// What a record's match is worth, if the list has it: by the term that is worth most there. Asked
    /// for as [`List::first_from`]. At a glance, no less than that: see [`Scales::match_of`].
    pub(super) fn at(&mut self, doc: DocId, scales: &Scales, is_glance: bool) -> Option<Match> {
        if self.first_from(doc) != doc {
            return None;
        }
        let (cursors, fields) = match &self.source {
            Source::Matches(matches) => return matches.get(self.next.checked_sub(1)?).copied(),
            Source::Word(cursors, fields) => (cursors, *fields),
        };
        let mut best: Option<Match> = None;
        let mut in_title = 0.0;
        for Cursor { term, next, .. } in cursors.iter().filter(|cursor| cursor.doc == doc) {
            let posting = term.list.postings.get(next.checked_sub(1)?)?;
            let other = scales.match_of(term, posting, fields, is_glance)?;
            if other.in_title > in_title {
                in_title = other.in_title;
            }
            if best.is_none_or(|best| (other.distance, best.score) < (best.distance, other.score)) {
                best = Some(other);
            }
        }
        // At a glance any of the terms may be the best.
        if is_glance
            && in_title > 0.0
            && let Some(best) = &mut best
        {
            (best.in_title, best.title_words, best.n_in_title) = (in_title, 1, 1);
        }
        best
    }

    /// Reads the next record.
    fn step(&mut self) {
        let mut first = END;
        match &mut self.source {
            Source::Matches(matches) => {
                if let Some(found) = matches.get(self.next) {
                    first = found.doc;
                }
                self.next += 1;
            }
            Source::Word(cursors, fields) => {
                for cursor in cursors {
                    if cursor.doc == self.doc {
                        cursor.step(*fields);
                    }
                    if cursor.doc < first {
                        first = cursor.doc;
                    }
                }
            }
        }
        self.doc = first;
    }
}

impl Cursor<'_> {
    fn step(&mut self, fields: u64) {
        self.doc = END;
        while let Some(posting) = self.term.list.postings.get(self.next) {
            self.next += 1;
            if is_sought(self.term, posting, fields) {
                self.doc = posting.doc;
                return;
            }
        }
    }
}
