//! Which words stand side by side anywhere, so that two that never do need not be looked for; and which
//! do so in one compound only.
//!
//! A bit for each pair, found by its hash: it never says no of two that stand together, and seldom yes
//! of two that do not. Knows numbers of classes; nothing of it is published.

use crate::build::prepare::Occurrence;
use crate::table::Table;

/// Bits of the table of pairs: 8 MB. Of 60,000 package descriptions 1 of 50 pairs that never stand
/// together has its bit, of 1,000,000 short records 1 of 8.
const PAIR_BITS: u32 = 26;

/// Bits of the table of pairs that are tied: half a megabyte, which stays near the processor.
const TIED_BITS: u32 = 22;

/// The class that a pair is tied to which is tied to none.
const NONE: u32 = u32::MAX;

/// Pairs of classes that stand side by side.
#[derive(Default)]
pub(super) struct Beside {
    pairs: Bits,
    /// Pairs that were first seen where a compound begins with them, and may be among `tied`.
    may_be_tied: Bits,
    /// Such pairs by their hash.
    table: Table,
    /// Such pairs, each with the class of the compound while they stand nowhere else.
    tied: Vec<(u32, u32, u32)>,
    /// The classes of the place before and of this one, kept for their memory.
    before: Vec<u32>,
    here: Vec<u32>,
}

impl Beside {
    /// Takes in the words of a record as they follow one another; `class_of` tells that of a word.
    pub(super) fn add(&mut self, occurrences: &[Occurrence], class_of: impl Fn(u32) -> u32) {
        let is_one =
            |a: &Occurrence, b: &Occurrence| (a.field, a.position) == (b.field, b.position);
        let (mut before, mut here) = (
            core::mem::take(&mut self.before),
            core::mem::take(&mut self.here),
        );
        let mut next = None;
        for of_place in occurrences.chunk_by(is_one) {
            let Some(first) = of_place.first() else {
                continue;
            };
            core::mem::swap(&mut before, &mut here);
            here.clear();
            here.extend(of_place.iter().map(|each| class_of(each.word)));
            if next == Some((first.field, first.position)) {
                // The word of a place comes before the compounds that begin with it.
                for (nth, earlier) in before.iter().enumerate() {
                    for (mth, later) in here.iter().enumerate() {
                        let compound = before.get(1).filter(|_| nth == 0 && mth == 0);
                        self.see(*earlier, *later, compound.copied().unwrap_or(NONE));
                    }
                }
            }
            next = Some((first.field, first.position.saturating_add(1)));
        }
        (self.before, self.here) = (before, here);
    }

    /// Sees a pair in a place where a compound begins, or none.
    fn see(&mut self, first: u32, second: u32, compound: u32) {
        let hash = hash_of(first, second);
        if !self.pairs.set(hash, PAIR_BITS) {
            if compound != NONE {
                self.may_be_tied.set(hash, TIED_BITS);
                self.table.insert(hash as u32, self.tied.len() as u32);
                self.tied.push((first, second, compound));
            }
        } else if self.may_be_tied.has(hash, TIED_BITS)
            && let Some(at) = self.find(hash, first, second)
            && let Some((.., known)) = self.tied.get_mut(at as usize)
            && *known != compound
        {
            *known = NONE;
        }
    }

    fn find(&self, hash: u64, first: u32, second: u32) -> Option<u32> {
        let is_it = |at: u32| {
            let known = self.tied.get(at as usize);
            known.is_some_and(|(a, b, _)| (*a, *b) == (first, second))
        };
        self.table.find(hash as u32, is_it)
    }

    /// Whether the second class may stand right after the first.
    pub(super) fn may_follow(&self, first: u32, second: u32) -> bool {
        self.pairs.has(hash_of(first, second), PAIR_BITS)
    }

    /// Whether the second class stands right after the first only where a compound stands as well.
    pub(super) fn follows_only_in(&self, first: u32, second: u32, compound: u32) -> bool {
        let found = self.find(hash_of(first, second), first, second);
        let tied = found.and_then(|at| self.tied.get(at as usize));
        tied.is_some_and(|(.., known)| *known == compound && compound != NONE)
    }
}

/// Bits by hash.
#[derive(Default)]
struct Bits {
    /// Empty until the first is set.
    words: Vec<u64>,
}

impl Bits {
    /// Sets the bit of a hash, of which so many bits count; whether it was set before.
    fn set(&mut self, hash: u64, n_bits: u32) -> bool {
        if self.words.is_empty() {
            self.words = vec![0; 1 << (n_bits - 6)];
        }
        let at = hash >> (64 - n_bits);
        let bit = 1 << (at & 63);
        let word = self.words.get_mut((at >> 6) as usize);
        word.is_some_and(|word| {
            let was_set = *word & bit != 0;
            *word |= bit;
            was_set
        })
    }

    fn has(&self, hash: u64, n_bits: u32) -> bool {
        let at = hash >> (64 - n_bits);
        let word = self.words.get((at >> 6) as usize);
        word.is_some_and(|word| *word & 1 << (at & 63) != 0)
    }
}

/// The hash of a pair, whose highest bits are the best (D. E. Knuth, "The Art of Computer
/// Programming", volume 3, 6.4).
fn hash_of(first: u32, second: u32) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let pair = u64::from(first) << 32 | u64::from(second);
    let product = pair.wrapping_mul(FACTOR);
    // Tables take the lowest bits.
    product ^ product >> 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn two_that_stand_side_by_side_are_never_denied(
            places in proptest::collection::vec((0_u32..2, 0_u32..40, 0_u32..5, 0_u32..9), 0..60),
        ) {
            // At each place a word of 0 to 4, and mostly no compound of 5 to 8.
            let mut places = places;
            places.sort_unstable();
            places.dedup_by_key(|(field, position, ..)| (*field, *position));
            let occurrences = places.iter().flat_map(|(field, position, word, compound)| {
                let words = [*word, *compound];
                let n_words = if *compound > 4 { 2 } else { 1 };
                words.into_iter().take(n_words).map(|word| Occurrence {
                    word,
                    field: *field,
                    position: *position,
                })
            });
            let mut beside = Beside::default();
            beside.add(&occurrences.collect::<Vec<_>>(), |word| word);
            for (first, second) in (0..9).flat_map(|first| (0..9).map(move |second| (first, second))) {
                let stands = |wanted: u32, (_, _, word, compound): &(u32, u32, u32, u32)| {
                    wanted == *word || wanted > 4 && wanted == *compound
                };
                let found = places.iter().filter(|at| {
                    let after = places.iter().find(|p| (p.0, p.1) == (at.0, at.1 + 1));
                    stands(first, at) && after.is_some_and(|after| stands(second, after))
                });
                let found: Vec<_> = found.collect();
                // So few pairs have no bit in common.
                prop_assert_eq!(beside.may_follow(first, second), !found.is_empty());
                for compound in 5..9 {
                    let is_tied = beside.follows_only_in(first, second, compound);
                    prop_assert!(!is_tied || found.iter().all(|at| at.3 == compound));
                    let is_plain = first < 5 && second < 5 && !found.is_empty();
                    let expected = is_plain && found.iter().all(|at| at.3 == compound);
                    prop_assert_eq!(is_tied, expected);
                }
            }
        }
    }
}
