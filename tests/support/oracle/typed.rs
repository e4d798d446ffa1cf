//! Reads what the corpus types: words, `"phrases"`, `-word`, `-"phrase"`, parted by spaces. Groups,
//! `OR` and fields have a property of their own.
//!
//! Knows only well-formed queries. What else may be typed is tested in the core and the suite.

use speir::text::{self, Token};

/// One thing asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) words: Vec<Word>,
    /// Stood in quotation marks, or is several words left out in one piece.
    pub(super) is_phrase: bool,
    pub(super) is_excluded: bool,
    pub(super) n_times: u32,
}

impl Clause {
    /// One word in quotation marks: itself and no other form of it.
    pub(super) fn is_exact(&self) -> bool {
        self.is_phrase && self.words.len() == 1
    }

    /// A word that others may stand for: beginnings, slips.
    pub(super) fn is_plain(&self) -> bool {
        !self.is_phrase && !self.is_excluded
    }
}

/// A word as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) typed: String,
    pub(super) token: Token,
    /// Whether the reader may go on typing it.
    pub(super) is_unfinished: bool,
}

/// The clauses of a query, each once.
pub(super) fn clauses(typed: &str) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        let is_excluded = rest.starts_with('-');
        rest = rest.strip_prefix('-').unwrap_or(rest);
        let (piece, is_phrase) = match rest.strip_prefix('"') {
            Some(inner) => (inner.split('"').next().unwrap_or_default(), true),
            None => (rest.split(' ').next().unwrap_or_default(), false),
        };
        rest = &rest[piece.len() + if is_phrase { 2 } else { 0 }..];
        let is_last = rest.is_empty() && !is_phrase && !is_excluded;
        rest = rest.trim_start();

        let words: Vec<Word> = text::tokens(piece)
            .filter(|token| !token.is_joined())
            .map(|token| Word {
                typed: piece[token.span.clone()].to_owned(),
                is_unfinished: is_last && token.span.end == piece.len(),
                token,
            })
            .collect();
        if words.is_empty() {
            continue;
        }
        if is_phrase {
            add(
                &mut clauses,
                Clause {
                    words,
                    is_phrase,
                    is_excluded,
                    n_times: 1,
                },
            );
        } else if is_excluded {
            // What a reader leaves out in one piece stands side by side.
            let is_phrase = words.len() > 1;
            add(
                &mut clauses,
                Clause {
                    words,
                    is_phrase,
                    is_excluded,
                    n_times: 1,
                },
            );
        } else {
            for word in words {
                add(
                    &mut clauses,
                    Clause {
                        words: vec![word],
                        is_phrase,
                        is_excluded,
                        n_times: 1,
                    },
                );
            }
        }
    }
    clauses
}

/// Adds a clause that was not there yet; a word typed again may be the unfinished one.
fn add(clauses: &mut Vec<Clause>, clause: Clause) {
    let written = |clause: &Clause| -> Vec<String> {
        clause
            .words
            .iter()
            .map(|word| word.token.written.clone())
            .collect()
    };
    let known = clauses.iter_mut().find(|known| {
        (known.is_phrase, known.is_excluded) == (clause.is_phrase, clause.is_excluded)
            && written(known) == written(&clause)
    });
    match known {
        Some(known) => {
            known.n_times += 1;
            let (last, again) = (known.words.len() - 1, clause.words.len() - 1);
            known.words[last].is_unfinished |= clause.words[again].is_unfinished;
        }
        None => clauses.push(clause),
    }
}
