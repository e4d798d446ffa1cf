//! Positions: where in a field a term stands, for phrases. FORMAT.md, "Positions".
//!
//! Kept apart from postings, whose order and frequencies they follow, as they are three to four
//! times as large and few queries need them. Knows bytes and the shape of postings.

use super::bytes::Reader;
#[cfg(any(feature = "build", test))]
use super::bytes::Write;
use super::postings::PostingList;
use crate::error::Corrupt;

/// Words left out between two values of a field, so that no phrase reaches from one to the next.
#[cfg(feature = "build")]
pub(crate) const VALUE_GAP: u32 = 16;

/// Positions of a term, for all fields of all records in turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Positions {
    /// Word numbers within the field, ascending, from 0.
    words: Vec<u32>,
    /// For each field posting, where its words end.
    ends: Vec<u32>,
}

impl Positions {
    /// The word numbers of the `at`-th field posting.
    pub(crate) fn of(&self, at: usize) -> &[u32] {
        let start = match at.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.words
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// Adds the word numbers of one more field posting.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn push(&mut self, words: &[u32]) {
        self.words.extend_from_slice(words);
        self.ends.push(self.words.len() as u32);
    }

    /// Reads the positions that belong to a posting list.
    pub(crate) fn decode(bytes: &[u8], list: &PostingList) -> Result<Positions, Corrupt> {
        let mut reader = Reader::new(bytes);
        let mut positions = Positions {
            words: reader.all_u32s("position")?,
            ends: Vec::with_capacity(list.fields.len()),
        };
        reader.end("end of positions")?;
        let mut words = positions.words.iter_mut();
        let mut end = 0_u32;
        for field in &list.fields {
            end = end
                .checked_add(field.frequency)
                .ok_or(Corrupt("positions length"))?;
            positions.ends.push(end);
            let mut next = 0_u32;
            // What is told of each word is how many others lie before it.
            for _ in 0..field.frequency {
                let word = words.next().ok_or(Corrupt("positions length"))?;
                *word = next
                    .checked_add(*word)
                    .filter(|word| *word < u32::MAX)
                    .ok_or(Corrupt("position"))?;
                next = *word + 1;
            }
        }
        if words.next().is_some() {
            return Err(Corrupt("end of positions"));
        }
        Ok(positions)
    }

    /// Writes the positions.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for at in 0..self.ends.len() {
            let mut next = 0;
            for word in self.of(at) {
                out.put_u32(*word - next);
                next = *word + 1;
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::postings::tests::any_list;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn positions_come_back(list in any_list(), step in 1_u32..300) {
            let mut positions = Positions::default();
            for field in &list.fields {
                let words: Vec<u32> = (0..field.frequency).map(|n| n * step).collect();
                positions.push(&words);
            }
            prop_assert_eq!(Positions::decode(&positions.encode(), &list), Ok(positions));
        }

        #[test]
        fn no_bytes_make_the_reader_panic(list in any_list(), bytes: Vec<u8>) {
            let _any_answer = Positions::decode(&bytes, &list);
        }
    }
}
