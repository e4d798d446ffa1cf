//! Which records a query's clauses match, and how well.
//!
//! Takes the postings of the terms found, positions where a phrase needs them, and merges clause by
//! clause in order of records. Knows postings and ranking; knows no columns and nothing of what is
//! shown.

use crate::error::IndexError;
use crate::format::Section;
use crate::format::manifest::FieldTotals;
use crate::format::positions::Positions;
use crate::format::postings::{Posting, PostingList, find_in_block};
use crate::format::terms::{self, Place};
use crate::ids::{DocId, TermId};
use crate::index::Fetch;
use crate::query::Matching;
use crate::rank::{self, Route};
use crate::schema::Schema;
use crate::search::lookup::{FoundClause, FoundTerm, FoundWord};
use crate::search::page::{Explanation, FieldFrequency, Notice, WordExplanation};
use crate::sort::{sort_by, sort_by_key};

/// Most words that a notice names.
const MAX_NAMED_WORDS: usize = 5;

/// A record that matches, before filters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) doc: DocId,
    pub(super) score: f64,
    /// Whether it holds all that was asked for.
    pub(super) is_full: bool,
    /// How many words it holds only as the beginning of others.
    pub(super) n_prefixes: u32,
}

/// The clauses of a query with their postings.
pub(super) struct Clauses<'i> {
    clauses: Vec<LoadedClause>,
    schema: &'i Schema,
    /// By searched field: its weight and its average length in words.
    fields: Vec<(f64, f64)>,
}

struct LoadedClause {
    words: Vec<LoadedWord>,
    is_phrase: bool,
    is_excluded: bool,
}

struct LoadedWord {
    typed: String,
    terms: Vec<LoadedTerm>,
    /// Inverse document frequency of the word itself, and of the word or any that begins with it.
    idf: f64,
    prefix_idf: f64,
}

struct LoadedTerm {
    found: FoundTerm,
    list: PostingList,
    positions: Option<Positions>,
    /// Keys of all forms, to be marked where they stand.
    surfaces: Vec<String>,
}

/// One clause in one record.
#[derive(Clone, Copy)]
struct Match {
    doc: DocId,
    score: f64,
    is_prefix: bool,
}

/// What one word is worth in one record.
#[derive(Clone, Copy)]
struct Worth<'t> {
    score: f64,
    idf: f64,
    saturation: f64,
    route: Route,
    term: &'t LoadedTerm,
    posting: &'t Posting,
}

impl<'i> Clauses<'i> {
    /// Takes the postings, or gives `None` when blocks have to be fetched first.
    pub(super) fn fetch(
        fetch: &mut Fetch<'i>,
        found: Vec<FoundClause>,
    ) -> Result<Option<Clauses<'i>>, IndexError> {
        let manifest = fetch.manifest();
        let n_docs = manifest.n_docs;
        let homes = Homes::fetch(fetch, &found)?;
        let mut is_whole = true;
        let mut clauses = Vec::with_capacity(found.len());
        for clause in found {
            let needs_positions = clause.is_phrase && clause.words.len() > 1;
            let mut words = Vec::with_capacity(clause.words.len());
            for FoundWord { typed, terms } in clause.words {
                let n_own = sum_docs(terms.iter().filter(|term| !term.is_prefix));
                let n_all = sum_docs(terms.iter());
                let mut loaded = Vec::with_capacity(terms.len());
                for term in terms {
                    match load(fetch, term, &homes, needs_positions)? {
                        Some(term) => loaded.push(term),
                        None => is_whole = false,
                    }
                }
                words.push(LoadedWord {
                    typed,
                    terms: loaded,
                    idf: rank::idf(n_docs, n_own),
                    prefix_idf: rank::idf(n_docs, n_all),
                });
            }
            let FoundClause {
                is_phrase,
                is_excluded,
                ..
            } = clause;
            clauses.push(LoadedClause {
                words,
                is_phrase,
                is_excluded,
            });
        }
        if !is_whole {
            return Ok(None);
        }
        let fields =
            manifest
                .schema
                .searched()
                .zip(&manifest.totals)
                .map(|((_, field), totals)| {
                    (
                        f64::from(field.weight.unwrap_or(0.0)),
                        average_length(*totals),
                    )
                });
        let fields = fields.collect();
        Ok(Some(Clauses {
            clauses,
            schema: &manifest.schema,
            fields,
        }))
    }

    /// The records that match, in order of their numbers. Without any word to look for, all records
    /// but those excluded.
    pub(super) fn candidates(&self, matching: Matching, n_docs: u32) -> Vec<Candidate> {
        let wanted: Vec<&LoadedClause> = self.clauses.iter().filter(|c| !c.is_excluded).collect();
        let matches: Vec<Vec<Match>> = wanted.iter().map(|clause| self.matches(clause)).collect();
        let mut excluded: Vec<DocId> = self
            .clauses
            .iter()
            .filter(|clause| clause.is_excluded)
            .flat_map(|clause| self.matches(clause))
            .map(|found| found.doc)
            .collect();
        sort_by_key(&mut excluded, |doc| *doc);
        let is_excluded = |doc: DocId| excluded.binary_search(&doc).is_ok();

        let mut candidates = Vec::new();
        if wanted.is_empty() {
            let all = (0..n_docs).map(DocId).filter(|doc| !is_excluded(*doc));
            let plain = |doc| Candidate {
                doc,
                score: 0.0,
                is_full: true,
                n_prefixes: 0,
            };
            candidates.extend(all.map(plain));
            return candidates;
        }
        let mut cursors: Vec<core::slice::Iter<'_, Match>> =
            matches.iter().map(|m| m.iter()).collect();
        loop {
            let next = cursors
                .iter()
                .filter_map(|cursor| cursor.as_slice().first())
                .map(|m| m.doc)
                .min();
            let Some(doc) = next else { break };
            let mut candidate = Candidate {
                doc,
                score: 0.0,
                is_full: true,
                n_prefixes: 0,
            };
            let mut has_all_phrases = true;
            for (cursor, clause) in cursors.iter_mut().zip(&wanted) {
                match cursor.as_slice().first().filter(|found| found.doc == doc) {
                    Some(found) => {
                        candidate.score += found.score;
                        candidate.n_prefixes += u32::from(found.is_prefix);
                        cursor.next();
                    }
                    None => {
                        candidate.is_full = false;
                        has_all_phrases &= !clause.is_phrase;
                    }
                }
            }
            let is_wanted = match matching {
                Matching::All => candidate.is_full,
                // A phrase is asked for as such: no record without it is near enough.
                Matching::Auto => has_all_phrases,
                Matching::Any => true,
            };
            if is_wanted && !is_excluded(doc) {
                candidates.push(candidate);
            }
        }
        candidates
    }

    /// What the reader should be told of the words.
    pub(super) fn notices(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        let words = self
            .clauses
            .iter()
            .filter(|clause| !clause.is_excluded)
            .flat_map(|c| &c.words);
        for word in words {
            let notice = if word.terms.is_empty() {
                Notice::UnknownWord {
                    word: word.typed.clone(),
                }
            } else if word.terms.iter().all(|term| term.found.is_prefix) {
                let names = word.terms.iter().take(MAX_NAMED_WORDS);
                let searched = names.map(|term| term.found.name.clone()).collect();
                Notice::Prefix {
                    word: word.typed.clone(),
                    searched,
                }
            } else {
                continue;
            };
            if !notices.contains(&notice) {
                notices.push(notice);
            }
        }
        notices
    }

    /// The words to mark in texts: the key of each form, with the number of the clause it is for.
    pub(super) fn marked_words(&self) -> impl Iterator<Item = (usize, &str)> {
        let wanted = self
            .clauses
            .iter()
            .filter(|clause| !clause.is_excluded)
            .enumerate();
        wanted.flat_map(|(number, clause)| {
            let terms = clause.words.iter().flat_map(|word| &word.terms);
            terms.flat_map(move |term| term.surfaces.iter().map(move |key| (number, key.as_str())))
        })
    }

    /// How a record's score came about.
    pub(super) fn explain(&self, doc: DocId, score: f64) -> Explanation {
        let mut words = Vec::new();
        for clause in self.clauses.iter().filter(|clause| !clause.is_excluded) {
            if clause.is_phrase && !self.matches(clause).iter().any(|found| found.doc == doc) {
                continue;
            }
            for word in &clause.words {
                let Some(worth) = self.worth(word, doc) else {
                    continue;
                };
                let fields = worth
                    .term
                    .list
                    .fields_of(worth.posting)
                    .map(|(bit, field)| {
                        let name = self
                            .schema
                            .searched()
                            .nth(bit)
                            .map(|(_, field)| field.name.clone());
                        let field_name = name.unwrap_or_default();
                        FieldFrequency {
                            field: field_name,
                            frequency: field.frequency,
                        }
                    });
                let route = worth.route;
                words.push(WordExplanation {
                    word: word.typed.clone(),
                    route: match route {
                        Route::AsWritten => route.in_words().to_owned(),
                        _ => [route.in_words(), ": ", &worth.term.found.name].concat(),
                    },
                    score: worth.score,
                    idf: worth.idf,
                    saturation: worth.saturation,
                    route_weight: route.weight(),
                    fields: fields.collect(),
                });
            }
        }
        Explanation { score, words }
    }

    /// The records that match a clause, in order of their numbers.
    fn matches(&self, clause: &LoadedClause) -> Vec<Match> {
        let mut words = clause.words.iter();
        let Some(first) = words.next() else {
            return Vec::new();
        };
        let mut matches = self.word_matches(first);
        if clause.words.len() == 1 {
            return matches;
        }
        for word in words {
            let others = self.word_matches(word);
            let mut others = others.iter().peekable();
            matches.retain_mut(|found| {
                while others.next_if(|other| other.doc < found.doc).is_some() {}
                match others.peek().filter(|other| other.doc == found.doc) {
                    Some(other) => {
                        found.score += other.score;
                        true
                    }
                    None => false,
                }
            });
        }
        matches.retain(|found| holds_phrase(&clause.words, found.doc));
        matches
    }

    /// The records that hold a word, each once, by the term that is worth most there.
    fn word_matches(&self, word: &LoadedWord) -> Vec<Match> {
        let mut matches: Vec<Match> = Vec::new();
        for term in &word.terms {
            matches.extend(term.list.postings.iter().map(|posting| {
                let worth = self.worth_of(word, term, posting);
                Match {
                    doc: posting.doc,
                    score: worth.score,
                    is_prefix: term.found.is_prefix,
                }
            }));
        }
        if word.terms.len() > 1 {
            sort_by(&mut matches, |a, b| {
                let early = (a.doc, a.is_prefix).cmp(&(b.doc, b.is_prefix));
                early.then(b.score.total_cmp(&a.score)).is_lt()
            });
            matches.dedup_by_key(|found| found.doc);
        }
        matches
    }

    /// What a word is worth in one record, if it is there.
    fn worth<'t>(&self, word: &'t LoadedWord, doc: DocId) -> Option<Worth<'t>> {
        let worths = word.terms.iter().filter_map(|term| {
            let posting = posting_of(term, doc)?;
            Some(self.worth_of(word, term, posting))
        });
        // The same choice as in `word_matches`.
        worths.min_by(|a, b| {
            let by_prefix = a.term.found.is_prefix.cmp(&b.term.found.is_prefix);
            by_prefix.then(b.score.total_cmp(&a.score))
        })
    }

    fn worth_of<'t>(
        &self,
        word: &LoadedWord,
        term: &'t LoadedTerm,
        posting: &'t Posting,
    ) -> Worth<'t> {
        let mut weighted = 0.0;
        for (bit, field) in term.list.fields_of(posting) {
            let (weight, average) = self.fields.get(bit).copied().unwrap_or((0.0, 1.0));
            weighted += rank::field_frequency(weight, field.frequency, field.length(), average);
        }
        let (route, idf) = if term.found.is_prefix {
            (Route::Prefix, word.prefix_idf)
        } else if posting.forms & term.found.written_forms != 0 {
            (Route::AsWritten, word.idf)
        } else if posting.forms & term.found.folded_forms != 0 {
            (Route::Folded, word.idf)
        } else {
            (Route::SameStem, word.idf)
        };
        let saturation = rank::saturate(weighted);
        let score = idf * saturation * route.weight();
        Worth {
            score,
            idf,
            saturation,
            route,
            term,
            posting,
        }
    }
}

fn average_length(totals: FieldTotals) -> f64 {
    if totals.docs == 0 {
        1.0
    } else {
        totals.words as f64 / f64::from(totals.docs)
    }
}

fn sum_docs<'t>(terms: impl Iterator<Item = &'t FoundTerm>) -> u32 {
    terms.fold(0, |sum, term| sum.saturating_add(term.n_docs))
}

fn posting_of(term: &LoadedTerm, doc: DocId) -> Option<&Posting> {
    let at = term
        .list
        .postings
        .binary_search_by_key(&doc, |posting| posting.doc)
        .ok()?;
    term.list.postings.get(at)
}

/// Whether the words stand side by side, in order, in one field of a record.
fn holds_phrase(words: &[LoadedWord], doc: DocId) -> bool {
    // By word: each place where one of its terms stands, as (field, position).
    let mut places = words.iter().map(|word| {
        let mut places: Vec<(usize, u32)> = Vec::new();
        for term in &word.terms {
            let (Some(posting), Some(positions)) = (posting_of(term, doc), &term.positions) else {
                continue;
            };
            for (nth, (bit, _)) in term.list.fields_of(posting).enumerate() {
                let at = posting.first_field as usize + nth;
                places.extend(positions.of(at).iter().map(|position| (bit, *position)));
            }
        }
        sort_by_key(&mut places, |place| *place);
        places
    });
    let Some(mut ends) = places.next() else {
        return false;
    };
    for next in places {
        ends = ends
            .into_iter()
            .filter_map(|(field, position)| Some((field, position.checked_add(1)?)))
            .filter(|place| next.binary_search(place).is_ok())
            .collect();
    }
    !ends.is_empty()
}

/// What the dictionary tells of the terms found: inline postings, and all forms.
struct Homes {
    /// In order of terms.
    homes: Vec<TermHome>,
}

struct TermHome {
    term: TermId,
    inline: Option<PostingList>,
    surfaces: Vec<String>,
}

impl Homes {
    /// Reads each home block that is there once; those that are not are asked for.
    fn fetch(fetch: &mut Fetch<'_>, found: &[FoundClause]) -> Result<Homes, IndexError> {
        let n_docs = fetch.manifest().n_docs;
        let terms = found
            .iter()
            .flat_map(|c| &c.words)
            .flat_map(|word| &word.terms);
        let mut wanted: Vec<(u32, TermId)> = terms.map(|t| (t.home_block, t.term)).collect();
        sort_by_key(&mut wanted, |wanted| *wanted);
        wanted.dedup();
        let mut homes: Vec<TermHome> = Vec::with_capacity(wanted.len());
        for of_block in wanted.chunk_by(|a, b| a.0 == b.0) {
            let Some((number, _)) = of_block.first() else {
                continue;
            };
            let Some(block) = fetch.block(Section::Terms, *number)? else {
                continue;
            };
            let start = homes.len();
            let empty = |(_, term): &(u32, TermId)| TermHome {
                term: *term,
                inline: None,
                surfaces: Vec::new(),
            };
            homes.extend(of_block.iter().map(empty));
            let mut result = Ok(());
            terms::scan(block, &mut |entry| {
                let Ok(at) = of_block.binary_search(&(*number, entry.term)) else {
                    return true;
                };
                let Some(home) = homes.get_mut(start + at) else {
                    return true;
                };
                if home.surfaces.last().is_none_or(|last| last != entry.key) {
                    home.surfaces.push(entry.key.to_owned());
                }
                if let Place::Home(told) = &entry.place {
                    home.surfaces
                        .extend(told.far_surfaces.iter().map(|key| (*key).to_owned()));
                    match told
                        .inline
                        .map(|bytes| PostingList::decode(bytes, n_docs))
                        .transpose()
                    {
                        Ok(list) => home.inline = list,
                        Err(error) => result = Err(error),
                    }
                }
                true
            })?;
            result?;
        }
        sort_by_key(&mut homes, |home| home.term);
        Ok(Homes { homes })
    }

    fn of(&self, term: TermId) -> Option<&TermHome> {
        let at = self
            .homes
            .binary_search_by_key(&term, |home| home.term)
            .ok()?;
        self.homes.get(at)
    }
}

/// Takes a term's postings, and positions if needed; `None` when blocks have to be fetched first.
fn load(
    fetch: &mut Fetch<'_>,
    found: FoundTerm,
    homes: &Homes,
    needs_positions: bool,
) -> Result<Option<LoadedTerm>, IndexError> {
    let n_docs = fetch.manifest().n_docs;
    // All of a round are asked for together, so nothing returns before each was asked for.
    let home = homes.of(found.term);
    let is_inline = home.is_some_and(|home| home.inline.is_some());
    let mut list = home.and_then(|home| home.inline.clone());
    if !is_inline && (home.is_some() || found.is_surely_not_inline) {
        let bytes = list_bytes(fetch, Section::Postings, found.term)?;
        list = bytes
            .map(|bytes| PostingList::decode(bytes, n_docs))
            .transpose()?;
    }
    let position_bytes = if needs_positions {
        list_bytes(fetch, Section::Positions, found.term)?
    } else {
        Some(&[][..])
    };
    let (Some(home), Some(list), Some(position_bytes)) = (home, list, position_bytes) else {
        return Ok(None);
    };
    let positions = needs_positions
        .then(|| Positions::decode(position_bytes, &list))
        .transpose()?;
    Ok(Some(LoadedTerm {
        found,
        list,
        positions,
        surfaces: home.surfaces.clone(),
    }))
}

/// The bytes of a term's list, or `None` when its block has to be fetched first.
fn list_bytes<'i>(
    fetch: &mut Fetch<'i>,
    section: Section,
    term: TermId,
) -> Result<Option<&'i [u8]>, IndexError> {
    let missing = IndexError::Corrupt {
        what: "postings of a term",
    };
    let number = fetch
        .manifest()
        .block_from(section, term.0)
        .ok_or(missing.clone())?;
    let Some(block) = fetch.block(section, number)? else {
        return Ok(None);
    };
    find_in_block(block, term)?.map(Some).ok_or(missing)
}
