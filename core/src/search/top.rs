//! The best few of many, in order, without sorting the rest.
//!
//! Knows only how two records are compared. Ties go to the record that was added first.

use core::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::ids::DocId;

/// What a record is ordered by, first to last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// Records with all words come before those with some.
    pub(super) is_partial: bool,
    /// Place in the order of a column; smaller first.
    pub(super) by_value: u32,
    /// Words found only as the beginning of others; fewer first.
    pub(super) n_prefixes: u32,
    /// Larger first.
    pub(super) score: f64,
    /// Smaller first.
    pub(super) doc: DocId,
}

impl Ord for Key {
    /// Less is better.
    fn cmp(&self, other: &Key) -> Ordering {
        let early = (self.is_partial, self.by_value, self.n_prefixes);
        early
            .cmp(&(other.is_partial, other.by_value, other.n_prefixes))
            .then_with(|| other.score.total_cmp(&self.score))
            .then_with(|| self.doc.cmp(&other.doc))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}

/// Keeps the best `offset + limit` of what it is offered. Cost: the logarithm of that for each.
pub(super) struct Top {
    offset: usize,
    wanted: usize,
    /// The worst of those kept is on top.
    kept: BinaryHeap<Key>,
}

impl Top {
    pub(super) fn new(offset: usize, limit: usize) -> Top {
        let wanted = if limit == 0 {
            0
        } else {
            offset.saturating_add(limit)
        };
        Top {
            offset,
            wanted,
            kept: BinaryHeap::new(),
        }
    }

    pub(super) fn offer(&mut self, key: Key) {
        if self.kept.len() < self.wanted {
            self.kept.push(key);
        } else if self.kept.peek().is_some_and(|worst| key < *worst) {
            self.kept.pop();
            self.kept.push(key);
        }
    }

    /// The records from `offset` on, best first, with their scores.
    pub(super) fn into_page(self) -> Vec<(DocId, f64)> {
        let sorted = self.kept.into_sorted_vec();
        sorted
            .into_iter()
            .skip(self.offset)
            .map(|key| (key.doc, key.score))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn top_is_a_slice_of_the_sorted_whole(
            rows in proptest::collection::vec((any::<bool>(), 0_u32..3, 0_u32..2, 0_u32..4), 0..40),
            offset in 0_usize..12,
            limit in 0_usize..12,
        ) {
            let keys: Vec<Key> = rows
                .iter()
                .enumerate()
                .map(|(doc, (is_partial, by_value, n_prefixes, score))| Key {
                    is_partial: *is_partial,
                    by_value: *by_value,
                    n_prefixes: *n_prefixes,
                    score: f64::from(*score),
                    doc: DocId(doc as u32),
                })
                .collect();
            let mut top = Top::new(offset, limit);
            keys.iter().for_each(|key| top.offer(*key));
            let mut sorted = keys;
            sorted.sort();
            let expected: Vec<(DocId, f64)> =
                sorted.iter().skip(offset).take(limit).map(|key| (key.doc, key.score)).collect();
            prop_assert_eq!(top.into_page(), expected);
        }
    }
}
