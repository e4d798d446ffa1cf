//! Lists of the records that match something, in order of their numbers, and how two are joined.
//!
//! Knows what one match is worth; knows nothing of words and queries.

use crate::ids::DocId;

/// One word, clause or item in one record.
#[derive(Clone, Copy)]
pub(super) struct Match {
    pub(super) doc: DocId,
    /// See [`crate::rank::Route::distance`].
    pub(super) distance: u32,
    pub(super) score: f64,
    /// What of the word's weight stands in the title.
    pub(super) in_title: f64,
    /// How many words the title has, where some of the query's stand in it.
    pub(super) title_words: u32,
    /// How many of the query's words stand in the title.
    pub(super) n_in_title: u32,
    /// Which word or phrase stands here for several items; `usize::MAX` where the item does itself.
    pub(super) together: usize,
}

impl Match {
    /// A record that matches and is worth nothing for that.
    pub(super) fn plain(doc: DocId) -> Match {
        Match {
            doc,
            distance: 0,
            score: 0.0,
            in_title: 0.0,
            title_words: 0,
            n_in_title: 0,
            together: usize::MAX,
        }
    }

    /// Leaves that the record matches, and how.
    pub(super) fn forget_worth(&mut self) {
        self.score = 0.0;
        self.in_title = 0.0;
        self.n_in_title = 0;
    }

    /// Counts another match of the record to this one.
    pub(super) fn add(&mut self, other: &Match) {
        self.score += other.score;
        self.distance += other.distance;
        self.in_title += other.in_title;
        self.title_words = self.title_words.max(other.title_words);
        self.n_in_title += other.n_in_title;
    }
}

/// A match worth nothing for each record.
pub(super) fn plain(docs: &[DocId]) -> Vec<Match> {
    let mut matches = Vec::with_capacity(docs.len());
    for doc in docs {
        matches.push(Match::plain(*doc));
    }
    matches
}

/// How two lists become one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// The records of both lists, with what they are worth in both.
    Both,
    /// The records of either list, with what they are worth in both.
    Either,
    /// The records of either list, with what they are worth in the one where they are worth most.
    Best,
    /// The records of the first list that are not in the second.
    Without,
}

/// Joins two lists in order. One routine for all ways, as each further loop over two lists costs
/// half a kilobyte of wasm.
pub(super) fn join(known: Vec<Match>, others: Vec<Match>, how: Join) -> Vec<Match> {
    let takes_others = matches!(how, Join::Either | Join::Best);
    if takes_others && known.is_empty() {
        return others;
    }
    let mut joined = Vec::new();
    let (mut at, mut at_other) = (0, 0);
    loop {
        let (found, other) = (known.get(at), others.get(at_other));
        let doc = found.map_or(u32::MAX, |found| found.doc.0);
        let other_doc = other.map_or(u32::MAX, |other| other.doc.0);
        at += usize::from(doc <= other_doc);
        at_other += usize::from(other_doc <= doc);
        let one = match (found, other) {
            (Some(found), Some(other)) if doc == other_doc => {
                let mut one = *found;
                match how {
                    Join::Without => continue,
                    Join::Best => {
                        if (other.distance, found.score) < (found.distance, other.score) {
                            one = *other;
                        }
                    }
                    Join::Both => one.add(other),
                    Join::Either => {
                        one.add(other);
                        // Held in both ways: by the one that is nearer to what was typed.
                        one.distance = found.distance.min(other.distance);
                    }
                }
                one
            }
            (Some(found), _) if doc < other_doc => {
                if how == Join::Both {
                    continue;
                }
                *found
            }
            (_, Some(other)) => {
                if !takes_others {
                    continue;
                }
                *other
            }
            _ => return joined,
        };
        joined.push(one);
    }
}
