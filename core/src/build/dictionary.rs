//! The dictionary of an index: the order of words, the numbers of terms, and the blocks of words,
//! endings, postings, positions and cards.
//!
//! Knows gathered words and the format; which file holds a block is `cut`'s.

use crate::build::cut::{Block, ResolvedPin};
use crate::build::invert::{Class, Inverter, Surface};
use crate::build::numbers::Numbers;
use crate::build::published::{Former, are_about};
use crate::build::ranges::{Words, ends_as_published, separator};
use crate::build::scratch::Stored;
use crate::build::workers::{self, Workers};
use crate::error::BuildError;
use crate::format::common::CommonWords;
use crate::format::pins::{self, PinnedQuery, PinnedWord};
use crate::format::postings::PostingList;
use crate::format::terms::{self, Entry, Home, Link, PHRASE_GAP, Place};
use crate::format::{cards, postings};
use crate::ids::{DocId, TermId};

/// Posting lists of at most this many records stand in the dictionary itself: 78% of all classes of
/// words in Debian's package descriptions, at 5 bytes a record.
const INLINE_DOCS: u32 = 3;

/// What a dictionary entry takes beside its letters and postings, for cutting blocks.
pub(super) const ENTRY_BYTES: usize = 6;

/// Fewest letters of a word in the dictionary of endings: the shorter part of words that a reader
/// writes together (`counciltax`). Slips lead to words of four and more.
const MIN_ENDING_LETTERS: usize = 3;

/// A word in fewer records than this is not common: it may be looked for as the beginning of others
/// as well.
const MIN_COMMON_DOCS: u32 = 10;

/// Classes whose lists are encoded before what was gathered of them is given up.
const CLASSES_AT_ONCE: usize = 1 << 14;

/// Classes whose lists are one piece of work.
const CLASSES_A_PIECE: usize = 1 << 8;

/// The words in order, with the numbers that terms get by it.
pub(super) struct Dictionary {
    inverter: Inverter,
    /// Surfaces in order of key, then as written, then class.
    order: Vec<u32>,
    ranges: Vec<Range>,
    /// By class.
    homes: Vec<HomeOf>,
    /// Terms with their classes, by range and then by number.
    terms: Vec<(TermId, u32)>,
    lists: Lists,
    /// Records that ranges bring along besides those of their words, in order.
    more_cards: Vec<(u32, DocId)>,
}

/// A word in its range, as a search sees it.
pub(super) struct Word<'d> {
    pub(super) key: &'d str,
    pub(super) class: u32,
    /// How many records hold its class.
    pub(super) n_docs: u32,
    pub(super) range: usize,
    /// The range that its class is at home in.
    pub(super) home_range: u32,
    /// Whether it is the one of its class where that is at home.
    pub(super) is_home: bool,
}

/// Some words that follow one another.
pub(super) struct Range {
    /// Where it ends in [`Dictionary::order`].
    pub(super) end: usize,
    /// Where it ends in [`Dictionary::terms`].
    pub(super) terms_end: usize,
    /// The least number that a term of it can have.
    pub(super) first: TermId,
    /// No word of it has a key beyond this, and all words of the next one have.
    pub(super) last_key: String,
}

/// Where a class is at home.
#[derive(Clone, Copy)]
struct HomeOf {
    term: TermId,
    range: u32,
    surface: u32,
}

/// What ranges of words hold beside the words, by class.
pub(super) struct Lists {
    /// Encoded.
    pub(super) postings: Vec<Vec<u8>>,
    /// Encoded.
    pub(super) positions: Vec<Vec<u8>>,
    /// The records that are cards, in order.
    pub(super) cards: Vec<Vec<DocId>>,
}

/// How large ranges of words become, in bytes.
#[derive(Clone, Copy)]
pub(super) struct RangeSizes {
    pub(super) range: usize,
    /// A longer list lies alone.
    pub(super) lone: usize,
}

impl Lists {
    /// The lists of all classes; what was gathered of them is given up.
    pub(super) fn new(inverter: &mut Inverter, numbers: &Numbers, workers: &dyn Workers) -> Lists {
        let (postings, positions) = encode_lists(inverter, numbers, workers);
        Lists {
            cards: vec![Vec::new(); postings.len()],
            postings,
            positions,
        }
    }

    /// Takes the lengths of fields out of postings, into a table of its own.
    pub(super) fn give_lengths(&mut self, n_fields: usize, n_docs: u32) -> Vec<u8> {
        let mut table = vec![0; n_fields * n_docs as usize];
        for bytes in &mut self.postings {
            // A list that was encoded a moment ago decodes.
            if let Ok(mut list) = PostingList::decode(bytes, n_docs) {
                list.give_lengths(&mut table, n_docs);
                *bytes = list.encode();
            }
        }
        table
    }

    /// The bytes of all cards.
    pub(super) fn cards_bytes(&self, stored: &Stored) -> usize {
        let all = self.cards.iter().flatten();
        all.map(|doc| stored.len_of(*doc)).sum()
    }

    /// The bytes of all lists that are no longer than `lone`, and how many are.
    pub(super) fn measure(&self, lone: usize) -> (usize, usize) {
        let (mut bytes, mut n_lone) = (0, 0);
        for list in self.postings.iter().chain(&self.positions) {
            if list.len() > lone {
                n_lone += 1;
            } else {
                bytes += list.len();
            }
        }
        (bytes, n_lone)
    }

    /// The bytes of a class that lie in its range.
    pub(super) fn beside(&self, class: usize, lone: usize, stored: &Stored) -> usize {
        let of = |lists: &[Vec<u8>]| lists.get(class).map_or(0, Vec::len);
        let lists = [of(&self.postings), of(&self.positions)];
        let lists: usize = lists.into_iter().filter(|len| *len <= lone).sum();
        let cards = self.cards.get(class).map_or(&[][..], Vec::as_slice);
        lists + cards.iter().map(|doc| stored.len_of(*doc)).sum::<usize>()
    }
}

impl Dictionary {
    /// Puts the words in order and cuts them into ranges: those that are published, if they are still
    /// about of the size wanted, and then each term keeps its number.
    pub(super) fn new(
        inverter: Inverter,
        lists: Lists,
        stored: &Stored,
        sizes: RangeSizes,
        former: Option<&Former>,
    ) -> Dictionary {
        let surfaces = &inverter.surfaces;
        let mut order: Vec<u32> = (0..surfaces.len() as u32).collect();
        let key = |id: u32| {
            let surface = surfaces.get(id as usize);
            surface.map(|s| (s.folded.as_str(), s.written.as_str(), s.class))
        };
        order.sort_by(|a, b| key(*a).cmp(&key(*b)));
        let words = Words::new(&inverter, &order, &lists, stored, sizes);
        let kept = former.and_then(|former| words.as_published(former));
        let (ranges, numbers) = kept.unwrap_or_else(|| words.anew());
        let mut homes = vec![
            HomeOf {
                term: TermId(u32::MAX),
                range: 0,
                surface: u32::MAX,
            };
            inverter.classes.len()
        ];
        let mut terms = Vec::with_capacity(numbers.len());
        let mut start = 0;
        for (number, range) in (0..).zip(&ranges) {
            let end = range.terms_end;
            let of_range = words.homes.get(start..end).into_iter().flatten();
            let numbers = numbers.get(start..end).into_iter().flatten();
            for ((_, surface, class), term) in of_range.zip(numbers) {
                terms.push((*term, *class));
                if let Some(home) = homes.get_mut(*class as usize) {
                    *home = HomeOf {
                        term: *term,
                        range: number,
                        surface: *surface,
                    };
                }
            }
            if let Some(of_range) = terms.get_mut(start..) {
                of_range.sort_unstable();
            }
            start = end;
        }
        Dictionary {
            inverter,
            order,
            ranges,
            homes,
            terms,
            lists,
            more_cards: Vec::new(),
        }
    }

    /// The single words that records hold, in order.
    pub(super) fn words(&self) -> impl Iterator<Item = Word<'_>> {
        self.block_ids().flat_map(move |(range, ids)| {
            ids.iter().filter_map(move |id| {
                let surface = self.inverter.surfaces.get(*id as usize)?;
                let home = self.homes.get(surface.class as usize)?;
                let n_docs = self.n_docs(surface.class);
                let is_word = n_docs > 0 && !surface.folded.contains(PHRASE_GAP);
                is_word.then_some(Word {
                    key: &surface.folded,
                    class: surface.class,
                    n_docs,
                    range: range as usize,
                    home_range: home.range,
                    is_home: home.surface == *id,
                })
            })
        })
    }

    /// The range that a word is in, or would be.
    pub(super) fn range_of(&self, key: &str) -> usize {
        self.ranges
            .partition_point(|range| range.last_key.as_str() < key)
    }

    /// The records that hold a class.
    pub(super) fn postings(&self, class: u32) -> Option<PostingList> {
        let list = self.lists.postings.get(class as usize)?;
        // A list that was encoded a moment ago decodes.
        PostingList::decode(list, u32::MAX).ok()
    }

    /// The records that the words of each range bring along, in order.
    pub(super) fn cards_by_range(&self) -> Vec<Vec<DocId>> {
        let ranges = 0..self.ranges.len() as u32;
        ranges.map(|range| self.cards_of(range)).collect()
    }

    /// Has ranges bring along more records, in order of ranges.
    pub(super) fn add_cards(&mut self, cards: Vec<(u32, DocId)>) {
        self.more_cards = cards;
    }

    /// The records that a range brings along, in order.
    fn cards_of(&self, range: u32) -> Vec<DocId> {
        let of_words = self
            .classes_of(range)
            .filter_map(|(_, class)| self.lists.cards.get(class));
        let mut docs: Vec<DocId> = of_words.flatten().copied().collect();
        let at = self.more_cards.partition_point(|(other, _)| *other < range);
        let more = self.more_cards.get(at..).unwrap_or_default().iter();
        docs.extend(
            more.take_while(|(other, _)| *other == range)
                .map(|(_, doc)| *doc),
        );
        docs.sort_unstable();
        docs.dedup();
        docs
    }

    /// The terms blocks, and the map that finds them.
    pub(super) fn blocks(&self) -> (fst::Map<Vec<u8>>, Vec<Block>) {
        // Keys of surfaces outside the block of their class's home, by class.
        let mut far_surfaces: Vec<Vec<&str>> = vec![Vec::new(); self.homes.len()];
        for (block, ids) in self.block_ids() {
            for surface in ids
                .iter()
                .filter_map(|id| self.inverter.surfaces.get(*id as usize))
            {
                let home = self.homes.get(surface.class as usize);
                if surface.ordinal.is_some()
                    && home.is_some_and(|home| home.range != block)
                    && let Some(far) = far_surfaces.get_mut(surface.class as usize)
                    && far.last() != Some(&surface.folded.as_str())
                {
                    far.push(&surface.folded);
                }
            }
        }

        let mut map = fst::MapBuilder::memory();
        let mut blocks = Vec::with_capacity(self.ranges.len());
        for ((block, ids), range) in self.block_ids().zip(&self.ranges) {
            let links: Vec<Vec<Link>> = ids.iter().map(|id| self.links(*id)).collect();
            let mut entries = Vec::with_capacity(ids.len());
            for (id, links) in ids.iter().zip(&links) {
                let Some(mut entry) = self.entry(*id, block, &mut far_surfaces) else {
                    continue;
                };
                entry.links = links;
                entries.push(entry);
            }
            // Keys ascend with the blocks, and memory does not fail to be written to.
            let inserted = map.insert(&range.last_key, u64::from(block));
            debug_assert!(inserted.is_ok(), "block ends ascend");
            blocks.push(Block {
                first: range.first.0,
                bytes: terms::encode(range.first, &entries),
                range: Some(block),
            });
        }
        (map.into_map(), blocks)
    }

    fn entry<'d>(
        &'d self,
        id: u32,
        block: u32,
        far_surfaces: &mut [Vec<&'d str>],
    ) -> Option<Entry<'d>> {
        let surface = self.inverter.surfaces.get(id as usize)?;
        let class_id = surface.class as usize;
        let class = self.inverter.classes.get(class_id)?;
        let home = *self.homes.get(class_id)?;
        let place = if home.surface == id {
            let inline = self.lists.postings.get(class_id);
            let inline = inline.filter(|_| is_inline(class));
            Place::Home(Home {
                inline: inline.map(Vec::as_slice),
                far_surfaces: core::mem::take(far_surfaces.get_mut(class_id)?),
            })
        } else if home.range == block {
            Place::Near
        } else {
            Place::Far {
                is_inline: is_inline(class),
            }
        };
        Some(Entry {
            key: &surface.folded,
            written: (surface.written != surface.folded).then_some(&surface.written),
            term: home.term,
            ordinal: surface.ordinal,
            n_docs: class.n_docs(),
            is_function: surface.is_function,
            links: &[],
            place,
        })
    }

    /// The classes that a surface's class leads to.
    fn links(&self, id: u32) -> Vec<Link> {
        let surface = self.inverter.surfaces.get(id as usize);
        let class = surface.and_then(|s| self.inverter.classes.get(s.class as usize));
        let links = class.map_or(&[][..], |class| class.links.as_slice()).iter();
        let links = links.filter_map(|(target, is_harvested)| {
            let class = self.inverter.classes.get(*target as usize)?;
            Some(Link {
                term: self.homes.get(*target as usize)?.term,
                n_docs: class.n_docs(),
                is_inline: is_inline(class),
                is_harvested: *is_harvested,
            })
        });
        links.collect()
    }

    /// Words that slips may lead to, each as all its spellings in the class that most records hold.
    fn slip_targets(&self) -> Vec<&Surface> {
        let mut targets: Vec<&Surface> = Vec::new();
        for id in &self.order {
            let Some(surface) = self.inverter.surfaces.get(*id as usize) else {
                continue;
            };
            let is_target = surface.ordinal.is_some()
                && surface.folded.chars().count() >= MIN_ENDING_LETTERS
                && !surface
                    .folded
                    .contains(|c: char| c == PHRASE_GAP || c.is_ascii_digit());
            if !is_target {
                continue;
            }
            if let Some(last) = targets.last()
                && last.folded == surface.folded
                && last.class != surface.class
            {
                if self.n_docs(surface.class) <= self.n_docs(last.class) {
                    continue;
                }
                while targets
                    .pop_if(|last| last.folded == surface.folded)
                    .is_some()
                {}
            }
            targets.push(surface);
        }
        targets
    }

    fn n_docs(&self, class: u32) -> u32 {
        let class = self.inverter.classes.get(class as usize);
        class.map_or(0, Class::n_docs)
    }

    /// The dictionary of words reversed, and the map that finds its blocks; those that are published end
    /// with given words.
    pub(super) fn endings(
        &self,
        block_bytes: usize,
        published: &[String],
    ) -> (fst::Map<Vec<u8>>, Vec<Block>) {
        let mut words: Vec<(String, &Surface)> = self
            .slip_targets()
            .into_iter()
            .map(|surface| (surface.folded.chars().rev().collect(), surface))
            .collect();
        words.sort_unstable_by(|(a, of_a), (b, of_b)| (a, of_a.ordinal).cmp(&(b, of_b.ordinal)));
        let mut before = "";
        let mut sizes = Vec::with_capacity(words.len());
        for (key, _) in &words {
            sizes.push(ENTRY_BYTES + key.len() - shared_len(before, key));
            before = key;
        }
        let all_bytes: usize = sizes.iter().sum();
        let key_at = |at: usize| words.get(at).map_or("", |(key, _)| key.as_str());
        let is_kept = are_about(published.len(), all_bytes / block_bytes.max(1));
        let ends = if is_kept && !published.is_empty() {
            ends_as_published(published, words.len(), key_at)
        } else {
            let mut ends = Vec::new();
            let mut size = 0;
            for (at, of_word) in sizes.into_iter().enumerate() {
                size += of_word;
                let (key, next) = (key_at(at), key_at(at + 1));
                // Spellings of one word stay together.
                if (size >= block_bytes && key != next) || at + 1 == words.len() {
                    ends.push((at + 1, separator(key, next).to_owned()));
                    size = 0;
                }
            }
            ends
        };
        let mut map = fst::MapBuilder::memory();
        let mut blocks = Vec::new();
        let mut start = 0;
        for (number, (end, last)) in (0_u32..).zip(ends) {
            let entries = words.get(start..end).into_iter().flatten();
            let entries: Vec<Entry<'_>> = entries
                .filter_map(|(key, surface)| self.ending(key, surface))
                .collect();
            let inserted = map.insert(&last, u64::from(number));
            debug_assert!(inserted.is_ok(), "block ends ascend");
            blocks.push(Block {
                first: number,
                bytes: terms::encode(TermId(0), &entries),
                range: None,
            });
            start = end;
        }
        (map.into_map(), blocks)
    }

    fn ending<'k>(&self, key: &'k str, surface: &Surface) -> Option<Entry<'k>> {
        let of_class = self.inverter.classes.get(surface.class as usize)?;
        Some(Entry {
            key,
            written: None,
            term: self.homes.get(surface.class as usize)?.term,
            ordinal: surface.ordinal,
            n_docs: of_class.n_docs(),
            is_function: false,
            links: &[],
            place: Place::Far {
                is_inline: is_inline(of_class),
            },
        })
    }

    /// Words by how many records hold them, the commonest first.
    pub(super) fn common_words(&self) -> CommonWords {
        let mut words: Vec<(core::cmp::Reverse<u32>, &str)> = self
            .order
            .iter()
            .filter_map(|id| self.inverter.surfaces.get(*id as usize))
            .filter(|s| s.ordinal.is_some() && self.n_docs(s.class) >= MIN_COMMON_DOCS)
            .map(|s| (core::cmp::Reverse(self.n_docs(s.class)), s.folded.as_str()))
            .collect();
        words.sort_unstable();
        words.dedup();
        CommonWords::new(words.into_iter().map(|(_, key)| key))
    }

    pub(super) fn max_phrase_words(&self) -> u32 {
        let surfaces = self.inverter.surfaces.iter();
        let phrases = surfaces.filter(|s| s.folded.contains(PHRASE_GAP));
        let lengths = phrases.map(|s| s.folded.split(PHRASE_GAP).count() as u32);
        lengths.max().unwrap_or(0)
    }

    pub(super) fn pins(&self, pins: &[ResolvedPin], numbers: &Numbers) -> Vec<Block> {
        if pins.is_empty() {
            return Vec::new();
        }
        let word = |(key, class): &(String, Option<u32>)| {
            let home = class.and_then(|class| self.homes.get(class as usize));
            match home {
                Some(home) => PinnedWord::Term(home.term),
                None => PinnedWord::Key(key.clone()),
            }
        };
        let pins: Vec<PinnedQuery> = pins
            .iter()
            .map(|pin| PinnedQuery {
                words: pin.words.iter().map(word).collect(),
                is_open: pin.is_open,
                docs: pin.docs.iter().map(|doc| numbers.of(*doc)).collect(),
            })
            .collect();
        vec![Block {
            first: 0,
            bytes: pins::encode(&pins),
            range: None,
        }]
    }

    fn block_ids(&self) -> impl Iterator<Item = (u32, &[u32])> {
        let starts = core::iter::once(0).chain(self.ranges.iter().map(|range| range.end));
        let ranges = starts.zip(&self.ranges);
        (0..).zip(ranges).map(|(number, (start, range))| {
            let ids = self.order.get(start..range.end).unwrap_or_default();
            (number, ids)
        })
    }

    /// The terms of a range, with their classes.
    fn classes_of(&self, range: u32) -> impl Iterator<Item = (TermId, usize)> {
        let end = |range: usize| self.ranges.get(range).map_or(0, |range| range.terms_end);
        let at = range as usize;
        let start = at.checked_sub(1).map_or(0, end);
        let terms = self.terms.get(start..end(at)).unwrap_or_default().iter();
        terms.map(|(term, class)| (*term, *class as usize))
    }

    /// Gives up all lists, once each range has its own.
    pub(super) fn give_up_lists(&mut self) {
        self.lists = Lists {
            postings: Vec::new(),
            positions: Vec::new(),
            cards: Vec::new(),
        };
    }

    /// The posting lists of a range that do not stand in the dictionary itself.
    pub(super) fn posting_blocks(&self, range: u32, lone_bytes: usize) -> Vec<Block> {
        let list = |class: usize| {
            let gathered = self.inverter.classes.get(class)?;
            let list = self.lists.postings.get(class);
            list.filter(|_| !is_inline(gathered))
        };
        self.list_blocks(range, list, lone_bytes)
    }

    /// The positions of a range.
    pub(super) fn position_blocks(&self, range: u32, lone_bytes: usize) -> Vec<Block> {
        self.list_blocks(range, |class| self.lists.positions.get(class), lone_bytes)
    }

    /// The lists of a range, those of a length by themselves, in order of terms.
    fn list_blocks<'a>(
        &self,
        range: u32,
        list: impl Fn(usize) -> Option<&'a Vec<u8>>,
        lone_bytes: usize,
    ) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut held: Vec<(TermId, &[u8])> = Vec::new();
        let mut flush = |held: &mut Vec<(TermId, &[u8])>, range| {
            if let Some((first, _)) = held.first() {
                blocks.push(Block {
                    first: first.0,
                    bytes: postings::encode_block(held),
                    range,
                });
                held.clear();
            }
        };
        for (term, class) in self.classes_of(range) {
            let Some(list) = list(class) else { continue };
            let is_lone = list.len() > lone_bytes;
            if is_lone {
                flush(&mut held, Some(range));
            }
            held.push((term, list));
            if is_lone {
                flush(&mut held, None);
            }
        }
        flush(&mut held, Some(range));
        blocks
    }

    /// The cards of a range, if it has any.
    pub(super) fn card_block(
        &self,
        range: u32,
        stored: &mut Stored,
    ) -> Result<Option<Block>, BuildError> {
        let first = self.classes_of(range).next().map(|(term, _)| term);
        let docs = self.cards_of(range);
        let mut held = Vec::with_capacity(docs.len());
        for doc in docs {
            held.push((doc, stored.get(doc)?));
        }
        let Some(first) = first.filter(|_| !held.is_empty()) else {
            return Ok(None);
        };
        let held = held.iter().map(|(doc, bytes)| (*doc, bytes.as_slice()));
        Ok(Some(Block {
            first: first.0,
            bytes: cards::encode_block(held),
            range: Some(range),
        }))
    }
}

/// The posting list and the positions of each class, in bytes; what was gathered of it is given up.
fn encode_lists(
    inverter: &mut Inverter,
    numbers: &Numbers,
    workers: &dyn Workers,
) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let mut encoded = (Vec::new(), Vec::new());
    for classes in inverter.classes.chunks_mut(CLASSES_AT_ONCE) {
        let pieces: Vec<&[Class]> = classes.chunks(CLASSES_A_PIECE).collect();
        let done = workers::map(workers, pieces.len(), |at| {
            let classes = pieces.get(at).copied().unwrap_or_default().iter();
            let lists = classes.map(|class| {
                let (list, positions) = class.gathered.lists();
                let (list, positions) = numbers.renumber(list, positions);
                (list.encode(), positions.encode())
            });
            lists.collect::<Vec<_>>()
        });
        for (mut list, mut positions) in done.into_iter().flatten() {
            list.shrink_to_fit();
            positions.shrink_to_fit();
            encoded.0.push(list);
            encoded.1.push(positions);
        }
        classes
            .iter_mut()
            .for_each(|class| class.gathered.give_up_bytes());
    }
    encoded
}

/// Whether the dictionary itself has the postings.
pub(super) fn is_inline(class: &Class) -> bool {
    class.n_docs() <= INLINE_DOCS
}

pub(super) fn shared_len(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}
