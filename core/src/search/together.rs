//! Finds what neighbouring words of a query stand for together.
//!
//! Two words may be written as one (`well being`, `wellbeing`), a run of them may be a phrase that a
//! publisher says leads to others, and what is written together may be in the dictionary as one. Knows
//! the dictionary and how words are read; knows no postings.

use crate::error::{Corrupt, glue};
use crate::format::terms::{self, PHRASE_GAP};
use crate::index::Fetch;
use crate::query::tree::{ClauseKind, Node, Parsed, Word};
use crate::search::lookup::{self, FoundWord};
use crate::text::{Token, tokens};

/// Neighbouring words of the query that stand for something together: one word, or a phrase that a
/// publisher says leads to others.
#[derive(Clone, Debug)]
pub(super) struct FoundTogether {
    /// The first of the query's items, and how many they are.
    pub(super) first: usize,
    pub(super) n_items: usize,
    pub(super) word: FoundWord,
}

/// Looks up neighbouring words of the top level as one: joined, and as phrases with a gap.
pub(super) fn look_up(
    fetch: &mut Fetch<'_>,
    parsed: &Parsed,
    typed: &str,
) -> Result<Vec<FoundTogether>, Corrupt> {
    let mut found: Vec<FoundTogether> = Vec::new();
    let mut joined: Vec<Token> = Vec::new();
    for token in tokens(typed) {
        if token.is_joined() && !token.is_pair() {
            joined.push(token);
        }
    }
    let max_words = fetch.manifest().max_phrase_words as usize;
    for first in 0..parsed.items.len() {
        let run = run(parsed, first);
        let [one, two, ..] = run.as_slice() else {
            continue;
        };
        // The longest run that may be a phrase; phrases that it begins with are told by the scan.
        let phrase = spaced(&run, max_words, |word| &word.token.folded);
        let mut keys: Vec<(String, usize)> = vec![(phrase, 0)];
        // Pairs of letters overlap, so that no word is made of two.
        if !one.token.is_joined() && !two.token.is_joined() {
            keys.push((glue(&[&one.token.folded, &two.token.folded]), 2));
        }
        for token in &joined {
            let n_words = token.n_words as usize;
            if token.span.start == one.token.span.start
                && n_words <= run.len()
                && !keys.iter().any(|(key, _)| *key == token.folded)
            {
                keys.push((token.folded.clone(), n_words));
            }
        }
        for (key, n_words) in &keys {
            if key.is_empty() {
                continue;
            }
            for block in lookup::blocks_between(fetch, key, key, 1)? {
                // What a phrase begins with has its first word.
                let word = one.token.folded.as_str();
                let from = if key.starts_with(word) { word } else { key };
                terms::scan(block, from, &mut |entry| {
                    let mut n_items = lookup::n_words(entry.key);
                    let is_whole = entry.key == key;
                    if n_items == 1 && is_whole {
                        n_items = *n_words;
                    }
                    let is_found = is_whole
                        || key
                            .strip_prefix(entry.key)
                            .is_some_and(|rest| rest.starts_with(PHRASE_GAP));
                    if n_items > 1
                        && is_found
                        && let Some(slot) = slot(&mut found, &run, first, n_items)
                    {
                        let terms = &mut slot.word.terms;
                        lookup::add(terms, entry, Some(&lookup::token_of(entry)));
                        lookup::add_links(terms, entry.links);
                    }
                    entry.key <= key.as_str()
                })?;
            }
        }
    }
    Ok(found)
}

/// The words from an item on, up to what is no plain word.
fn run(parsed: &Parsed, first: usize) -> Vec<&Word> {
    let mut run = Vec::new();
    for item in parsed.items.get(first..).unwrap_or_default() {
        if let Node::Clause(at) = item
            && let Some(clause) = parsed.clauses.get(*at)
            && clause.kind == ClauseKind::Word
            && clause.field.is_none()
            && let Some(word) = clause.words.first()
        {
            run.push(word);
        } else {
            break;
        }
    }
    run
}

/// So many of the words, with gaps between them.
fn spaced(run: &[&Word], n_words: usize, text: fn(&Word) -> &str) -> String {
    let mut out = String::new();
    for word in run.iter().take(n_words) {
        if !out.is_empty() {
            out.push(PHRASE_GAP);
        }
        out.push_str(text(word));
    }
    out
}

/// Where what is found for so many words from an item on is gathered.
fn slot<'f>(
    found: &'f mut Vec<FoundTogether>,
    run: &[&Word],
    first: usize,
    n_items: usize,
) -> Option<&'f mut FoundTogether> {
    let is_same = |known: &FoundTogether| known.first == first && known.n_items == n_items;
    let at = found.iter().position(is_same).unwrap_or(found.len());
    if at == found.len() {
        found.push(FoundTogether {
            first,
            n_items,
            word: FoundWord {
                typed: spaced(run, n_items, |word| &word.typed),
                ..FoundWord::default()
            },
        });
    }
    found.get_mut(at)
}
