//! From a query to a page: the searching corridor, top to bottom.
//!
//! Finds the terms of the query's words, takes their postings, matches, filters, counts, keeps the
//! best, and fetches what is shown. Each step takes the blocks that are there and notes the chunks of
//! those that are not; nothing is kept between two attempts.
//! Knows the index, queries, ranking and facets; knows nothing of how an index is built.

#[cfg(feature = "explain")]
mod explain;
mod filters;
mod hits;
mod items;
mod joins;
mod json;
mod load;
mod lookup;
mod marks;
mod matching;
mod near;
mod notices;
mod page;
mod pins;
mod related;
mod slips;
mod snippet;
mod suggest;
mod together;
mod top;
mod worth;

#[cfg(feature = "explain")]
pub use explain::{Explanation, Extra, FieldFrequency, WordExplanation};
pub use json::WriteNumber;
pub use page::{FacetCount, Hit, Notice, Page, SectionHit, Span, Standing, Understood};

pub use crate::format::suggest::{MAX_SUGGESTIONS, SuggestionKind};
pub use suggest::{SuggestStep, Suggestion};

use crate::error::{Corrupt, IndexError};
use crate::facets::Outcome;
use crate::ids::ChunkId;
use crate::index::{Fetch, Index};
use crate::query::parse::parse;
use crate::query::{MAX_LIMIT, Matching, Query, Sort};

use filters::Columns;
use matching::{Candidate, Clauses};
use pins::Pinned;
use top::{Key, Top};

/// Most rounds of fetching that any query takes, the manifest not counted: dictionary, columns and
/// pins; postings and positions; stored records.
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
        let parsed = parse(&query.text, self.schema());

        let columns = Columns::fetch(&mut fetch, query, &parsed.filters)?;
        let found = lookup::look_up(&mut fetch, &parsed, query)?;
        let pins = pins::fetch(&mut fetch)?;
        if let Some(needed) = fetch.needed() {
            return Ok(Step::Need(needed));
        }
        let (Some(columns), Some(pins)) = (columns, pins) else {
            return Err(Corrupt("block").into());
        };

        let pinned = pins::matching(&pins, &parsed, &found);
        let clauses = Clauses::fetch(&mut fetch, &parsed, found)?;
        if let Some(needed) = fetch.needed() {
            return Ok(Step::Need(needed));
        }
        let Some(clauses) = clauses else {
            return Err(Corrupt("block").into());
        };

        let chosen = choose(query, &clauses, &columns, &pinned);
        let mut notices = notices::of(&parsed, &clauses, &chosen.held);
        notices.extend(columns.notices());
        if chosen.n_full < chosen.total && query.matching == Matching::Auto {
            notices.push(Notice::PartialFrom {
                index: chosen.n_full,
            });
        }

        let mut hits = hits::fetch(&mut fetch, &chosen.page, &clauses, query.is_without_texts)?;
        if let Some(needed) = fetch.needed() {
            return Ok(Step::Need(needed));
        }
        for (hit, key) in hits.iter_mut().zip(&chosen.page) {
            hit.pinned = pinned.contains(&key.doc);
            hit.standing = columns.standing(key.doc);
            #[cfg(feature = "explain")]
            if query.explain {
                let account = explain::explain(&clauses, &columns, key, hit, query.matching);
                hit.explanation = Some(account);
            }
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
    /// The page's records, in order.
    page: Vec<Key>,
    facets: Vec<(String, Vec<FacetCount>)>,
    /// By item of the query, how many of the records hold it.
    held: Vec<u32>,
}

/// Matches, filters, counts, and keeps the best.
fn choose(query: &Query, clauses: &Clauses<'_>, columns: &Columns, pinned: &Pinned) -> Chosen {
    let typed = |filter: usize| columns.typed(filter, clauses.order);
    let mut candidates = clauses.candidates(query.matching, &typed);
    pinned.join(&mut candidates);
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
    let mut held = vec![0; clauses.items.len()];
    let mut total = 0;
    for (candidate, outcome) in outcomes.iter().filter(|(candidate, _)| is_kept(candidate)) {
        columns.count(&mut counts, candidate.doc, *outcome);
        if *outcome == Outcome::Hit {
            total += 1;
            for (at, count) in held.iter_mut().enumerate() {
                *count += u32::from(items::is_held(candidate.held, at));
            }
            top.offer(key(candidate, query, clauses, columns, pinned));
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
        held,
    }
}

/// What a record is ordered by: `auto` puts those with all words first in every order.
fn key(
    candidate: &Candidate,
    query: &Query,
    clauses: &Clauses<'_>,
    columns: &Columns,
    pinned: &Pinned,
) -> Key {
    let by_score = query.sort == Sort::Relevance;
    // Where a hit needs only some of the words, one that holds more of them, by slips or as
    // beginnings, is no worse than one that does not hold them at all; but of one word, no guess
    // comes before the word itself.
    let is_any = query.matching == Matching::Any && clauses.n_wanted() > 1;
    let factors = columns.factors(candidate.doc).into_iter();
    Key {
        pin: if by_score {
            pinned.place(candidate.doc)
        } else {
            0
        },
        is_partial: query.matching != Matching::Any && !candidate.is_full,
        is_old: by_score && columns.standing(candidate.doc).is_some(),
        by_value: if by_score {
            0
        } else {
            columns.sort_place(candidate.doc)
        },
        // Among records that lack a word, one that holds another by a guess is no worse than one that
        // does not hold it at all.
        distance: if by_score && !is_any && candidate.is_full {
            candidate.distance
        } else {
            0
        },
        score: factors.fold(candidate.score, |score, factor| score * factor.value()),
        place: clauses.order.place(candidate.doc),
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
