//! The best few of many, in order, without sorting the rest.
//!
//! Knows only how two records are compared. Ties go to the record that its publisher put first.

use crate::ids::DocId;
use crate::sort::sort_by;

/// Fewest records that are sorted at a time, so that a short page does not sort after each few.
const MIN_SORTED: usize = 64;

/// What a record is ordered by, first to last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// Place among the records that an editor put first; all others share the last.
    pub(super) pin: u32,
    /// Records with all words come before those with some.
    pub(super) is_partial: bool,
    /// Records that still hold come before those whose time is over.
    pub(super) is_old: bool,
    /// Place in the order of a column; smaller first.
    pub(super) by_value: u32,
    /// How far the words are from those typed; nearer first.
    pub(super) distance: u32,
    /// Larger first.
    pub(super) score: f64,
    /// Place in the publisher's order; smaller first.
    pub(super) place: (u32, u32),
    pub(super) doc: DocId,
}

impl Key {
    /// Whether it comes before another one.
    fn is_before(&self, other: &Key) -> bool {
        let early = |key: &Key| {
            let kind = u32::from(key.is_partial) << 1 | u32::from(key.is_old);
            (key.pin, kind, key.by_value, key.distance)
        };
        let (own, others) = (early(self), early(other));
        if own != others {
            return own < others;
        }
        if self.score != other.score {
            return self.score > other.score;
        }
        self.place < other.place
    }
}

/// Keeps the best `offset + limit` of what it is offered. Cost: the logarithm of that for each.
pub(super) struct Top {
    offset: usize,
    wanted: usize,
    kept: Vec<Key>,
    /// The worst of those wanted when they were last sorted: what is worse is not kept.
    bar: Option<Key>,
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
            kept: Vec::new(),
            bar: None,
        }
    }

    /// Whether a record may be among the best, by all that was offered so far. A key that comes before
    /// the record's own is good enough to ask with.
    pub(super) fn takes(&self, key: &Key) -> bool {
        self.wanted > 0 && !self.bar.as_ref().is_some_and(|bar| bar.is_before(key))
    }

    pub(super) fn offer(&mut self, key: Key) {
        if !self.takes(&key) {
            return;
        }
        self.kept.push(key);
        if self.kept.len() >= self.wanted.saturating_mul(2).max(MIN_SORTED) {
            self.sort();
            self.bar = self.kept.last().copied();
        }
    }

    /// The records from `offset` on, best first.
    pub(super) fn into_page(mut self) -> Vec<Key> {
        self.sort();
        let page = self.kept.get(self.offset..);
        page.unwrap_or_default().to_vec()
    }

    /// Leaves those wanted, best first.
    fn sort(&mut self) {
        sort_by(&mut self.kept, Key::is_before);
        self.kept.truncate(self.wanted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(keys: &[Key]) -> Vec<u32> {
        keys.iter().map(|key| key.doc.0).collect()
    }

    proptest! {
        #[test]
        fn top_is_a_slice_of_the_sorted_whole(
            rows in proptest::collection::vec((0_u32..2, any::<bool>(), any::<bool>(), 0_u32..3, 0_u32..2, 0_u32..4), 0..400),
            offset in 0_usize..12,
            limit in 0_usize..12,
        ) {
            let keys: Vec<Key> = rows
                .iter()
                .enumerate()
                .map(|(doc, (pin, is_partial, is_old, by_value, distance, score))| Key {
                    pin: *pin,
                    is_partial: *is_partial,
                    is_old: *is_old,
                    by_value: *by_value,
                    distance: *distance,
                    score: f64::from(*score),
                    place: (doc as u32, 0),
                    doc: DocId(doc as u32),
                })
                .collect();
            let mut top = Top::new(offset, limit);
            keys.iter().for_each(|key| top.offer(*key));
            let mut sorted = keys;
            sorted.sort_by_key(|key| {
                let score = -(key.score as i64);
                (key.pin, key.is_partial, key.is_old, key.by_value, key.distance, score, key.doc)
            });
            let expected: Vec<Key> = sorted.iter().skip(offset).take(limit).copied().collect();
            prop_assert_eq!(numbers(&top.into_page()), numbers(&expected));
        }
    }
}
