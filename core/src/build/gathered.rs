//! The records of one class of words as they are gathered: about five bytes a record, where lists that
//! can be looked into at any place would take forty.
//!
//! Records ascend, so that they are appended and read from front to back; now and then a mark says
//! where a record begins, so that a cursor need not read all before it. Knows bytes and the shape of
//! postings; these bytes are never published.

use crate::build::invert::Place;
use crate::format::bytes::{Reader, Write};
use crate::format::positions::Positions;
use crate::format::postings::{FieldPosting, Posting, PostingList};
use crate::ids::DocId;

/// A mark stands before each of so many records: 8 bytes for about 80, and a cursor reads 8 records too
/// many on the average.
const RECORDS_A_MARK: u32 = 16;

/// Fewest bytes that a list takes: what most systems give out at least.
const LEAST_BYTES: usize = 24;

/// Bits of a field's length code, below its frequency.
const LENGTH_BITS: u32 = 5;

/// The records of a class, in order.
#[derive(Default)]
pub(super) struct Gathered {
    bytes: Vec<u8>,
    /// The least record that may come next, and where its bytes begin.
    marks: Vec<(u32, u32)>,
    n_docs: u32,
    /// The least record that can be added.
    next: u32,
}

/// One record of a class.
#[derive(Default)]
pub(super) struct Entry {
    pub(super) doc: DocId,
    pub(super) forms: u32,
    /// Its fields, lowest first.
    pub(super) fields: Vec<FieldEntry>,
    positions: Vec<u32>,
}

/// One field of a record of a class.
#[derive(Clone, Copy)]
pub(super) struct FieldEntry {
    /// The field's number among the searched fields.
    pub(super) field: u32,
    pub(super) posting: FieldPosting,
    /// Where its positions begin among those of the record.
    first: usize,
}

impl Entry {
    /// Where it stands in one of its fields.
    pub(super) fn positions(&self, field: &FieldEntry) -> &[u32] {
        let end = field.first + field.posting.frequency as usize;
        self.positions.get(field.first..end).unwrap_or_default()
    }

    /// Where it stands in a field; nowhere, if the field is none of its own.
    fn positions_in(&self, field: u32) -> &[u32] {
        let own = self.fields.iter().find(|own| own.field == field);
        own.map_or(&[], |own| self.positions(own))
    }

    /// Forgets the record before.
    pub(super) fn clear(&mut self, doc: DocId) {
        (self.doc, self.forms) = (doc, 0);
        self.fields.clear();
        self.positions.clear();
    }

    /// Takes the places of one record, in order, each with its forms.
    fn make(&mut self, places: &[(Place, u32)]) {
        self.clear(places.first().map_or(DocId(0), |(place, _)| place.doc));
        for (place, forms) in places {
            self.forms |= forms;
            self.add(place.field, place.position, place.length_code);
        }
    }

    /// Adds a place, none lower than the last. The same place once more is none.
    pub(super) fn add(&mut self, field: u32, position: u32, length_code: u8) {
        match self.fields.last_mut().filter(|last| last.field == field) {
            Some(_) if self.positions.last() == Some(&position) => return,
            Some(last) => last.posting.frequency += 1,
            None => self.fields.push(FieldEntry {
                field,
                posting: FieldPosting {
                    frequency: 1,
                    length_code,
                },
                first: self.positions.len(),
            }),
        }
        self.positions.push(position);
    }

    /// All places of the record, in order.
    fn places(&self) -> impl Iterator<Item = Place> {
        self.fields.iter().flat_map(|field| {
            let positions = self.positions(field).iter();
            positions.map(|position| Place {
                doc: self.doc,
                field: field.field,
                position: *position,
                length_code: field.posting.length_code,
            })
        })
    }
}

impl Gathered {
    /// How many records there are.
    pub(super) fn n_docs(&self) -> u32 {
        self.n_docs
    }

    /// Adds a record after the last. `encoded` is room for its bytes, whatever is in it.
    pub(super) fn push(&mut self, entry: &Entry, encoded: &mut Vec<u8>) {
        if self.n_docs > 0 && self.n_docs.is_multiple_of(RECORDS_A_MARK) {
            self.marks.push((self.next, self.bytes.len() as u32));
        }
        encoded.clear();
        let has_forms = entry.forms != 1;
        let step = entry.doc.0.saturating_sub(self.next);
        encoded.put_u64(u64::from(step) << 1 | u64::from(has_forms));
        if has_forms {
            encoded.put_u32(entry.forms);
        }
        let set = entry.fields.iter().fold(0, |set, f| set | 1_u64 << f.field);
        encoded.put_u64(set);
        for field in &entry.fields {
            let FieldPosting {
                frequency,
                length_code,
            } = field.posting;
            encoded.put_u64(u64::from(frequency) << LENGTH_BITS | u64::from(length_code));
            let mut next = 0;
            for position in entry.positions(field) {
                encoded.put_u32(position.wrapping_sub(next));
                next = position.wrapping_add(1);
            }
        }
        let bytes = &mut self.bytes;
        if bytes.capacity() - bytes.len() < encoded.len() {
            // By a quarter and not twice as much: most of what is gathered is in a few long lists. The
            // least that is taken is the least that there is to have.
            let n_more = (LEAST_BYTES.saturating_sub(bytes.len())).max(bytes.len() / 4);
            bytes.reserve_exact(encoded.len().max(n_more));
        }
        bytes.extend_from_slice(encoded);
        self.n_docs += 1;
        self.next = entry.doc.0.saturating_add(1);
    }

    /// Calls `visit` with each record in order.
    pub(super) fn each(&self, mut visit: impl FnMut(&Entry)) {
        let mut cursor = self.cursor();
        while cursor.advance() {
            visit(&cursor.entry);
        }
    }

    /// The same without positions, which takes half as long.
    pub(super) fn each_without_positions(&self, mut visit: impl FnMut(&Entry)) {
        let mut cursor = self.cursor();
        while cursor.skim().is_some() {
            visit(&cursor.entry);
        }
    }

    /// Gives up all but the number of records.
    pub(super) fn give_up_bytes(&mut self) {
        self.bytes = Vec::new();
        self.marks = Vec::new();
    }

    /// A cursor before the first record.
    pub(super) fn cursor(&self) -> Cursor<'_> {
        Cursor {
            gathered: self,
            rest: &self.bytes,
            next: 0,
            is_at_entry: false,
            entry: Entry::default(),
            unread: &[],
        }
    }

    /// All places, in order.
    pub(super) fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        self.each(|entry| places.extend(entry.places()));
        places
    }

    /// All places, in order, each with the forms that its record has, by other numbers: `renamed` has the
    /// bits of each form.
    pub(super) fn places_with_forms(&self, renamed: &[u32]) -> Vec<(Place, u32)> {
        let mut places = Vec::new();
        self.each(|entry| {
            let forms = (0_u32..).zip(renamed);
            let forms =
                forms.filter(|(form, _)| entry.forms.checked_shr(*form).unwrap_or(0) & 1 == 1);
            let forms = forms.fold(0, |forms, (_, renamed)| forms | renamed);
            places.extend(entry.places().map(|place| (place, forms)));
        });
        places
    }

    /// The same records as the format has them.
    pub(super) fn lists(&self) -> (PostingList, Positions) {
        let mut list = PostingList::default();
        let mut positions = Positions::default();
        list.postings.reserve_exact(self.n_docs as usize);
        self.each(|entry| {
            list.postings.push(Posting {
                doc: entry.doc,
                forms: entry.forms,
                fields: entry.fields.iter().fold(0, |set, f| set | 1 << f.field),
                first_field: list.fields.len() as u32,
            });
            for field in &entry.fields {
                list.fields.push(field.posting);
                positions.push(entry.positions(field));
            }
        });
        (list, positions)
    }

    /// The same with further places, each with its forms.
    pub(super) fn with_places(&self, mut more: Vec<(Place, u32)>) -> Gathered {
        more.sort_unstable();
        let mut more = more.chunk_by(|a, b| a.0.doc == b.0.doc).peekable();
        let doc_of = |of_doc: &[(Place, u32)]| of_doc.first().map(|(place, _)| place.doc);
        let mut gathered = Gathered::default();
        gathered.bytes.reserve_exact(self.bytes.len());
        let mut made = Entry::default();
        let mut encoded = Vec::new();
        self.each(|entry| {
            while let Some(new) = more.next_if(|new| doc_of(new) < Some(entry.doc)) {
                made.make(new);
                gathered.push(&made, &mut encoded);
            }
            match more.next_if(|new| doc_of(new) == Some(entry.doc)) {
                Some(new) => {
                    let own = entry.places().map(|place| (place, entry.forms));
                    let mut all: Vec<(Place, u32)> = own.chain(new.iter().copied()).collect();
                    all.sort_unstable();
                    made.make(&all);
                    gathered.push(&made, &mut encoded);
                }
                None => gathered.push(entry, &mut encoded),
            }
        });
        for new in more {
            made.make(new);
            gathered.push(&made, &mut encoded);
        }
        gathered
    }
}

/// Reads the records of a class from front to back.
pub(super) struct Cursor<'g> {
    gathered: &'g Gathered,
    rest: &'g [u8],
    /// The least record that may come next.
    next: u32,
    is_at_entry: bool,
    entry: Entry,
    /// The bytes from the record's fields on, until its positions are read.
    unread: &'g [u8],
}

impl Cursor<'_> {
    /// Goes on to the next record; false after the last.
    fn advance(&mut self) -> bool {
        self.skim().is_some() && self.read_positions().is_some()
    }

    /// Goes on to the next record and reads it but for its positions.
    fn skim(&mut self) -> Option<()> {
        self.is_at_entry = false;
        let head = varint(&mut self.rest)?;
        let entry = &mut self.entry;
        entry.clear(DocId(self.next + (head >> 1) as u32));
        self.next = entry.doc.0.saturating_add(1);
        entry.forms = if head & 1 == 0 {
            1
        } else {
            varint(&mut self.rest)? as u32
        };
        let mut set = varint(&mut self.rest)?;
        self.unread = self.rest;
        while set != 0 {
            let field = set.trailing_zeros();
            set &= set - 1;
            let packed = varint(&mut self.rest)?;
            let frequency = (packed >> LENGTH_BITS) as u32;
            for _ in 0..frequency {
                let n_more = self.rest.iter().take_while(|byte| **byte >= 0x80).count();
                self.rest = self.rest.get(n_more + 1..)?;
            }
            entry.fields.push(FieldEntry {
                field,
                posting: FieldPosting {
                    frequency,
                    length_code: (packed & ((1 << LENGTH_BITS) - 1)) as u8,
                },
                first: 0,
            });
        }
        self.is_at_entry = true;
        Some(())
    }

    /// Reads the positions of the record that was skimmed.
    fn read_positions(&mut self) -> Option<()> {
        let mut rest = core::mem::take(&mut self.unread);
        let entry = &mut self.entry;
        for field in &mut entry.fields {
            varint(&mut rest)?;
            field.first = entry.positions.len();
            let mut next = 0_u32;
            for _ in 0..field.posting.frequency {
                let position = next.wrapping_add(varint(&mut rest)? as u32);
                entry.positions.push(position);
                next = position.wrapping_add(1);
            }
        }
        Some(())
    }

    /// Goes on to a record or, where it is not there, the first after it; false where there is none.
    /// Never goes back. Cost: the records between, or a search among marks and 16 records.
    fn seek(&mut self, doc: DocId) -> bool {
        if self.is_at_entry && self.entry.doc >= doc {
            return true;
        }
        if doc.0.saturating_sub(self.next) > RECORDS_A_MARK {
            let marks = &self.gathered.marks;
            let after = marks.partition_point(|(least, _)| *least <= doc.0);
            let mark = after.checked_sub(1).and_then(|at| marks.get(at));
            if let Some((next, at)) = mark.filter(|(next, _)| *next > self.next) {
                let rest = self.gathered.bytes.get(*at as usize..);
                self.rest = rest.unwrap_or_default();
                self.next = *next;
            }
        }
        while self.skim().is_some() {
            if self.entry.doc >= doc {
                return true;
            }
        }
        false
    }

    /// The positions in a field of a record that is not before the last one asked for.
    fn positions_in(&mut self, doc: DocId, field: u32) -> &[u32] {
        if !self.seek(doc) || self.entry.doc != doc {
            return &[];
        }
        if !self.unread.is_empty() {
            self.read_positions();
        }
        self.entry.positions_in(field)
    }

    /// Whether it stands in a place. Records are asked for in order.
    pub(super) fn stands_at(&mut self, doc: DocId, field: u32, position: u32) -> bool {
        let positions = self.positions_in(doc, field);
        positions.binary_search(&position).is_ok()
    }

    /// Whether it stands no further than so many words from a place. Records are asked for in order.
    pub(super) fn stands_near(
        &mut self,
        doc: DocId,
        field: u32,
        position: u32,
        reach: u32,
    ) -> bool {
        let positions = self.positions_in(doc, field);
        let first = positions.partition_point(|at| at.saturating_add(reach) < position);
        positions
            .get(first)
            .is_some_and(|at| *at <= position.saturating_add(reach))
    }
}

/// The next varint, which mostly is one byte.
#[inline]
fn varint(rest: &mut &[u8]) -> Option<u64> {
    let (&first, tail) = rest.split_first()?;
    if first < 0x80 {
        *rest = tail;
        return Some(u64::from(first));
    }
    let mut reader = Reader::new(rest);
    let value = reader.u64("a gathered record").ok()?;
    *rest = rest.get(rest.len() - reader.len()..)?;
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place((doc, field, position): (u32, u32, u32)) -> Place {
        Place {
            doc: DocId(doc),
            field,
            position,
            length_code: (doc % 32) as u8,
        }
    }

    proptest! {
        #[test]
        fn what_is_gathered_comes_back_at_any_place(
            places in proptest::collection::btree_set((0_u32..400, 0_u32..3, 0_u32..300), 0..300),
            asked in proptest::collection::btree_set((0_u32..400, 0_u32..3, 0_u32..300), 0..60),
        ) {
            let expected: Vec<Place> = places.iter().copied().map(place).collect();
            let with_form = |form: u32| -> Vec<(Place, u32)> {
                expected.iter().map(|place| (*place, 1 << form)).collect()
            };
            let mut first = with_form(3);
            let second = first.split_off(first.len() / 2);
            let gathered = Gathered::default().with_places(second).with_places(first);
            prop_assert_eq!(gathered.places(), expected.clone());
            let n_docs = expected.chunk_by(|a, b| a.doc == b.doc).count();
            prop_assert_eq!(gathered.n_docs() as usize, n_docs);
            let (mut at, mut near) = (gathered.cursor(), gathered.cursor());
            for (doc, field, position) in asked.into_iter().chain([(399, 0, 0)]) {
                let is_at = places.contains(&(doc, field, position));
                prop_assert_eq!(at.stands_at(DocId(doc), field, position), is_at);
                let mut around = places.iter();
                let is_near = around.any(|p| (p.0, p.1) == (doc, field) && p.2.abs_diff(position) <= 9);
                prop_assert_eq!(near.stands_near(DocId(doc), field, position, 9), is_near);
            }
            let twice = gathered.with_places(with_form(5));
            prop_assert_eq!(twice.places(), expected);
            twice.each(|entry| assert_eq!(entry.forms, 1 << 3 | 1 << 5));
        }
    }
}
