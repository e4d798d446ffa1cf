//! Finds the terms of a query's words in the dictionary.
//!
//! A word is looked for as it is; if the index does not hold it, by its stem; and, when it is the
//! last thing typed and little was found, as the beginning of other words. Each look-up is bounded in
//! blocks. Knows the dictionary and how words are read; knows no postings.

use crate::error::IndexError;
use crate::format::Section;
use crate::format::terms::{self, Entry, Place};
use crate::ids::TermId;
use crate::index::Fetch;
use crate::query::Query;
use crate::query::parse::{Clause, Word};
use crate::sort::sort_by_key;
use crate::text::{Analyzer, Token};

/// Most dictionary blocks that are read for the words that begin with what was typed.
const MAX_PREFIX_BLOCKS: usize = 3;

/// Most dictionary blocks that are read for the other forms of a word that the index does not hold.
const MAX_STEM_BLOCKS: usize = 2;

/// Fewest letters that are taken for the beginning of a word.
const MIN_PREFIX_LETTERS: usize = 2;

/// With at least this many records that hold the word itself, it is taken for finished.
const ENOUGH_DOCS: u32 = 10;

/// Most terms that the beginning of a word stands for, the most frequent first.
const MAX_PREFIX_TERMS: usize = 50;

/// A term that a word of the query stands for.
#[derive(Clone, Debug)]
pub(super) struct FoundTerm {
    pub(super) term: TermId,
    pub(super) n_docs: u32,
    /// The terms block that tells of the class.
    pub(super) home_block: u32,
    /// Whether the postings are known to stand elsewhere, before the home block is there.
    pub(super) is_surely_not_inline: bool,
    /// Which forms are as typed but for case; one bit a form.
    pub(super) written_forms: u32,
    /// Which forms are as typed but for case and marks.
    pub(super) folded_forms: u32,
    /// Whether what was typed is only the beginning of it.
    pub(super) is_prefix: bool,
    /// The form that a notice would name.
    pub(super) name: String,
}

/// A word of the query and the terms that it stands for.
#[derive(Clone, Debug)]
pub(super) struct FoundWord {
    pub(super) typed: String,
    /// Those found by the word itself first.
    pub(super) terms: Vec<FoundTerm>,
}

/// A clause of the query, looked up.
#[derive(Clone, Debug)]
pub(super) struct FoundClause {
    pub(super) words: Vec<FoundWord>,
    pub(super) is_phrase: bool,
    pub(super) is_excluded: bool,
}

/// Looks up all words, or gives `None` when blocks have to be fetched first.
pub(super) fn look_up(
    fetch: &mut Fetch<'_>,
    clauses: &[Clause],
    query: &Query,
) -> Result<Option<Vec<FoundClause>>, IndexError> {
    if fetch.manifest().section(Section::Terms).is_empty() {
        return Ok(Some(clauses.iter().map(not_found).collect()));
    }
    let lang = query
        .lang
        .as_deref()
        .unwrap_or(fetch.manifest().schema.default_lang());
    let analyzer = Analyzer::new(lang);
    let mut found = Vec::with_capacity(clauses.len());
    for clause in clauses {
        let mut words = Vec::with_capacity(clause.words.len());
        for word in &clause.words {
            // Looks on after a missing block, so that all of a round are asked for together.
            words.extend(look_up_word(fetch, word, &analyzer)?);
        }
        let FoundClause {
            is_phrase,
            is_excluded,
            ..
        } = not_found(clause);
        found.push(FoundClause {
            words,
            is_phrase,
            is_excluded,
        });
    }
    let is_whole = found
        .iter()
        .zip(clauses)
        .all(|(f, c)| f.words.len() == c.words.len());
    Ok(is_whole.then_some(found))
}

fn not_found(clause: &Clause) -> FoundClause {
    let words = clause.words.iter().map(|word| FoundWord {
        typed: word.typed.clone(),
        terms: Vec::new(),
    });
    FoundClause {
        words: words.collect(),
        is_phrase: clause.is_phrase,
        is_excluded: clause.is_excluded,
    }
}

fn look_up_word(
    fetch: &mut Fetch<'_>,
    word: &Word,
    analyzer: &Analyzer,
) -> Result<Option<FoundWord>, IndexError> {
    let key = word.token.folded.as_str();
    let class = analyzer.class(&word.token);
    // Other forms share the stem but for its last letter (policy, polici).
    let stem_start = without_last(&class);
    let is_prefix = word.is_unfinished && key.chars().count() >= MIN_PREFIX_LETTERS;

    let own = blocks_between(fetch, key, key, 1)?;
    let by_stem = blocks_between(fetch, stem_start, &past(stem_start), MAX_STEM_BLOCKS)?;
    let by_prefix = if is_prefix {
        blocks_between(fetch, key, &past(key), MAX_PREFIX_BLOCKS)?
    } else {
        Some(Vec::new())
    };
    let (Some(own), Some(by_stem), Some(by_prefix)) = (own, by_stem, by_prefix) else {
        return Ok(None);
    };

    let mut terms = Terms::default();
    for (number, block) in own {
        terms::scan(block, &mut |entry| {
            if entry.key == key {
                terms.add(entry, number, Some(&word.token));
            }
            entry.key <= key
        })?;
    }
    if terms.found.is_empty() {
        for (number, block) in by_stem {
            terms::scan(block, &mut |entry| {
                if entry.key.starts_with(stem_start) && analyzer.class(&token_of(entry)) == class {
                    terms.add(entry, number, Some(&word.token));
                }
                true
            })?;
        }
    }
    let n_docs: u32 = terms
        .found
        .iter()
        .fold(0, |sum, term| sum.saturating_add(term.n_docs));
    if is_prefix && n_docs < ENOUGH_DOCS {
        let mut longer = Terms::default();
        for (number, block) in by_prefix {
            terms::scan(block, &mut |entry| {
                let is_known = terms.found.iter().any(|known| known.term == entry.term);
                if entry.key.starts_with(key) && !is_known {
                    longer.add(entry, number, None);
                }
                true
            })?;
        }
        sort_by_key(&mut longer.found, |term| {
            (core::cmp::Reverse(term.n_docs), term.term)
        });
        longer.found.truncate(MAX_PREFIX_TERMS);
        terms.found.append(&mut longer.found);
    }
    Ok(Some(FoundWord {
        typed: word.typed.clone(),
        terms: terms.found,
    }))
}

/// Terms found so far, each once.
#[derive(Default)]
struct Terms {
    found: Vec<FoundTerm>,
}

impl Terms {
    /// Adds the term of an entry that a word leads to; `None` for a word that only begins it.
    fn add(&mut self, entry: &Entry<'_>, block: u32, word: Option<&Token>) {
        let at = self
            .found
            .iter()
            .position(|known| known.term == entry.term)
            .unwrap_or_else(|| {
                let (home_block, is_surely_not_inline) = match &entry.place {
                    Place::Home(_) | Place::Near => (block, false),
                    Place::Far { block, is_inline } => (*block, !*is_inline),
                };
                self.found.push(FoundTerm {
                    term: entry.term,
                    n_docs: entry.n_docs,
                    home_block,
                    is_surely_not_inline,
                    written_forms: 0,
                    folded_forms: 0,
                    is_prefix: word.is_none(),
                    name: entry.written.unwrap_or(entry.key).to_owned(),
                });
                self.found.len() - 1
            });
        if let (Some(found), Some(word)) = (self.found.get_mut(at), word) {
            let form = 1_u32.checked_shl(entry.ordinal).unwrap_or(0);
            if entry.key == word.folded {
                found.folded_forms |= form;
            }
            if entry.written.unwrap_or(entry.key) == word.written {
                found.written_forms |= form;
            }
        }
    }
}

/// Terms blocks with their numbers.
type NumberedBlocks<'i> = Vec<(u32, &'i [u8])>;

/// The blocks that may hold keys from `first` to `last`, at most `limit`, or `None` when one has to
/// be fetched first.
fn blocks_between<'i>(
    fetch: &mut Fetch<'i>,
    first: &str,
    last: &str,
    limit: usize,
) -> Result<Option<NumberedBlocks<'i>>, IndexError> {
    let manifest = fetch.manifest();
    let n_blocks = manifest.section(Section::Terms).len() as u32;
    let Some(start) = manifest.term_block(first) else {
        return Ok(Some(Vec::new()));
    };
    let end = manifest
        .term_block(last)
        .unwrap_or(n_blocks.saturating_sub(1));
    let mut blocks = Vec::new();
    let mut is_whole = true;
    for number in (start..=end).take(limit) {
        match fetch.block(Section::Terms, number)? {
            Some(block) => blocks.push((number, block)),
            None => is_whole = false,
        }
    }
    Ok(is_whole.then_some(blocks))
}

/// A key past all that begin with `start`.
fn past(start: &str) -> String {
    let mut end = start.to_owned();
    end.push(char::MAX);
    end
}

fn without_last(word: &str) -> &str {
    match word.char_indices().next_back() {
        Some((at, _)) if word.chars().count() > MIN_PREFIX_LETTERS => {
            word.get(..at).unwrap_or(word)
        }
        _ => word,
    }
}

fn token_of(entry: &Entry<'_>) -> Token {
    Token {
        span: 0..0,
        written: entry.written.unwrap_or(entry.key).to_owned(),
        folded: entry.key.to_owned(),
    }
}
