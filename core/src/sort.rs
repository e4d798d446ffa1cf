//! Sorting in few bytes of code.
//!
//! The standard library's sorts are faster on long slices, and cost 4 to 8 KB of wasm for each type
//! of item: 60 KB for the seven that a search needs, more than all else it does. What a search sorts
//! is short, but for the records of many terms at once, where this takes half as long again.
//! Knows nothing of ours. Heap sort: J. W. J. Williams, "Algorithm 232", CACM 7(6), 1964.

/// Sorts by `is_before`, in place. Not stable: let `is_before` tell all apart that must be told apart.
/// Cost: n log n, at worst too.
pub(crate) fn sort_by<T>(items: &mut [T], mut is_before: impl FnMut(&T, &T) -> bool) {
    heap_sort(items.len(), &mut |a, b, swaps| {
        if swaps {
            items.swap(a, b);
            return true;
        }
        match (items.get(a), items.get(b)) {
            (Some(a), Some(b)) => is_before(a, b),
            _ => false,
        }
    });
}

/// Sorts by a key that can be copied out.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a) < key(b));
}

/// Sorts what only `act` can see, by its places, so that one copy of this serves all types of items:
/// `act(a, b, false)` tells whether the item at `a` comes before that at `b`, `act(a, b, true)` swaps
/// them.
fn heap_sort(len: usize, act: &mut dyn FnMut(usize, usize, bool) -> bool) {
    // First each parent sinks, the last first; then the largest goes to the end, again and again.
    let (mut start, mut end) = (len / 2, len);
    while end > 1 {
        if start > 0 {
            start -= 1;
        } else {
            end -= 1;
            act(0, end, true);
        }
        // Lets the item at `at` sink until no child of it should come after it.
        let mut at = start;
        loop {
            let mut child = 2 * at + 1;
            if child + 1 < end && act(child, child + 1, false) {
                child += 1;
            }
            if child >= end || !act(at, child, false) {
                break;
            }
            act(at, child, true);
            at = child;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn items_come_out_in_order(mut items: Vec<i32>) {
            let mut expected = items.clone();
            expected.sort_unstable();
            sort_by_key(&mut items, |item| *item);
            prop_assert_eq!(items, expected);
        }
    }
}
