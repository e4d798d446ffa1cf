//! Related records: from a record's id to its number and those most like it. FORMAT.md, "Related
//! records".
//!
//! Entries lie in order of a hash of the id. Two ids may share a hash, so that who finds an entry has
//! to compare the id with the stored record's. Knows bytes and ids only.

#[cfg(any(feature = "build", test))]
use super::bytes::Write;
use super::bytes::{Reader, checksum};
use crate::error::Corrupt;
use crate::ids::DocId;

/// What is known of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) hash: u32,
    pub(crate) doc: DocId,
    /// The records most like it, best first.
    pub(crate) neighbours: Vec<DocId>,
}

/// The upper half of an id's XXH64: as much as a manifest's number of a block holds. Of 60,000 ids,
/// some two share theirs with another.
pub(crate) fn hash(id: &str) -> u32 {
    (checksum(id.as_bytes()) >> 32) as u32
}

/// Reads a block of entries and gives those of a hash; fails where a number is not below `n_docs`.
pub(crate) fn find_in_block(
    block: &[u8],
    hash: Option<u32>,
    n_docs: u32,
) -> Result<Vec<Entry>, Corrupt> {
    let mut reader = Reader::new(block);
    let n_entries = reader.count(3, "number of related records")?;
    let doc_from = |from: i64, reader: &mut Reader<'_>| {
        let doc = from.checked_add(reader.i64("related record")?);
        let doc = doc.and_then(|doc| u32::try_from(doc).ok());
        doc.filter(|doc| *doc < n_docs)
            .ok_or(Corrupt("related record"))
    };
    let mut found = Vec::new();
    let mut own_hash = 0_u32;
    for _ in 0..n_entries {
        let step = reader.u32("hash of an id")?;
        own_hash = own_hash.checked_add(step).ok_or(Corrupt("hash of an id"))?;
        let doc = doc_from(0, &mut reader)?;
        let n_neighbours = reader.count(1, "number of neighbours")?;
        let mut neighbours = Vec::with_capacity(n_neighbours);
        for _ in 0..n_neighbours {
            neighbours.push(DocId(doc_from(i64::from(doc), &mut reader)?));
        }
        if hash.is_none_or(|hash| hash == own_hash) {
            found.push(Entry {
                hash: own_hash,
                doc: DocId(doc),
                neighbours,
            });
        }
    }
    reader.end("end of related records")?;
    Ok(found)
}

/// Writes entries, which are in order of their hashes.
#[cfg(any(feature = "build", test))]
pub(crate) fn encode_block(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::new();
    out.put_len(entries.len());
    let mut before = 0;
    for entry in entries {
        out.put_u32(entry.hash - before);
        before = entry.hash;
        let doc = i64::from(entry.doc.0);
        out.put_i64(doc);
        out.put_len(entry.neighbours.len());
        for neighbour in &entry.neighbours {
            out.put_i64(i64::from(neighbour.0) - doc);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn entries_come_back(
            rows in proptest::collection::vec(
                (0_u32..9, 0_u32..100, proptest::collection::vec(0_u32..100, 0..7)),
                0..12,
            ),
        ) {
            let mut entries: Vec<Entry> = rows
                .iter()
                .map(|(hash, doc, neighbours)| Entry {
                    hash: hash * 0x1234_5678,
                    doc: DocId(*doc),
                    neighbours: neighbours.iter().copied().map(DocId).collect(),
                })
                .collect();
            entries.sort_by_key(|entry| entry.hash);
            let block = encode_block(&entries);
            prop_assert_eq!(find_in_block(&block, None, 100), Ok(entries.clone()));
            for hash in 0..9 {
                let hash = hash * 0x1234_5678;
                let of_hash: Vec<Entry> =
                    entries.iter().filter(|entry| entry.hash == hash).cloned().collect();
                prop_assert_eq!(find_in_block(&block, Some(hash), 100), Ok(of_hash));
            }
            let is_refused = find_in_block(&block, None, 1).is_err();
            let is_beyond = entries
                .iter()
                .any(|entry| entry.doc.0 > 0 || entry.neighbours.iter().any(|doc| doc.0 > 0));
            prop_assert_eq!(is_refused, is_beyond);
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>, hash: u32) {
            let _any_answer = find_in_block(&bytes, Some(hash), 50);
        }
    }
}
