//! Which records a query matches, and how well.
//!
//! Each word becomes a list of the records that hold it, in order; the query's tree joins such lists;
//! the items of its top level are merged record by record. Knows postings and ranking; knows no
//! columns but the sets of records that typed filters let through, and nothing of what is shown.

use crate::error::Corrupt;
use crate::format::order::Order;
use crate::ids::{DocId, TermId};
use crate::index::Fetch;
use crate::query::Matching;
use crate::query::tree::{ClauseKind, Node, Parsed};
use crate::rank;
use crate::schema::Schema;
use crate::search::items::{self, Item, Role, is_held};
use crate::search::joins::{Join, List, Match, join, plain};
use crate::search::load::{LoadedClause, LoadedTogether, LoadedWord, Loader};
use crate::search::lookup::Found;
use crate::search::near;
use crate::search::worth::Scales;

/// A record that matches, before filters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) doc: DocId,
    pub(super) score: f64,
    /// Whether it holds all that was asked for.
    pub(super) is_full: bool,
    /// How far the words it holds are from those typed: see [`rank::Route::distance`].
    pub(super) distance: u32,
    /// Which items of the query it holds; one bit an item.
    pub(super) held: u64,
}

/// The parts of a query with their postings.
pub(super) struct Clauses<'i> {
    pub(super) items: Vec<Item>,
    pub(super) clauses: Vec<LoadedClause>,
    pub(super) together: Vec<LoadedTogether>,
    #[cfg_attr(
        not(feature = "explain"),
        expect(dead_code, reason = "only accounts for scores name fields")
    )]
    pub(super) schema: &'i Schema,
    pub(super) scales: Scales,
    pub(super) order: &'i Order,
    /// The weight of all words of the query.
    query_weight: f64,
}

/// What a record's score is made of.
#[derive(Default)]
pub(super) struct Parts {
    /// What it holds of each item, and then of each word or phrase that stands for several.
    pub(super) row: Vec<Option<Match>>,
    /// What it is worth how much of the title was asked for.
    pub(super) title: f64,
    /// What it is worth how near neighbouring words of the query stand.
    pub(super) near: f64,
}

impl<'i> Clauses<'i> {
    /// Takes the postings, or gives `None` when blocks have to be fetched first.
    pub(super) fn fetch(
        fetch: &mut Fetch<'i>,
        parsed: &Parsed,
        mut found: Found,
    ) -> Result<Option<Clauses<'i>>, Corrupt> {
        let manifest = fetch.manifest();
        let items = items::items(parsed, &found);
        let has_matter = items::has_matter(&items, &found);
        let near = items::near_terms(&items, &found);
        items::drop_common(&items, &mut found);
        let mut loader = Loader::new(fetch, items::terms(&found), near)?;
        let mut all = Clauses {
            items,
            clauses: Vec::with_capacity(found.clauses.len()),
            together: Vec::new(),
            schema: &manifest.schema,
            scales: Scales::of(manifest),
            order: &manifest.order,
            query_weight: 0.0,
        };
        for (at, clause) in found.clauses.into_iter().enumerate() {
            let is_phrase = clause.words.len() > 1;
            let n_times = parsed.clauses.get(at).map_or(1, |clause| clause.n_times);
            let mut loaded = LoadedClause {
                words: Vec::with_capacity(clause.words.len()),
                kind: clause.kind,
                fields: clause.fields,
                split: Vec::new(),
            };
            for mut word in clause.words {
                let mut weight = f64::from(n_times);
                if word.is_function && has_matter && !is_phrase {
                    weight *= rank::FUNCTION_WEIGHT;
                }
                for part in core::mem::take(&mut word.split) {
                    loaded.split.push(loader.word(part, 1.0, false)?);
                }
                let word = loader.word(word, weight, is_phrase)?;
                if !word.terms.is_empty() {
                    all.query_weight += word.idf;
                }
                loaded.words.push(word);
            }
            all.clauses.push(loaded);
        }
        for part in found.together {
            let word = loader.word(part.word, 1.0, false)?;
            if !word.terms.is_empty() {
                all.together.push(LoadedTogether {
                    first: part.first,
                    n_items: part.n_items,
                    word,
                });
            }
        }
        Ok(loader.is_whole.then_some(all))
    }

    /// The records that match, in order of their numbers. Without anything to look for, all records
    /// but those excluded. `filtered` gives the records that pass a typed filter, by its place.
    pub(super) fn candidates(
        &self,
        matching: Matching,
        filtered: &dyn Fn(usize) -> Vec<DocId>,
    ) -> Vec<Candidate> {
        let mut lists = self.lists(filtered);
        let has_wanted = self.n_wanted() > 0;
        let mut candidates = Vec::new();
        let mut parts = Parts::default();
        let mut next = DocId(0);
        loop {
            let mut doc = DocId(self.order.end);
            if has_wanted {
                for list in &mut lists {
                    if list.role == Role::Wanted
                        && let Some(found) = list.first_from(next)
                        && found.doc < doc
                    {
                        doc = found.doc;
                    }
                }
            } else {
                doc = next;
            }
            if doc.0 >= self.order.end {
                return candidates;
            }
            next = DocId(doc.0 + 1);
            if !has_wanted && !self.order.has(doc) {
                continue;
            }
            if !fill(&mut lists, doc, &mut parts.row) {
                continue;
            }
            let candidate = self.assemble(doc, &mut parts);
            let is_wanted = match matching {
                Matching::All => candidate.is_full,
                // A phrase is asked for as such: no record without it is near enough.
                Matching::Auto => self.has_all_phrases(candidate.held),
                Matching::Any => true,
            };
            if !has_wanted {
                candidates.push(Candidate {
                    score: 0.0,
                    is_full: true,
                    distance: 0,
                    held: 0,
                    ..candidate
                });
            } else if is_wanted && candidate.held != 0 {
                candidates.push(candidate);
            }
        }
    }

    /// What each item, and each word or phrase that stands for several, is found in.
    fn lists(&self, filtered: &dyn Fn(usize) -> Vec<DocId>) -> Vec<List> {
        let mut lists = Vec::with_capacity(self.items.len() + self.together.len());
        for item in &self.items {
            lists.push(List::new(
                self.node_matches(&item.node, filtered),
                item.role,
            ));
        }
        for together in &self.together {
            let matches = self.word_matches(&together.word, u64::MAX);
            lists.push(List::new(matches, Role::Wanted));
        }
        lists
    }

    /// Makes a record's score of what it holds of each item and of each word or phrase that stands
    /// for several, and leaves in the row what each item counts for.
    fn assemble(&self, doc: DocId, parts: &mut Parts) -> Candidate {
        let n_items = self.items.len();
        let (of_items, of_together) = parts.row.split_at_mut_checked(n_items).unwrap_or_default();
        for (at, (together, found)) in self.together.iter().zip(of_together).enumerate() {
            let Some(found) = found else { continue };
            let range = together.first..together.first + together.n_items;
            let Some(covered) = of_items.get_mut(range) else {
                continue;
            };
            let mut apart = 0.0;
            for cell in covered.iter().flatten() {
                apart += cell.score;
            }
            let is_worth_more = found.score > apart;
            let mut whole = *found;
            if is_worth_more {
                whole.together = at;
            } else {
                // What stands apart is worth more; what is lacking is held all the same.
                whole.forget_worth();
            }
            for cell in covered {
                if is_worth_more || cell.is_none() {
                    *cell = Some(whole);
                    whole.forget_worth();
                }
            }
        }
        let mut candidate = Candidate {
            doc,
            score: 0.0,
            is_full: true,
            distance: 0,
            held: 0,
        };
        let mut sum = Match::plain(doc);
        for (at, (item, cell)) in self.items.iter().zip(of_items.iter()).enumerate() {
            let is_wanted = item.role == Role::Wanted;
            let Some(found) = cell else {
                candidate.is_full &= !is_wanted;
                continue;
            };
            sum.add(found);
            if is_wanted {
                candidate.held |= 1_u64.checked_shl(at as u32).unwrap_or(0);
            }
        }
        parts.title = rank::title_bonus(
            sum.in_title,
            self.query_weight,
            sum.n_in_title,
            sum.title_words,
        );
        parts.near = near::bonus(self, doc, of_items);
        candidate.distance = sum.distance;
        candidate.score = sum.score + (parts.title + parts.near);
        candidate
    }

    /// The parts of one record's score.
    #[cfg(feature = "explain")]
    pub(super) fn parts(&self, doc: DocId, filtered: &dyn Fn(usize) -> Vec<DocId>) -> Parts {
        let mut parts = Parts::default();
        fill(&mut self.lists(filtered), doc, &mut parts.row);
        self.assemble(doc, &mut parts);
        parts
    }

    /// The terms of all words, each as often as it was found.
    pub(super) fn terms(&self) -> impl Iterator<Item = TermId> + '_ {
        let words = self.clauses.iter().flat_map(LoadedClause::sought);
        words
            .flat_map(|word| &word.terms)
            .map(|term| term.found.term)
    }

    /// How many parts a record should hold.
    pub(super) fn n_wanted(&self) -> usize {
        let wanted = self.items.iter().filter(|item| item.role == Role::Wanted);
        wanted.count()
    }

    /// The clause that an item is, if it is one.
    pub(super) fn clause_of(&self, item: &Item) -> Option<&LoadedClause> {
        match item.node {
            Node::Clause(at) => self.clauses.get(at),
            _ => None,
        }
    }

    /// Whether a record matches a part of the query.
    #[cfg(feature = "explain")]
    pub(super) fn holds(
        &self,
        node: &Node,
        doc: DocId,
        filtered: &dyn Fn(usize) -> Vec<DocId>,
    ) -> bool {
        let mut list = List::new(self.node_matches(node, filtered), Role::Wanted);
        list.at(doc).is_some()
    }

    /// Whether all phrases of the top level are held.
    fn has_all_phrases(&self, held: u64) -> bool {
        for (at, item) in self.items.iter().enumerate() {
            if item.role == Role::Wanted
                && !is_held(held, at)
                && let Some(clause) = self.clause_of(item)
                && clause.kind != ClauseKind::Word
            {
                return false;
            }
        }
        true
    }

    /// The records that match a part of the query, in order of their numbers.
    fn node_matches(&self, node: &Node, filtered: &dyn Fn(usize) -> Vec<DocId>) -> Vec<Match> {
        match node {
            Node::Clause(at) => match self.clauses.get(*at) {
                Some(clause) => self.clause_matches(clause),
                None => Vec::new(),
            },
            Node::Filter(at) => plain(&filtered(*at)),
            Node::Any(nodes) => {
                let mut all = Vec::new();
                for node in nodes {
                    all = join(all, self.node_matches(node, filtered), Join::Either);
                }
                all
            }
            Node::All(nodes) => self.all_matches(nodes, filtered),
            Node::Not(_) => self.all_matches(core::slice::from_ref(node), filtered),
        }
    }

    /// The records that match all parts: those of them that are not to be left out, or all records,
    /// without those that are.
    fn all_matches(&self, nodes: &[Node], filtered: &dyn Fn(usize) -> Vec<DocId>) -> Vec<Match> {
        let mut all: Option<Vec<Match>> = None;
        for node in nodes {
            if !matches!(node, Node::Not(_)) {
                narrow(&mut all, self.node_matches(node, filtered));
            }
        }
        let mut all = all.unwrap_or_else(|| {
            let every = self.order.docs();
            plain(&every)
        });
        for node in nodes {
            if let Node::Not(left_out) = node {
                all = join(all, self.node_matches(left_out, filtered), Join::Without);
            }
        }
        all
    }

    /// The records that match a clause, in order of their numbers.
    fn clause_matches(&self, clause: &LoadedClause) -> Vec<Match> {
        let mut all: Option<Vec<Match>> = None;
        for word in clause.sought() {
            narrow(&mut all, self.word_matches(word, clause.fields));
        }
        let all = all.unwrap_or_default();
        if clause.words.len() < 2 {
            return all;
        }
        let mut side_by_side = Vec::new();
        for found in all {
            if near::holds_phrase(&clause.words, clause.fields, found.doc) {
                side_by_side.push(found);
            }
        }
        side_by_side
    }

    /// The records that hold a word, each once, by the term that is worth most there.
    fn word_matches(&self, word: &LoadedWord, fields: u64) -> Vec<Match> {
        let mut matches = Vec::new();
        for term in &word.terms {
            let mut of_term = Vec::with_capacity(term.list.postings.len());
            for posting in &term.list.postings {
                let Some(worth) = self.scales.of_term(term, posting, fields) else {
                    continue;
                };
                let mut found = Match::plain(posting.doc);
                found.score = worth.score;
                found.distance = worth.route.distance();
                if let Some(title_words) = worth.title_words {
                    found.in_title = term.idf * worth.route.weight();
                    found.title_words = title_words;
                    found.n_in_title = 1;
                }
                of_term.push(found);
            }
            matches = join(matches, of_term, Join::Best);
        }
        matches
    }
}

/// Notes what a record holds of each list, and tells whether it passes what it must.
fn fill(lists: &mut [List], doc: DocId, row: &mut Vec<Option<Match>>) -> bool {
    row.clear();
    let mut passes = true;
    for list in lists {
        let mut cell = list.at(doc);
        match list.role {
            Role::Wanted | Role::Optional => {}
            Role::Excluded => passes &= cell.take().is_none(),
            Role::Required => passes &= cell.take().is_some(),
        }
        row.push(cell);
    }
    passes
}

/// Leaves of the records known so far those that match one more part.
fn narrow(all: &mut Option<Vec<Match>>, matches: Vec<Match>) {
    *all = Some(match all.take() {
        Some(known) => join(known, matches, Join::Both),
        None => matches,
    });
}
