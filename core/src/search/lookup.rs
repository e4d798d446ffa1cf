//! Finds the terms of a query's words in the dictionary.
//!
//! In this order: the word as it is and the classes it is of; other words of its stem; words that its
//! beginning may be changed from or to (`changed`); longer words that it begins, when it is the last thing typed; what a publisher says it leads to. Only where none
//! of these is found, words that a slip of the pen may have made it of (`slips`). Each look-up is
//! bounded in blocks, and all are asked for in one round. Knows the dictionary and how words are
//! read; knows no postings.

use crate::error::Corrupt;
use crate::format::Section;
use crate::format::terms::{
    self, ENOUGH_DOCS, Entry, Link, MAX_PREFIX_BLOCKS, MAX_PREFIX_TERMS, MIN_PREFIX_LETTERS,
    PHRASE_GAP, Place,
};
use crate::ids::TermId;
use crate::index::Fetch;
use crate::query::Query;
use crate::query::parse::read_part;
use crate::query::tree::{Clause, ClauseKind, Parsed, Word};
#[cfg(feature = "languages")]
use crate::search::changed;
use crate::search::slips;
use crate::search::together::{self, FoundTogether};
use crate::sort::sort_by_key;
use crate::text::{Analyzer, EVERY_SCRIPT, Token, begins_unspaced};

/// Most dictionary blocks that are read for the other forms of a word that the index does not hold.
const MAX_STEM_BLOCKS: usize = 2;

/// Fewest letters of a finished word that few records hold and that others may begin with.
const MIN_RARE_LETTERS: usize = 3;

/// By which way a term was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Via {
    /// The word itself, or another form of it.
    Word,
    /// A longer word that begins with it.
    Beginning,
    /// A word that so many slips lead to.
    Slip(u32),
    /// A synonym, by the publisher.
    Related,
    /// An acronym or its long form, by what records say.
    Explained,
}

/// A term that a word of the query stands for.
#[derive(Clone, Debug)]
pub(super) struct FoundTerm {
    pub(super) term: TermId,
    /// How many were found before it.
    nth: usize,
    pub(super) n_docs: u32,
    /// Whether the postings are known to stand elsewhere, before the home block is there.
    pub(super) is_surely_not_inline: bool,
    /// Which forms are as typed but for case; one bit a form.
    pub(super) written_forms: u32,
    /// Which forms are as typed but for case and marks.
    pub(super) folded_forms: u32,
    /// Whether a record must have one of `folded_forms`.
    pub(super) is_exact: bool,
    pub(super) via: Via,
    /// The form that a notice would name; empty where only the home block tells it.
    pub(super) name: String,
}

/// A word of the query and the terms that it stands for.
#[derive(Clone, Debug, Default)]
pub(super) struct FoundWord {
    pub(super) typed: String,
    /// Those found by the word itself first.
    pub(super) terms: Vec<FoundTerm>,
    /// Whether it is a word such as `the`.
    pub(super) is_function: bool,
    /// The words that it was taken for a slip of, nearest first.
    pub(super) slip_names: Vec<String>,
    /// Whether records hold it in other forms only.
    pub(super) is_other_form: bool,
    /// More frequent words that it may be a slip of, though records hold it.
    pub(super) did_you_mean: Vec<String>,
    /// The two words that it may be of, written together.
    pub(super) split: Vec<FoundWord>,
    /// Whether it is two letters that no record holds side by side, between pairs that records hold:
    /// where words stand without spaces, here one ends and another begins.
    pub(super) is_seam: bool,
}

/// A clause of the query, looked up.
#[derive(Clone, Debug)]
pub(super) struct FoundClause {
    pub(super) words: Vec<FoundWord>,
    pub(super) kind: ClauseKind,
    /// The searched fields in which it may stand; one bit a field.
    pub(super) fields: u64,
}

/// All of a query, looked up.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) clauses: Vec<FoundClause>,
    pub(super) together: Vec<FoundTogether>,
}

/// Looks up all words, as far as the blocks that are there allow: while `fetch` lacks any, what this
/// gives is not whole.
pub(super) fn look_up(
    fetch: &mut Fetch<'_>,
    parsed: &Parsed,
    query: &Query,
) -> Result<Found, Corrupt> {
    let schema = &fetch.manifest().schema;
    let lang = query.lang.as_deref().unwrap_or(schema.default_lang());
    let analyzer = Analyzer::new(lang);
    let mut clauses: Vec<FoundClause> = Vec::with_capacity(parsed.clauses.len());
    // How many pairs of letters were read from the last on that records hold.
    let mut n_since_known = 0;
    for clause in &parsed.clauses {
        let mut words = Vec::with_capacity(clause.words.len());
        for word in &clause.words {
            words.push(look_up_word(fetch, clause, word, &analyzer)?);
        }
        if EVERY_SCRIPT && let [word] = words.as_slice() {
            let is_known = !word.terms.is_empty() && begins_unspaced(&word.typed);
            if !clause.is_glued {
                n_since_known = 0;
            }
            if let (true, 2, Some(last)) = (is_known, n_since_known, clauses.last_mut()) {
                for seam in &mut last.words {
                    seam.is_seam = true;
                }
            }
            n_since_known = match (is_known, n_since_known) {
                (true, _) => 1,
                (false, 1) => 2,
                _ => 0,
            };
        }
        let mut fields = u64::MAX;
        for (bit, (id, _)) in schema.searched().enumerate() {
            if clause.field == Some(id) {
                fields = 1 << bit;
            }
        }
        clauses.push(FoundClause {
            words,
            kind: clause.kind,
            fields,
        });
    }
    let together = together::look_up(fetch, parsed, read_part(&query.text))?;
    Ok(Found { clauses, together })
}

fn look_up_word(
    fetch: &mut Fetch<'_>,
    clause: &Clause,
    word: &Word,
    analyzer: &Analyzer,
) -> Result<FoundWord, Corrupt> {
    let key = word.token.folded.as_str();
    let n_letters = key.chars().count();
    let is_plain = clause.kind == ClauseKind::Word && !clause.is_excluded;
    let is_exact = clause.kind == ClauseKind::Exact;

    let class = analyzer.class(&word.token);
    // Other forms share the stem but for its last letter (policy, polici).
    let stem_start = without_last(&class);
    // What may not be there is fetched for ahead; see `format::common`.
    let is_common = fetch.manifest().common.may_hold(key);
    // Two letters of a script without spaces are the beginning of nothing, and a slip in them leaves
    // other pairs.
    let looks_further = !is_exact && !is_common && !begins_unspaced(key);
    let may_slip = looks_further && is_plain && !word.is_beginning;
    let min_letters = if word.is_unfinished {
        MIN_PREFIX_LETTERS
    } else {
        MIN_RARE_LETTERS
    };
    // A number is whole as it is: `19` is not the beginning of 1940.
    let is_number = key.bytes().all(|letter| letter.is_ascii_digit());
    let is_prefix =
        word.is_beginning || (is_plain && !is_number && looks_further && n_letters >= min_letters);

    let max_stem_blocks = if looks_further { MAX_STEM_BLOCKS } else { 0 };
    let max_prefix_blocks = if is_prefix { MAX_PREFIX_BLOCKS } else { 0 };
    let (past_stem, past_key) = (past(stem_start), past(key));
    let own = blocks_between(fetch, key, key, 1)?;
    let by_stem = blocks_between(fetch, stem_start, &past_stem, max_stem_blocks)?;
    #[cfg(feature = "languages")]
    let others = if looks_further {
        changed::others(fetch, &word.token.written)?
    } else {
        Vec::new()
    };
    let by_prefix = blocks_between(fetch, key, &past_key, max_prefix_blocks)?;
    let near = slips::fetch(fetch, if may_slip { key } else { "" })?;

    let mut found = FoundWord {
        typed: word.typed.clone(),
        ..FoundWord::default()
    };
    if !fetch.is_whole() {
        // Other words are still to be asked for, so that all of a round are asked for together.
        return Ok(found);
    }
    let mut links: Vec<Link> = Vec::new();
    // Whether any record holds the word as it is, or it is there only to be typed.
    let mut is_seen = false;
    for (blocks, first, last, is_own) in [
        (own, key, key, true),
        (by_stem, stem_start, past_stem.as_str(), false),
    ] {
        if !found.terms.is_empty() || found.is_function {
            break;
        }
        each_word(&blocks, first, last, &mut |entry| {
            if is_own {
                is_seen |= entry.ordinal.is_some();
                found.is_function |= entry.is_function;
            } else if (class.is_ascii() || entry.key != class)
                && analyzer.class(&token_of(entry)) != class
            {
                // A stem of Arabic that stands there to be found may have a stem itself.
                return;
            }
            add(&mut found.terms, entry, Some(&word.token));
            if is_plain {
                links.extend_from_slice(entry.links);
            }
        })?;
    }
    #[cfg(feature = "languages")]
    if (found.terms.is_empty() && !found.is_function) || changed::is_prefixed(&word.typed) {
        for other in &others {
            let blocks = blocks_between(fetch, other, other, 1)?;
            each_word(&blocks, other, other, &mut |entry| {
                // `pan`, when, is not meant by `ban`.
                if !entry.is_function {
                    add(&mut found.terms, entry, Some(&word.token));
                    if is_plain {
                        links.extend_from_slice(entry.links);
                    }
                }
            })?;
        }
    }
    if is_exact {
        // To insist on a word is to have no other form of it.
        found.terms.retain(|term| term.folded_forms != 0);
    }
    found.is_other_form = !is_seen && !found.terms.is_empty();
    let is_rare =
        sum_docs(&found.terms) < ENOUGH_DOCS && (word.is_unfinished || !found.is_function);
    if is_prefix && (word.is_beginning || is_rare) {
        let n_own = found.terms.len();
        each_word(&by_prefix, key, &past_key, &mut |entry| {
            add(&mut found.terms, entry, None);
        })?;
        let longer = found.terms.get_mut(n_own..).unwrap_or_default();
        sort_by_key(longer, |term| (core::cmp::Reverse(term.n_docs), term.nth));
        found.terms.truncate(n_own + MAX_PREFIX_TERMS);
    }
    add_links(&mut found.terms, &links);
    for term in &mut found.terms {
        term.is_exact = is_exact;
    }
    if may_slip && !found.is_function {
        if found.terms.is_empty() {
            near.replace(&mut found)?;
        } else {
            near.suggest(&mut found)?;
        }
    }
    Ok(found)
}

/// Adds the term of an entry that a word leads to, if any record holds it; `None` for a word that
/// only begins it.
pub(super) fn add(found: &mut Vec<FoundTerm>, entry: &Entry<'_>, word: Option<&Token>) {
    if entry.n_docs == 0 {
        return;
    }
    let written = entry.written.unwrap_or(entry.key);
    let at = match place_of(found, entry.term) {
        Some(at) => at,
        None => {
            let via = match word {
                Some(_) => Via::Word,
                None => Via::Beginning,
            };
            // A spelling that no record holds is not what a notice should name: the home tells one.
            let name = if entry.ordinal.is_some() { written } else { "" };
            let mut term = from_entry(entry, via, name.to_owned());
            term.nth = found.len();
            found.push(term);
            found.len() - 1
        }
    };
    if let (Some(found), Some(word)) = (found.get_mut(at), word) {
        let form = form(entry.ordinal);
        if entry.key == word.folded {
            found.folded_forms |= form;
        }
        if written == word.written {
            found.written_forms |= form;
        }
    }
}

/// The bit of a form, by its ordinal; none for a spelling that no record holds.
pub(super) fn form(ordinal: Option<u32>) -> u32 {
    1_u32.checked_shl(ordinal.unwrap_or(u32::MAX)).unwrap_or(0)
}

/// Adds the terms that links lead to, which are known by their numbers alone.
pub(super) fn add_links(found: &mut Vec<FoundTerm>, links: &[Link]) {
    for link in links {
        if place_of(found, link.term).is_none() {
            let via = if link.is_harvested {
                Via::Explained
            } else {
                Via::Related
            };
            found.push(from_link(link, via, String::new()));
        }
    }
}

/// Where a term is among those found.
pub(super) fn place_of(found: &[FoundTerm], term: TermId) -> Option<usize> {
    found.iter().position(|known| known.term == term)
}

/// The term of an entry, by the name that is to be told.
pub(super) fn from_entry(entry: &Entry<'_>, via: Via, name: String) -> FoundTerm {
    let link = Link {
        term: entry.term,
        n_docs: entry.n_docs,
        // A home in a block that is there tells by itself.
        is_inline: !matches!(entry.place, Place::Far { is_inline: false }),
        is_harvested: false,
    };
    from_link(&link, via, name)
}

fn from_link(link: &Link, via: Via, name: String) -> FoundTerm {
    FoundTerm {
        term: link.term,
        nth: 0,
        n_docs: link.n_docs,
        is_surely_not_inline: !link.is_inline,
        written_forms: 0,
        folded_forms: 0,
        is_exact: false,
        via,
        name,
    }
}

pub(super) fn sum_docs(terms: &[FoundTerm]) -> u32 {
    let mut sum = 0_u32;
    for term in terms {
        sum = sum.saturating_add(term.n_docs);
    }
    sum
}

/// Calls `visit` with the words of blocks from `first` to `last`; phrases are passed over.
pub(super) fn each_word(
    blocks: &[&[u8]],
    first: &str,
    last: &str,
    visit: &mut dyn FnMut(&Entry<'_>),
) -> Result<(), Corrupt> {
    for block in blocks {
        terms::scan(block, first, &mut |entry| {
            let is_before_end = entry.key <= last;
            // A word with a capital is there to be marked alone: see `text::mutations`.
            #[cfg(feature = "languages")]
            if let Some(written) = entry.written
                && written
                    .bytes()
                    .next()
                    .is_some_and(|first| first.is_ascii_uppercase())
            {
                return is_before_end;
            }
            if is_before_end && n_words(entry.key) == 1 {
                visit(entry);
            }
            is_before_end
        })?;
    }
    Ok(())
}

/// The terms blocks that may hold keys from `first` to `last`, at most `limit`, as far as they are
/// there.
pub(super) fn blocks_between<'i>(
    fetch: &mut Fetch<'i>,
    first: &str,
    last: &str,
    limit: usize,
) -> Result<Vec<&'i [u8]>, Corrupt> {
    let section = Section::Terms;
    let manifest = fetch.manifest();
    let n_blocks = manifest.section(section).len() as u32;
    let mut numbers = Vec::new();
    if let Some(start) = manifest.word_block(section, first) {
        let end = manifest.word_block(section, last);
        let end = end.unwrap_or(n_blocks.saturating_sub(1));
        let mut number = start;
        while number <= end && numbers.len() < limit {
            numbers.push(number);
            number += 1;
        }
    }
    blocks(fetch, section, &numbers)
}

/// Those of the blocks of these numbers that are there.
pub(super) fn blocks<'i>(
    fetch: &mut Fetch<'i>,
    section: Section,
    numbers: &[u32],
) -> Result<Vec<&'i [u8]>, Corrupt> {
    let mut blocks = Vec::new();
    for number in numbers {
        if let Some(block) = fetch.block(section, *number)? {
            blocks.push(block);
        }
    }
    Ok(blocks)
}

/// A key past all that begin with `start`.
pub(super) fn past(start: &str) -> String {
    let mut end = start.to_owned();
    end.push(char::MAX);
    end
}

/// How many words a key is of: more than one for a phrase. Byte by byte: `contains` brings the search
/// for a text in a text along, 0.5 KB of wasm.
pub(super) fn n_words(key: &str) -> usize {
    let mut n_words = 1;
    for byte in key.bytes() {
        n_words += usize::from(byte == PHRASE_GAP as u8);
    }
    n_words
}

fn without_last(word: &str) -> &str {
    match word.char_indices().next_back() {
        Some((at, _)) if word.chars().count() > MIN_PREFIX_LETTERS => {
            word.get(..at).unwrap_or(word)
        }
        _ => word,
    }
}

/// A surface of the dictionary as it is read in a text.
pub(super) fn token_of(entry: &Entry<'_>) -> Token {
    Token {
        span: 0..0,
        written: entry.written.unwrap_or(entry.key).to_owned(),
        folded: entry.key.to_owned(),
        place: 0,
        n_words: 1,
    }
}
