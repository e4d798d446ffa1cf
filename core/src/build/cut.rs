//! Cuts what was gathered into blocks, packs blocks into chunks, and writes the manifest.
//!
//! Knows the format. Decides the order of the dictionary, the numbers of terms, and which file holds
//! what; BuildOptions says how large things get.

use crate::build::invert::{Class, Inverter};
use crate::build::{BuildOptions, File};
use crate::error::BuildError;
use crate::format::bytes::checksum;
use crate::format::manifest::{
    BlockEntry, ChunkEntry, FieldTotals, MAX_CHUNK_BYTES, Manifest, chunk_label, hex,
};
use crate::format::terms::{Entry, Home, Place};
use crate::format::{MANIFEST_NAME, Section, postings, stored, terms};
use crate::ids::{ChunkId, FieldId, TermId};
use crate::schema::Schema;

/// Posting lists of at most this many records stand in the dictionary itself: 78% of all classes of
/// words in Debian's package descriptions, at 5 bytes a record.
const INLINE_DOCS: usize = 3;

/// What a dictionary entry takes beside its letters and postings, for cutting blocks.
const ENTRY_BYTES: usize = 6;

/// Deflate's effort: miniz_oxide's best, 1% smaller than its usual 6.
const DEFLATE_LEVEL: u8 = 10;

/// All that was gathered from records.
pub(super) struct Gathered {
    pub(super) schema: Schema,
    pub(super) options: BuildOptions,
    pub(super) totals: Vec<FieldTotals>,
    pub(super) languages: Vec<(String, u32)>,
    pub(super) inverter: Inverter,
    /// In order of fields.
    pub(super) columns: Vec<(FieldId, Vec<u8>)>,
    pub(super) stored: Vec<Vec<u8>>,
}

/// A block before it has a place: what it begins with (see [`BlockEntry::first`]) and its bytes.
struct Block {
    first: u32,
    bytes: Vec<u8>,
}

/// Makes the files of an index, the manifest last.
pub(super) fn cut(gathered: Gathered) -> Result<Vec<File>, BuildError> {
    let Gathered {
        schema,
        options,
        totals,
        languages,
        inverter,
        columns,
        stored,
    } = gathered;
    let n_docs = stored.len() as u32;
    let n_surfaces = inverter.surfaces.len() as u32;
    let n_terms = inverter.classes.len() as u32;

    let dictionary = Dictionary::new(inverter, options.terms_bytes);
    let (term_blocks, terms) = dictionary.blocks();
    let sections: [Vec<Block>; Section::COUNT] = [
        terms,
        dictionary.posting_blocks(options.postings_bytes),
        dictionary.position_blocks(options.positions_bytes),
        columns
            .into_iter()
            .map(|(field, bytes)| Block {
                first: field.0,
                bytes,
            })
            .collect(),
        stored_blocks(stored, options.stored_bytes),
    ];

    let mut packer = Packer::new(&options, &sections);
    let mut blocks: [Vec<BlockEntry>; Section::COUNT] = Default::default();
    for ((section, from), to) in Section::ALL.into_iter().zip(sections).zip(&mut blocks) {
        for block in from {
            to.push(packer.place(section, block)?);
        }
    }
    let (chunks, mut files) = packer.finish(&blocks);
    let manifest = Manifest {
        schema,
        n_docs,
        totals,
        languages,
        n_terms,
        n_surfaces,
        chunks,
        blocks,
        term_blocks,
    };
    files.push(File {
        name: MANIFEST_NAME.to_owned(),
        bytes: manifest.encode(),
    });
    Ok(files)
}

/// The words in order, with the numbers that terms get by it.
struct Dictionary {
    inverter: Inverter,
    /// Surfaces in order of key, then as written, then class.
    order: Vec<u32>,
    /// Where each block ends in `order`.
    block_ends: Vec<usize>,
    /// By class: its term number and the block of its home.
    homes: Vec<(TermId, u32)>,
    /// Classes in order of their terms.
    classes: Vec<u32>,
    /// By class: the encoded posting list.
    lists: Vec<Vec<u8>>,
}

impl Dictionary {
    fn new(inverter: Inverter, block_bytes: usize) -> Dictionary {
        let surfaces = &inverter.surfaces;
        let mut order: Vec<u32> = (0..surfaces.len() as u32).collect();
        order.sort_by_key(|id| {
            surfaces
                .get(*id as usize)
                .map(|s| (s.folded.as_str(), s.written.as_str(), s.class))
        });
        let lists: Vec<Vec<u8>> = inverter
            .classes
            .iter()
            .map(|class| class.list.encode())
            .collect();

        const UNSEEN: TermId = TermId(u32::MAX);
        let mut homes = vec![(UNSEEN, 0); inverter.classes.len()];
        let mut classes = Vec::with_capacity(inverter.classes.len());
        let mut block_ends = Vec::new();
        let (mut size, mut block) = (0, 0);
        let mut before = "";
        for (at, id) in order.iter().enumerate() {
            let Some(surface) = surfaces.get(*id as usize) else {
                continue;
            };
            // All entries of one key lie in one block, so that one look-up finds them.
            if size >= block_bytes && surface.folded != before {
                block_ends.push(at);
                block += 1;
                size = 0;
            }
            size += ENTRY_BYTES + surface.folded.len() - shared_len(before, &surface.folded);
            before = &surface.folded;
            let class = surface.class as usize;
            if let Some(home) = homes.get_mut(class).filter(|home| home.0 == UNSEEN) {
                *home = (TermId(classes.len() as u32), block);
                classes.push(surface.class);
                if let (Some(class), Some(list)) = (inverter.classes.get(class), lists.get(class)) {
                    size += if is_inline(class) { list.len() } else { 0 };
                }
            }
        }
        if !order.is_empty() {
            block_ends.push(order.len());
        }
        Dictionary {
            inverter,
            order,
            block_ends,
            homes,
            classes,
            lists,
        }
    }

    /// The terms blocks, and the map that finds them.
    fn blocks(&self) -> (fst::Map<Vec<u8>>, Vec<Block>) {
        // Keys of surfaces outside the block of their class's home, by class.
        let mut far_surfaces: Vec<Vec<&str>> = vec![Vec::new(); self.homes.len()];
        for (block, ids) in self.block_ids() {
            for surface in ids
                .iter()
                .filter_map(|id| self.inverter.surfaces.get(*id as usize))
            {
                let home = self.homes.get(surface.class as usize);
                if home.is_some_and(|(_, home_block)| *home_block != block)
                    && let Some(far) = far_surfaces.get_mut(surface.class as usize)
                    && far.last() != Some(&surface.folded.as_str())
                {
                    far.push(&surface.folded);
                }
            }
        }

        let mut map = fst::MapBuilder::memory();
        let mut blocks = Vec::with_capacity(self.block_ends.len());
        let mut n_homes = 0;
        for (block, ids) in self.block_ids() {
            let first_term = TermId(n_homes);
            let mut entries = Vec::with_capacity(ids.len());
            for id in ids {
                let Some(entry) = self.entry(*id, block, n_homes, &mut far_surfaces) else {
                    continue;
                };
                n_homes += u32::from(matches!(entry.place, Place::Home(_)));
                entries.push(entry);
            }
            let last = entries.last().map_or("", |entry| entry.key);
            // Keys ascend with the blocks, and memory does not fail to be written to.
            let inserted = map.insert(last, u64::from(block));
            debug_assert!(inserted.is_ok(), "block ends ascend");
            blocks.push(Block {
                first: block,
                bytes: terms::encode(first_term, &entries),
            });
        }
        (map.into_map(), blocks)
    }

    fn entry<'d>(
        &'d self,
        id: u32,
        block: u32,
        next_term: u32,
        far_surfaces: &mut [Vec<&'d str>],
    ) -> Option<Entry<'d>> {
        let surface = self.inverter.surfaces.get(id as usize)?;
        let class_id = surface.class as usize;
        let class = self.inverter.classes.get(class_id)?;
        let (term, home_block) = *self.homes.get(class_id)?;
        let place = if term.0 == next_term {
            let inline = self.lists.get(class_id).filter(|_| is_inline(class));
            Place::Home(Home {
                inline: inline.map(Vec::as_slice),
                far_surfaces: core::mem::take(far_surfaces.get_mut(class_id)?),
            })
        } else if home_block == block {
            Place::Near
        } else {
            Place::Far {
                block: home_block,
                is_inline: is_inline(class),
            }
        };
        Some(Entry {
            key: &surface.folded,
            written: (surface.written != surface.folded).then_some(&surface.written),
            term,
            ordinal: surface.ordinal,
            n_docs: class.list.postings.len() as u32,
            place,
        })
    }

    fn block_ids(&self) -> impl Iterator<Item = (u32, &[u32])> {
        let starts = core::iter::once(0).chain(self.block_ends.iter().copied());
        starts
            .zip(&self.block_ends)
            .enumerate()
            .map(|(block, (start, end))| {
                (
                    block as u32,
                    self.order.get(start..*end).unwrap_or_default(),
                )
            })
    }

    fn posting_blocks(&self, block_bytes: usize) -> Vec<Block> {
        let lists = self.classes.iter().enumerate().filter_map(|(term, class)| {
            let gathered = self.inverter.classes.get(*class as usize)?;
            let list = self
                .lists
                .get(*class as usize)
                .filter(|_| !is_inline(gathered))?;
            Some((TermId(term as u32), list.as_slice()))
        });
        list_blocks(lists, block_bytes)
    }

    fn position_blocks(&self, block_bytes: usize) -> Vec<Block> {
        let lists: Vec<Vec<u8>> = self
            .classes
            .iter()
            .filter_map(|class| self.inverter.classes.get(*class as usize))
            .map(|class| class.positions.encode())
            .collect();
        let lists = lists
            .iter()
            .enumerate()
            .map(|(term, list)| (TermId(term as u32), list.as_slice()));
        list_blocks(lists, block_bytes)
    }
}

fn is_inline(class: &Class) -> bool {
    class.list.postings.len() <= INLINE_DOCS
}

/// Cuts lists into blocks. A list longer than a block has a block of its own.
fn list_blocks<'a>(
    lists: impl Iterator<Item = (TermId, &'a [u8])>,
    block_bytes: usize,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut held: Vec<(TermId, &[u8])> = Vec::new();
    let mut size = 0;
    let mut flush = |held: &mut Vec<(TermId, &'a [u8])>| {
        if let Some((first, _)) = held.first() {
            blocks.push(Block {
                first: first.0,
                bytes: postings::encode_block(held),
            });
            held.clear();
        }
    };
    for (term, bytes) in lists {
        if size + bytes.len() > block_bytes {
            flush(&mut held);
            size = 0;
        }
        size += bytes.len() + 3;
        held.push((term, bytes));
    }
    flush(&mut held);
    blocks
}

fn stored_blocks(records: Vec<Vec<u8>>, block_bytes: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut held: Vec<Vec<u8>> = Vec::new();
    let (mut size, mut first) = (0, 0);
    for (doc, record) in records.into_iter().enumerate() {
        if size > 0 && size + record.len() > block_bytes {
            blocks.push(Block {
                first,
                bytes: stored::encode_block(&held),
            });
            held.clear();
            (size, first) = (0, doc as u32);
        }
        size += record.len();
        held.push(record);
    }
    if !held.is_empty() {
        blocks.push(Block {
            first,
            bytes: stored::encode_block(&held),
        });
    }
    blocks
}

fn shared_len(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

/// Puts blocks into chunks, one section after the other.
struct Packer {
    is_small: bool,
    targets: [usize; Section::COUNT],
    chunks: Vec<Vec<u8>>,
    /// The chunk that takes further blocks of its section.
    open: Option<(ChunkId, Section)>,
    /// The one chunk of a small index.
    shared: Option<ChunkId>,
}

impl Packer {
    fn new(options: &BuildOptions, sections: &[Vec<Block>; Section::COUNT]) -> Packer {
        let without_positions: usize = Section::ALL
            .into_iter()
            .zip(sections)
            .filter(|(section, _)| *section != Section::Positions)
            .flat_map(|(_, blocks)| blocks)
            .map(|block| block.bytes.len())
            .sum();
        Packer {
            is_small: without_positions <= options.small_bytes,
            // Blocks are cut to size already, so that only columns still share.
            targets: [0, 0, 0, options.columns_bytes, 0],
            chunks: Vec::new(),
            open: None,
            shared: None,
        }
    }

    /// Appends a block to a chunk and says where it lies.
    fn place(&mut self, section: Section, block: Block) -> Result<BlockEntry, BuildError> {
        let limit = MAX_CHUNK_BYTES as usize;
        let too_large = || BuildError::TooLarge {
            what: "bytes of one chunk",
            limit: u64::from(MAX_CHUNK_BYTES),
        };
        let target = self.targets.get(section as usize).copied().unwrap_or(0);
        let open = self.open.filter(|(id, of)| {
            let held = self.chunks.get(id.index()).map_or(0, Vec::len);
            *of == section && (self.is_small || held + block.bytes.len() <= target)
        });
        let chunk = match (open, self.shared) {
            (Some((id, _)), _) => id,
            (None, Some(id)) if section != Section::Positions => id,
            _ => {
                let id = ChunkId::from_index(self.chunks.len()).ok_or_else(too_large)?;
                self.chunks.push(Vec::new());
                if self.is_small && section != Section::Positions {
                    self.shared = Some(id);
                }
                id
            }
        };
        self.open = Some((chunk, section));
        let bytes = self.chunks.get_mut(chunk.index()).ok_or_else(too_large)?;
        let offset = bytes.len() as u32;
        bytes.extend_from_slice(&block.bytes);
        if bytes.len() > limit {
            return Err(too_large());
        }
        Ok(BlockEntry {
            chunk,
            offset,
            len: block.bytes.len() as u32,
            first: block.first,
        })
    }

    /// Compresses and names the chunks.
    fn finish(self, blocks: &[Vec<BlockEntry>; Section::COUNT]) -> (Vec<ChunkEntry>, Vec<File>) {
        let mut entries = Vec::with_capacity(self.chunks.len());
        let mut files: Vec<File> = Vec::with_capacity(self.chunks.len() + 1);
        for (at, raw) in self.chunks.into_iter().enumerate() {
            let packed = miniz_oxide::deflate::compress_to_vec(&raw, DEFLATE_LEVEL);
            let entry = ChunkEntry {
                packed_checksum: checksum(&packed),
                raw_checksum: checksum(&raw),
                packed_len: packed.len() as u32,
                raw_len: raw.len() as u32,
            };
            let label = chunk_label(blocks, ChunkId(at as u32));
            let name = format!("{label}-{}.bin", hex(entry.packed_checksum));
            entries.push(entry);
            if !files.iter().any(|file| file.name == name) {
                files.push(File {
                    name,
                    bytes: packed,
                });
            }
        }
        (entries, files)
    }
}

#[cfg(test)]
mod tests {
    use crate::error::IndexError;
    use crate::format::manifest::Manifest;
    use crate::{File, Index, IndexBuilder, Query, Record, Schema, Step};

    /// The index that FORMAT.md works through by hand.
    fn worked_example() -> Vec<File> {
        let mut builder = IndexBuilder::new(Schema::empty());
        builder
            .add(&Record::new("a", "Tea for two").url("/a"))
            .unwrap();
        builder
            .add(&Record::new("b", "Teas").field("n", 7))
            .unwrap();
        builder.finish().unwrap()
    }

    /// The bytes of a fenced block of FORMAT.md: hexadecimal pairs up to a `;` on each line.
    fn hex_block(name: &str) -> Vec<u8> {
        let page = include_str!("../../FORMAT.md");
        let (_, rest) = page
            .split_once(&format!("```{name}\n"))
            .expect("the block is there");
        let (block, _) = rest.split_once("```").expect("the block ends");
        let digits = block
            .lines()
            .map(|line| line.split(';').next().unwrap_or_default());
        let pairs = digits.flat_map(str::split_whitespace);
        pairs
            .map(|pair| u8::from_str_radix(pair, 16).expect("a pair of digits"))
            .collect()
    }

    #[test]
    fn the_worked_example_of_the_format_page_decodes() {
        let manifest = Manifest::decode_binary(&hex_block("manifest")).unwrap();
        let chunks = [hex_block("chunk-0"), hex_block("chunk-1")];
        let mut index = Index::open(&manifest.encode()).unwrap();
        let ids: Vec<_> = index.chunks().map(|(id, _)| id).collect();
        for (id, raw) in ids.into_iter().zip(chunks) {
            index.supply(id, raw).unwrap();
        }
        index.verify().unwrap();
        let Ok(Step::Done(page)) = index.search(&Query::new("tea")) else {
            panic!("not found")
        };
        let ids: Vec<&str> = page.hits.iter().map(|hit| hit.id.as_str()).collect();
        // The shorter title counts for more than the form as typed.
        assert_eq!(ids, ["b", "a"]);
    }

    #[test]
    fn the_worked_example_of_the_format_page_is_what_is_built() -> Result<(), IndexError> {
        let files = worked_example();
        let manifest = Manifest::decode(&files.last().unwrap().bytes)?;
        let inflated: Vec<Vec<u8>> = files[..2]
            .iter()
            .map(|file| miniz_oxide::inflate::decompress_to_vec(&file.bytes).unwrap())
            .collect();
        let dump = |bytes: &[u8]| {
            bytes
                .iter()
                .map(|b| format!("{b:02x} "))
                .collect::<String>()
        };
        assert_eq!(
            dump(&manifest.encode_binary()),
            dump(&hex_block("manifest"))
        );
        assert_eq!(dump(&inflated[0]), dump(&hex_block("chunk-0")));
        assert_eq!(dump(&inflated[1]), dump(&hex_block("chunk-1")));
        Ok(())
    }
}
