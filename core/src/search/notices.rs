//! What a reader should be told of how the words were taken. Nothing is left out or put in the place
//! of something else without being said here.
//!
//! Knows what the query's parts were found to be; knows no records.

use crate::error::glue;
use crate::query::parse::MAX_CLAUSES;
use crate::query::tree::{ClauseKind, Node, Parsed};
use crate::search::items::{Item, Role};
use crate::search::load::LoadedWord;
use crate::search::lookup::Via;
use crate::search::matching::Clauses;
use crate::search::page::Notice;
use crate::sort::sort_by;
use crate::text::fold;

/// Most words that a notice names: as many as may stand for one.
const MAX_NAMED_WORDS: usize = 10;

/// Most words that a notice names of those that begin with what was typed, of which there may be many.
const MAX_NAMED_BEGINNINGS: usize = 5;

/// The notices of a query's words, in the order in which they were typed. `held` tells how many of
/// the hits hold each item.
pub(super) fn of(parsed: &Parsed, clauses: &Clauses<'_>, held: &[u32]) -> Vec<Notice> {
    let mut notices = Vec::new();
    for (at, (clause, typed)) in clauses.clauses.iter().zip(&parsed.clauses).enumerate() {
        let is_item = |item: &Item| matches!(item.node, Node::Clause(of) if of == at);
        let item = clauses.items.iter().position(is_item);
        // A clause within another item is told of all the same.
        let item = item.unwrap_or(usize::MAX);
        let role = clauses.items.get(item).map(|item| item.role);
        if typed.is_excluded || role == Some(Role::Optional) {
            continue;
        }
        let total = held.get(item).copied().unwrap_or(0);
        let is_part = is_part(clauses, item);
        for word in &clause.words {
            let is_alone = clause.kind == ClauseKind::Word;
            if !(is_part && word.terms.is_empty() && clause.split.is_empty()) {
                of_word(&mut notices, word, &clause.split, total, is_alone);
            }
        }
    }
    for together in &clauses.together {
        let mut is_any_unknown = false;
        for (at, item) in clauses.items.iter().enumerate() {
            if together.covers(at) {
                for word in words_of(clauses, item) {
                    is_any_unknown |= word.terms.is_empty();
                }
            }
        }
        let word = &together.word;
        let searched = names(word, usize::MAX, |via| via == Via::Word);
        if is_any_unknown && !searched.is_empty() {
            notices.push(Notice::Joined {
                word: word.found.typed.clone(),
                searched,
            });
        }
        of_synonyms(&mut notices, word);
    }
    // A word that is part of one found whole (`well-being`) is not left out.
    let mut words: Vec<String> = Vec::new();
    for (at, item) in clauses.items.iter().enumerate() {
        if item.role == Role::Optional && !is_part(clauses, at) {
            for word in words_of(clauses, item) {
                if !word.found.is_seam {
                    words.push(word.found.typed.clone());
                }
            }
        }
    }
    if !words.is_empty() {
        notices.push(Notice::CommonWords { words });
    }
    for text in &parsed.as_words {
        notices.push(Notice::AsWords { text: text.clone() });
    }
    if parsed.is_cut {
        notices.push(Notice::TooManyWords {
            searched: MAX_CLAUSES as u32,
        });
    }
    notices
}

/// Whether an item is part of something found together with its neighbours.
fn is_part(clauses: &Clauses<'_>, item: usize) -> bool {
    clauses.together.iter().any(|known| known.covers(item))
}

/// The words of an item that is a clause.
fn words_of<'c>(clauses: &'c Clauses<'_>, item: &Item) -> &'c [LoadedWord] {
    if let Node::Clause(at) = item.node
        && let Some(clause) = clauses.clauses.get(at)
    {
        return &clause.words;
    }
    &[]
}

fn of_word(
    notices: &mut Vec<Notice>,
    word: &LoadedWord,
    split: &[LoadedWord],
    total: u32,
    is_alone: bool,
) {
    of_synonyms(notices, word);
    let (mut has_word, mut has_slip, mut has_beginning) = (false, false, false);
    for term in &word.terms {
        match term.found.via {
            Via::Word => has_word = true,
            Via::Slip(_) => has_slip = true,
            Via::Beginning => has_beginning = true,
            Via::Related | Via::Explained => {}
        }
    }
    let typed = word.found.typed.clone();
    let exact = quoted(&typed);
    let notice = if !split.is_empty() {
        let mut searched = Vec::new();
        for part in split {
            searched.push(part.found.typed.clone());
        }
        Notice::Split {
            word: typed,
            searched,
            total,
            exact,
        }
    } else if has_slip {
        let mut searched = word.found.slip_names.clone();
        searched.truncate(MAX_NAMED_WORDS);
        Notice::Slip {
            word: typed,
            searched,
            total,
            exact,
        }
    } else if has_word && word.found.is_other_form {
        Notice::OtherForm {
            word: typed,
            searched: forms(word),
        }
    } else if has_word {
        // Found as it is: there is nothing to tell but what else may have been meant.
        return of_meant(notices, word, is_alone);
    } else if has_beginning {
        Notice::Prefix {
            word: typed,
            searched: names(word, MAX_NAMED_BEGINNINGS, |via| via == Via::Beginning),
        }
    } else if word.terms.is_empty() {
        Notice::UnknownWord { word: typed }
    } else {
        return;
    };
    // A word may stand in several clauses, alone and in phrases.
    if !notices.iter().any(|known| is_same(known, &notice)) {
        notices.push(notice);
    }
    of_meant(notices, word, is_alone);
}

/// Whether two notices say the same kind of thing of one word.
fn is_same(a: &Notice, b: &Notice) -> bool {
    fn word(notice: &Notice) -> &str {
        match notice {
            Notice::UnknownWord { word }
            | Notice::Slip { word, .. }
            | Notice::Split { word, .. }
            | Notice::OtherForm { word, .. }
            | Notice::Prefix { word, .. } => word,
            _ => "",
        }
    }
    core::mem::discriminant(a) == core::mem::discriminant(b) && word(a) == word(b)
}

/// The words that one may be a slip of that records hold all the same, or in other forms.
fn of_meant(notices: &mut Vec<Notice>, word: &LoadedWord, is_alone: bool) {
    if is_alone && !word.found.did_you_mean.is_empty() {
        notices.push(Notice::DidYouMean {
            word: word.found.typed.clone(),
            suggestions: word.found.did_you_mean.clone(),
        });
    }
}

/// The forms of a word that records hold, those first that begin most like it.
fn forms(word: &LoadedWord) -> Vec<String> {
    let mut forms: Vec<String> = Vec::new();
    for term in &word.terms {
        if term.found.via == Via::Word {
            forms.extend_from_slice(&term.surfaces);
        }
    }
    let typed = fold(&word.found.typed);
    let n_shared = |form: &str| {
        let mut n_shared = 0;
        while n_shared < form.len()
            && form.as_bytes().get(n_shared) == typed.as_bytes().get(n_shared)
        {
            n_shared += 1;
        }
        n_shared
    };
    sort_by(&mut forms, |a, b| {
        (n_shared(b), a.len(), a) < (n_shared(a), b.len(), b)
    });
    forms.truncate(MAX_NAMED_WORDS);
    forms
}

fn of_synonyms(notices: &mut Vec<Notice>, word: &LoadedWord) {
    let searched = names(word, MAX_NAMED_WORDS, |via| {
        matches!(via, Via::Related | Via::Explained)
    });
    if !searched.is_empty() {
        notices.push(Notice::Synonym {
            word: word.found.typed.clone(),
            searched,
            exact: quoted(&word.found.typed),
        });
    }
}

/// The names of a word's terms that were found in some way.
fn names(word: &LoadedWord, limit: usize, is_wanted: fn(Via) -> bool) -> Vec<String> {
    let mut names = Vec::new();
    for term in &word.terms {
        if is_wanted(term.found.via) && names.len() < limit {
            names.push(term.found.name.clone());
        }
    }
    names
}

/// What to type for a word itself and nothing in its place.
fn quoted(word: &str) -> String {
    glue(&["\"", word, "\""])
}
