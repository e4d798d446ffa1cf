//! From a query to an answer: the searching corridor, top to bottom.
//!
//! Each attempt starts from the front and keeps nothing: look words up, take their postings, match,
//! filter, rank, take what the best records show. Where a block is not there yet the attempt ends by
//! saying which chunks are needed: columns and dictionary first, then postings and positions, then
//! stored records, so three rounds at most.
//! Knows the index, the query, ranking and counting; knows nothing of how an index is built.

mod filters;
mod hits;
mod lookup;
mod matching;
mod page;
mod snippet;
mod top;

pub use page::{
    Explanation, FacetCount, FieldFrequency, Hit, Notice, Page, SectionHit, Span, Understood,
    WordExplanation,
};

use crate::error::IndexError;
use crate::facets::Outcome;
use crate::ids::{ChunkId, DocId};
use crate::index::{Fetch, Index};
use crate::query::parse::{MAX_CLAUSES, parse};
use crate::query::{MAX_LIMIT, Matching, Query, Sort};

use filters::Columns;
use matching::{Candidate, Clauses};
use top::{Key, Top};

/// Most rounds of fetching that any query takes, the manifest not counted: dictionary and columns;
/// postings and positions; stored records.
pub const MAX_ROUNDS: usize = 3;

/// With at least this many records that hold all words, `auto` leaves out those that hold only some:
/// a first page of what was asked for needs nothing else.
const ENOUGH_FULL_MATCHES: usize = 10;

/// How far a search came with the chunks supplied so far.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// These chunks are needed: supply them and ask again.
    Need(Vec<ChunkId>),
    /// The answer.
    Done(Box<Page>),
}

impl Index {
    /// Searches, as far as the chunks supplied so far allow.
    ///
    /// A pure function of the query and of those chunks. Cost: linear in the postings of the query's
    /// words; for an empty query, in the number of records.
    ///
    /// # Errors
    ///
    /// When the query filters, counts or sorts by a field that the index has no column for, a bound
    /// cannot be read, or a chunk does not decode. Never for what a reader typed.
    pub fn search(&self, query: &Query) -> Result<Step, IndexError> {
        let mut fetch = Fetch::new(self);
        let parsed = parse(&query.text);

        let columns = Columns::fetch(&mut fetch, query)?;
        let found = lookup::look_up(&mut fetch, &parsed.clauses, query)?;
        if let Some(needed) = fetch.needed() {
            return Ok(Step::Need(needed));
        }
        let (Some(columns), Some(found)) = (columns, found) else {
            return Err(IndexError::Corrupt { what: "block" });
        };

        let clauses = Clauses::fetch(&mut fetch, found)?;
        if let Some(needed) = fetch.needed() {
            return Ok(Step::Need(needed));
        }
        let Some(clauses) = clauses else {
            return Err(IndexError::Corrupt { what: "block" });
        };

        let mut notices = clauses.notices();
        if parsed.is_cut {
            notices.push(Notice::TooManyWords {
                searched: MAX_CLAUSES as u32,
            });
        }
        notices.extend(columns.notices());
        let chosen = choose(query, &clauses, &columns, self.doc_count());
        if chosen.n_full < chosen.total && query.matching == Matching::Auto {
            notices.push(Notice::PartialFrom {
                index: chosen.n_full,
            });
        }

        let hits = hits::fetch(&mut fetch, &chosen.page, &clauses, query)?;
        if let Some(needed) = fetch.needed() {
            return Ok(Step::Need(needed));
        }
        Ok(Step::Done(Box::new(Page {
            total: chosen.total,
            hits,
            facets: chosen.facets,
            notices,
            query: understood(query),
        })))
    }
}

/// What a query comes to before anything is shown.
struct Chosen {
    total: u32,
    /// Of these, how many hold all that was asked for.
    n_full: u32,
    /// The page's records and their scores, in order.
    page: Vec<(DocId, f64)>,
    facets: Vec<(String, Vec<FacetCount>)>,
}

/// Matches, filters, counts, and keeps the best.
fn choose(query: &Query, clauses: &Clauses<'_>, columns: &Columns, n_docs: u32) -> Chosen {
    let candidates = clauses.candidates(query.matching, n_docs);
    let outcomes: Vec<(Candidate, Outcome)> = candidates
        .into_iter()
        .map(|candidate| (candidate, columns.outcome(candidate.doc)))
        .filter(|(_, outcome)| *outcome != Outcome::Out)
        .collect();
    let hits = || {
        outcomes
            .iter()
            .filter(|(_, outcome)| *outcome == Outcome::Hit)
    };
    let n_full = hits().filter(|(candidate, _)| candidate.is_full).count();
    let keeps_partial = match query.matching {
        Matching::Auto => n_full < ENOUGH_FULL_MATCHES,
        Matching::All | Matching::Any => true,
    };
    let is_kept = |candidate: &Candidate| keeps_partial || candidate.is_full;

    let mut counts = columns.counts();
    let mut top = Top::new(query.offset, query.limit.min(MAX_LIMIT));
    let mut total = 0;
    for (candidate, outcome) in outcomes.iter().filter(|(candidate, _)| is_kept(candidate)) {
        columns.count(&mut counts, candidate.doc, *outcome);
        if *outcome == Outcome::Hit {
            total += 1;
            top.offer(key(candidate, query, columns));
        }
    }
    let n_full = if query.matching == Matching::Any {
        total
    } else {
        n_full as u32
    };
    Chosen {
        total,
        n_full,
        page: top.into_page(),
        facets: columns.facets(counts),
    }
}

/// What a record is ordered by: `auto` puts those with all words first in every order.
fn key(candidate: &Candidate, query: &Query, columns: &Columns) -> Key {
    let is_any = query.matching == Matching::Any;
    let (by_value, n_prefixes) = match query.sort {
        Sort::Relevance => (0, if is_any { 0 } else { candidate.n_prefixes }),
        _ => (columns.sort_place(candidate.doc), 0),
    };
    Key {
        is_partial: !is_any && !candidate.is_full,
        by_value,
        n_prefixes,
        score: candidate.score,
        doc: candidate.doc,
    }
}

fn understood(query: &Query) -> Understood {
    Understood {
        text: query.text.clone(),
        matching: query.matching.name(),
        sort: query.sort.name(),
        limit: query.limit.min(MAX_LIMIT) as u32,
        offset: u32::try_from(query.offset).unwrap_or(u32::MAX),
    }
}
