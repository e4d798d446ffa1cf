//! Cuts the dictionary into ranges of words, and numbers the terms that are at home in them.
//!
//! Ranges and numbers are those of the published index as far as they fit, as what tells of a term
//! elsewhere tells it by its number. Knows words, how large they are, and the published index.

use crate::build::dictionary::{ENTRY_BYTES, Lists, Range, RangeSizes, shared_len};
use crate::build::invert::Inverter;
use crate::build::published::{Former, Homes, are_about};
use crate::build::scratch::Stored;
use crate::format::Section;
use crate::ids::TermId;

/// A published range that became so many times larger than wanted is cut anew, and all others with it.
const MAX_GROWTH: usize = 4;

/// Numbers that are left free behind those of a range, for terms that come between later: one for so
/// many that are there, and a few.
const ROOM_SHARE: u32 = 4;
const MIN_ROOM: u32 = 16;

/// The words of a dictionary in order.
pub(super) struct Words<'d> {
    inverter: &'d Inverter,
    order: &'d [u32],
    sizes: RangeSizes,
    /// By place in the order: bytes, with all that lies beside the word.
    bytes: Vec<usize>,
    /// Where classes are at home: place in the order, surface, class.
    pub(super) homes: Vec<(usize, u32, u32)>,
}

impl<'d> Words<'d> {
    pub(super) fn new(
        inverter: &'d Inverter,
        order: &'d [u32],
        lists: &Lists,
        stored: &Stored,
        sizes: RangeSizes,
    ) -> Words<'d> {
        let mut words = Words {
            inverter,
            order,
            sizes,
            bytes: Vec::with_capacity(order.len()),
            homes: Vec::with_capacity(inverter.classes.len()),
        };
        let mut is_at_home = vec![false; inverter.classes.len()];
        let mut before = "";
        for (at, id) in order.iter().enumerate() {
            let Some(surface) = inverter.surfaces.get(*id as usize) else {
                continue;
            };
            let shared = shared_len(before, &surface.folded);
            before = &surface.folded;
            let mut bytes = ENTRY_BYTES + surface.folded.len() - shared;
            let class = surface.class as usize;
            if let Some(known) = is_at_home.get_mut(class).filter(|known| !**known) {
                *known = true;
                words.homes.push((at, *id, surface.class));
                bytes += lists.beside(class, sizes.lone, stored);
            }
            words.bytes.push(bytes);
        }
        words
    }

    fn key(&self, at: usize) -> &'d str {
        let surface = self.order.get(at).copied().unwrap_or(u32::MAX);
        let surface = self.inverter.surfaces.get(surface as usize);
        surface.map_or("", |surface| surface.folded.as_str())
    }

    /// Ranges of about the size wanted, with the numbers of terms in the order of their homes.
    pub(super) fn anew(&self) -> (Vec<Range>, Vec<TermId>) {
        let mut ends = Vec::new();
        let mut cuts = Cuts::new(self.sizes.range);
        let mut before = "";
        for (at, bytes) in self.bytes.iter().enumerate() {
            let key = self.key(at);
            // All entries of one key lie in one range, so that one look-up finds them.
            if key != before {
                cuts.may_cut_before(at, shared_len(before, key));
            }
            before = key;
            ends.extend(cuts.add(*bytes));
        }
        if !self.order.is_empty() {
            ends.push(self.order.len());
        }
        let mut ranges = Vec::with_capacity(ends.len());
        let mut numbers = Vec::with_capacity(self.homes.len());
        let mut next = 0;
        for end in ends {
            let first = TermId(next);
            let terms_end = self.homes_before(end);
            let n_terms = (terms_end - numbers.len()) as u32;
            numbers.extend((next..next + n_terms).map(TermId));
            next += n_terms;
            if self.sizes.range != usize::MAX {
                next += MIN_ROOM + n_terms / ROOM_SHARE;
            }
            ranges.push(Range {
                end,
                terms_end,
                first,
                last_key: separator(self.key(end - 1), self.key(end)).to_owned(),
            });
        }
        (ranges, numbers)
    }

    /// The published ranges, with the numbers that terms have there; those that are new are numbered
    /// behind them. `None` where ranges, or the room for numbers, have become too small.
    pub(super) fn as_published(&self, former: &Former) -> Option<(Vec<Range>, Vec<TermId>)> {
        let keys = former.ends(Section::Terms);
        let all_bytes: usize = self.bytes.iter().sum();
        if !are_about(keys.len(), all_bytes / self.sizes.range.max(1)) {
            return None;
        }
        let homes = former.homes()?;
        let firsts = former.firsts(Section::Terms);
        let limits = firsts.iter().skip(1).copied().chain([u32::MAX]);
        let ends = ends_as_published(&keys, self.order.len(), |at| self.key(at));
        let mut ranges = Vec::with_capacity(ends.len());
        let mut numbers = Vec::with_capacity(self.homes.len());
        let mut start = 0;
        for (((end, last_key), homes), (first, limit)) in
            ends.into_iter().zip(homes).zip(firsts.iter().zip(limits))
        {
            let bytes: usize = self.bytes.get(start..end)?.iter().sum();
            if bytes / MAX_GROWTH > self.sizes.range {
                return None;
            }
            let terms_end = self.homes_before(end);
            let of_range = numbers.len()..terms_end;
            self.number(of_range.clone(), homes, *first, &mut numbers);
            let highest = numbers.get(of_range)?.iter().max();
            if highest.is_some_and(|term| term.0 >= limit) {
                return None;
            }
            ranges.push(Range {
                end,
                terms_end,
                first: TermId(*first),
                last_key,
            });
            start = end;
        }
        (start == self.order.len()).then_some((ranges, numbers))
    }

    /// Numbers the terms of a range, in the order of their homes.
    fn number(
        &self,
        of_range: core::ops::Range<usize>,
        mut homes: Homes,
        first: u32,
        numbers: &mut Vec<TermId>,
    ) {
        let highest = homes.values().flatten().max();
        let mut next = highest.map_or(first, |highest| highest + 1);
        for (_, surface, _) in self.homes.get(of_range).into_iter().flatten() {
            let surface = self.inverter.surfaces.get(*surface as usize);
            let known = surface.and_then(|surface| {
                let key = (surface.folded.clone(), surface.written.clone());
                let terms = homes.get_mut(&key)?;
                (!terms.is_empty()).then(|| terms.remove(0))
            });
            let number = known.unwrap_or_else(|| {
                next += 1;
                next - 1
            });
            numbers.push(TermId(number));
        }
    }

    /// How many classes are at home before a place in the order.
    fn homes_before(&self, place: usize) -> usize {
        self.homes.partition_point(|(at, ..)| *at < place)
    }
}

/// The shortest text that does not come before a word, but before the next one.
pub(super) fn separator<'w>(word: &'w str, next: &'w str) -> &'w str {
    let n_shared = word
        .chars()
        .zip(next.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let end = next.char_indices().nth(n_shared + 1);
    let shortest = end.and_then(|(end, _)| next.get(..end));
    shortest
        .filter(|shortest| shortest.len() < word.len())
        .unwrap_or(word)
}

/// Where blocks end that are published with given last keys, and with what: all that comes behind the
/// last of them is in the last block.
pub(super) fn ends_as_published<'k>(
    published: &[String],
    n_words: usize,
    key: impl Fn(usize) -> &'k str,
) -> Vec<(usize, String)> {
    let mut ends = Vec::with_capacity(published.len());
    let mut at = 0;
    for last in published {
        while at < n_words && key(at) <= last.as_str() {
            at += 1;
        }
        ends.push((at, last.clone()));
    }
    if let Some((end, last)) = ends.last_mut().filter(|(end, _)| *end < n_words) {
        *end = n_words;
        *last = key(n_words - 1).to_owned();
    }
    ends
}

/// Chooses where ranges of words end: about so large, and between words that begin most differently,
/// so that the forms of a word stay together.
struct Cuts {
    target: usize,
    /// Bytes since the last cut.
    size: usize,
    /// The best place for the next cut so far: what it is worth, where it is, and the bytes before it.
    best: Option<(usize, usize, usize)>,
}

impl Cuts {
    fn new(target: usize) -> Cuts {
        Cuts {
            target,
            size: 0,
            best: None,
        }
    }

    /// Tells of a place where a range may end, between two words that share so many letters.
    fn may_cut_before(&mut self, place: usize, shared: usize) {
        let is_large_enough = self.size >= self.target - self.target / 5;
        if is_large_enough && self.best.is_none_or(|(best, ..)| shared < best) {
            self.best = Some((shared, place, self.size));
        }
    }

    /// Counts the bytes of one more word, and gives the place where a range ends once it is known.
    fn add(&mut self, size: usize) -> Option<usize> {
        self.size += size;
        if self.size < self.target.saturating_add(self.target / 5) {
            return None;
        }
        let (_, place, before) = self.best.take()?;
        self.size -= before;
        Some(place)
    }
}
