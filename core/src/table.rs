//! Finding texts by their hash: numbers for texts, in the order in which they are first seen.
//!
//! Only look-ups go by hash and nothing walks a table, so no order of a hash ever leaks. Knows bytes
//! and nothing of what they mean; the publisher's half only.

use crate::texts::Texts;

/// What an empty slot holds; numbers are kept with one added.
const EMPTY: u32 = 0;

/// Fewest slots of a table that holds anything.
const MIN_SLOTS: usize = 16;

/// The hash of a text: multiply and mix, eight bytes at a time. Equal everywhere, and good for
/// nothing but tables: who knows it can make words that collide, which costs the publisher time.
pub(crate) fn hash(bytes: &[u8]) -> u32 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |hash: u64, word: u64| {
        let product = (hash ^ word).wrapping_mul(FACTOR);
        product ^ product >> 29
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words.iter().fold(bytes.len() as u64, |hash, word| {
        mix(hash, u64::from_le_bytes(*word))
    });
    let last = rest
        .iter()
        .fold(0, |word, byte| word << 8 | u64::from(*byte));
    (mix(mix(hash, last), 0) >> 32) as u32
}

/// Numbers by hash. What a number stands for, the caller knows, and compares.
#[derive(Default)]
pub(crate) struct Table {
    /// The hash and the number plus one. A power of two of them, or none.
    slots: Vec<(u32, u32)>,
    n_held: usize,
}

impl Table {
    /// The number with this hash that is meant. Cost: constant, as hashes go.
    pub(crate) fn find(&self, hash: u32, mut is_meant: impl FnMut(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        loop {
            let (known, number) = *self.slots.get(at)?;
            if number == EMPTY {
                return None;
            }
            if known == hash && is_meant(number - 1) {
                return Some(number - 1);
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds a number that is not there yet. Numbers lie below `u32::MAX`.
    pub(crate) fn insert(&mut self, hash: u32, number: u32) {
        self.reserve(1);
        self.n_held += 1;
        self.put(hash, number.saturating_add(1));
    }

    /// Makes room for so many numbers more: at most three slots of four are held.
    pub(crate) fn reserve(&mut self, n_more: usize) {
        let n_slots = (self.n_held + n_more) * 4 / 3 + 1;
        if n_slots <= self.slots.len() {
            return;
        }
        let n_slots = n_slots.next_power_of_two().max(MIN_SLOTS);
        let old = core::mem::replace(&mut self.slots, vec![(0, EMPTY); n_slots]);
        for (hash, number) in old.into_iter().filter(|(_, number)| *number != EMPTY) {
            self.put(hash, number);
        }
    }

    fn put(&mut self, hash: u32, number: u32) {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.1 == EMPTY {
                *slot = (hash, number);
                return;
            }
            at = (at + 1) & mask;
        }
    }
}

/// Different texts, numbered as they are first seen.
#[derive(Default)]
pub(crate) struct Names {
    table: Table,
    texts: Texts,
}

impl Names {
    /// The number of a text that is there.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        self.find_hashed(hash(text.as_bytes()), text)
    }

    fn find_hashed(&self, hash: u32, text: &str) -> Option<u32> {
        self.table
            .find(hash, |number| self.texts.get(number as usize) == text)
    }

    /// The number of a text, which is added if it is not there.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        let hash = hash(text.as_bytes());
        if let Some(known) = self.find_hashed(hash, text) {
            return known;
        }
        let number = self.texts.len() as u32;
        self.texts.push(text);
        self.table.insert(hash, number);
        number
    }

    /// The texts in the order of their numbers.
    pub(crate) fn texts(&self) -> &Texts {
        &self.texts
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn names_are_numbered_as_they_are_first_seen(texts in proptest::collection::vec("[ab]{0,12}", 0..200)) {
            let mut names = Names::default();
            let mut seen: Vec<String> = Vec::new();
            for text in &texts {
                let stupid = seen.iter().position(|known| known == text);
                prop_assert_eq!(names.find(text), stupid.map(|at| at as u32));
                let at = stupid.unwrap_or(seen.len());
                if stupid.is_none() {
                    seen.push(text.clone());
                }
                prop_assert_eq!(names.intern(text), at as u32);
            }
            prop_assert_eq!(names.texts().iter().collect::<Vec<_>>(), seen);
        }
    }

    #[test]
    fn numbers_of_one_hash_are_told_apart_by_who_asks() {
        let mut table = Table::default();
        (0..100).for_each(|number| table.insert(7, number));
        for number in 0..100 {
            assert_eq!(table.find(7, |found| found == number), Some(number));
        }
        assert_eq!(table.find(7, |_| false), None);
        assert_eq!(table.find(8, |_| true), None);
        assert_eq!(Table::default().find(7, |_| true), None);
    }
}
