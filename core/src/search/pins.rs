//! Records that an editor put first for a query.
//!
//! Knows pins and what the words of a query were found to be.

use crate::error::Corrupt;
use crate::format::Section;
use crate::format::pins::{self, PinnedQuery, PinnedWord};
use crate::ids::DocId;
use crate::index::Fetch;
use crate::query::tree::{ClauseKind, Node, Parsed};
use crate::search::lookup::{Found, FoundClause, Via};
use crate::search::matching::Candidate;

/// The records pinned to one query, the first of them first.
#[derive(Default)]
pub(super) struct Pinned {
    docs: Vec<DocId>,
}

/// Takes the pins, or gives `None` when they have to be fetched first.
pub(super) fn fetch(fetch: &mut Fetch<'_>) -> Result<Option<Vec<PinnedQuery>>, Corrupt> {
    let n_docs = fetch.manifest().order.end;
    if fetch.manifest().section(Section::Pins).is_empty() {
        return Ok(Some(Vec::new()));
    }
    let block = fetch.block(Section::Pins, 0)?;
    block.map(|bytes| pins::decode(bytes, n_docs)).transpose()
}

/// The records that are pinned to a query of words: each word of the pattern is one of the query's,
/// and, unless the pattern is open, the other way round. A query of anything but words has no pins.
pub(super) fn matching(pins: &[PinnedQuery], parsed: &Parsed, found: &Found) -> Pinned {
    let mut pinned = Pinned::default();
    let mut words: Vec<(&FoundClause, &str)> = Vec::new();
    for item in &parsed.items {
        let clause = match item {
            Node::Clause(at) => found.clauses.get(*at).zip(parsed.clauses.get(*at)),
            _ => None,
        };
        let Some((clause, typed)) = clause else {
            return pinned;
        };
        let word = typed.words.first();
        match word.filter(|_| typed.kind == ClauseKind::Word && typed.field.is_none()) {
            Some(word) => words.push((clause, &word.token.folded)),
            None => return pinned,
        }
    }
    for pin in pins {
        // By word of the query, whether the pattern has it.
        let mut is_pinned = vec![pin.is_open; words.len()];
        let mut has_all = !words.is_empty();
        for word in &pin.words {
            let mut is_typed = false;
            for (typed, is_pinned) in words.iter().zip(&mut is_pinned) {
                let is_same = is_word(word, typed);
                is_typed |= is_same;
                *is_pinned |= is_same;
            }
            has_all &= is_typed;
        }
        if has_all && !is_pinned.contains(&false) {
            for doc in &pin.docs {
                if !pinned.docs.contains(doc) {
                    pinned.docs.push(*doc);
                }
            }
        }
    }
    pinned
}

/// Whether a word of a pattern is one of the query's, in any form.
fn is_word(word: &PinnedWord, (clause, key): &(&FoundClause, &str)) -> bool {
    match word {
        PinnedWord::Key(pinned) => pinned == key,
        PinnedWord::Term(term) => {
            for word in &clause.words {
                for found in &word.terms {
                    if found.via == Via::Word && found.term == *term {
                        return true;
                    }
                }
            }
            false
        }
    }
}

impl Pinned {
    pub(super) fn contains(&self, doc: &DocId) -> bool {
        self.docs.contains(doc)
    }

    /// A record's place among those pinned; all others share the one after the last.
    pub(super) fn place(&self, doc: DocId) -> u32 {
        let place = self.docs.iter().position(|pinned| *pinned == doc);
        place.unwrap_or(self.docs.len()) as u32
    }

    /// Lets pinned records match, whatever words they hold.
    pub(super) fn join(&self, candidates: &mut Vec<Candidate>) {
        for doc in &self.docs {
            match candidates.binary_search_by_key(doc, |candidate| candidate.doc) {
                Ok(at) => {
                    if let Some(candidate) = candidates.get_mut(at) {
                        candidate.is_full = true;
                    }
                }
                Err(at) => candidates.insert(
                    at,
                    Candidate {
                        doc: *doc,
                        is_full: true,
                        held: 0,
                    },
                ),
            }
        }
    }
}
