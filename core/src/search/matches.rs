//! What one record's match is worth, and how two of a record become one.
//!
//! Knows nothing of words and queries.

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
