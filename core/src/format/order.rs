//! The numbers of records: which are not in use, and which do not follow the publisher's order.
//! FORMAT.md, "The manifest".
//!
//! A record keeps its number for as long as it is published, so that a new one changes little. Numbers
//! of records that are gone stay unused, and a record that came between others later has a number after
//! all of them. Knows numbers only.

use super::bytes::Reader;
#[cfg(any(feature = "build", test))]
use super::bytes::Write;
use crate::error::Corrupt;
use crate::ids::DocId;

/// The numbers of an index's records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Order {
    /// All numbers are below this.
    pub(crate) end: u32,
    /// How many numbers have a record.
    pub(crate) n_docs: u32,
    /// Numbers that stand elsewhere than they say, or for no record, ascending.
    pub(crate) moved: Vec<Moved>,
}

/// What became of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) doc: DocId,
    /// The record's place among those that come after the same one, from 1; 0 where it is gone.
    pub(crate) nth: u32,
    /// One more than the number of the record that it comes after; 0 before all. That record has not
    /// moved.
    pub(crate) after: u32,
}

impl Order {
    /// The numbers of so many records, in order.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn plain(n_docs: u32) -> Order {
        Order::new(n_docs, Vec::new())
    }

    /// Numbers below an end, of which some have moved or are gone.
    pub(crate) fn new(end: u32, moved: Vec<Moved>) -> Order {
        let mut n_docs = end;
        for number in &moved {
            n_docs -= u32::from(number.nth == 0);
        }
        Order { end, n_docs, moved }
    }

    fn moved(&self, doc: DocId) -> Option<&Moved> {
        let at = self.moved.partition_point(|moved| moved.doc < doc);
        self.moved.get(at).filter(|moved| moved.doc == doc)
    }

    /// Whether there is a record of a number below the end. Cost: the logarithm of those that moved.
    pub(crate) fn has(&self, doc: DocId) -> bool {
        self.moved(doc).is_none_or(|moved| moved.nth > 0)
    }

    /// The numbers of all records, ascending.
    pub(crate) fn docs(&self) -> Vec<DocId> {
        let mut docs = Vec::new();
        for doc in 0..self.end {
            if self.has(DocId(doc)) {
                docs.push(DocId(doc));
            }
        }
        docs
    }

    /// What orders records as their publisher does. Cost: the logarithm of those that moved.
    pub(crate) fn place(&self, doc: DocId) -> (u32, u32) {
        match self.moved(doc) {
            Some(moved) => (moved.after, moved.nth),
            None => (doc.0.saturating_add(1), 0),
        }
    }

    pub(crate) fn decode(reader: &mut Reader<'_>) -> Result<Order, Corrupt> {
        let end = reader.u32("number of records")?;
        let n_moved = reader.count(2, "moved records")?;
        let mut moved = Vec::with_capacity(n_moved);
        let mut next = 0_u32;
        for _ in 0..n_moved {
            let doc = next.checked_add(reader.u32("moved record")?);
            let doc = doc.filter(|doc| *doc < end);
            let doc = doc.ok_or(Corrupt("moved record"))?;
            next = doc + 1;
            let nth = reader.u32("place of a record")?;
            let mut after = 0;
            if nth > 0 {
                after = reader.u32("place of a record")?;
            }
            moved.push(Moved {
                doc: DocId(doc),
                nth,
                after,
            });
        }
        Ok(Order::new(end, moved))
    }

    #[cfg(any(feature = "build", test))]
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.put_u32(self.end);
        out.put_len(self.moved.len());
        let mut next = 0;
        for moved in &self.moved {
            out.put_u32(moved.doc.0 - next);
            next = moved.doc.0 + 1;
            out.put_u32(moved.nth);
            if moved.nth > 0 {
                out.put_u32(moved.after);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn numbers_come_back(
            moved in proptest::collection::btree_map(0_u32..50, (0_u32..4, 0_u32..51), 0..9),
        ) {
            let moved: BTreeMap<u32, (u32, u32)> = moved;
            let numbers = moved.iter().map(|(doc, (nth, after))| Moved {
                doc: DocId(*doc),
                nth: *nth,
                after: if *nth > 0 { *after } else { 0 },
            });
            let order = Order::new(50, numbers.collect());
            let mut bytes = Vec::new();
            order.encode(&mut bytes);
            prop_assert_eq!(Order::decode(&mut Reader::new(&bytes)), Ok(order.clone()));
            let is_there = |doc: &u32| moved.get(doc).is_none_or(|(nth, _)| *nth > 0);
            let expected: Vec<DocId> = (0..50).filter(is_there).map(DocId).collect();
            prop_assert_eq!(order.n_docs as usize, expected.len());
            prop_assert_eq!(order.docs(), expected.clone());
            for doc in expected {
                let place = moved.get(&doc.0).map_or((doc.0 + 1, 0), |(nth, after)| (*after, *nth));
                prop_assert_eq!(order.place(doc), place);
            }
        }

        #[test]
        fn any_bytes_are_numbers_or_an_error(bytes: Vec<u8>) {
            let _ = Order::decode(&mut Reader::new(&bytes));
        }
    }

    #[test]
    fn a_record_that_came_later_stands_where_its_publisher_put_it() {
        let moved = |doc, nth, after| Moved {
            doc: DocId(doc),
            nth,
            after,
        };
        let order = Order::new(4, vec![moved(1, 0, 0), moved(3, 1, 1)]);
        let mut docs = order.docs();
        docs.sort_by_key(|doc| order.place(*doc));
        assert_eq!(docs, [DocId(0), DocId(3), DocId(2)]);
    }
}
