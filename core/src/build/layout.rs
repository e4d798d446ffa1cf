//! Decides how large blocks become: of a least size, and larger where there would be too many files.
//!
//! A file is what a reader fetches, and files are what a host counts, so they are dealt out to sections
//! by what a search saves by them. A section of `S` bytes that a search touches `w` times costs it
//! `w * S / n` bytes with `n` files; for a given sum of files the sum of all costs is least where each
//! has files by the square root of `w * S`.
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
    pub(super) n_columns: usize,
    pub(super) cards: usize,
}

impl Sizes {
    /// Sizes that make no more files than the options allow, as far as their least sizes let them.
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
        // How often a search touches each was counted over queries of one to three words; with cards,
        // two or three of ten hits come from stored records.
        let stored_touches = if amounts.cards == 0 { 900 } else { 300 };
        let mut lone = usize::MAX;
        let mut sizes = [0; 5];
        // A list is alone that would fill half of a range, which is known once lists are left out.
        for _ in 0..2 {
            let (ranged, n_lone) = lists.measure(lone);
            let share = |bytes, least, touches| Share {
                bytes,
                least,
                touches,
            };
            let shares = [
                share(entries + ranged + amounts.cards, options.words_bytes, 180),
                share(amounts.stored, options.stored_bytes, stored_touches),
                share(amounts.stored / SUGGEST_SHARE, options.suggest_bytes, 40),
                share(amounts.n_docs * NEIGHBOURS, options.related_bytes, 5),
                share(amounts.n_surfaces * ENDING, options.endings_bytes, 30),
            ];
            let left = options.max_files.saturating_sub(amounts.n_columns + n_lone);
            sizes = block_sizes(shares, left);
            let [range, ..] = sizes;
            lone = options.lone_bytes;
            if range > options.words_bytes {
                lone = lone.max(range / 2);
            }
        }
        let [range, stored, suggest, related, endings] = sizes;
        Sizes {
            is_small,
            words: RangeSizes { range, lone },
            stored,
            suggest,
            related,
            endings,
        }
    }
}

/// The bytes of one section, and how often a search touches it.
#[derive(Clone, Copy, Debug)]
struct Share {
    bytes: usize,
    /// Least bytes of a block.
    least: usize,
    /// How many blocks a search fetches, in hundredths.
    touches: usize,
}

/// How large the blocks of each section become, with at most so many files for all of them, as far as
/// the least sizes need no more.
fn block_sizes<const N: usize>(shares: [Share; N], max_files: usize) -> [usize; N] {
    let wishes = shares.map(|share| (share.bytes as u64 * share.touches as u64).isqrt());
    let mut sizes = shares.map(|share| share.least.max(1));
    // A section that needs fewer files than it is dealt leaves the rest to the others.
    let mut is_settled = [false; N];
    loop {
        // Kept so small that its product with a square root of 64 bits fits 64 bits.
        let (mut files, mut wished) = (max_files.min(u32::MAX as usize) as u64, 0);
        for ((share, wish), is_settled) in shares.iter().zip(wishes).zip(is_settled) {
            if is_settled {
                files = files.saturating_sub(n_blocks(*share) as u64);
            } else {
                wished += wish;
            }
        }
        let mut has_changed = false;
        for (((share, wish), size), is_settled) in shares
            .iter()
            .zip(wishes)
            .zip(&mut sizes)
            .zip(&mut is_settled)
        {
            if *is_settled {
                continue;
            }
            let dealt = (files * wish / wished.max(1)).max(1) as usize;
            *size = share.bytes.div_ceil(dealt);
            if *size <= share.least {
                *size = share.least.max(1);
                *is_settled = true;
                has_changed = true;
            }
        }
        if !has_changed {
            return sizes;
        }
    }
}

fn n_blocks(share: Share) -> usize {
    share.bytes.div_ceil(share.least.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(bytes: usize, least: usize, touches: usize) -> Share {
        Share {
            bytes,
            least,
            touches,
        }
    }

    #[test]
    fn what_fits_has_blocks_of_the_least_size() {
        let sizes = block_sizes([share(10_000, 1_000, 100), share(5_000, 500, 900)], 100);
        assert_eq!(sizes, [1_000, 500]);
    }

    #[test]
    fn files_are_dealt_out_by_the_root_of_what_they_save() {
        let sizes = block_sizes(
            [share(4_000_000, 100, 100), share(1_000_000, 100, 100)],
            300,
        );
        assert_eq!(sizes, [20_000, 10_000], "200 and 100 files");
    }

    #[test]
    fn what_a_small_section_does_not_need_goes_to_the_others() {
        let sizes = block_sizes([share(1_000_000, 100, 100), share(1_000, 1_000, 900)], 101);
        assert_eq!(sizes, [10_000, 1_000]);
    }

    #[test]
    fn any_number_of_files_leaves_all_blocks_at_their_least() {
        let shares = [share(1 << 40, 700, 900), share(0, 60, 5)];
        assert_eq!(block_sizes(shares, usize::MAX), [700, 60]);
    }

    #[test]
    fn no_files_and_no_bytes_are_no_trouble() {
        assert_eq!(
            block_sizes([share(0, 0, 100), share(70, 10, 0)], 0),
            [1, 70]
        );
        assert_eq!(block_sizes([], 5), [0; 0]);
    }
}
