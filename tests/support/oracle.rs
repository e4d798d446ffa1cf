//! A stupid search to compare with: it keeps every word of every record and looks at all of them,
//! for every query, without any index.
//!
//! Shares with the core how words are read (`speir::text`) and how dates are, and nothing else: the
//! reading of queries, phrases, exclusion, filters, counts, order, pages, notices and scores are
//! told here a second time, from what the documentation says of them.

mod columns;
mod constants;
pub mod slips;
mod texts;
mod typed;
mod words;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use speir::{
    FacetCount, Hit, Matching, Notice, Page, Query, Record, Schema, SectionHit, Sort, Standing,
    Value, date, text,
};

use columns::{Accepted, Cell, Column};
use constants::{ENOUGH_FULL_MATCHES, MAX_SECTIONS};
use words::{Found, Words};

/// How far a score may lie from ours, which adds up the same numbers.
const SCORE_TOLERANCE: f64 = 1e-9;

/// Records, as a stupid search keeps them.
pub struct Oracle<'r> {
    schema: &'r Schema,
    records: &'r [Record],
    words: Words,
    /// By name; `title` for the order of titles.
    columns: Vec<(String, Column)>,
}

/// A record that matches the words.
struct Candidate {
    doc: usize,
    score: f64,
    is_full: bool,
    /// How far the words are from those typed.
    distance: usize,
    /// By clause of the query, whether it is wanted and there.
    held: Vec<bool>,
    standing: Option<Standing>,
    /// By filter, whether it passes.
    passes: Vec<bool>,
}

impl<'r> Oracle<'r> {
    /// Reads all records.
    pub fn new(schema: &'r Schema, records: &'r [Record]) -> Oracle<'r> {
        let mut columns: Vec<(String, Column)> = schema
            .columns()
            .map(|(_, field)| (field.name.clone(), Column::of_field(field, schema, records)))
            .collect();
        let titles = Column::of_titles(records, schema.default_lang());
        columns.push(("title".to_owned(), titles));
        Oracle {
            schema,
            records,
            words: Words::new(schema, records),
            columns,
        }
    }

    /// Whether an index of several chunks surely answers a query as one of one chunk does. It has a
    /// filter of its common words, which takes one word in a hundred for common that is not, and
    /// looks for nothing in the place of such a word.
    pub fn is_sure_in_chunks(&self, typed: &str) -> bool {
        self.words.is_sure_in_chunks(typed)
    }

    /// Compares a page with what a stupid search finds.
    ///
    /// # Panics
    ///
    /// Where they differ, or the query asks for a column that is not there.
    #[track_caller]
    pub fn check(&self, query: &Query, page: &Page) {
        let found = self.words.find(query, self.schema.default_lang());
        let filters: Vec<(&str, &Column, Accepted)> = query
            .filters
            .iter()
            .map(|filter| {
                let column = self.column(&filter.field);
                (
                    filter.field.as_str(),
                    column,
                    column.accepted(&filter.accept),
                )
            })
            .collect();

        let mut candidates = self.candidates(query, &found, &filters);
        let is_hit = |candidate: &&Candidate| candidate.passes.iter().all(|passes| *passes);
        let n_full = candidates
            .iter()
            .filter(is_hit)
            .filter(|candidate| candidate.is_full)
            .count();
        if query.matching == Matching::Auto && n_full >= ENOUGH_FULL_MATCHES {
            candidates.retain(|candidate| candidate.is_full);
        }

        let facets: Vec<(String, Vec<FacetCount>)> = query
            .facets
            .iter()
            .map(|name| (name.clone(), self.counts(name, &candidates, &filters)))
            .collect();
        assert_eq!(page.facets.len(), facets.len(), "{query:?}");
        for ((name, counts), (expected_name, expected)) in page.facets.iter().zip(&facets) {
            assert_eq!(name, expected_name, "{query:?}");
            assert!(
                same_counts(counts, expected),
                "counts of {name}: {counts:?}\nexpected {expected:?}\n{query:?}"
            );
        }

        let mut hits: Vec<&Candidate> = candidates.iter().filter(is_hit).collect();
        let is_any = query.matching == Matching::Any && found.n_wanted() > 1;
        hits.sort_by(|a, b| self.compare(query, is_any, a, b));
        assert_eq!(page.total as usize, hits.len(), "total of {query:?}");
        let wanted: Vec<&Candidate> = hits
            .iter()
            .skip(query.offset)
            .take(query.limit.min(1000))
            .copied()
            .collect();
        let ids: Vec<&str> = page.hits.iter().map(|hit| hit.id.as_str()).collect();
        let expected: Vec<&str> = wanted
            .iter()
            .map(|hit| self.records[hit.doc].id.as_str())
            .collect();
        assert_eq!(ids, expected, "hits of {query:?}");
        for (hit, candidate) in page.hits.iter().zip(wanted) {
            let off = (hit.score - candidate.score).abs();
            assert!(
                off < SCORE_TOLERANCE,
                "{}: score {}, not {}: {query:?}",
                hit.id,
                hit.score,
                candidate.score
            );
            assert_eq!(hit.standing, candidate.standing, "{}: {query:?}", hit.id);
            self.check_hit(query, hit, &self.records[candidate.doc], &found);
        }

        let n_held = |clause: usize| {
            let held = hits
                .iter()
                .filter(|hit| hit.held.get(clause) == Some(&true));
            u32::try_from(held.count()).expect("few hits")
        };
        let held: Vec<u32> = (0..found.n_clauses()).map(n_held).collect();
        let mut notices = found.notices(&held);
        for (filter, (field, column, _)) in query.filters.iter().zip(&filters) {
            for value in column.unknown(&filter.accept) {
                notices.push(Notice::UnknownValue {
                    field: (*field).to_owned(),
                    value,
                });
            }
        }
        if query.matching == Matching::Auto && n_full < hits.len() {
            notices.push(Notice::PartialFrom {
                index: u32::try_from(n_full).expect("few hits"),
            });
        }
        assert_eq!(page.notices, notices, "{query:?}");
        assert_eq!(page.query.text, query.text);
    }

    fn column(&self, name: &str) -> &Column {
        let found = self.columns.iter().find(|(known, _)| known == name);
        &found.unwrap_or_else(|| panic!("no column `{name}`")).1
    }

    /// Every record is asked: which clauses it holds, whether it is excluded, which filters it passes.
    fn candidates(
        &self,
        query: &Query,
        found: &Found,
        filters: &[(&str, &Column, Accepted)],
    ) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for doc in 0..self.records.len() {
            let whole = self.words.whole(found, doc);
            let is_wanted = match query.matching {
                _ if found.n_wanted() == 0 => true,
                Matching::All => whole.is_full,
                Matching::Auto => whole.held.contains(&true) && !whole.lacks_phrase,
                Matching::Any => whole.held.contains(&true),
            };
            let record = &self.records[doc];
            if is_wanted && !whole.is_excluded {
                let passes = filters
                    .iter()
                    .map(|(_, column, accepted)| accepted.passes(column.of(doc)));
                candidates.push(Candidate {
                    doc,
                    score: self.boosted(query, record, whole.score),
                    is_full: whole.is_full,
                    distance: whole.distance,
                    held: whole.held,
                    standing: self.standing(query, record),
                    passes: passes.collect(),
                });
            }
        }
        candidates
    }

    /// A score with what the publisher multiplies it by, where it decides the order.
    fn boosted(&self, query: &Query, record: &Record, score: f64) -> f64 {
        match record.boost {
            Some(boost) if query.sort == Sort::Relevance => score * f64::from(boost),
            _ => score,
        }
    }

    /// The record that stands in the place of another: the last one that says so.
    fn replacing(&self, record: &Record) -> Option<&Record> {
        let mut newer = self.records.iter().rev();
        let newer = newer.find(|newer| newer.replaces.contains(&record.id))?;
        (newer.id != record.id).then_some(newer)
    }

    fn standing(&self, query: &Query, record: &Record) -> Option<Standing> {
        if self.replacing(record).is_some() {
            return Some(Standing::Replaced);
        }
        let today = date::parse(query.today.as_deref()?)?;
        let until = date::parse(record.valid_until.as_deref()?)?;
        (until.last_ms < today.first_ms).then_some(Standing::Expired)
    }

    /// Counts of a field: over records that pass every other field's filters.
    fn counts(
        &self,
        name: &str,
        candidates: &[Candidate],
        filters: &[(&str, &Column, Accepted)],
    ) -> Vec<FacetCount> {
        let column = self.column(name);
        let counted = candidates.iter().filter(|candidate| {
            candidate
                .passes
                .iter()
                .zip(filters)
                .all(|(passes, (field, ..))| *passes || *field == name)
        });
        let docs: Vec<usize> = counted.map(|candidate| candidate.doc).collect();
        let accepted = filters
            .iter()
            .find(|(field, ..)| *field == name)
            .map(|(.., accepted)| accepted);
        let selects = |cells: &[Cell]| accepted.is_some_and(|accepted| accepted.passes(cells));

        let mut counts: Vec<(u32, Cell)> = column
            .distinct()
            .into_iter()
            .map(|cell| {
                let n = docs
                    .iter()
                    .filter(|doc| column.of(**doc).contains(&cell))
                    .count();
                (u32::try_from(n).expect("few records"), cell)
            })
            .filter(|(count, cell)| *count > 0 || selects(std::slice::from_ref(cell)))
            .collect();
        // Stable: values of the same count stay in their order.
        counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let mut rows: Vec<FacetCount> = counts
            .into_iter()
            .map(|(count, cell)| FacetCount {
                selected: selects(std::slice::from_ref(&cell)),
                value: Some(cell.to_value()),
                count,
            })
            .collect();
        let n_missing = docs
            .iter()
            .filter(|doc| column.of(**doc).is_empty())
            .count();
        if n_missing > 0 || selects(&[]) {
            let count = u32::try_from(n_missing).expect("few records");
            rows.push(FacetCount {
                value: None,
                count,
                selected: selects(&[]),
            });
        }
        rows
    }

    /// `is_any` says that a hit needs only some of several words.
    fn compare(&self, query: &Query, is_any: bool, a: &Candidate, b: &Candidate) -> Ordering {
        let partial = |candidate: &Candidate| query.matching != Matching::Any && !candidate.is_full;
        let is_old = |candidate: &Candidate| candidate.standing.is_some();
        let by_value = |name: &str, descending: bool| {
            let column = self.column(name);
            column.compare(a.doc, b.doc, descending)
        };
        let by_order = match &query.sort {
            Sort::Relevance if is_any => is_old(a).cmp(&is_old(b)),
            // Among those that lack a word, a guess at another is no worse than nothing.
            Sort::Relevance => {
                let distance = |one: &Candidate| if one.is_full { one.distance } else { 0 };
                (is_old(a), distance(a)).cmp(&(is_old(b), distance(b)))
            }
            Sort::Newest => by_value("date", true),
            Sort::Oldest => by_value("date", false),
            Sort::Title => by_value("title", false),
            Sort::Field { name, descending } => by_value(name, *descending),
        };
        partial(a)
            .cmp(&partial(b))
            .then(by_order)
            .then(b.score.total_cmp(&a.score))
            .then(a.doc.cmp(&b.doc))
    }

    /// What is shown of a hit is its record, with the words found marked.
    fn check_hit(&self, query: &Query, hit: &Hit, record: &Record, found: &Found) {
        assert_eq!(
            (&hit.title, &hit.url),
            (&record.title, &record.url),
            "{query:?}"
        );
        assert_eq!(
            hit.lang,
            record.lang.as_deref().unwrap_or(self.schema.default_lang())
        );
        let mut given: Vec<(String, Value)> = record
            .fields
            .iter()
            .filter(|(name, value)| {
                !value.is_missing() && self.schema.find(name).is_none_or(|(_, field)| field.stored)
            })
            .cloned()
            .collect();
        if let Some(until) = &record.valid_until {
            given.push(("validUntil".to_owned(), Value::from(until.as_str())));
        }
        if let Some(newer) = self.replacing(record) {
            let text = |key: &str, text: &str| (key.to_owned(), Value::from(text));
            let mut told = vec![text("id", &newer.id), text("title", &newer.title)];
            told.extend(newer.url.as_ref().map(|url| text("url", url)));
            given.push(("replacedBy".to_owned(), Value::Object(told)));
        }
        assert_eq!(
            hit.fields, given,
            "the fields of `{}` as given: {query:?}",
            record.id
        );

        let marked = self.words.marked(found);
        let parts: String = hit
            .title_parts
            .iter()
            .map(|span| {
                if span.is_match {
                    format!("[{}]", span.text)
                } else {
                    span.text.clone()
                }
            })
            .collect();
        assert_eq!(
            parts,
            mark(&record.title, &marked),
            "the title of `{}`: {query:?}",
            record.id
        );
        for span in hit.excerpt.iter().filter(|span| span.is_match) {
            assert!(
                holds(&span.text, &marked),
                "`{}` is marked: {query:?}",
                span.text
            );
        }

        let holding: Vec<(&str, Option<&str>, Option<String>)> = record
            .sections
            .iter()
            .filter(|section| {
                let number = section.number.as_deref().unwrap_or_default();
                [number, &section.heading, &section.text]
                    .iter()
                    .any(|text| holds(text, &marked))
            })
            .map(|section| {
                let link = record.url.as_ref().zip(section.anchor.as_ref());
                let link = link.map(|(url, anchor)| format!("{url}#{anchor}"));
                (section.heading.as_str(), section.number.as_deref(), link)
            })
            .collect();
        assert_eq!(
            hit.sections.len(),
            holding.len().min(MAX_SECTIONS),
            "sections of `{}`: {query:?}",
            record.id
        );
        for SectionHit {
            heading,
            number,
            url,
            ..
        } in &hit.sections
        {
            let section = (heading.as_str(), number.as_deref(), url.clone());
            assert!(
                holding.contains(&section),
                "{section:?} of `{}`: {query:?}",
                record.id
            );
        }
    }
}

/// Whether a text holds one of the words.
fn holds(read: &str, words: &BTreeSet<String>) -> bool {
    text::tokens(read).any(|token| !token.is_joined() && words.contains(&token.folded))
}

/// A text with some words in square brackets.
fn mark(read: &str, words: &BTreeSet<String>) -> String {
    let mut out = String::new();
    let mut done = 0;
    for token in
        text::tokens(read).filter(|token| !token.is_joined() && words.contains(&token.folded))
    {
        out += &read[done..token.span.start];
        out += &format!("[{}]", &read[token.span.clone()]);
        done = token.span.end;
    }
    out + &read[done..]
}

/// Whether counts are the same; a number is the same whole or not.
fn same_counts(a: &[FacetCount], b: &[FacetCount]) -> bool {
    let plain = |value: &Option<Value>| match value {
        Some(Value::Int(number)) => Some(Value::Float(*number as f64)),
        other => other.clone(),
    };
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| {
            plain(&a.value) == plain(&b.value) && a.count == b.count && a.selected == b.selected
        })
}
