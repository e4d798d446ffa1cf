//! Suggestions: what may be shown while a reader types. FORMAT.md, "Suggestions".
//!
//! An entry is a text and the word of it by which it is found. Entries lie in order of the first
//! bytes of their key, which is the text's folded words from that word on; the key itself is not
//! written, as a reader reads the words of the text anyway.
//! Knows bytes and ids only.

use serde::Serialize;

use super::bytes::Reader;
#[cfg(any(feature = "build", test))]
use super::bytes::Write;
use crate::error::Corrupt;
use crate::ids::FieldId;

/// First bytes of a key by which its block is found: as many as a manifest's number of a block holds.
pub(crate) const PLACE_BYTES: usize = 4;

/// Most suggestions that are given: more than ten are not read while typing. Beginnings of one to
/// three bytes that many texts share have this many of their best written out.
pub const MAX_SUGGESTIONS: usize = 10;

const URL: u8 = 1 << 2;
const ID: u8 = 1 << 3;

/// What a suggestion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SuggestionKind {
    /// The title of a record.
    Title,
    /// A value of a text field to filter by, such as an organisation or a topic.
    Value,
    /// The heading of a section.
    Heading,
    /// A word.
    Word,
}

/// A text, found by one of its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    pub(crate) kind: SuggestionKind,
    /// Larger comes first.
    pub(crate) weight: u8,
    /// The number of the word, from 0.
    pub(crate) start: u32,
    pub(crate) n_records: u32,
    /// The field of a value; 0 otherwise.
    pub(crate) field: FieldId,
    pub(crate) text: &'a str,
    pub(crate) url: Option<&'a str>,
    pub(crate) id: Option<&'a str>,
}

/// The place of a key's first bytes; `fill` stands for those that it does not have: 0 for the first
/// place of all keys that begin so, 255 for the last.
pub(crate) fn place(key: &str, fill: u8) -> u32 {
    let bytes = key.bytes().chain(core::iter::repeat(fill));
    bytes
        .take(PLACE_BYTES)
        .fold(0, |place, byte| (place << 8) | u32::from(byte))
}

/// Reads all entries of a block.
pub(crate) fn scan<'a>(block: &'a [u8], each: &mut dyn FnMut(Entry<'a>)) -> Result<(), Corrupt> {
    let mut reader = Reader::new(block);
    let n_entries = reader.count(5, "number of suggestions")?;
    for _ in 0..n_entries {
        let head = reader.u8("kind of a suggestion")?;
        let kind = match head & 3 {
            0 => SuggestionKind::Title,
            1 => SuggestionKind::Value,
            2 => SuggestionKind::Heading,
            _ => SuggestionKind::Word,
        };
        let weight = reader.u8("weight of a suggestion")?;
        let start = reader.u32("word of a suggestion")?;
        let n_records = reader.u32("records of a suggestion")?;
        let field = FieldId(match kind {
            SuggestionKind::Value => reader.u32("field of a suggestion")?,
            _ => 0,
        });
        let text = reader.str("suggestion")?;
        let mut optional = |bit| match head & bit {
            0 => Ok(None),
            _ => reader.str("link of a suggestion").map(Some),
        };
        let (url, id) = (optional(URL)?, optional(ID)?);
        each(Entry {
            kind,
            weight,
            start,
            n_records,
            field,
            text,
            url,
            id,
        });
    }
    reader.end("end of suggestions")
}

/// Writes one entry.
#[cfg(any(feature = "build", test))]
pub(crate) fn encode_entry(entry: &Entry<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut head = entry.kind as u8;
    head |= if entry.url.is_some() { URL } else { 0 };
    head |= if entry.id.is_some() { ID } else { 0 };
    out.push(head);
    out.push(entry.weight);
    out.put_u32(entry.start);
    out.put_u32(entry.n_records);
    if entry.kind == SuggestionKind::Value {
        out.put_u32(entry.field.0);
    }
    out.put_str(entry.text);
    for text in [entry.url, entry.id].into_iter().flatten() {
        out.put_str(text);
    }
    out
}

/// Writes a block of encoded entries.
#[cfg(any(feature = "build", test))]
pub(crate) fn encode_block(entries: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    out.put_len(entries.len());
    entries
        .iter()
        .for_each(|entry| out.extend_from_slice(entry));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Row = (u8, u8, u32, u32, String, Option<String>, Option<String>);

    fn entry(row: &Row) -> Entry<'_> {
        let (kind, weight, start, n_records, text, url, id) = row;
        let kind = match kind {
            0 => SuggestionKind::Title,
            1 => SuggestionKind::Value,
            2 => SuggestionKind::Heading,
            _ => SuggestionKind::Word,
        };
        Entry {
            kind,
            weight: *weight,
            start: *start,
            n_records: *n_records,
            field: FieldId(if kind == SuggestionKind::Value { 7 } else { 0 }),
            text,
            url: url.as_deref(),
            id: id.as_deref(),
        }
    }

    proptest! {
        #[test]
        fn entries_come_back(
            rows in proptest::collection::vec(
                (0_u8..4, any::<u8>(), any::<u32>(), any::<u32>(), any::<String>(),
                 any::<Option<String>>(), any::<Option<String>>()),
                0..8,
            ),
        ) {
            let encoded: Vec<Vec<u8>> = rows.iter().map(|row| encode_entry(&entry(row))).collect();
            let slices: Vec<&[u8]> = encoded.iter().map(Vec::as_slice).collect();
            let block = encode_block(&slices);
            let mut found = Vec::new();
            scan(&block, &mut |entry| found.push(entry)).unwrap();
            prop_assert_eq!(found, rows.iter().map(entry).collect::<Vec<_>>());
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _any_answer = scan(&bytes, &mut |_| ());
        }

        #[test]
        fn places_are_in_order_of_keys(a: String, b: String) {
            if a <= b {
                prop_assert!(place(&a, 0) <= place(&b, 0));
            }
            if b.starts_with(&a) {
                prop_assert!(place(&a, 0) <= place(&b, 0) && place(&b, 0) <= place(&a, 255));
            }
        }
    }
}
