//! What the parts of a query's top level do, and what of their words has to be read for it.
//!
//! Knows the query's tree and what its words were found to be; knows no postings and no scores.

use crate::ids::TermId;
use crate::query::tree::{ClauseKind, Node, Parsed};
use crate::search::load::sort_terms;
use crate::search::lookup::{Found, FoundClause, FoundWord, Via};

/// Most records, counted for each word, whose positions are read to see how near words stand: about
/// 30 KB of files. Phrases read theirs whatever they take. Counted in records, as how many bytes or
/// files they are depends on how the index was cut, and an answer must not.
const MAX_NEAR_DOCS: u32 = 40_000;

/// Most records, counted for each word, whose postings are read for words such as `the` beside
/// others: what they decide is not worth more.
const MAX_FUNCTION_DOCS: u32 = 20_000;

/// A part of the query's top level.
pub(super) struct Item {
    pub(super) node: Node,
    pub(super) role: Role,
}

/// What an item does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A record should hold it.
    Wanted,
    /// A word such as `the`, beside others, or no word at all: a record may as well not hold it.
    Optional,
    /// A record must not hold it.
    Excluded,
    /// A record must pass it, whatever else it holds.
    Required,
}

/// The items of a query: its top level, each with what it does.
pub(super) fn items(parsed: &Parsed, found: &Found) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::with_capacity(parsed.items.len());
    let mut has_wanted = false;
    for node in &parsed.items {
        let (node, role) = match node {
            Node::Not(left_out) => (&**left_out, Role::Excluded),
            Node::Filter(_) => (node, Role::Required),
            _ if may_be_lacking(node, found) => (node, Role::Optional),
            _ => (node, Role::Wanted),
        };
        has_wanted |= role == Role::Wanted;
        items.push(Item {
            node: node.clone(),
            role,
        });
    }
    // Where nothing but such words was typed (`The Who`), they are what is looked for.
    if !has_wanted {
        for item in &mut items {
            if item.role == Role::Optional {
                item.role = Role::Wanted;
            }
        }
    }
    items
}

/// Whether a record need not hold it: a word such as `the`, or where two words meet in the query.
fn may_be_lacking(node: &Node, found: &Found) -> bool {
    clause_of(node, found).is_some_and(|clause| {
        let mut words = clause.words.iter();
        clause.kind == ClauseKind::Word && words.all(|word| word.is_function || word.is_seam)
    })
}

fn clause_of<'f>(node: &Node, found: &'f Found) -> Option<&'f FoundClause> {
    match node {
        Node::Clause(at) => found.clauses.get(*at),
        _ => None,
    }
}

/// Whether something is asked for beside words such as `the`.
pub(super) fn has_matter(items: &[Item], found: &Found) -> bool {
    items.iter().any(|item| match item.node {
        Node::Clause(at) => {
            let clause = found.clauses.get(at);
            clause.is_none_or(|c| c.words.iter().any(|word| !word.is_function))
        }
        _ => item.role == Role::Wanted,
    })
}

/// Whether a set of items has one of them. Beyond 64 items, which few queries have, none is told.
pub(super) fn is_held(held: u64, item: usize) -> bool {
    held.checked_shr(item as u32).unwrap_or(0) & 1 == 1
}

/// All terms of a query.
pub(super) fn terms(found: &Found) -> Vec<TermId> {
    let mut terms = Vec::new();
    for clause in &found.clauses {
        for word in &clause.words {
            add_terms(word, false, &mut terms);
            for part in &word.split {
                add_terms(part, false, &mut terms);
            }
        }
    }
    for together in &found.together {
        add_terms(&together.word, false, &mut terms);
    }
    terms
}

/// Forgets the terms of words such as `the` that are beside others, where too many records hold them:
/// they are not looked for.
pub(super) fn drop_common(items: &[Item], found: &mut Found) {
    let (mut terms, mut n_docs) = (Vec::new(), 0_u32);
    for item in items {
        if item.role == Role::Optional
            && let Some(clause) = clause_of(&item.node, found)
        {
            for word in &clause.words {
                n_docs = n_docs.saturating_add(add_terms(word, false, &mut terms));
            }
        }
    }
    if n_docs <= MAX_FUNCTION_DOCS {
        return;
    }
    for item in items {
        if item.role == Role::Optional
            && let Node::Clause(at) = item.node
            && let Some(clause) = found.clauses.get_mut(at)
        {
            for word in &mut clause.words {
                word.terms.clear();
            }
        }
    }
}

/// The terms whose positions are needed to see how near words stand, in order; none where too many
/// records hold them.
pub(super) fn near_terms(items: &[Item], found: &Found) -> Vec<TermId> {
    let (mut terms, mut n_docs) = (Vec::new(), 0_u32);
    let mut n_wanted = 0;
    for item in items {
        if item.role != Role::Wanted {
            continue;
        }
        n_wanted += 1;
        if let Some(clause) = clause_of(&item.node, found)
            && clause.kind == ClauseKind::Word
        {
            for word in &clause.words {
                n_docs = n_docs.saturating_add(add_terms(word, true, &mut terms));
            }
        }
    }
    sort_terms(&mut terms);
    if n_wanted < 2 || n_docs > MAX_NEAR_DOCS {
        terms.clear();
    }
    terms
}

/// Adds a word's terms; of other words that it leads to as well, unless only its own are asked for.
/// Gives how many records hold them, counted for each.
fn add_terms(word: &FoundWord, is_own_only: bool, terms: &mut Vec<TermId>) -> u32 {
    let mut n_docs = 0_u32;
    for term in &word.terms {
        if term.via == Via::Word || !is_own_only {
            terms.push(term.term);
            n_docs = n_docs.saturating_add(term.n_docs);
        }
    }
    n_docs
}
