//! Lists of the records that an item of a query is found in, read from the first to the last.
//!
//! A list tells its records at once, and what a match is worth only when it is asked for, as most
//! records cannot reach the page whatever they are worth. Knows loaded terms and joined matches; knows
//! nothing of how lists are joined.

use crate::ids::DocId;
use crate::search::items::Role;
use crate::search::joins::Match;
use crate::search::load::LoadedTerm;
use crate::search::worth::{Scales, is_sought};

/// Stands past the last record of a list.
const END: DocId = DocId(u32::MAX);

/// Where a list's matches come from.
pub(super) enum Source<'c> {
    /// Several lists, joined before.
    Matches(Vec<Match>),
    /// The one term of a word, in some of the fields.
    Term(&'c LoadedTerm, u64),
}

/// What an item is found in.
pub(super) struct List<'c> {
    source: Source<'c>,
    /// The place that is read next.
    next: usize,
    /// The record last read.
    doc: DocId,
    pub(super) role: Role,
}

impl<'c> List<'c> {
    pub(super) fn new(source: Source<'c>, role: Role) -> List<'c> {
        let mut list = List {
            source,
            next: 0,
            doc: END,
            role,
        };
        list.rewind();
        list
    }

    /// Back to the first record.
    pub(super) fn rewind(&mut self) {
        self.next = 0;
        self.step();
    }

    /// The first record at one or after it, which must not come before any asked for since the list
    /// was rewound.
    pub(super) fn first_from(&mut self, doc: DocId) -> DocId {
        while self.doc < doc {
            self.step();
        }
        self.doc
    }

    /// What a record's match is worth, if the list has it. Asked for as [`List::first_from`].
    pub(super) fn at(&mut self, doc: DocId, scales: &Scales) -> Option<Match> {
        if self.first_from(doc) != doc {
            return None;
        }
        let read = self.next.checked_sub(1)?;
        match &self.source {
            Source::Matches(matches) => matches.get(read).copied(),
            Source::Term(term, fields) => {
                scales.match_of(term, term.list.postings.get(read)?, *fields)
            }
        }
    }

    /// Reads the next record.
    fn step(&mut self) {
        loop {
            let read = self.next;
            self.next += 1;
            self.doc = match &self.source {
                Source::Matches(matches) => matches.get(read).map_or(END, |found| found.doc),
                Source::Term(term, fields) => match term.list.postings.get(read) {
                    Some(posting) if !is_sought(term, posting, *fields) => continue,
                    Some(posting) => posting.doc,
                    None => END,
                },
            };
            return;
        }
    }
}
