//! Gives records their numbers: those that they have in the index that is published, so that a new one
//! changes little of it.
//!
//! Knows ids and numbers. Decides which records keep theirs; never sees what is in a record.

use std::collections::BTreeMap;

use crate::format::order::{Moved, Order};
use crate::format::positions::Positions;
use crate::format::postings::{Posting, PostingList};
use crate::ids::DocId;
use crate::texts::Texts;

/// Most records that stand elsewhere than their numbers say, as the manifest tells of each: 2 KB.
const MAX_MOVED: usize = 500;

/// Numbers may be without records up to one of so many: they take a byte or two in each column.
const GONE_SHARE: usize = 8;

/// The numbers of all records.
pub(super) struct Numbers {
    /// By the order in which records were added; none where numbers follow it.
    of: Vec<DocId>,
    /// By number, the place in the order of adding; none for those gone, and none at all where numbers
    /// follow it.
    added: Vec<Option<DocId>>,
    pub(super) order: Order,
}

impl Numbers {
    /// Numbers in the order in which records were added.
    pub(super) fn plain(n_docs: u32) -> Numbers {
        Numbers {
            of: Vec::new(),
            added: Vec::new(),
            order: Order::plain(n_docs),
        }
    }

    /// Numbers that are those of the published index where a record is in it; `None` where so much is
    /// different that new numbers are the better ones. `ids` are in the order of adding.
    pub(super) fn kept(
        ids: &Texts,
        published: &BTreeMap<String, DocId>,
        order: &Order,
    ) -> Option<Numbers> {
        let known = ids.iter().zip(0_usize..).filter_map(|(id, at)| {
            let doc = published.get(id)?;
            Some((at, order.place(*doc), *doc))
        });
        let known: Vec<(usize, (u32, u32), DocId)> = known.collect();
        // Records that changed places are as new ones.
        let places: Vec<(u32, u32)> = known.iter().map(|(_, place, _)| *place).collect();
        let mut of: Vec<Option<DocId>> = vec![None; ids.len()];
        let kept = longest_ascending(&places);
        for (at, _, doc) in kept.iter().filter_map(|at| known.get(*at)) {
            if let Some(number) = of.get_mut(*at) {
                *number = Some(*doc);
            }
        }
        let mut end = order.end;
        let numbers = of.into_iter().map(|kept| {
            kept.unwrap_or_else(|| {
                end += 1;
                DocId(end - 1)
            })
        });
        let of: Vec<DocId> = numbers.collect();
        let mut added: Vec<Option<DocId>> = vec![None; end as usize];
        for (place, doc) in (0..).map(DocId).zip(&of) {
            if let Some(slot) = added.get_mut(doc.index()) {
                *slot = Some(place);
            }
        }
        let mut moved = moved(&of);
        let n_moved = moved.len();
        let gone = (0..end).map(DocId).zip(&added);
        let gone = gone
            .filter(|(_, added)| added.is_none())
            .map(|(doc, _)| Moved {
                doc,
                nth: 0,
                after: 0,
            });
        moved.extend(gone);
        moved.sort_unstable_by_key(|moved| moved.doc);
        let is_much = kept.len() < ids.len() / 2
            || moved.len() - n_moved > end as usize / GONE_SHARE
            || n_moved > MAX_MOVED;
        let order = Order::new(end, moved);
        (!is_much).then_some(Numbers { of, added, order })
    }

    /// Whether numbers follow the order of adding, without a gap.
    pub(super) fn are_plain(&self) -> bool {
        self.of.is_empty()
    }

    /// The number of a record by its place in the order of adding.
    pub(super) fn of(&self, added: DocId) -> DocId {
        if self.are_plain() {
            return added;
        }
        self.of.get(added.index()).copied().unwrap_or(added)
    }

    /// By number, the place in the order of adding; none for those gone. Nothing where numbers follow
    /// that order.
    pub(super) fn added(&self) -> &[Option<DocId>] {
        &self.added
    }

    /// A class's records by their numbers, in order.
    pub(super) fn renumber(
        &self,
        list: PostingList,
        positions: Positions,
    ) -> (PostingList, Positions) {
        if self.are_plain() {
            return (list, positions);
        }
        let mut order: Vec<(DocId, &Posting)> = list
            .postings
            .iter()
            .map(|posting| (self.of(posting.doc), posting))
            .collect();
        order.sort_unstable_by_key(|(doc, _)| *doc);
        let mut renumbered = (PostingList::default(), Positions::default());
        for (doc, posting) in order {
            let first = posting.first_field as usize;
            renumbered.0.postings.push(Posting {
                doc,
                first_field: renumbered.0.fields.len() as u32,
                ..*posting
            });
            for (at, (_, field)) in (first..).zip(list.fields_of(posting)) {
                renumbered.0.fields.push(field);
                renumbered.1.push(positions.of(at));
            }
        }
        renumbered
    }
}

/// Which records stand elsewhere than their numbers say, by numbers in the order of adding: as few as
/// can be.
fn moved(numbers: &[DocId]) -> Vec<Moved> {
    let mut in_place = longest_ascending(numbers).into_iter().peekable();
    let mut moved = Vec::new();
    let (mut after, mut nth) = (0, 0);
    for (at, doc) in numbers.iter().enumerate() {
        if in_place.next_if_eq(&at).is_some() {
            (after, nth) = (doc.0 + 1, 0);
        } else {
            nth += 1;
            moved.push(Moved {
                doc: *doc,
                nth,
                after,
            });
        }
    }
    moved
}

/// The places of a longest ascending row of different items, by patience sorting: C. Schensted,
/// "Longest increasing and decreasing subsequences", Canadian Journal of Mathematics 13, 1961.
/// Cost: n log n.
fn longest_ascending<T: Ord>(items: &[T]) -> Vec<usize> {
    // By length, less one: the place of the least item that ends a row of it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let len = ends.partition_point(|end| items.get(*end).is_some_and(|end| end < item));
        before.push(len.checked_sub(1).and_then(|at| ends.get(at)).copied());
        match ends.get_mut(len) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut row = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(at) = next {
        row.push(at);
        next = before.get(at).copied().flatten();
    }
    row.reverse();
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(ids: &[u32]) -> Texts {
        let mut texts = Texts::default();
        ids.iter().for_each(|id| texts.push(&id.to_string()));
        texts
    }

    fn by_id(ids: &[u32], numbers: &Numbers) -> BTreeMap<String, DocId> {
        let numbered = ids.iter().zip(0..);
        numbered
            .map(|(id, at)| (id.to_string(), numbers.of(DocId(at))))
            .collect()
    }

    /// All numbers in the order that the index tells of.
    fn in_order(order: &Order) -> Vec<DocId> {
        let mut docs = order.docs();
        docs.sort_by_key(|doc| order.place(*doc));
        docs
    }

    proptest! {
        #[test]
        fn records_stand_as_their_publisher_put_them_whatever_was_there_before(
            first in proptest::collection::btree_set(0_u32..40, 20..30),
            second in proptest::collection::btree_set(0_u32..40, 20..30),
            swaps in proptest::collection::vec((0_usize..20, 0_usize..20), 0..4),
        ) {
            let (first, second): (Vec<u32>, Vec<u32>) =
                (first.into_iter().collect(), second.into_iter().collect());
            let mut third = second.clone();
            swaps.iter().for_each(|(a, b)| third.swap(*a, *b));
            let mut numbers = Numbers::plain(first.len() as u32);
            let mut ids = first;
            for next in [second, third] {
                let published = by_id(&ids, &numbers);
                if let Some(kept) = Numbers::kept(&texts(&next), &published, &numbers.order) {
                    let n_same = next.iter().zip(0..).filter(|(id, at)| {
                        published.get(&id.to_string()) == Some(&kept.of(DocId(*at)))
                    });
                    prop_assert!(n_same.count() >= next.len() / 2);
                    numbers = kept;
                } else {
                    numbers = Numbers::plain(next.len() as u32);
                }
                let expected: Vec<DocId> =
                    (0..next.len() as u32).map(|at| numbers.of(DocId(at))).collect();
                prop_assert_eq!(in_order(&numbers.order), expected.clone());
                for (at, doc) in expected.iter().enumerate().filter(|_| !numbers.are_plain()) {
                    prop_assert_eq!(numbers.added()[doc.index()], Some(DocId(at as u32)));
                }
                ids = next;
            }
        }

        #[test]
        fn the_longest_ascending_row_is_found(items in proptest::collection::vec(0_u32..12, 0..11)) {
            let is_row = |set: usize| {
                let row: Vec<u32> = (0..items.len())
                    .filter(|at| set >> at & 1 == 1)
                    .map(|at| items[at])
                    .collect();
                row.windows(2).all(|pair| pair[0] < pair[1])
            };
            let longest = (0..1_usize << items.len())
                .filter(|set| is_row(*set))
                .map(usize::count_ones)
                .max();
            let found = longest_ascending(&items);
            prop_assert!(is_row(found.iter().fold(0, |set, at| set | 1 << at)));
            prop_assert_eq!(Some(found.len() as u32), longest);
        }
    }

    #[test]
    fn a_record_put_first_each_day_moves_no_other() {
        let mut ids = vec![3, 4, 5, 6];
        let mut numbers = Numbers::plain(4);
        for new in [2, 1, 0] {
            let published = by_id(&ids, &numbers);
            ids.insert(0, new);
            numbers = Numbers::kept(&texts(&ids), &published, &numbers.order).unwrap();
        }
        let found: Vec<u32> = (0..7).map(|at| numbers.of(DocId(at)).0).collect();
        assert_eq!(found, [6, 5, 4, 0, 1, 2, 3]);
        assert_eq!(numbers.order.moved.len(), 3);
    }

    #[test]
    fn another_collection_is_numbered_anew() {
        let published = by_id(&[1, 2, 3], &Numbers::plain(3));
        assert!(Numbers::kept(&texts(&[7, 8, 9]), &published, &Order::plain(3)).is_none());
    }
}
