//! Postings: which records hold a term, in which fields, how often, in which of its forms.
//! FORMAT.md, "Postings".
//!
//! All that is written of a record is true of it by itself (frequencies and field lengths), so that
//! a list does not change when other records come or go. Knows bytes and ids only.

use super::bytes::Reader;
#[cfg(any(feature = "build", test))]
use super::bytes::Write;
use crate::error::Corrupt;
use crate::ids::{DocId, TermId};

/// Most forms of a term that are told apart; all further ones share the last bit.
#[cfg(feature = "build")]
pub(crate) const MAX_FORMS: u32 = 32;

/// Field lengths in words that the five bits of a length code stand for: each length up to 8, then
/// steps of 1.4, so that a length is never more than a fifth off.
const LENGTHS: [u32; 32] = [
    1, 2, 3, 4, 5, 6, 7, 8, 11, 15, 21, 29, 41, 57, 80, 112, 157, 220, 308, 431, 604, 845, 1183,
    1656, 2319, 3246, 4545, 6363, 8908, 12_471, 17_460, 24_444,
];

/// Frequencies up to this many stand in the byte of the length code; the rest follows it.
const MAX_PACKED_FREQUENCY: u32 = 7;

/// What is known of a term in one field of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FieldPosting {
    /// How often the term stands in the field; at least 1.
    pub(crate) frequency: u32,
    /// The field's length, coded.
    pub(crate) length_code: u8,
}

impl FieldPosting {
    /// About how many words the field has.
    pub(crate) fn length(self) -> u32 {
        LENGTHS
            .get(usize::from(self.length_code))
            .copied()
            .unwrap_or(1)
    }
}

/// The code of a length in words: the nearest of [`LENGTHS`], the lower one of two as near.
#[cfg(any(feature = "build", test))]
pub(crate) fn length_code(words: u32) -> u8 {
    let above = LENGTHS.partition_point(|length| *length < words);
    let low = LENGTHS.get(above.saturating_sub(1)).copied().unwrap_or(1);
    match LENGTHS.get(above) {
        Some(high) if u64::from(words) * 2 > u64::from(low) + u64::from(*high) => above as u8,
        Some(high) if *high == words => above as u8,
        _ => above.saturating_sub(1) as u8,
    }
}

/// A term in one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Posting {
    pub(crate) doc: DocId,
    /// Bit `n` stands for the form of ordinal `n`. Never 0.
    pub(crate) forms: u32,
    /// Bit `n` stands for the `n`-th searched field. Never 0.
    pub(crate) fields: u64,
    /// Where the record's fields begin in [`PostingList::fields`].
    pub(crate) first_field: u32,
}

/// All records of a term, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PostingList {
    pub(crate) postings: Vec<Posting>,
    /// The fields of each posting in turn, lowest bit first.
    pub(crate) fields: Vec<FieldPosting>,
}

impl PostingList {
    /// What is known of one posting's fields, with the number of each among the searched fields.
    pub(crate) fn fields_of(
        &self,
        posting: &Posting,
    ) -> impl Iterator<Item = (usize, FieldPosting)> + '_ {
        let rest = self
            .fields
            .get(posting.first_field as usize..)
            .unwrap_or_default();
        set_bits(posting.fields).zip(rest.iter().copied())
    }

    /// Reads a list. Fails unless records ascend and lie below `n_docs`.
    pub(crate) fn decode(bytes: &[u8], n_docs: u32) -> Result<PostingList, Corrupt> {
        let mut reader = Reader::new(bytes);
        let header = reader.u64("postings length")?;
        let has_forms = header & 1 != 0;
        let len = usize::try_from(header >> 1)
            .ok()
            .filter(|len| len.saturating_mul(3) <= reader.len())
            .ok_or(Corrupt("postings length"))?;
        let mut list = PostingList {
            postings: Vec::with_capacity(len),
            fields: Vec::with_capacity(len),
        };
        let mut next = 0_u32;
        for gap in reader.u32s(len, "record of a posting")? {
            let doc = next
                .checked_add(gap)
                .filter(|doc| *doc < n_docs)
                .ok_or(Corrupt("record of a posting"))?;
            next = doc + 1;
            list.postings.push(Posting {
                doc: DocId(doc),
                forms: 1,
                fields: 0,
                first_field: 0,
            });
        }
        for posting in &mut list.postings {
            posting.fields = match reader.next_small() {
                Some(fields) => u64::from(fields),
                None => reader.u64("fields of a posting")?,
            };
            posting.first_field = list.fields.len() as u32;
            if posting.fields == 0 {
                return Err(Corrupt("fields of a posting"));
            }
            for _ in 0..posting.fields.count_ones() {
                let byte = reader.next_byte("frequency")?;
                let mut frequency = u32::from(byte & 7) + 1;
                if frequency > MAX_PACKED_FREQUENCY {
                    frequency = reader
                        .u32("frequency")?
                        .checked_add(frequency)
                        .ok_or(Corrupt("frequency"))?;
                }
                list.fields.push(FieldPosting {
                    frequency,
                    length_code: byte >> 3,
                });
            }
        }
        if has_forms {
            let forms = reader.u32s(len, "forms of a posting")?;
            for (posting, forms) in list.postings.iter_mut().zip(forms) {
                posting.forms = forms;
                if forms == 0 {
                    return Err(Corrupt("forms of a posting"));
                }
            }
        }
        reader.end("end of postings")?;
        Ok(list)
    }

    /// Takes the codes of lengths from the table that a small index has in the place of those in
    /// postings. FORMAT.md, "Lengths".
    pub(crate) fn take_lengths(&mut self, table: &[u8], n_docs: u32) {
        self.each_field(|doc, bit, field| {
            let code = table.get(bit * n_docs as usize + doc.index());
            field.length_code = code.copied().unwrap_or(0);
        });
    }

    /// Moves the codes of lengths into the table, so that the list itself tells none.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn give_lengths(&mut self, table: &mut [u8], n_docs: u32) {
        self.each_field(|doc, bit, field| {
            if let Some(code) = table.get_mut(bit * n_docs as usize + doc.index()) {
                *code = core::mem::take(&mut field.length_code);
            }
        });
    }

    /// Calls `visit` with each field of each record, and its number among the searched fields.
    fn each_field(&mut self, mut visit: impl FnMut(DocId, usize, &mut FieldPosting)) {
        let mut fields = self.fields.iter_mut();
        for posting in &self.postings {
            for (bit, field) in set_bits(posting.fields).zip(&mut fields) {
                visit(posting.doc, bit, field);
            }
        }
    }

    /// Writes a list.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let has_forms = self.postings.iter().any(|posting| posting.forms != 1);
        out.put_u64((self.postings.len() as u64) << 1 | u64::from(has_forms));
        let mut next = 0;
        for posting in &self.postings {
            out.put_u32(posting.doc.0 - next);
            next = posting.doc.0 + 1;
        }
        for posting in &self.postings {
            out.put_u64(posting.fields);
            for (_, field) in self.fields_of(posting) {
                let packed = field.frequency.clamp(1, MAX_PACKED_FREQUENCY + 1) - 1;
                out.push(field.length_code << 3 | packed as u8);
                if packed == MAX_PACKED_FREQUENCY {
                    out.put_u32(field.frequency - MAX_PACKED_FREQUENCY - 1);
                }
            }
        }
        if has_forms {
            for posting in &self.postings {
                out.put_u32(posting.forms);
            }
        }
        out
    }
}

/// The numbers of the bits that are set, lowest first.
pub(crate) fn set_bits(set: u64) -> impl Iterator<Item = usize> {
    let mut rest = set;
    core::iter::from_fn(move || {
        let bit = rest.trailing_zeros();
        rest &= rest.wrapping_sub(1);
        (bit < u64::BITS).then_some(bit as usize)
    })
}

/// The bytes of one term in a block of lists (postings or positions alike), or `None` where the
/// block does not have it.
pub(crate) fn find_in_block(block: &[u8], term: TermId) -> Result<Option<&[u8]>, Corrupt> {
    let mut found = None;
    each_in_block(block, |id, bytes| {
        if id == term {
            found = Some(bytes);
        }
    })?;
    Ok(found)
}

/// Calls `visit` with each term of a block of lists and its bytes.
pub(crate) fn each_in_block<'a>(
    block: &'a [u8],
    mut visit: impl FnMut(TermId, &'a [u8]),
) -> Result<(), Corrupt> {
    let mut reader = Reader::new(block);
    let n_terms = reader.count(2, "number of lists")?;
    let directory_len = reader.count(1, "length of the directory")?;
    let mut directory = Reader::new(reader.bytes(directory_len, "directory of lists")?);
    let mut next = 0_u32;
    for _ in 0..n_terms {
        let term = next
            .checked_add(directory.u32("term of a list")?)
            .ok_or(Corrupt("term of a list"))?;
        next = term.checked_add(1).ok_or(Corrupt("term of a list"))?;
        let len = directory.u32("length of a list")? as usize;
        visit(TermId(term), reader.bytes(len, "list")?);
    }
    directory.end("end of the directory")?;
    reader.end("end of the lists")
}

/// Writes a block of lists, given in order of terms.
#[cfg(any(feature = "build", test))]
pub(crate) fn encode_block(lists: &[(TermId, &[u8])]) -> Vec<u8> {
    let mut directory = Vec::new();
    let mut next = 0;
    for (term, bytes) in lists {
        directory.put_u32(term.0 - next);
        directory.put_len(bytes.len());
        next = term.0 + 1;
    }
    let mut out = Vec::new();
    out.put_len(lists.len());
    out.put_len(directory.len());
    out.extend_from_slice(&directory);
    for (_, bytes) in lists {
        out.extend_from_slice(bytes);
    }
    out
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any list of at most 30 records below 1,000.
    pub(crate) fn any_list() -> impl Strategy<Value = PostingList> {
        let fields = proptest::collection::btree_map(0_u32..12, (1_u32..40, 0_u8..32), 1..4);
        let posting = (1_u32..9, fields);
        proptest::collection::btree_map(0_u32..1000, posting, 0..30).prop_map(|docs| {
            let mut list = PostingList::default();
            for (doc, (forms, fields)) in docs {
                let set = fields.keys().fold(0, |set, bit| set | 1 << bit);
                let first_field = list.fields.len() as u32;
                list.postings.push(Posting {
                    doc: DocId(doc),
                    forms,
                    fields: set,
                    first_field,
                });
                list.fields.extend(
                    fields
                        .values()
                        .map(|(frequency, length_code)| FieldPosting {
                            frequency: *frequency,
                            length_code: *length_code,
                        }),
                );
            }
            list
        })
    }

    proptest! {
        #[test]
        fn lists_come_back(list in any_list()) {
            prop_assert_eq!(PostingList::decode(&list.encode(), 1000), Ok(list));
        }

        #[test]
        fn lengths_come_back_from_the_table(list in any_list()) {
            let (mut bare, mut table) = (list.clone(), vec![0; 12 * 1000]);
            bare.give_lengths(&mut table, 1000);
            prop_assert!(bare.fields.iter().all(|field| field.length_code == 0));
            bare.take_lengths(&table, 1000);
            prop_assert_eq!(bare, list);
        }

        #[test]
        fn blocks_come_back(lists in proptest::collection::btree_map(0_u32..500, any::<Vec<u8>>(), 0..20)) {
            let given: Vec<(TermId, &[u8])> =
                lists.iter().map(|(term, bytes)| (TermId(*term), bytes.as_slice())).collect();
            let block = encode_block(&given);
            for term in 0..500 {
                let expected = lists.get(&term).map(Vec::as_slice);
                prop_assert_eq!(find_in_block(&block, TermId(term)), Ok(expected));
            }
        }

        #[test]
        fn no_bytes_make_the_readers_panic(bytes: Vec<u8>) {
            let _any_answer = PostingList::decode(&bytes, 1000);
            let _any_answer = find_in_block(&bytes, TermId(1));
        }
    }

    #[test]
    fn a_record_beyond_the_last_is_refused() {
        let postings = vec![Posting {
            doc: DocId(9),
            forms: 1,
            fields: 1,
            first_field: 0,
        }];
        let fields = vec![FieldPosting {
            frequency: 1,
            length_code: 0,
        }];
        let bytes = PostingList { postings, fields }.encode();
        assert!(PostingList::decode(&bytes, 10).is_ok());
        let error = Corrupt("record of a posting");
        assert_eq!(PostingList::decode(&bytes, 9), Err(error));
    }

    #[test]
    fn lengths_are_never_more_than_a_fifth_off() {
        for words in 1..24_444 {
            let field = FieldPosting {
                frequency: 1,
                length_code: length_code(words),
            };
            let off = (f64::from(field.length()) - f64::from(words)).abs() / f64::from(words);
            assert!(off <= 0.2, "{words} words are taken for {}", field.length());
        }
        assert_eq!(length_code(0), 0);
        assert_eq!(length_code(u32::MAX), 31);
    }
}
