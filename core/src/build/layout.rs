//! Decides how large blocks become: of a least size, and larger where the list of them, which every
//! reader fetches, would cost more than they save.
//!
//! Knows the options and how many bytes there are of each kind; never sees one.

use crate::build::BuildOptions;
use crate::build::dictionary::{Lists, RangeSizes};

/// How large blocks become.
pub(super) struct Sizes {
    /// Whether all but suggestions and related records is one file.
    pub(super) is_small: bool,
    pub(super) words: RangeSizes,
    pub(super) stored: usize,
    pub(super) suggest: usize,
    pub(super) related: usize,
    pub(super) endings: usize,
}

/// What is known of an index's bytes before they are cut.
pub(super) struct Amounts {
    pub(super) n_docs: usize,
    pub(super) n_surfaces: usize,
    pub(super) stored: usize,
    pub(super) columns: usize,
    pub(super) cards: usize,
}

impl Sizes {
    /// The sizes with which a first search fetches least, but none below those of the options.
    pub(super) fn new(options: &BuildOptions, lists: &Lists, amounts: &Amounts) -> Sizes {
        /// Bytes of a dictionary's entry without postings, on average.
        const ENTRY: usize = 10;
        /// Bytes of an entry of the dictionary of endings, on average.
        const ENDING: usize = 9;
        /// Bytes of a record's neighbours, on average.
        const NEIGHBOURS: usize = 17;
        /// Suggestions take about a quarter of what stored records do.
        const SUGGEST_SHARE: usize = 4;

        let entries = amounts.n_surfaces * ENTRY;
        let (all_lists, _) = lists.measure(usize::MAX);
        let is_small =
            entries + all_lists + amounts.stored + amounts.columns <= options.small_bytes;
        if is_small {
            let words = RangeSizes {
                range: usize::MAX,
                lone: usize::MAX,
            };
            return Sizes {
                is_small,
                words,
                stored: usize::MAX,
                suggest: options.suggest_bytes,
                related: options.related_bytes,
                endings: options.endings_bytes,
            };
        }
        // A search of one to three words touches 2.4 ranges and 4.4 blocks of stored records with cards,
        // 9 without. A reader who searches fetches the manifest once and asks more than once: a quarter
        // more counts best for both, with 1,000, 10,000 and 60,000 records.
        let stored_touches = if amounts.cards == 0 { 900 } else { 600 };
        let size = |bytes: usize, least: usize, entry: usize, touches: usize| {
            if options.weighs_manifest {
                least.max(best_size(bytes, entry, touches))
            } else {
                least
            }
        };
        let words = |ranged: usize| {
            let bytes = entries + ranged + amounts.cards;
            size(bytes, options.words_bytes, 14, 300)
        };
        // A list is alone that would fill half of a range, which is known once lists are left out.
        let mut lone = usize::MAX;
        let mut range = 0;
        for _ in 0..2 {
            range = words(lists.measure(lone).0);
            lone = options.lone_bytes;
            if range > options.words_bytes {
                lone = lone.max(range / 2);
            }
        }
        Sizes {
            is_small,
            words: RangeSizes { range, lone },
            stored: size(amounts.stored, options.stored_bytes, 4, stored_touches),
            suggest: size(amounts.stored / SUGGEST_SHARE, options.suggest_bytes, 6, 40),
            related: size(amounts.n_docs * NEIGHBOURS, options.related_bytes, 7, 5),
            endings: size(amounts.n_surfaces * ENDING, options.endings_bytes, 12, 30),
        }
    }
}

/// The size of a section's blocks with which a reader fetches least: each block takes so many bytes of
/// the manifest, which every reader fetches whole, and a search fetches so many blocks, in hundredths.
///
/// With `n` blocks of `S` bytes in all, which deflate makes two fifths of, that is `m n + w (2/5) S / n`
/// bytes, and least where both are the same.
fn best_size(bytes: usize, entry: usize, touches: usize) -> usize {
    let square = bytes as u64 * entry as u64 * 250 / touches.max(1) as u64;
    square.isqrt() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_grow_with_the_root_of_all_bytes() {
        assert_eq!(best_size(10_000_000, 20, 180), 16_666);
        assert_eq!(best_size(40_000_000, 20, 180), 33_333);
        assert_eq!(best_size(0, 20, 180), 0);
    }
}
