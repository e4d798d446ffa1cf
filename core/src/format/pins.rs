//! Pins: records that an editor put first for a query. FORMAT.md, "Pins".
//!
//! Knows bytes and ids only.

use super::bytes::Reader;
#[cfg(any(feature = "build", test))]
use super::bytes::Write;
use crate::error::Corrupt;
use crate::ids::{DocId, TermId};

/// A pattern of words, and the records that come first for a query of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PinnedQuery {
    /// Each word's class, or the folded word itself where no record holds it.
    pub(crate) words: Vec<PinnedWord>,
    /// Whether a query may have further words.
    pub(crate) is_open: bool,
    /// First to last.
    pub(crate) docs: Vec<DocId>,
}

/// A word of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PinnedWord {
    /// Any word of this class.
    Term(TermId),
    /// A word that stands in no record.
    Key(String),
}

/// Reads all pins.
pub(crate) fn decode(bytes: &[u8], n_docs: u32) -> Result<Vec<PinnedQuery>, Corrupt> {
    let mut reader = Reader::new(bytes);
    let n_pins = reader.count(2, "number of pins")?;
    let mut pins = Vec::with_capacity(n_pins);
    for _ in 0..n_pins {
        let header = reader.count(0, "words of a pin")?;
        let mut pin = PinnedQuery {
            words: Vec::new(),
            is_open: header & 1 != 0,
            docs: Vec::new(),
        };
        for _ in 0..header >> 1 {
            let term = reader.u32("word of a pin")?;
            pin.words.push(match term.checked_sub(1) {
                Some(term) => PinnedWord::Term(TermId(term)),
                None => PinnedWord::Key(reader.str("word of a pin")?.to_owned()),
            });
        }
        let n_pinned = reader.count(1, "records of a pin")?;
        for _ in 0..n_pinned {
            let doc = DocId(reader.u32("record of a pin")?);
            if doc.0 >= n_docs {
                return Err(Corrupt("record of a pin"));
            }
            pin.docs.push(doc);
        }
        pins.push(pin);
    }
    reader.end("end of the pins")?;
    Ok(pins)
}

/// Writes all pins.
#[cfg(any(feature = "build", test))]
pub(crate) fn encode(pins: &[PinnedQuery]) -> Vec<u8> {
    let mut out = Vec::new();
    out.put_len(pins.len());
    for pin in pins {
        out.put_len(pin.words.len() << 1 | usize::from(pin.is_open));
        for word in &pin.words {
            match word {
                PinnedWord::Term(term) => out.put_u64(u64::from(term.0) + 1),
                PinnedWord::Key(key) => {
                    out.put_u32(0);
                    out.put_str(key);
                }
            }
        }
        out.put_len(pin.docs.len());
        for doc in &pin.docs {
            out.put_u32(doc.0);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_pin() -> impl Strategy<Value = PinnedQuery> {
        let word = prop_oneof![
            (0_u32..999).prop_map(|term| PinnedWord::Term(TermId(term))),
            any::<String>().prop_map(PinnedWord::Key),
        ];
        let docs = proptest::collection::vec((0_u32..50).prop_map(DocId), 0..4);
        (proptest::collection::vec(word, 0..4), any::<bool>(), docs).prop_map(
            |(words, is_open, docs)| PinnedQuery {
                words,
                is_open,
                docs,
            },
        )
    }

    proptest! {
        #[test]
        fn pins_come_back(pins in proptest::collection::vec(any_pin(), 0..5)) {
            prop_assert_eq!(decode(&encode(&pins), 50), Ok(pins));
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _any_answer = decode(&bytes, 50);
        }
    }
}
