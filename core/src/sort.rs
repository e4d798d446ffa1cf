//! Sorting in few bytes of code.
//!
//! The standard library's sorts are faster on long slices, and cost 4 to 8 KB of wasm for each type
//! of item: 60 KB for the seven that a search needs, more than all else it does. What a search sorts
//! is short, but for the records of many terms at once, where this takes half as long again.
//! Knows nothing of ours. Heap sort: J. W. J. Williams, "Algorithm 232", CACM 7(6), 1964.

/// Sorts by `is_before`, in place. Not stable: let `is_before` tell all apart that must be told apart.
/// Cost: n log n, at worst too.
pub(crate) fn sort_by<T>(items: &mut [T], mut is_before: impl FnMut(&T, &T) -> bool) {
    let len = items.len();
    for start in (0..len / 2).rev() {
        sift_down(items, start, len, &mut is_before);
    }
    for end in (1..len).rev() {
        items.swap(0, end);
        sift_down(items, 0, end, &mut is_before);
    }
}

/// Sorts by a key that can be copied out.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a) < key(b));
}

/// Lets the item at `at` sink until no child of it should come after it, within `items[..end]`.
fn sift_down<T>(
    items: &mut [T],
    mut at: usize,
    end: usize,
    is_before: &mut impl FnMut(&T, &T) -> bool,
) {
    loop {
        let mut child = 2 * at + 1;
        if child >= end {
            return;
        }
        if let (Some(left), Some(right)) = (items.get(child), items.get(child + 1))
            && child + 1 < end
            && is_before(left, right)
        {
            child += 1;
        }
        match (items.get(at), items.get(child)) {
            (Some(parent), Some(largest)) if is_before(parent, largest) => items.swap(at, child),
            _ => return,
        }
        at = child;
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
