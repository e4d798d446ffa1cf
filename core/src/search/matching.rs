//! Which records a query matches, and how well.
//!
//! Each word becomes a list of the records that hold it, in order; the query's tree joins such lists;
//! the items of its top level are merged record by record. Knows postings and ranking; knows no
//! columns but the sets of records that typed filters let through, and nothing of what is shown.

use crate::error::Corrupt;
use crate::format::order::Order;
use crate::ids::DocId;
use crate::index::Fetch;
use crate::query::Matching;
use crate::query::tree::{ClauseKind, Node, Parsed};
use crate::rank::{self, Nearness};
use crate::schema::Schema;
use crate::search::items::{self, Item, Role, is_held};
use crate::search::joins::{Lists, first_from, join, lets_pass};
use crate::search::lists::List;
use crate::search::load::{LoadedClause, LoadedTogether, Loader};
use crate::search::lookup::Found;
use crate::search::matches::{Match, plain};
use crate::search::near;
use crate::search::worth::Scales;

/// What the most that a score can be is multiplied by, so that it is not below any for how sums are
/// rounded: far more than that, and far less than what tells two records apart.
const ROUNDING: f64 = 1.000_001;

/// A record that matches, before filters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) doc: DocId,
    /// Whether it holds all that was asked for.
    pub(super) is_full: bool,
    /// Which items of the query it holds; one bit an item. None where nothing is looked for, and where
    /// an editor puts a record that was not found.
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
    /// Whether it counts how near words stand.
    has_near: bool,
}

/// What a record's score is made of.
#[derive(Default)]
pub(super) struct Parts {
    /// What it holds of each item, and then of each word or phrase that stands for several.
    pub(super) row: Vec<Option<Match>>,
    /// What the words are worth, each by itself.
    words: f64,
    /// How far the words it holds are from those typed: see [`rank::Route::distance`].
    pub(super) distance: u32,
    /// What it is worth how much of the title was asked for.
    pub(super) title: f64,
    /// What it is worth how near neighbouring words of the query stand; at first the most that it can
    /// be.
    pub(super) near: f64,
}

impl Parts {
    /// The score, before factors.
    pub(super) fn score(&self) -> f64 {
        self.words + (self.title + self.near)
    }
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
        let has_near = !near.is_empty();
        let mut loader = Loader::new(fetch, items::terms(&found), near)?;
        let mut all = Clauses {
            items,
            clauses: Vec::with_capacity(found.clauses.len()),
            together: Vec::new(),
            schema: &manifest.schema,
            scales: Scales::of(manifest),
            order: &manifest.order,
            query_weight: 0.0,
            has_near,
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

    /// What each item, and each word or phrase that stands for several, is found in. `filtered` gives
    /// the records that pass a typed filter, by its place.
    pub(super) fn lists(&self, filtered: &dyn Fn(usize) -> Vec<DocId>) -> Lists<'_> {
        let mut lists = Vec::with_capacity(self.items.len() + self.together.len());
        for item in &self.items {
            lists.push((item.role, self.list(&item.node, filtered)));
        }
        for together in &self.together {
            lists.push((Role::Wanted, List::of_word(&together.word, u64::MAX)));
        }
        lists
    }

    /// The records that match, in order of their numbers. Without anything to look for, all records
    /// but those excluded. Tells what they hold, not what that is worth.
    pub(super) fn candidates(&self, matching: Matching, lists: &mut Lists<'_>) -> Vec<Candidate> {
        let has_wanted = self.n_wanted() > 0;
        let has_others = self.n_wanted() < self.items.len();
        let mut candidates = Vec::new();
        let mut next = DocId(0);
        loop {
            let mut doc = next;
            if has_wanted {
                doc = first_from(lists, Role::Wanted, next);
            }
            if doc.0 >= self.order.end {
                return candidates;
            }
            next = DocId(doc.0 + 1);
            if (!has_wanted && !self.order.has(doc)) || (has_others && !lets_pass(lists, doc)) {
                continue;
            }
            let candidate = self.candidate(doc, lists);
            let is_wanted = match matching {
                Matching::All => candidate.is_full,
                // A phrase is asked for as such: no record without it is near enough.
                Matching::Auto => candidate.is_full || self.has_all_phrases(candidate.held),
                Matching::Any => true,
            };
            if is_wanted && (candidate.held != 0 || !has_wanted) {
                candidates.push(candidate);
            }
        }
    }

    /// What a record holds, by the lists that were just asked for it.
    fn candidate(&self, doc: DocId, lists: &mut Lists<'_>) -> Candidate {
        let (of_items, of_together) = lists
            .split_at_mut_checked(self.items.len())
            .unwrap_or_default();
        let mut candidate = Candidate {
            doc,
            is_full: true,
            held: 0,
        };
        for (at, (role, list)) in of_items.iter_mut().enumerate() {
            if *role != Role::Wanted {
                continue;
            }
            let mut is_held = list.first_from(doc) == doc;
            for (together, (_, list)) in self.together.iter().zip(&mut *of_together) {
                is_held |= together.covers(at) && list.first_from(doc) == doc;
            }
            if is_held {
                candidate.held |= 1_u64.checked_shl(at as u32).unwrap_or(0);
            }
            candidate.is_full &= is_held;
        }
        candidate
    }

    /// The most that a record's score can be, before factors, if it holds these items: as if all of it
    /// stood in the title, and were all that stands there.
    pub(super) fn most(&self, lists: &Lists<'_>, held: u64) -> f64 {
        let (mut words, mut greatest) = (0.0, 0.0);
        for (at, (role, list)) in lists.iter().enumerate() {
            let is_lacking = at < self.items.len().min(64) && !is_held(held, at);
            if *role == Role::Optional || (*role == Role::Wanted && !is_lacking) {
                words += list.most;
                if list.most > greatest {
                    greatest = list.most;
                }
            }
        }
        let title = rank::title_bonus(words, self.query_weight, 1, 1);
        // Two words are worth no more together than the lesser of them.
        let near = rank::near_bonus(words - greatest, Nearness::InOrder);
        (words + title + near) * ROUNDING
    }

    /// Makes out what a record is worth, as if words stood there as near as they can. Records are
    /// asked for in order of their numbers. At a glance, no less than that, and how far its words are from
    /// those typed; where something stands for several items, that cannot be told.
    pub(super) fn weigh(
        &self,
        lists: &mut Lists<'_>,
        doc: DocId,
        parts: &mut Parts,
        is_glance: bool,
    ) {
        parts.row.clear();
        for (role, list) in lists {
            parts.row.push(match role {
                Role::Wanted | Role::Optional => list.at(doc, &self.scales, is_glance),
                Role::Excluded | Role::Required => None,
            });
        }
        self.assemble(parts);
        self.look_near(doc, parts, false);
    }

    /// Makes out how near words stand in a record that was weighed, or how much that is worth at most.
    pub(super) fn look_near(&self, doc: DocId, parts: &mut Parts, looks: bool) {
        if self.has_near {
            let n_items = self.items.len();
            let of_items = parts.row.get(..n_items).unwrap_or_default();
            parts.near = near::bonus(self, doc, of_items, looks);
        }
    }

    /// Makes a record's score of what it holds of each item and of each word or phrase that stands
    /// for several, and leaves in the row what each item counts for.
    fn assemble(&self, parts: &mut Parts) {
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
        let mut sum = Match::plain(DocId(0));
        for found in of_items.iter().flatten() {
            sum.add(found);
        }
        parts.title = rank::title_bonus(
            sum.in_title,
            self.query_weight,
            sum.n_in_title,
            sum.title_words,
        );
        parts.distance = sum.distance;
        parts.words = sum.score;
    }

    /// The parts of one record's score.
    #[cfg(feature = "explain")]
    pub(super) fn parts(&self, doc: DocId, filtered: &dyn Fn(usize) -> Vec<DocId>) -> Parts {
        let mut parts = Parts::default();
        self.weigh(&mut self.lists(filtered), doc, &mut parts, false);
        self.look_near(doc, &mut parts, true);
        parts
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
        self.list(node, filtered).first_from(doc) == doc
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

    /// What a part of the query is found in.
    fn list(&self, node: &Node, filtered: &dyn Fn(usize) -> Vec<DocId>) -> List<'_> {
        let mut lists = Lists::new();
        let mut role = Role::Required;
        let mut phrase = None;
        match node {
            Node::Clause(at) => {
                if let Some(clause) = self.clauses.get(*at) {
                    for word in clause.sought() {
                        lists.push((role, List::of_word(word, clause.fields)));
                    }
                    phrase = Some(clause).filter(|clause| clause.words.len() > 1);
                }
            }
            Node::Filter(at) => return List::of_matches(plain(&filtered(*at))),
            Node::Any(nodes) => {
                role = Role::Wanted;
                for node in nodes {
                    lists.push((role, self.list(node, filtered)));
                }
            }
            Node::All(nodes) => {
                for node in nodes {
                    lists.push(self.part(node, filtered));
                }
            }
            Node::Not(_) => lists.push(self.part(node, filtered)),
        }
        let is_all = matches!(node, Node::All(_) | Node::Not(_));
        if is_all && lists.iter().all(|(role, _)| *role == Role::Excluded) {
            lists.push((role, List::of_matches(plain(&self.order.docs()))));
        }
        if lists.len() == 1
            && phrase.is_none()
            && let Some((_, list)) = lists.pop()
        {
            return list;
        }
        let mut matches = join(&mut lists, role, &self.scales);
        if let Some(clause) = phrase {
            matches.retain(|found| near::holds_phrase(&clause.words, clause.fields, found.doc));
        }
        List::of_matches(matches)
    }

    /// A part of which all must hold: not to match it where it is to be left out.
    fn part(&self, node: &Node, filtered: &dyn Fn(usize) -> Vec<DocId>) -> (Role, List<'_>) {
        match node {
            Node::Not(left_out) => (Role::Excluded, self.list(left_out, filtered)),
            _ => (Role::Required, self.list(node, filtered)),
        }
    }
}
