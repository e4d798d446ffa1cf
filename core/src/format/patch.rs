//! A patch: what makes the inflated bytes of a published chunk into those of a newer one.
//! FORMAT.md, "Changes".
//!
//! Made for many small edits that lie apart: a list grown by three bytes, a count one higher.
//! Knows bytes only. A patch says nothing of the bytes it is for: who holds both checks them, before
//! and after.

use super::bytes::Reader;
use super::chunks::MAX_CHUNK_BYTES;
use crate::error::Corrupt;

/// The new bytes, from the old ones and a patch.
///
/// Cost: linear in the new bytes.
///
/// # Errors
///
/// When the patch reaches outside the old bytes, or makes more of them than a chunk may have.
pub(crate) fn apply(old: &[u8], patch: &[u8]) -> Result<Vec<u8>, Corrupt> {
    let mut reader = Reader::new(patch);
    let mut new = Vec::new();
    let mut at = 0_usize;
    while reader.len() > 0 {
        let n_written = reader.u32("patch length")? as usize;
        new.extend_from_slice(reader.bytes(n_written, "patch bytes")?);
        let n_copied = reader.u32("patch length")? as usize;
        at = at
            .wrapping_add(n_written)
            .wrapping_add(reader.i64("patch source")? as usize);
        let part = old.get(at..).and_then(|rest| rest.get(..n_copied));
        let part = part.filter(|_| new.len() + n_copied <= MAX_CHUNK_BYTES as usize);
        new.extend_from_slice(part.ok_or(Corrupt("patch length"))?);
        at = at.wrapping_add(n_copied);
    }
    Ok(new)
}

#[cfg(any(feature = "build", test))]
pub(crate) use making::encode;

/// Making patches, which no browser does.
#[cfg(any(feature = "build", test))]
mod making {
    use crate::format::bytes::Write;

    /// A patch that makes `old` into `new`.
    ///
    /// `k` bytes changed in place cost at most `5 k + 10` bytes, and one more for each 16 KB that did
    /// not change. Not the shortest patch there is: it
    /// takes the best match at hand, looking a few bytes ahead. Cost: time about linear in both, memory
    /// eight bytes for each old byte and some more.
    pub(crate) fn encode(old: &[u8], new: &[u8]) -> Vec<u8> {
        // Looking elsewhere can lead astray where bytes only changed in place.
        let in_place = walk(old, new, None);
        let moved = walk(old, new, Some(&Anchors::new(old)));
        if in_place.len() <= moved.len() {
            in_place
        } else {
            moved
        }
    }

    /// Lengths beyond this count as this when matches are compared. It has to be more than a jump and a
    /// few bytes cost; matches any longer are good enough, and measuring them again would not be linear.
    const ENOUGH: usize = 64;

    /// How many bytes ahead a match in place is worth waiting for.
    const AHEAD: usize = 8;

    /// How many bytes before and behind its expected place a moved part is looked for at every byte:
    /// edits of numbers of a few bytes move what follows by less.
    const NEAR: i64 = 16;

    /// How many old places with the same anchor are looked at, the last ones first. Blocks hold few such
    /// places; bytes that repeat have them without end.
    const TRIES: usize = 16;

    /// Bytes of an anchor: as many as a jump far away and its lengths cost, so that shorter matches gain
    /// nothing.
    const ANCHOR_LEN: usize = 6;

    /// What a copy costs without its place: its length, and that of the literal bytes before it.
    const COPY_COST: i64 = 2;

    /// A place of `old` to copy from, and what that gains over writing the bytes down.
    #[derive(Clone, Copy)]
    struct Match {
        from: usize,
        gain: i64,
    }

    /// Goes through the new bytes from front to back, and writes down what cannot be copied.
    fn walk(old: &[u8], new: &[u8], anchors: Option<&Anchors>) -> Vec<u8> {
        let mut patch = Vec::new();
        // Where the bytes not yet written down begin, and the place in `old` beside that.
        let (mut literal, mut beside) = (0, 0_usize);
        let mut at = 0;
        while at < new.len() {
            let expected = beside + (at - literal);
            let Some(from) = best(old, new, at, expected, anchors) else {
                at += 1;
                continue;
            };
            let len = common_len(old, from, new, at, usize::MAX);
            put_step(&mut patch, new.get(literal..at), len, from, expected);
            at += len;
            (literal, beside) = (at, from + len);
        }
        if literal < at {
            let expected = beside + (at - literal);
            let from = expected.min(old.len());
            put_step(&mut patch, new.get(literal..at), 0, from, expected);
        }
        patch
    }

    /// Writes down bytes, and that so many are copied after them.
    fn put_step(
        patch: &mut Vec<u8>,
        written: Option<&[u8]>,
        n_copied: usize,
        from: usize,
        expected: usize,
    ) {
        let written = written.unwrap_or_default();
        patch.put_len(written.len());
        patch.extend_from_slice(written);
        patch.put_len(n_copied);
        patch.put_i64(from as i64 - expected as i64);
    }

    /// Where to copy from at a place of `new`; `None` where its byte is better written down.
    fn best(
        old: &[u8],
        new: &[u8],
        at: usize,
        expected: usize,
        anchors: Option<&Anchors>,
    ) -> Option<usize> {
        let gain_of = |from: usize| {
            let jump = from as i64 - expected as i64;
            let jump_cost = varint_len(jump);
            let len = common_len(old, from, new, at, ENOUGH);
            len as i64 - COPY_COST - jump_cost
        };
        let mut best = Match {
            from: expected,
            gain: gain_of(expected),
        };
        if best.gain + COPY_COST + varint_len(0) >= ENOUGH as i64 {
            return Some(expected);
        }
        let Some(anchors) = anchors else {
            return (best.gain > 0).then_some(expected);
        };
        let mut consider = |from: usize| {
            let gain = gain_of(from);
            if gain > best.gain {
                best = Match { from, gain };
            }
        };
        for jump in (1..=NEAR).flat_map(|jump| [-jump, jump]) {
            consider(expected.saturating_add_signed(jump as isize));
        }
        anchors.each(new, at, &mut consider);
        let waits = (1..=AHEAD).any(|ahead| {
            let len = common_len(old, expected + ahead, new, at + ahead, ENOUGH);
            len as i64 - COPY_COST - varint_len(0) - ahead as i64 >= best.gain
        });
        (best.gain > 0 && !(waits && best.from != expected)).then_some(best.from)
    }

    /// How many bytes are the same from two places on, up to a limit.
    fn common_len(old: &[u8], from: usize, new: &[u8], at: usize, limit: usize) -> usize {
        let old = old.get(from..).unwrap_or_default();
        let new = new.get(at..).unwrap_or_default();
        let both = old.iter().zip(new).take(limit);
        both.take_while(|(old, new)| old == new).count()
    }

    /// Bytes that a jump takes as a varint.
    fn varint_len(jump: i64) -> i64 {
        let bits = 65 - i64::from(jump.unsigned_abs().leading_zeros());
        (bits + 6) / 7
    }

    /// Where in the old bytes each run of [`ANCHOR_LEN`] bytes stands, by hash.
    ///
    /// Chains as in deflate (RFC 1951, 4): for each hash the last place, for each place the one before.
    struct Anchors {
        last: Vec<u32>,
        before: Vec<u32>,
        shift: u32,
    }

    impl Anchors {
        const NONE: u32 = u32::MAX;

        fn new(old: &[u8]) -> Anchors {
            let n_bits = old.len().max(2).next_power_of_two().ilog2();
            let mut anchors = Anchors {
                last: vec![Anchors::NONE; 1 << n_bits],
                before: Vec::with_capacity(old.len()),
                shift: u64::BITS - n_bits,
            };
            for (at, window) in old.windows(ANCHOR_LEN).enumerate() {
                let hash = anchors.hash(window);
                if let Some(last) = anchors.last.get_mut(hash) {
                    anchors.before.push(*last);
                    *last = at as u32;
                }
            }
            anchors
        }

        /// Hands on places of `old` that may go on as `new` does from a place.
        fn each(&self, new: &[u8], at: usize, consider: &mut impl FnMut(usize)) {
            let Some(window) = new.get(at..at + ANCHOR_LEN) else {
                return;
            };
            let mut place = self.last.get(self.hash(window)).copied();
            for _ in 0..TRIES {
                let Some(from) = place.filter(|from| *from != Anchors::NONE) else {
                    return;
                };
                consider(from as usize);
                place = self.before.get(from as usize).copied();
            }
        }

        /// Multiplying by 2^64 over the golden ratio spreads neighbours: Knuth, TAOCP 3, 6.4.
        fn hash(&self, window: &[u8]) -> usize {
            let word = window
                .iter()
                .fold(0_u64, |word, byte| (word << 8) | u64::from(*byte));
            (word.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(old: &[u8], new: &[u8]) -> usize {
        let patch = encode(old, new);
        assert_eq!(apply(old, &patch).as_deref(), Ok(new));
        patch.len()
    }

    /// Bytes like those of an index: many values below 8, some of any size.
    fn some_bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![0_u8..8, any::<u8>()];
        proptest::collection::vec(byte, 0..2000)
    }

    proptest! {
        #[test]
        fn a_patch_makes_the_old_bytes_into_the_new(old in some_bytes(), new in some_bytes()) {
            check(&old, &new);
        }

        #[test]
        fn parts_put_in_taken_out_and_moved_come_out_right(
            old in some_bytes(),
            edits in proptest::collection::vec((any::<u16>(), 0_usize..40, some_bytes()), 0..12),
        ) {
            let mut new = old.clone();
            for (place, n_gone, mut put_in) in edits {
                let at = usize::from(place) % (new.len() + 1);
                let end = (at + n_gone).min(new.len());
                put_in.truncate(n_gone / 2);
                let taken: Vec<u8> = new.splice(at..end, put_in).collect();
                if place % 2 == 0 {
                    new.extend(taken);
                }
            }
            check(&old, &new);
        }

        #[test]
        fn bytes_changed_in_place_cost_five_bytes_each(
            old in some_bytes(),
            changes in proptest::collection::btree_map(any::<u16>(), any::<u8>(), 0..40),
        ) {
            let mut new = old.clone();
            for (place, byte) in &changes {
                let place = usize::from(*place) % new.len().max(1);
                if let Some(changed) = new.get_mut(place) {
                    *changed = *byte;
                }
            }
            prop_assert!(check(&old, &new) <= 5 * changes.len() + 10);
        }

        #[test]
        fn any_bytes_as_a_patch_are_an_answer_or_an_error(
            old in some_bytes(),
            patch in proptest::collection::vec(any::<u8>(), 0..60),
        ) {
            if let Ok(new) = apply(&old, &patch) {
                prop_assert!(new.len() <= patch.len() * (1 + old.len()));
            }
        }

        #[test]
        fn a_patch_with_a_byte_changed_is_an_answer_or_an_error(
            old in some_bytes(), new in some_bytes(), place: usize, byte: u8,
        ) {
            let mut patch = encode(&old, &new);
            let place = place % patch.len().max(1);
            if let Some(changed) = patch.get_mut(place) {
                *changed = byte;
            }
            let _ = apply(&old, &patch);
        }
    }

    /// Bytes without any pattern, by a generator of pseudo-random numbers (Marsaglia's xorshift).
    fn noise(len: usize) -> Vec<u8> {
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        let next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        };
        std::iter::repeat_with(next).take(len).collect()
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        assert_eq!(check(&[], &[]), 0);
        assert_eq!(check(b"gone", &[]), 0);
        assert_eq!(check(&[], b"new"), 6);
        assert_eq!(check(b"the same", b"the same"), 3);
    }

    #[test]
    fn one_byte_changed_in_a_large_chunk_costs_what_its_place_takes() {
        let old = noise(250_000);
        let mut new = old.clone();
        new[100_000] ^= 1;
        // No bytes and a copy, one byte, and another copy.
        assert_eq!(check(&old, &new), 1 + 3 + 1 + 2 + 3 + 1);
    }

    #[test]
    fn a_hundred_lists_that_grew_by_three_bytes_cost_seven_each() {
        let old = noise(100_000);
        let mut new = old.clone();
        for at in (0..100).rev() {
            new.splice(at * 1000 + 500..at * 1000 + 500, [1, 2, 3]);
        }
        let len = check(&old, &new);
        assert!(len <= 100 * 7 + 10, "{len}");
    }

    #[test]
    fn halves_that_changed_places_are_found() {
        let old = noise(60_000);
        let new = [&old[30_000..], &old[..30_000]].concat();
        assert!(check(&old, &new) < 20);
    }

    #[test]
    fn bytes_that_repeat_take_no_long_time() {
        let old = vec![0; 250_000];
        let mut new = old.clone();
        for at in (0..new.len()).step_by(70) {
            new[at] = (at / 70) as u8;
        }
        check(&old, &new);
        check(&old, &vec![1; 250_000]);
        check(&new, &old);
    }

    #[test]
    fn a_patch_cannot_reach_outside_or_make_too_much() {
        let check = |patch: &[u8]| {
            assert!(apply(b"abc", patch).is_err(), "{patch:?}");
        };
        let right = apply(b"abc", &[1, 9, 2, 0]);
        assert_eq!(right.as_deref(), Ok(&[9, b'b', b'c'][..]));
        check(&[0, 4, 0]); // Copies more than there is.
        check(&[0, 1, 1]); // Copies from before the start.
        check(&[0, 1, 6]); // Copies from behind the end.
        check(&[0, 0, 8]); // So does this, though nothing.
        check(&[5, 1]); // Promises more bytes than it has.
        check(&[0, 3]); // Ends within a step.
        check(&[0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
        check(&[
            0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1,
        ]);
        let large = vec![0; MAX_CHUNK_BYTES as usize / 2 + 1];
        let whole = [0, 0x81, 0x80, 0x80, 0x40];
        let once = [&whole[..], &[0]].concat();
        assert_eq!(apply(&large, &once).map(|new| new.len()), Ok(large.len()));
        // Back to the start: as far as it has come.
        let twice = [&once[..], &whole[..], &[0x81, 0x80, 0x80, 0x80, 0x01]].concat();
        assert_eq!(apply(&large, &twice), Err(Corrupt("patch length")));
    }

    #[test]
    fn empty_steps_end_with_the_patch() {
        assert_eq!(apply(b"abc", &[0; 39]).as_deref(), Ok(&[][..]));
    }
}
