//! Words of the dictionary that a word of the query may be a slip of.
//!
//! Where one slip was made, one half of the word is whole, so that what was meant lies near it in the
//! dictionary or in that of endings; for two slips in a long word that is likely, not sure. A few
//! blocks around the word in both are scanned, so that the cost does not grow with the index. Words
//! written together (`counciltax`) are found in the same blocks: the first begins it, the second ends
//! it. Knows the dictionary; knows no postings.

use crate::error::Corrupt;
use crate::format::Section;
use crate::index::Fetch;
use crate::search::lookup::{self, FoundTerm, FoundWord, Via};
use crate::sort::sort_by;
use crate::text::slips::{Slips, budget};

/// Most blocks of each dictionary that are scanned around a word.
const MAX_BLOCKS: u32 = 3;

/// Most further blocks of each dictionary that are read for the parts of words written together.
const MAX_PART_BLOCKS: usize = 2;

/// Most terms that stand for a word that was not found: a page of ten records, each by another word.
const MAX_SLIP_TERMS: usize = 10;

/// Fewest letters of either part of words written together.
const MIN_PART_LETTERS: usize = 3;

/// A word in at most this many records may be a slip itself.
const RARE_DOCS: u32 = 2;

/// A word is suggested in the place of a rare one when so many times as many records hold it.
const MEANT_FACTOR: u32 = 10;

/// Most words that are suggested.
const MAX_SUGGESTED: usize = 3;

/// The blocks around a word in both dictionaries; none for a word that slips are not looked for.
pub(super) struct Near<'i> {
    /// The dictionary of words, then that of endings, or that of words again.
    sides: Vec<Side<'i>>,
    /// Whether the blocks are all there are, as a small index has no dictionary of endings.
    is_whole: bool,
}

struct Side<'i> {
    /// The word as this dictionary has it.
    key: String,
    blocks: Vec<&'i [u8]>,
}

/// Takes the blocks around a word, as far as they are there.
pub(super) fn fetch<'i>(fetch: &mut Fetch<'i>, word: &str) -> Result<Near<'i>, Corrupt> {
    let n_letters = word.chars().count();
    let mut sides = Vec::new();
    let n_blocks = fetch.manifest().section(Section::Terms).len() as u32;
    let is_whole = fetch.manifest().section(Section::Endings).is_empty();
    // Slips are looked for in words of letters that are long enough.
    if budget(n_letters) > 0 && lookup::n_words(word) == 1 {
        // A swap across the middle spoils both halves, so that one of them is a letter shorter.
        let first_half = n_letters / 2;
        let backwards = reversed(word);
        for (section, key, n_shared) in &[
            (Section::Terms, word, first_half),
            (Section::Endings, &backwards, n_letters - first_half - 1),
        ] {
            let (section, key, numbers) = if is_whole {
                (Section::Terms, word, (0..n_blocks).collect())
            } else {
                let numbers = block_numbers(fetch, *section, key, *n_shared);
                (*section, *key, numbers)
            };
            sides.push(Side {
                key: key.to_owned(),
                blocks: lookup::blocks(fetch, section, &numbers)?,
            });
        }
    }
    Ok(Near { sides, is_whole })
}

/// The blocks that hold words with the same beginning, those around the word itself first; and those
/// of the word's own beginnings.
fn block_numbers(fetch: &Fetch<'_>, section: Section, key: &str, n_shared: usize) -> Vec<u32> {
    let manifest = fetch.manifest();
    let n_blocks = manifest.section(section).len() as u32;
    let Some(last_block) = n_blocks.checked_sub(1) else {
        return Vec::new();
    };
    let start = beginning(key, n_shared);
    let block = |key: &str| manifest.word_block(section, key).unwrap_or(last_block);
    let (first, last, own) = (block(start), block(&lookup::past(start)), block(key));
    // A manifest whose words are out of order puts the word where it is not.
    let (first, last) = (first.min(own), last.max(own));
    let (mut from, mut to) = (own, own);
    while to - from + 1 < MAX_BLOCKS && (from > first || to < last) {
        // The side that has more left grows, so that the word stays in the middle.
        if to < last && last - to >= from - first {
            to += 1;
        } else {
            from -= 1;
        }
    }
    let mut numbers = Vec::new();
    while from <= to {
        numbers.push(from);
        from += 1;
    }
    let n_letters = key.chars().count();
    let most = numbers.len() + MAX_PART_BLOCKS;
    let mut n_part = n_letters.saturating_sub(MIN_PART_LETTERS);
    while n_part >= MIN_PART_LETTERS && numbers.len() < most {
        let number = block(beginning(key, n_part));
        if !numbers.contains(&number) {
            numbers.push(number);
        }
        n_part -= 1;
    }
    numbers
}

/// The first letters of a word.
fn beginning(key: &str, n_letters: usize) -> &str {
    match key.char_indices().nth(n_letters) {
        Some((at, _)) => key.get(..at).unwrap_or(key),
        None => key,
    }
}

fn reversed(word: &str) -> String {
    let mut out = String::new();
    for letter in word.chars().rev() {
        out.push(letter);
    }
    out
}

impl Near<'_> {
    /// Lets a word that was not found stand for those that it may be a slip of, or else for two that
    /// it may be of.
    pub(super) fn replace(&self, found: &mut FoundWord) -> Result<(), Corrupt> {
        let slips = self.slips(u32::MAX, 1)?;
        // Two slips of a rare word are less likely than a space left out between two common ones.
        let (n_slips, n_docs) = slips
            .first()
            .map_or((u32::MAX, 0), |best| (n_slips(best), best.n_docs));
        if n_slips > 1 && self.split(n_docs, &mut found.split)? {
            return Ok(());
        }
        for slip in slips {
            let is_known = lookup::place_of(&found.terms, slip.term).is_some();
            if !is_known && found.terms.len() == MAX_SLIP_TERMS {
                break;
            }
            found.slip_names.push(slip.name.clone());
            if !is_known {
                found.terms.push(slip);
            }
        }
        Ok(())
    }

    /// Suggests words one slip away that far more records hold than hold the word itself; any that
    /// records hold, where they hold the word in other forms only.
    pub(super) fn suggest(&self, found: &mut FoundWord) -> Result<(), Corrupt> {
        let mut n_docs = 0_u32;
        for term in &found.terms {
            if term.via == Via::Word {
                n_docs = n_docs.saturating_add(term.n_docs);
            }
        }
        let is_held = n_docs > 0 && !found.is_other_form;
        if is_held && n_docs > RARE_DOCS {
            return Ok(());
        }
        let least = if is_held {
            n_docs.saturating_mul(MEANT_FACTOR)
        } else {
            1
        };
        for slip in self.slips(1, least)? {
            if n_slips(&slip) > 0
                && found.did_you_mean.len() < MAX_SUGGESTED
                && lookup::place_of(&found.terms, slip.term).is_none()
            {
                found.did_you_mean.push(slip.name);
            }
        }
        Ok(())
    }

    /// The words within so many slips, at most as many as the word's length allows, that so many records
    /// hold, nearest first; of those as near, the most frequent first.
    fn slips(&self, most: u32, least_docs: u32) -> Result<Vec<FoundTerm>, Corrupt> {
        let mut found: Vec<FoundTerm> = Vec::new();
        let Some(words) = self.sides.first() else {
            return Ok(found);
        };
        let first_letter = words.key.chars().next();
        let most = budget(words.key.chars().count()).min(most);
        // Slips beginning with another letter than what was typed come after others.
        let is_before = |a: &FoundTerm, b: &FoundTerm| {
            let rank = |slip: &FoundTerm| {
                let is_first_wrong = slip.name.chars().next() != first_letter;
                2 * n_slips(slip) + u32::from(is_first_wrong)
            };
            (rank(a), b.n_docs, &a.name) < (rank(b), a.n_docs, &b.name)
        };
        let n_sides = if self.is_whole { 1 } else { 2 };
        for (nth, side) in self.sides.iter().take(n_sides).enumerate() {
            let mut slips = Slips::new(&side.key, most);
            lookup::each_word(&side.blocks, "", &lookup::past(""), &mut |entry| {
                // Told faster than how many slips it is away.
                if entry.n_docs < least_docs || entry.ordinal.is_none() {
                    return;
                }
                let Some(n_slips) = slips.distance(entry.key) else {
                    return;
                };
                // Without marks in both, as endings know none.
                let name = if nth == 0 {
                    entry.key.to_owned()
                } else {
                    reversed(entry.key)
                };
                let mut slip = lookup::from_entry(entry, Via::Slip(n_slips), name);
                slip.folded_forms = lookup::form(entry.ordinal);
                match found.iter_mut().find(|known| known.name == slip.name) {
                    // Written in another way, or found in both dictionaries.
                    Some(known) if known.term == slip.term => {
                        known.folded_forms |= slip.folded_forms;
                    }
                    Some(known) if is_before(&slip, known) => *known = slip,
                    Some(_) => {}
                    None => found.push(slip),
                }
            })?;
        }
        sort_by(&mut found, is_before);
        Ok(found)
    }

    /// Finds the two words that a word may be of, where each is in more than `n_docs` records: of all
    /// ways to cut it, the one whose rarer part is the most frequent.
    fn split(&self, n_docs: u32, split: &mut Vec<FoundWord>) -> Result<bool, Corrupt> {
        // By the number of letters of a part: what begins the word, and what ends it.
        let mut parts: [Vec<FoundWord>; 2] = [Vec::new(), Vec::new()];
        for (nth, (side, parts)) in self.sides.iter().zip(&mut parts).enumerate() {
            // The dictionary of words tells what ends a word too, if all of it is there.
            let is_end = self.is_whole && nth == 1;
            let last = if is_end {
                lookup::past("")
            } else {
                side.key.clone()
            };
            parts.resize_with(side.key.len(), FoundWord::default);
            lookup::each_word(&side.blocks, "", &last, &mut |entry| {
                let is_part = if is_end {
                    side.key.ends_with(entry.key)
                } else {
                    side.key.starts_with(entry.key)
                };
                if is_part
                    && entry.ordinal.is_some()
                    && let Some(part) = parts.get_mut(entry.key.chars().count())
                {
                    lookup::add(&mut part.terms, entry, None);
                }
            })?;
        }
        let Some(Side { key, .. }) = self.sides.first() else {
            return Ok(false);
        };
        let n_letters = key.chars().count();
        let [firsts, seconds] = &mut parts;
        let (mut most, mut best) = (n_docs, None);
        for n_first in MIN_PART_LETTERS..=n_letters.saturating_sub(MIN_PART_LETTERS) {
            if let Some(first) = firsts.get(n_first)
                && let Some(second) = seconds.get(n_letters - n_first)
            {
                let rarer = lookup::sum_docs(&first.terms).min(lookup::sum_docs(&second.terms));
                if rarer > most {
                    (most, best) = (rarer, Some(n_first));
                }
            }
        }
        let Some(n_first) = best else {
            return Ok(false);
        };
        let (left, right) = key
            .split_at_checked(beginning(key, n_first).len())
            .unwrap_or((key, ""));
        for (part, typed) in [
            (firsts.get_mut(n_first), left),
            (seconds.get_mut(n_letters - n_first), right),
        ] {
            let mut part = part.map(core::mem::take).unwrap_or_default();
            typed.clone_into(&mut part.typed);
            for term in &mut part.terms {
                term.via = Via::Word;
                typed.clone_into(&mut term.name);
            }
            split.push(part);
        }
        Ok(true)
    }
}

/// How many slips lead to a term.
fn n_slips(term: &FoundTerm) -> u32 {
    match term.via {
        Via::Slip(n_slips) => n_slips,
        _ => 0,
    }
}
