//! The common words of a large index, as a filter in the manifest. FORMAT.md, "Common words".
//!
//! A word of the query that the index does not hold needs blocks beside its own, for other forms and
//! for slips. To fetch those in the first round costs bytes, to wait until the word is known to be
//! missing costs a round. Most words that people type are among the commonest few thousand of an
//! index; this filter knows those, so that only the rest is fetched for ahead.
//! B. H. Bloom, "Space/time trade-offs in hash coding with allowable errors", CACM 13(7), 1970.
//! Knows bytes only.

use super::bytes::checksum;

/// Bits that one word sets: with ten bits a word, one word in a hundred is taken for common wrongly.
const BITS_SET: u64 = 4;

/// Largest filter in bytes; 3,300 words at ten bits each.
#[cfg(any(feature = "build", test))]
const MAX_BYTES: usize = 4 << 10;

/// Bits for each word where the filter is not at its largest.
#[cfg(any(feature = "build", test))]
const BITS_EACH: usize = 10;

/// A set of words that may also answer yes for others. An empty one has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CommonWords {
    /// A power of two in length, or empty.
    bytes: Vec<u8>,
}

impl CommonWords {
    /// A filter over as many of these keys as it has room for, the commonest first.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn new<'k>(keys: impl ExactSizeIterator<Item = &'k str>) -> CommonWords {
        let wanted = (keys.len() * BITS_EACH).div_ceil(8).next_power_of_two();
        let mut filter = CommonWords {
            bytes: vec![0; wanted.min(MAX_BYTES)],
        };
        let room = filter.bytes.len() * 8 / BITS_EACH;
        for key in keys.take(room) {
            for bit in filter.bits(key) {
                if let Some(byte) = filter.bytes.get_mut(bit / 8) {
                    *byte |= 1 << (bit % 8);
                }
            }
        }
        filter
    }

    /// A filter of bytes as written, or `None` where their number is no power of two.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<CommonWords> {
        let is_right = bytes.is_empty() || bytes.len().is_power_of_two();
        is_right.then(|| CommonWords {
            bytes: bytes.to_vec(),
        })
    }

    /// The filter as it is written.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether a word is common; about one in a hundred is said to be that is not.
    pub(crate) fn may_hold(&self, key: &str) -> bool {
        !self.bytes.is_empty()
            && self.bits(key).all(|bit| {
                self.bytes
                    .get(bit / 8)
                    .is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
            })
    }

    /// The bits that a word sets: two halves of one hash stand for any number of hashes.
    /// A. Kirsch, M. Mitzenmacher, "Less hashing, same performance", ESA 2006.
    fn bits(&self, key: &str) -> impl Iterator<Item = usize> + use<> {
        let hash = checksum(key.as_bytes());
        let (first, second) = (hash & 0xFFFF_FFFF, hash >> 32);
        let mask = (self.bytes.len() as u64 * 8).wrapping_sub(1);
        (0..BITS_SET).map(move |nth| (first.wrapping_add(nth.wrapping_mul(second)) & mask) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_known_and_few_others_are_taken_for_them() {
        let words: Vec<String> = (0..3_000).map(|n| format!("word{n}")).collect();
        let filter = CommonWords::new(words.iter().map(String::as_str));
        assert!(words.iter().all(|word| filter.may_hold(word)));
        let n_wrong = (0..10_000)
            .filter(|n| filter.may_hold(&format!("other{n}")))
            .count();
        assert!(
            n_wrong < 300,
            "{n_wrong} of 10,000 words are taken for common"
        );
        assert_eq!(CommonWords::from_bytes(filter.as_bytes()), Some(filter));
        assert_eq!(CommonWords::from_bytes(&[0; 3]), None);
        assert!(!CommonWords::default().may_hold("word1"));
    }

    #[test]
    fn a_filter_does_not_grow_without_end() {
        let words: Vec<String> = (0..100_000).map(|n| format!("word{n}")).collect();
        let filter = CommonWords::new(words.iter().map(String::as_str));
        assert_eq!(filter.as_bytes().len(), MAX_BYTES);
        assert!(filter.may_hold("word0"));
    }
}
