//! Cards: copies of the stored records that a word alone would show first. FORMAT.md, "Cards".
//!
//! They lie beside the word's postings, so that a page fetches few blocks of stored records or none.
//! A card says nothing that the stored record does not: with or without it, an answer is the same.
//! Knows bytes and ids only.

use super::bytes::Reader;
#[cfg(any(feature = "build", test))]
use super::bytes::Write;
use crate::error::Corrupt;
use crate::ids::DocId;

/// The bytes of one record, or `None` where the block has no card of it.
pub(crate) fn find_in_block(block: &[u8], doc: DocId) -> Result<Option<&[u8]>, Corrupt> {
    let mut found = None;
    each_in_block(block, |id, bytes| {
        if id == doc {
            found = Some(bytes);
        }
    })?;
    Ok(found)
}

/// Calls `visit` with each record of a block and its bytes.
pub(crate) fn each_in_block<'a>(
    block: &'a [u8],
    mut visit: impl FnMut(DocId, &'a [u8]),
) -> Result<(), Corrupt> {
    let mut reader = Reader::new(block);
    let n_cards = reader.count(2, "number of cards")?;
    let mut next = 0_u32;
    for _ in 0..n_cards {
        let doc = next
            .checked_add(reader.u32("record of a card")?)
            .ok_or(Corrupt("record of a card"))?;
        next = doc.checked_add(1).ok_or(Corrupt("record of a card"))?;
        let len = reader.count(1, "length of a card")?;
        visit(DocId(doc), reader.bytes(len, "card")?);
    }
    reader.end("end of the cards")
}

/// Writes a block of encoded records, given in order.
#[cfg(any(feature = "build", test))]
pub(crate) fn encode_block<'a>(cards: impl ExactSizeIterator<Item = (DocId, &'a [u8])>) -> Vec<u8> {
    let mut out = Vec::new();
    out.put_len(cards.len());
    let mut next = 0;
    for (doc, bytes) in cards {
        out.put_u32(doc.0 - next);
        next = doc.0 + 1;
        out.put_len(bytes.len());
        out.extend_from_slice(bytes);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn cards_come_back(cards in proptest::collection::btree_map(0_u32..300, any::<Vec<u8>>(), 0..20)) {
            let given: Vec<(DocId, &[u8])> =
                cards.iter().map(|(doc, bytes)| (DocId(*doc), bytes.as_slice())).collect();
            let block = encode_block(given.into_iter());
            for doc in 0..300 {
                let expected = cards.get(&doc).map(Vec::as_slice);
                prop_assert_eq!(find_in_block(&block, DocId(doc)), Ok(expected));
            }
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _any_answer = find_in_block(&bytes, DocId(1));
        }
    }
}
