//! Takes the postings of the terms that were found, and positions where they are needed.
//!
//! Postings of rare terms stand in the dictionary; all else is asked for together, in one round.
//! Knows postings and how rare a word is; knows nothing of what a word is worth in one record.

use crate::error::Corrupt;
use crate::format::Section;
use crate::format::positions::Positions;
use crate::format::postings::{Posting, PostingList, find_in_block};
use crate::format::terms::{self, Place};
use crate::ids::{DocId, TermId};
use crate::index::Fetch;
use crate::query::tree::ClauseKind;
use crate::rank;
use crate::search::lookup::{FoundTerm, FoundWord, Via, n_words};
use crate::sort::sort_by_key;

/// A word of the query with its postings.
#[derive(Default)]
pub(super) struct LoadedWord {
    pub(super) found: FoundWord,
    pub(super) terms: Vec<LoadedTerm>,
    /// What it counts beside other words of the query.
    #[cfg(feature = "explain")]
    pub(super) weight: f64,
    /// Its inverse document frequency, by the records that hold the word itself, times its weight.
    pub(super) idf: f64,
}

/// A term with its postings.
pub(super) struct LoadedTerm {
    pub(super) found: FoundTerm,
    pub(super) list: PostingList,
    pub(super) positions: Option<Positions>,
    /// Keys of all forms, to be marked where they stand.
    pub(super) surfaces: Vec<String>,
    /// The inverse document frequency of the word, found in this way, times the word's weight.
    pub(super) idf: f64,
}

/// A word or phrase of the query with its postings.
pub(super) struct LoadedClause {
    pub(super) words: Vec<LoadedWord>,
    pub(super) kind: ClauseKind,
    /// The searched fields in which it may stand; one bit a field.
    pub(super) fields: u64,
    /// The two words that stand for one that was not found.
    pub(super) split: Vec<LoadedWord>,
}

/// Items that one word or phrase may stand for.
pub(super) struct LoadedTogether {
    pub(super) first: usize,
    pub(super) n_items: usize,
    pub(super) word: LoadedWord,
}

impl LoadedClause {
    /// The words that are looked for.
    pub(super) fn sought(&self) -> &[LoadedWord] {
        if self.split.is_empty() {
            &self.words
        } else {
            &self.split
        }
    }
}

impl LoadedTogether {
    /// Whether it stands for an item, by its place.
    pub(super) fn covers(&self, item: usize) -> bool {
        item >= self.first && item - self.first < self.n_items
    }
}

impl LoadedTerm {
    /// The term in one record.
    pub(super) fn posting_of(&self, doc: DocId) -> Option<&Posting> {
        let postings = &self.list.postings;
        let at = postings
            .binary_search_by_key(&doc, |posting| posting.doc)
            .ok()?;
        postings.get(at)
    }
}

/// Puts terms in order; one may stand there more than once.
pub(super) fn sort_terms(terms: &mut [TermId]) {
    sort_by_key(terms, |term| *term);
}

/// Takes the postings of words, and notes what has to be fetched first.
pub(super) struct Loader<'f, 'i> {
    fetch: &'f mut Fetch<'i>,
    homes: Vec<TermHome>,
    /// Terms whose positions are needed wherever they stand, in order.
    near: Vec<TermId>,
    /// The table of lengths, where postings do not tell them.
    lengths: Option<&'i [u8]>,
    /// Whether all was there so far.
    pub(super) is_whole: bool,
}

/// What the dictionary tells of a term: inline postings, and all forms.
struct TermHome {
    term: TermId,
    inline: Option<Vec<u8>>,
    surfaces: Vec<String>,
}

impl<'f, 'i> Loader<'f, 'i> {
    /// Reads each home block of the terms that is there once; those that are not are asked for.
    pub(super) fn new(
        fetch: &'f mut Fetch<'i>,
        mut terms: Vec<TermId>,
        near: Vec<TermId>,
    ) -> Result<Loader<'f, 'i>, Corrupt> {
        sort_terms(&mut terms);
        let mut homes = Vec::with_capacity(terms.len());
        let mut last = None;
        for term in &terms {
            // Blocks follow each other as terms do.
            let block = fetch.manifest().block_from(Section::Terms, term.0);
            if block == last {
                continue;
            }
            last = block;
            if let Some(number) = block
                && let Some(block) = fetch.block(Section::Terms, number)?
            {
                read_homes(block, &terms, &mut homes)?;
            }
        }
        let mut lengths = None;
        if !fetch.manifest().section(Section::Lengths).is_empty() {
            lengths = fetch.block(Section::Lengths, 0)?;
        }
        Ok(Loader {
            fetch,
            homes,
            near,
            lengths,
            is_whole: true,
        })
    }

    /// Takes a word's postings, and positions where they are needed. Where blocks have to be fetched
    /// first, the word lacks some terms, and the whole is not whole.
    pub(super) fn word(
        &mut self,
        mut found: FoundWord,
        weight: f64,
        is_phrase: bool,
    ) -> Result<LoadedWord, Corrupt> {
        let mut word = LoadedWord {
            #[cfg(feature = "explain")]
            weight,
            ..LoadedWord::default()
        };
        let (mut own, mut begun, mut slipped) = (0_u32, 0_u32, 0_u32);
        // All of a round are asked for together, so nothing returns before each was asked for.
        for term in core::mem::take(&mut found.terms) {
            let count = match term.via {
                Via::Word => &mut own,
                Via::Beginning => &mut begun,
                Via::Slip(_) => &mut slipped,
                Via::Related | Via::Explained => &mut 0,
            };
            *count = count.saturating_add(term.n_docs);
            let needs_positions = is_phrase || self.near.binary_search(&term.term).is_ok();
            self.term(term, needs_positions, &mut word.terms)?;
        }
        let n_docs = self.fetch.manifest().order.n_docs;
        let idf = |n_with: u32| weight * rank::idf(n_docs, n_with);
        for term in &mut word.terms {
            term.idf = idf(match term.found.via {
                Via::Word => own,
                Via::Beginning => own.saturating_add(begun),
                Via::Slip(_) => own.saturating_add(slipped),
                Via::Related | Via::Explained => term.found.n_docs,
            });
        }
        word.idf = idf(own);
        word.found = found;
        Ok(word)
    }

    /// Adds a term with its postings to those of a word.
    fn term(
        &mut self,
        mut found: FoundTerm,
        needs_positions: bool,
        terms: &mut Vec<LoadedTerm>,
    ) -> Result<(), Corrupt> {
        let home = self.homes.iter().find(|home| home.term == found.term);
        let mut bytes = home.and_then(|home| home.inline.as_deref());
        if bytes.is_none() && (home.is_some() || found.is_surely_not_inline) {
            bytes = list_bytes(self.fetch, Section::Postings, found.term)?;
        }
        let position_bytes = if needs_positions {
            list_bytes(self.fetch, Section::Positions, found.term)?
        } else {
            Some(&[][..])
        };
        let (Some(home), Some(bytes), Some(position_bytes)) = (home, bytes, position_bytes) else {
            self.is_whole = false;
            return Ok(());
        };
        let n_docs = self.fetch.manifest().order.end;
        let mut list = PostingList::decode(bytes, n_docs)?;
        if let Some(table) = self.lengths {
            list.take_lengths(table, n_docs);
        }
        let mut positions = None;
        if needs_positions {
            positions = Some(Positions::decode(position_bytes, &list)?);
        }
        if found.name.is_empty() {
            // Known by its number alone so far; a phrase is told as it is written.
            if let Some(name) = home.surfaces.first() {
                found.name.push_str(name);
            }
        }
        let is_of_phrases = found.via != Via::Word && n_words(&found.name) > 1;
        let mut surfaces = Vec::new();
        for key in &home.surfaces {
            if !is_of_phrases || n_words(key) > 1 {
                surfaces.push(key.clone());
            }
        }
        terms.push(LoadedTerm {
            found,
            list,
            positions,
            surfaces,
            idf: 0.0,
        });
        Ok(())
    }
}

/// Adds what a block of the dictionary tells of terms, which are in order. A term's home comes before
/// its other forms.
fn read_homes(block: &[u8], terms: &[TermId], homes: &mut Vec<TermHome>) -> Result<(), Corrupt> {
    terms::scan(block, "", &mut |entry| {
        match entry.place {
            Place::Home(_) if terms.binary_search(&entry.term).is_ok() => homes.push(TermHome {
                term: entry.term,
                inline: None,
                surfaces: Vec::new(),
            }),
            // Its home, in another block, tells of it.
            Place::Far { .. } => return true,
            _ => {}
        }
        let Some(home) = homes.iter_mut().find(|home| home.term == entry.term) else {
            return true;
        };
        if entry.ordinal.is_some() && home.surfaces.last().is_none_or(|last| last != entry.key) {
            home.surfaces.push(entry.key.to_owned());
        }
        if let Place::Home(told) = &entry.place {
            for key in &told.far_surfaces {
                home.surfaces.push((*key).to_owned());
            }
            home.inline = told.inline.map(<[u8]>::to_vec);
        }
        true
    })
}

/// The bytes of a term's list, or `None` when its block has to be fetched first.
fn list_bytes<'i>(
    fetch: &mut Fetch<'i>,
    section: Section,
    term: TermId,
) -> Result<Option<&'i [u8]>, Corrupt> {
    let missing = Corrupt("postings of a term");
    let number = fetch.manifest().block_from(section, term.0);
    let Some(block) = fetch.block(section, number.ok_or(missing)?)? else {
        return Ok(None);
    };
    match find_in_block(block, term)? {
        None => Err(missing),
        bytes => Ok(bytes),
    }
}
