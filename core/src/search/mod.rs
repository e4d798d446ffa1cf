//! From a query to a page: the searching corridor, top to bottom.
//!
//! Finds the terms of the query's words, takes their postings, matches, filters, counts, keeps the
//! best, and fetches what is shown. Each step takes the blocks that are there and notes the chunks of
//! those that are not; nothing is kept between two attempts.
//! Knows the index, queries, ranking and facets; knows nothing of how an index is built.

#[cfg(feature = "languages")]
mod changed;
#[cfg(feature = "explain")]
mod explain;
mod filters;
mod hits;
mod items;
mod joins;
mod json;
mod lists;
mod load;
mod lookup;
mod marks;
mod matches;
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
use crate::format::manifest::Manifest;
use crate::format::stored::Languages;
use crate::ids::ChunkId;
use crate::index::{Fetch, Index};
use crate::query::parse::parse;
use crate::query::{MAX_LIMIT, Matching, Query, Sort};
use crate::text::primary_subtag;

use filters::Columns;
use joins::Lists;
use matching::{Candidate, Clauses, Parts};
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

        let languages = languages_of(fetch.manifest(), query.lang.as_deref());
        let columns = Columns::fetch(&mut fetch, query, &parsed.filters, languages)?;
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

        let mut hits = hits::fetch(
            &mut fetch,
            &chosen.page,
            &clauses,
            languages,
            query.is_without_texts,
        )?;
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

/// The languages of records that are the reader's: `cy` and `cy-GB` are one.
#[inline(never)]
fn languages_of(manifest: &Manifest, lang: Option<&str>) -> Languages {
    let mut languages = 0;
    if cfg!(feature = "languages")
        && let Some(lang) = lang
    {
        let lang = primary_subtag(lang);
        for (at, (tag, _)) in manifest.languages.iter().enumerate() {
            if primary_subtag(tag) == lang {
                languages |= 1_u64.checked_shl(at as u32).unwrap_or(0);
            }
        }
    }
    languages
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
    let mut lists = clauses.lists(&typed);
    let mut candidates = clauses.candidates(query.matching, &mut lists);
    pinned.join(&mut candidates);
    let mut n_full = 0;
    let mut records = Vec::with_capacity(candidates.len());
    for candidate in &candidates {
        let outcome = columns.outcome(candidate.doc);
        n_full += usize::from(candidate.is_full && outcome == Outcome::Hit);
        records.push((candidate.doc, outcome));
    }
    let keeps_partial = match query.matching {
        Matching::Auto => n_full < ENOUGH_FULL_MATCHES,
        Matching::All | Matching::Any => true,
    };

    let mut ranking = Ranking {
        query,
        clauses,
        columns,
        pinned,
        top: Top::new(query.offset, query.limit.min(MAX_LIMIT)),
        most: (0, 0.0),
        parts: Parts::default(),
    };
    for (_, list) in &mut lists {
        list.rewind();
    }
    let mut held = vec![0; clauses.items.len()];
    let mut total = 0;
    for (candidate, (_, outcome)) in candidates.iter().zip(&mut records) {
        if !keeps_partial && !candidate.is_full {
            *outcome = Outcome::Out;
        }
        if *outcome == Outcome::Hit {
            total += 1;
            for (at, count) in held.iter_mut().enumerate() {
                *count += u32::from(items::is_held(candidate.held, at));
            }
            ranking.offer(candidate, &mut lists);
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
        page: ranking.top.into_page(),
        facets: columns.facets(&records),
        held,
    }
}

/// Keeps the best records, and makes out of the others no more than that they cannot be.
struct Ranking<'c> {
    query: &'c Query,
    clauses: &'c Clauses<'c>,
    columns: &'c Columns,
    pinned: &'c Pinned,
    top: Top,
    /// The most that a record can score that holds what the one before held, with what that was.
    most: (u64, f64),
    parts: Parts,
}

impl Ranking<'_> {
    /// Takes a record, in steps, each dearer than the one before: by what it holds, by the most that
    /// its words can be worth, by what they are worth, by where they stand.
    fn offer(&mut self, candidate: &Candidate, lists: &mut Lists<'_>) {
        let doc = candidate.doc;
        let mut key = self.key(candidate);
        if candidate.held != 0 {
            if self.most.0 != candidate.held {
                self.most = (candidate.held, self.clauses.most(lists, candidate.held));
            }
            key.score = self.columns.weigh(doc, self.most.1);
            // Of one word, a glance costs half of what it spares; where something stands for several
            // items, it tells nothing.
            let glances = self.clauses.together.is_empty() && lists.len() > 1;
            for step in usize::from(!glances)..3 {
                if !self.top.takes(&key) {
                    return;
                }
                if step < 2 {
                    let is_glance = step == 0;
                    self.clauses.weigh(lists, doc, &mut self.parts, is_glance);
                    if self.counts_distance(candidate) {
                        key.distance = self.parts.distance;
                    }
                } else {
                    self.clauses.look_near(doc, &mut self.parts, true);
                }
                key.score = self.columns.weigh(doc, self.parts.score());
            }
        }
        self.top.offer(key);
    }

    /// What a record is ordered by, without what it is worth: `auto` puts those with all words first in
    /// every order.
    fn key(&self, candidate: &Candidate) -> Key {
        let doc = candidate.doc;
        let mut key = Key {
            pin: 0,
            is_partial: self.query.matching != Matching::Any && !candidate.is_full,
            is_old: false,
            by_value: 0,
            distance: 0,
            score: 0.0,
            place: self.clauses.order.place(doc),
            doc,
        };
        if self.query.sort == Sort::Relevance {
            key.pin = self.pinned.place(doc);
            key.is_old = self.columns.standing(doc).is_some();
        } else {
            key.by_value = self.columns.sort_place(doc);
        }
        key
    }

    /// Whether a record is ordered by how far its words are from those typed.
    fn counts_distance(&self, candidate: &Candidate) -> bool {
        // Where a hit needs only some of the words, one that holds more of them, by slips or as
        // beginnings, is no worse than one that does not hold them at all; but of one word, no guess
        // comes before the word itself.
        let is_any = self.query.matching == Matching::Any && self.clauses.n_wanted() > 1;
        // Among records that lack a word, one that holds another by a guess is no worse than one that
        // does not hold it at all.
        self.query.sort == Sort::Relevance && !is_any && candidate.is_full
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

#[cfg(all(test, feature = "build"))]
mod tests {
    use crate::query::{MAX_LIMIT, Matching, Query, Sort};
    use crate::{IndexBuilder, Page, Record, Schema, memory};
    use proptest::prelude::*;

    /// More than are sorted before any is skipped on a short page, and fewer than on the longest.
    const N_RECORDS: usize = 240;

    const WORDS: [&str; 6] = ["ash", "birch", "cedar", "elm", "fir", "the"];

    fn text(picks: &[usize]) -> String {
        let words: Vec<&str> = picks.iter().map(|pick| WORDS[pick % 6]).collect();
        words.join(" ")
    }

    fn ids(page: &Page) -> Vec<(&str, f64)> {
        let hits = page.hits.iter();
        hits.map(|hit| (hit.id.as_str(), hit.score)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn skipping_gives_what_scoring_everything_gives(
            records in proptest::collection::vec(
                (
                    proptest::collection::vec(0_usize..60, 1..3),
                    proptest::collection::vec(0_usize..14, 1..12),
                    proptest::option::of(0.5_f32..2.0),
                ),
                N_RECORDS,
            ),
            asked in proptest::collection::vec((0_usize..6, 0_usize..8), 1..4),
            matching in prop_oneof![Just(Matching::Auto), Just(Matching::All), Just(Matching::Any)],
            offset in 0_usize..3,
            is_filtered: bool,
            sort in prop_oneof![3 => Just(Sort::Relevance), 1 => Just(Sort::Title), 1 => Just(Sort::Newest)],
        ) {
            let mut builder = IndexBuilder::new(Schema::default());
            for (at, (title, body, boost)) in records.iter().enumerate() {
                // Words of a title, and of a body, that no query asks for.
                let title: Vec<usize> = title.iter().copied().filter(|pick| *pick < 6).collect();
                let body: Vec<usize> = body.iter().copied().filter(|pick| *pick < 6).collect();
                let mut record = Record::new(at.to_string(), ["oak ", &text(&title)].concat())
                    .field("body", text(&body))
                    .field("type", ["guide", "report"][at % 2])
                    .field("year", 2000 + at as i64 % 7);
                record.boost = *boost;
                builder.add(&record).unwrap();
            }
            let index = memory::open(&builder.finish().unwrap()).unwrap();
            let mut typed = String::new();
            for (word, shape) in asked {
                let word = WORDS[word];
                typed.push_str(&match shape {
                    0 => format!("\"{word} {}\" ", WORDS[1]),
                    1 => format!("-{word} "),
                    2 => format!("({word} OR {}) ", WORDS[2]),
                    3 => format!("{} ", &word[..2]),
                    _ => format!("{word} "),
                });
            }
            let query = Query::new(typed).matching(matching).sort(sort);
            let mut query = query.facet("type");
            if is_filtered {
                query = query.range("year", Some("2001"), None);
            }
            let whole = index.search(&query.clone().limit(MAX_LIMIT)).unwrap();
            let page = index.search(&query.limit(3).offset(offset)).unwrap();
            let expected: Vec<(&str, f64)> = ids(&whole).into_iter().skip(offset).take(3).collect();
            prop_assert_eq!(ids(&page), expected);
            prop_assert_eq!((page.total, &page.facets), (whole.total, &whole.facets));
            prop_assert_eq!(&page.notices, &whole.notices);
            prop_assert_eq!((page.total, &page.notices), (whole.total, &whole.notices));
        }
    }
}
